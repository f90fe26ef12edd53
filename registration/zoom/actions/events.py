"""What Zoom tells of a webinar while it is on: noted at once, gone through by a worker."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from registration.models import AttendanceStop, ZoomEvent, ZoomPresence, ZoomRegistrant, ZoomWebinar
from registration.zoom.webhooks import Kind, Told

#: So many are gone through in one transaction.
PORTION = 200
#: Afterwards who was in it, and which messages came, is forgotten.
KEPT = dt.timedelta(days=2)


def note(*, told: Told, signature: str, at: dt.datetime) -> bool:
    """False where the same message came before."""
    try:
        with transaction.atomic():
            ZoomEvent.objects.create(
                signature=signature.removeprefix("v0="), kind=told.kind, number=told.number, connection=told.connection,
                registrant_id=told.registrant_id, moment=told.moment, noted_at=at,
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def is_anything_left() -> bool:
    return ZoomEvent.objects.filter(done_at=None).exists()


def work_through(*, at: dt.datetime) -> int:
    """Goes through what was noted, in any order and as often as you like: the last moment of coming and of going counts.

    Returns how many messages.
    """
    count = 0
    while events := list(ZoomEvent.objects.filter(done_at=None).order_by("pk")[:PORTION]):
        with transaction.atomic():
            webinars = {webinar.number: webinar for webinar in _locked({event.number for event in events})}
            for event in events:
                if webinar := webinars.get(event.number):
                    _go_through(webinar, event)
            gone_through = ZoomEvent.objects.filter(pk__in=[event.pk for event in events])
            gone_through.update(done_at=at, connection="", registrant_id="")
        count += len(events)
    return count


def forget(*, at: dt.datetime) -> int:
    """Deletes what is two days old. Returns how many rows."""
    gone = ZoomPresence.objects.filter(Q(joined_at=None) | Q(joined_at__lt=at - KEPT), Q(left_at=None) | Q(left_at__lt=at - KEPT))
    return gone.delete()[0] + ZoomEvent.objects.filter(noted_at__lt=at - KEPT).delete()[0]


def _locked(numbers: Iterable[str]) -> list[ZoomWebinar]:
    return list(ZoomWebinar.objects.select_for_update().filter(number__in=numbers).order_by("pk"))


def _go_through(webinar: ZoomWebinar, event: ZoomEvent) -> None:
    match event.kind:
        case Kind.ENDED:
            open_ = ZoomPresence.objects.filter(webinar=webinar, joined_at__lte=event.moment)
            open_.filter(Q(left_at=None) | Q(left_at__lt=F("joined_at"))).update(left_at=event.moment)
        case Kind.JOINED | Kind.LEFT:
            column = "joined_at" if event.kind == Kind.JOINED else "left_at"
            presence, _new = ZoomPresence.objects.get_or_create(webinar=webinar, connection=event.connection)
            earlier = ZoomPresence.objects.filter(Q(**{column: None}) | Q(**{f"{column}__lt": event.moment}), pk=presence.pk)
            earlier.update(**{column: event.moment})
            if presence.participant_id is None and (person := _whose(webinar, event.registrant_id)):
                ZoomPresence.objects.filter(pk=presence.pk).update(participant=person)


def _whose(webinar: ZoomWebinar, registrant_id: str) -> int | None:
    """Nobody where their attendance is not used, at their wish."""
    if not registrant_id:
        return None
    rows = ZoomRegistrant.objects.filter(webinar=webinar, registrant_id=registrant_id)
    found: int | None = rows.values_list("participant", flat=True).first()
    return None if AttendanceStop.objects.filter(participant=found).exists() else found
