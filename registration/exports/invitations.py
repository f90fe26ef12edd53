"""Invitations as a workbook: who was invited by whom, when, and what came of it."""

import datetime as dt
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.exports.columns import Cell, Column
from registration.exports.workbook import Book
from registration.models import Invitation
from registration.people.phones import phone_of


def write_invitations(file: BinaryIO, invitations: QuerySet[Invitation]) -> int:
    """Writes xlsx in the reader's language, reading the rows in portions. Returns how many invitations are in it."""
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
