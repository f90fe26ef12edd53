"""What a worker does in the webinar of a meeting: brings Zoom into step, fetches the report. May be killed at any moment."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils import timezone

from registration.models import ZoomWebinar
from registration.operations import jobs
from registration.zoom.actions.attended import fetch_report
from registration.zoom.actions.push import Run, bring_into_step
from registration.zoom.client import ZoomClient, ZoomRefused, ZoomRests
from registration.zoom.meetings import meeting_held_in

#: Makes the conversation with Zoom, given what is called before each call.
Connect = Callable[[Callable[[], None]], ZoomClient]


def _connect(alive: Callable[[], None]) -> ZoomClient:
    return ZoomClient(alive=alive)


def work(*, webinar_id: int, seconds: float, connect: Connect = _connect, now: Callable[[], dt.datetime] = timezone.now) -> bool:
    """True where nothing is left to do there, or staff must see to it; the clock asks again where time was short, or Zoom rests."""
    webinar = jobs.claim(_ready(now()), webinar_id, at=now())
    if webinar is None:
        return False
    try:
        with connect(lambda: jobs.renew(webinar)) as client:
            run = Run(webinar, meeting_held_in(webinar), client, client.clock() + seconds, now)
            if webinar.push_asked_at:
                bring_into_step(run)
            if webinar.report_asked_at:
                fetch_report(run)
        _no_longer_asked(webinar)
        jobs.give_back(webinar, trouble="", trouble_at=None, rests_until=None)
    except jobs.TakenOver:
        return False
    except ZoomRests as pause:
        trouble = {"trouble": pause.trouble, "trouble_at": now()} if pause.trouble else {}
        jobs.give_back(webinar, rests_until=now() + dt.timedelta(seconds=pause.seconds), **trouble)
        return False
    except ZoomRefused as refused:
        _no_longer_asked(webinar)
        jobs.give_back(webinar, trouble=refused.trouble, trouble_at=now(), rests_until=None)
    return True


def _no_longer_asked(webinar: ZoomWebinar) -> None:
    """What was asked for since it was begun stays asked for."""
    asked = ZoomWebinar.objects.filter(pk=webinar.pk)
    asked.filter(push_asked_at=webinar.push_asked_at).update(push_asked_at=None, is_pressed=False)
    asked.filter(report_asked_at=webinar.report_asked_at).update(report_asked_at=None)


def left_by_workers(at: dt.datetime) -> list[int]:
    """Webinars in which there is work to do and at which nobody is, each leased to who asks."""
    return jobs.reap(_ready(at), at=at)


def _ready(at: dt.datetime) -> QuerySet[ZoomWebinar]:
    rested = Q(rests_until=None) | Q(rests_until__lte=at)
    known = ZoomWebinar.objects.select_related("day__workshop", "track__item__day__workshop")
    return known.to_work_on().filter(rested)
