"""What a search finds in a list that is as long as it likes: as much is read beside two million rows as beside two thousand.

A list that is short is searched to its end. Of a longer one MAX_FOUND are found at most, and it is said that there may be more.
"""

from collections.abc import Set
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from registration.models import Delivery, Invitation, Participant
from registration.people.search import Meant, invited_by, meant_by, search, search_invitations, search_mails
from registration.people.search_index import MAILS, MIN_LETTERS, any_of, newest_keys
from registration.people.text import clean_text
from sessions.text import MAX_SEARCH_LETTERS

#: Who looks for one of more than these types more of the name.
MAX_FOUND = 100
#: So many that SQLite's index proposes are looked at; behind them everybody is, which only who filters the list will meet.
MAX_PROPOSED = 500
#: A list of no more rows is short.
MAX_SEARCHED = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    rows: QuerySet[Any]
    #: False where there may be others who are not among the rows.
    is_all: bool = True
    #: Theirs, where they have been found out.
    keys: Set[int] | None = None
    #: They are the newest; else any.
    is_newest: bool = False
    #: So many of the newest that each condition leaves were looked at; None where all were.
    window: int | None = None


@dataclass(frozen=True, slots=True)
class Among:
    """Whom a filter leaves, where that is known before: nobody else is looked at."""

    keys: Set[int]
    is_all: bool


def found_among(rows: QuerySet[Any], among: Among) -> Found:
    """All of `rows` that are among those. One query."""
    keys = set(_with(rows, pk__in=among.keys).order_by().values_list("pk", flat=True))
    return Found(rows, among.is_all, keys)


def found_people(people: QuerySet[Participant], text: str) -> Found:
    """What `search` finds, as a list shows it. At most ten queries before it is read."""
    keys, is_all = _first_meant(people, meant_by(people, text))
    if not is_all and is_short(people):
        return Found(search(people, text))
    return Found(people.filter(pk__in=keys), is_all, keys)


def found_invitations(invitations: QuerySet[Invitation], text: str) -> Found:
    """What `search_invitations` finds, as a list shows it. At most ten queries before it is read."""
    keys, is_all = _first_meant(invitations, invited_by(invitations, text))
    if not is_all and is_short(invitations):
        return Found(search_invitations(invitations, text))
    return Found(invitations.filter(pk__in=keys), is_all, keys)


def found_mails(mails: QuerySet[Delivery], text: str) -> Found:
    """What `search_mails` finds, as a list shows it. At most sixteen queries before it is read."""
    to_people, is_all = _mails_to_people(mails, text)
    by_text, is_all_by_text = _mails_by_text(mails, clean_text(text))
    if not (is_all and is_all_by_text) and is_short(mails):
        return Found(search_mails(mails, text))
    keys = to_people | by_text
    if not (is_all and is_all_by_text):
        keys = set(nlargest(MAX_FOUND, keys))
    return Found(mails.filter(pk__in=keys), is_all and is_all_by_text, keys)


def is_short(rows: QuerySet[Any]) -> bool:
    return not list(rows.order_by().values("pk")[MAX_SEARCHED : MAX_SEARCHED + 1])


def _first_meant(rows: QuerySet[Any], meant: Meant) -> tuple[set[int], bool]:
    """The keys of what a search of `rows` finds first, and whether it can find nothing else."""
    if not meant.is_indexed:  # no index knows so few letters
        return _first(meant.rows.filter(pk__in=_newest(rows)))[0], False
    for most in (MAX_FOUND + 1, MAX_PROPOSED):  # where the list is not filtered the first suffice
        keys = meant.keys(most + 1)
        if keys is None:
            break
        found, is_all = _first(_with(meant.rows, pk__in=keys[:most]))
        if len(keys) <= most or not is_all:
            return found, is_all
    return _first(meant.rows)


def _mails_to_people(mails: QuerySet[Delivery], text: str) -> tuple[set[int], bool]:
    everybody = Participant.objects.all()
    people, is_everybody = _first_meant(everybody, meant_by(everybody, text))
    found, is_all = _first(_with(mails, participant__in=people))
    return found, is_all and is_everybody


def _mails_by_text(mails: QuerySet[Delivery], text: str) -> tuple[set[int], bool]:
    proposed, is_all = mails, MIN_LETTERS <= len(text) <= MAX_SEARCH_LETTERS
    if not is_all:
        proposed = mails.filter(pk__in=_newest(mails))
    elif (keys := newest_keys(MAILS, [any_of(text)], MAX_PROPOSED + 1)) is not None:
        proposed, is_all = _with(mails, pk__in=keys[:MAX_PROPOSED]), len(keys) <= MAX_PROPOSED
    by_address, is_every_address = _first(proposed.filter(email__icontains=text))
    by_answer, is_every_answer = _first(proposed.filter(error__icontains=text))
    return by_address | by_answer, is_all and is_every_address and is_every_answer


def _first(rows: QuerySet[Any]) -> tuple[set[int], bool]:
    """The keys of MAX_FOUND of them in no order – to sort them the database would have to find them all –, and whether these are all."""
    keys = list(rows.order_by().values_list("pk", flat=True)[: MAX_FOUND + 1])
    return set(keys[:MAX_FOUND]), len(keys) <= MAX_FOUND


def _with(rows: QuerySet[Any], **keys: Any) -> QuerySet[Any]:
    """Those of `rows` with these keys: looked up by them, where SQLite may take it for less work to go through a whole workshop."""
    return rows.model._default_manager.filter(Exists(rows.order_by().filter(pk=OuterRef("pk"))), **keys)


def _newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("-pk").values("pk")[:MAX_SEARCHED]
