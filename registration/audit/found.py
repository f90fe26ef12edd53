"""Lines of the audit trail by who, what, and the number of a participant or of a request: each is looked up in an index of its own."""

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from heapq import nlargest
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from registration.audit.words import what_in_words
from registration.models import AuditEvent
from registration.people.found import Found
from registration.people.text import is_key
from sessions.text import MAX_SEARCH_LETTERS, clean_text
from sessions.thai import arabic_digits

#: Of more than these, found by several conditions or names, the newest are listed.
MAX_FOUND = 500
#: So many of the newest that one condition leaves are looked at for the others, where each leaves more.
MAX_SEARCHED = 1_000
#: Where a word names more users and kinds of lines than these, the newest lines of everybody are looked at instead of those of each.
MAX_NAMED = 30
MAX_WORDS = 10
#: The filters of the list, as an address has them, and what they ask.
FILTERS = {"verb__exact": "verb", "actor_kind": "actor_kind", "workshop__id__exact": "workshop"}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a line fulfils that has one of these; an index leads to the lines of each."""

    users: Sequence[int] = ()
    whats: Sequence[str] = ()
    others: Sequence[Q] = ()

    @property
    def ways(self) -> list[Q]:
        return [*(Q(actor=user) for user in self.users), *(Q(what=what) for what in self.whats), *self.others]

    @property
    def is_narrow(self) -> bool:
        return len(self.ways) <= MAX_NAMED

    @property
    def fulfilled(self) -> Q:
        return reduce(or_, self.others, Q(actor__in=self.users) | Q(what__in=self.whats))

    @property
    def newest(self) -> list[int]:
        """Their numbers: MAX_SEARCHED and one at most. One query."""
        newest = [_newest(AuditEvent.objects.filter(way)) for way in (self.ways if self.is_narrow else [Q()])]
        if len(newest) == 1:
            return list(newest[0].values_list("pk", flat=True))
        one, *others = [AuditEvent.objects.order_by().filter(pk__in=lines.values("pk")).values_list("pk", "at") for lines in newest]
        return [key for key, _at in _newest(one.union(*others))]


def found_lines(lines: QuerySet[AuditEvent], text: str, filters: Mapping[str, str]) -> Found:
    """Those of `lines`, which are filtered by `filters` already, that `text` means; the newest of them, where there are very many.

    Every word is who (a part of their name), what (of how it is called here or kept), or the number of a participant or a request.
    At most four queries for each word and filter before it is read.
    """
    text = arabic_digits(clean_text(text))
    of_filters = [Condition(others=[Q(**{FILTERS[name]: value})]) for name, value in filters.items() if name in FILTERS]
    said = _said(text) if len(text) <= MAX_SEARCH_LETTERS else [Condition()]
    if not all(condition.ways for condition in said):
        return Found(lines.none(), keys=set())
    conditions = [*of_filters, *said]
    if len(conditions) == 1 and len(conditions[0].ways) == 1:
        return Found(lines.filter(conditions[0].fulfilled))
    return _fulfilling(lines, conditions, said) if conditions else Found(lines)


def _fulfilling(lines: QuerySet[AuditEvent], conditions: Sequence[Condition], said: Sequence[Condition]) -> Found:
    """Where one condition leaves few lines, those of them that fulfil the others; else those of its newest that go back farthest."""
    for condition in said:
        lines = lines.filter(condition.fulfilled)
    windows = []
    for condition in conditions:
        windows.append(condition.newest)
        if len(windows[-1]) <= MAX_SEARCHED:
            return _listed(lines, _among(lines, windows[-1]))
    farthest_back = min(windows, key=lambda keys: keys[-1])
    is_every_line_looked_at = len(conditions) == 1 and conditions[0].is_narrow
    window = None if is_every_line_looked_at else MAX_SEARCHED
    return _listed(lines, _among(lines, farthest_back[:MAX_SEARCHED]), window=window)


def _listed(lines: QuerySet[AuditEvent], found: Set[tuple[dt.datetime, int]], *, window: int | None = None) -> Found:
    keys = {key for _at, key in nlargest(MAX_FOUND, found)}
    return Found(lines.filter(pk__in=keys), window is None and len(keys) == len(found), keys, is_newest=True, window=window)


def _newest(lines: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return lines.order_by("-at", "-pk")[: MAX_SEARCHED + 1]


def _among(lines: QuerySet[AuditEvent], keys: Sequence[int]) -> set[tuple[dt.datetime, int]]:
    """The newest of those of `lines` with these keys, looked up by them. One query."""
    is_one = Exists(lines.order_by().filter(pk=OuterRef("pk")))
    return set(AuditEvent.objects.filter(is_one, pk__in=keys).order_by("-at", "-pk").values_list("at", "pk")[: MAX_FOUND + 1])


def _said(text: str) -> list[Condition]:
    """What `text` says: where somebody or something is called by all of its words, that alone; else each word by itself."""
    words = text.split()[:MAX_WORDS]
    if not words:
        return []
    called = {what: f"{what} {what_in_words(AuditEvent(what=what))}".casefold() for what in AuditEvent.objects.whats()}
    whole = _meant(words, called)
    return [whole] if whole.ways or len(words) == 1 else [_meant([word], called) for word in words]


def _meant(words: Sequence[str], called: Mapping[str, str]) -> Condition:
    """Every way in which a line can be what all of `words` say. Two queries."""
    users: QuerySet[Any] = get_user_model().objects.order_by()
    for word in words:
        users = users.filter(Q(username__icontains=word) | Q(first_name__icontains=word))
    numbers: list[Q] = []
    if len(words) == 1:
        (word,) = words
        numbers += [Q(participant_key=word)] if is_key(word) else []
        numbers += [Q(request_id=word)] if AuditEvent.objects.filter(request_id=word).exists() else []
    whats = [what for what, names in called.items() if all(word.casefold() in names for word in words)]
    return Condition(list(users.values_list("pk", flat=True)), whats, numbers)
