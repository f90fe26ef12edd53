"""How long people are known: until when, whose time is over, and whose will be soon.

Source: the privacy notice, "one year at most after the last day of the workshop".
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from registration.models import Invitation, NominationFile, Participant, RetentionNotice
from sessions.models import Workshop, WorkshopDay

KEPT_YEARS = 1
#: So long before it happens the office is told.
TOLD_BEFORE = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """A workshop and the last day on which its people are known."""

    workshop: Workshop
    until: dt.date


def kept_until(workshop: Workshop) -> dt.date | None:
    """The last day on which people of `workshop` are known: what staff set, else a year after its last day. None: it has no day.

    Where somebody registered after the last day, the year begins with them: nobody is forgotten within a year of their coming.
    One query.
    """
    return _until(_dated().get(pk=workshop.pk))


def is_over(workshop: Workshop, at: dt.datetime) -> bool:
    """Whether its last day is over: nobody is forgotten before, whoever wants it. One query."""
    last = _last_day(workshop)
    return last is not None and last < timezone.localdate(at)


def due(at: dt.datetime) -> list[Workshop]:
    """Workshops whose time is over and of which somebody is still known, or invited, or on a list. Two queries.

    Only those of which staff have been told so for thirty days: a date that was just typed forgets nobody.
    """
    today = timezone.localdate(at)
    told = set(RetentionNotice.objects.filter(shown_at__lte=at - TOLD_BEFORE).values_list("workshop_id", "until"))
    return [kept.workshop for kept in _kept() if today > kept.until and (kept.workshop.pk, kept.until) in told]


def note_shown(kept: Kept, at: dt.datetime) -> RetentionNotice:
    """Staff see now that the people of `kept` will be made anonymous. Another date begins the thirty days anew."""
    notice, _new = RetentionNotice.objects.get_or_create(workshop=kept.workshop, defaults={"until": kept.until, "shown_at": at})
    if RetentionNotice.objects.filter(pk=notice.pk).exclude(until=kept.until).update(until=kept.until, shown_at=at):
        notice.until, notice.shown_at = kept.until, at
    return notice


def soon_due(at: dt.datetime) -> list[Kept]:
    """Those of which that will be so within thirty days. One query."""
    today = timezone.localdate(at)
    return [kept for kept in _kept() if kept.until - TOLD_BEFORE <= today]


def soon_due_of(workshop: Workshop, at: dt.datetime) -> Kept | None:
    """`workshop`, if it is one of those. One query, and one more only where its days say that it may be."""
    earliest = _until_by_dates(workshop.retain_until, _last_day(workshop))
    if earliest and earliest - TOLD_BEFORE > timezone.localdate(at):
        return None
    return next((kept for kept in soon_due(at) if kept.workshop == workshop), None)


def _last_day(workshop: Workshop) -> dt.date | None:
    return workshop.days.order_by("date").values_list("date", flat=True).last()


def _kept() -> list[Kept]:
    invited = Invitation.objects.filter(workshop=OuterRef("pk"))
    proposed = NominationFile.objects.filter(quota__workshop=OuterRef("pk"))
    somebody = Q(last_registration__isnull=False) | Q(Exists(invited)) | Q(Exists(proposed))
    dated = [(workshop, _until(workshop)) for workshop in _dated().filter(somebody).order_by("pk")]
    return [Kept(workshop, until) for workshop, until in dated if until]


def _dated() -> QuerySet[Workshop]:
    days = WorkshopDay.objects.filter(workshop=OuterRef("pk")).order_by("-date").values("date")[:1]
    people = Participant.objects.known().filter(workshop=OuterRef("pk")).order_by("-registered_at").values("registered_at")[:1]
    dated: QuerySet[Workshop] = Workshop.objects.annotate(last_day=Subquery(days), last_registration=Subquery(people))
    return dated


def _until(workshop: Workshop) -> dt.date | None:
    """Of a workshop from `_dated`."""
    last, registered_at = workshop.last_day, workshop.last_registration  # type: ignore[attr-defined]
    return _until_by_dates(workshop.retain_until, last, registered_at and timezone.localdate(registered_at))


def _until_by_dates(retain_until: dt.date | None, last: dt.date | None, registered: dt.date | None = None) -> dt.date | None:
    if retain_until and last:
        return max(retain_until, last)  # nobody is forgotten before it was held, whatever was typed
    if last is None:
        return retain_until
    last = max(last, registered or last)
    is_leap_day = (last.month, last.day) == (2, 29)
    return last.replace(year=last.year + KEPT_YEARS, day=28 if is_leap_day else last.day)
