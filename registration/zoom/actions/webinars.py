"""In which webinar a meeting is held, and what a worker is asked to do there."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.models import ZoomWebinar
from registration.zoom.meetings import Meeting, ledgers_of, meeting_held_in, meetings_of
from sessions.models import Workshop, WorkshopDay

#: The clock looks so often whether people have come, gone or changed.
LOOK_EVERY = dt.timedelta(minutes=10)


class NumberTaken(Exception):
    """Another meeting is held in the webinar of this number."""


class StillRegistered(Exception):
    """People are registered in the webinar of before, which only who says so leaves to itself: `count` of them."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


def say_webinar(
    *, meeting: Meeting, number: str, by: Actor, is_former_given_up: bool = False, at: dt.datetime | None = None
) -> ZoomWebinar | None:
    """Says in which webinar `meeting` is held; an empty `number` that it is in none. Nothing is done in Zoom by this.

    Raises NumberTaken; and StillRegistered where people are registered in the webinar of before, unless that `is_former_given_up`:
    then Zoom keeps them there, and the portal knows no more of it.
    """
    at = at or timezone.now()
    workshop = meeting.day.workshop
    with transaction.atomic():
        WorkshopDay.objects.select_for_update().get(pk=meeting.day.pk)
        former = ZoomWebinar.objects.filter(**meeting.columns).first()
        if former and former.number == number:
            return former
        if former:
            if (count := former.registrants.count()) and not is_former_given_up:
                raise StillRegistered(count)
            former.delete()
        elif not number:
            return None
        trail.record_decision(by=by, what="zoom webinar", workshop=workshop, at=at)
        if not number:
            return None
        try:
            with transaction.atomic():
                return ZoomWebinar.objects.create(number=number, **meeting.columns)
        except IntegrityError as error:
            raise NumberTaken from error


def ask_for_push(*, webinar: ZoomWebinar, by: Actor, count: int, at: dt.datetime | None = None) -> bool:
    """Staff let Zoom be brought into step, and kept there, having seen that it concerns `count` people. False where it is asked already."""
    at = at or timezone.now()
    with transaction.atomic():
        asked = ZoomWebinar.objects.filter(Q(push_asked_at=None) | Q(is_pressed=False), pk=webinar.pk)
        told = {"push_asked_at": at, "is_pressed": True, "is_in_step": True, "rests_until": None, "trouble": "", "trouble_at": None}
        if not asked.update(**told):
            return False
        workshop = meeting_held_in(webinar).day.workshop
        trail.record_download(by=by, what="zoom by api", count=count, workshop=workshop, filters={}, at=at)
    return True


def stop_keeping_in_step(*, webinar: ZoomWebinar, by: Actor, at: dt.datetime | None = None) -> bool:
    """Nothing is done in Zoom from now on; whoever is registered there stays. False where it is so already."""
    at = at or timezone.now()
    with transaction.atomic():
        on = ZoomWebinar.objects.filter(Q(is_in_step=True) | Q(push_asked_at__isnull=False), pk=webinar.pk)
        if not on.update(is_in_step=False, push_asked_at=None, is_pressed=False):
            return False
        trail.record_decision(by=by, what="zoom stopped", workshop=meeting_held_in(webinar).day.workshop, at=at)
    return True


def ask_where_zoom_differs(*, at: dt.datetime) -> int:
    """Asks for a push of each webinar that is kept in step and is not, or where the office is to decide about somebody in Zoom.

    For the clock. Returns how many.
    """
    due = ZoomWebinar.objects.filter(is_in_step=True, push_asked_at=None).filter(Q(looked_at=None) | Q(looked_at__lte=at - LOOK_EVERY))
    keys = list(due.values_list("pk", flat=True))
    if not keys or not due.filter(pk__in=keys).update(looked_at=at):
        return 0
    workshops = Workshop.objects.filter(Q(days__zoom_webinar__in=keys) | Q(days__items__tracks__zoom_webinar__in=keys)).distinct()
    asked = 0
    for workshop in workshops.filter(anonymised_at=None):
        for ledger in ledgers_of(workshop, [one for one in meetings_of(workshop) if at < one.day.ends_at()]):
            if ledger.webinar and ledger.webinar.pk in keys and (ledger.count or ledger.left.held or not ledger.is_read):
                waiting = ZoomWebinar.objects.filter(pk=ledger.webinar.pk, is_in_step=True, push_asked_at=None)
                asked += waiting.update(push_asked_at=at, is_pressed=False)
    return asked
