"""Invitations as a workbook: who was invited by whom, when, and what came of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.exports.columns import Cell, Column
from registration.exports.workbook import Book
from registration.models import Export, Invitation
from registration.people.filters import CONDITIONS, UnknownCondition
from registration.people.filters import in_words as conditions_in_words
from registration.people.phones import phone_of
from registration.people.search import search_invitations
from sessions.models import Workshop

#: What the list of invitations is filtered by; each is a condition of `people.filters` too.
_FILTERS = ("province", "region", "group", "state__exact")
#: Of a list's address, what is no condition.
_NO_CONDITION = {"workshop", "p", "o", "e", "all"}


def filters_in_address(address: Mapping[str, str]) -> dict[str, str]:
    """The conditions among the parameters of a list's address. Raises UnknownCondition, so that nobody takes more than was shown."""
    found = {name: value for name, value in address.items() if value and name not in _NO_CONDITION}
    if unknown := found.keys() - {*_FILTERS, "q"}:
        raise UnknownCondition(min(unknown))
    return found


def listed(workshop: Workshop, filters: Mapping[str, str]) -> QuerySet[Invitation]:
    """Those of `workshop` for whom every condition holds, as the list finds them."""
    found = Invitation.objects.filter(workshop=workshop)
    for name in filters.keys() - {"q"}:
        found = found.filter(CONDITIONS[name](filters[name], workshop))
    return search_invitations(found, filters["q"]) if "q" in filters else found


def in_words(workshop: Workshop, filters: Mapping[str, str]) -> list[str]:
    states: dict[str, Any] = dict(Invitation.State.choices)
    others = {name: value for name, value in filters.items() if name != "state__exact"}
    return [str(states.get(filters["state__exact"], ""))] * ("state__exact" in filters) + conditions_in_words(workshop, others)


def write_invitations(file: BinaryIO, export: Export) -> int:
    """Writes xlsx in the language of who asked, reading the rows in portions. Returns how many invitations are in it."""
    with translation.override(export.options["language"]):
        return _write(file, listed(export.workshop, export.filters))


def _write(file: BinaryIO, invitations: QuerySet[Invitation]) -> int:
    book = Book(_("Invitations"))
    sheet = book.sheet(_("Invitations"), _columns(
        (_("Province"), 20), (_("Name"), 32), (_("E-mail"), 30), (_("Position"), 28), (_("Organisation"), 32), (_("Phone"), 16),
        (_("Group"), 24), (_("State"), 18), (_("Invited at"), 18), (_("Invited by"), 24), (_("Answer until"), 18), (_("Answered"), 18),
        (_("Code"), 12),
    ))  # fmt: skip
    for one in invitations.select_related(*_ROWS).iterator(chunk_size=500):
        by = one.invited_by
        sheet.append([
            one.quota.name, one.name, one.email, one.position, one.organisation, phone_of(one),
            str(one.group) if one.group else "", one.get_state_display(), _local(one.created_at),
            (by.get_full_name() or by.get_username()) if by else "", _local(one.expires_at), _local(one.closed_at),
            one.participant.code if one.participant else "",
        ])  # fmt: skip
    book.save(file)
    return sheet.rows


_ROWS = ("quota__province", "quota__workshop", "group", "invited_by", "participant")


def _columns(*headings: tuple[str, int]) -> list[Column]:
    return [Column(text, text, width, lambda line: None) for text, width in headings]


def _local(moment: dt.datetime | None) -> Cell:
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0) if moment else None
