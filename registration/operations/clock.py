"""What has to be done because time passed: one round of it. Safe to run twice, late, or on many machines."""

import datetime as dt
import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from registration.actor import SYSTEM
from registration.api import actions as api_actions
from registration.attendance.actions import reports as report_actions
from registration.attendance.actions.entries import forget_presses
from registration.audit import trail
from registration.certificates import actions as certificate_actions
from registration.decisions.actions import decide_due
from registration.exports import actions as export_actions
from registration.invitations.actions.invitations import expire_invitations, remind_invited
from registration.mail import outbox
from registration.mail.actions import mailings
from registration.mail.actions.deliveries import put_away
from registration.mail.actions.releases import tell_of_releases
from registration.mail.actions.reminders import remind
from registration.materials.actions import forget_orphans
from registration.models import Delivery, Heartbeat, MailFlow
from registration.nominations.actions import forget_nominations, left_by_workers
from registration.notices.actions import send_digests, tell_first_day, tell_full
from registration.open_data import actions as open_data_actions
from registration.operations import clock_jumps, storage, tasks
from registration.privacy import retention
from registration.privacy.actions.anonymisation import anonymise
from registration.seats.actions.pool import release_due, warn_of_release
from registration.seats.actions.reserve import expire_offers
from registration.seats.actions.unopened_links import ask_to_open, pass_on_unopened
from registration.security import rate_limits, traffic
from registration.selection.actions.announcements import announce_due
from registration.selection.actions.reminders import announce_overdue, remind_to_announce
from registration.webhooks.actions import sending as webhooks
from registration.zoom.actions import events as zoom_events
from registration.zoom.actions import work as zoom_work
from registration.zoom.actions.attended import ask_for_reports
from registration.zoom.actions.webinars import ask_where_zoom_differs

logger = logging.getLogger(__name__)

#: A task that runs longer than this has lost its worker: no task of ours takes nearly as long.
TASK_LEASE = dt.timedelta(minutes=10)
TASK_MEMORY = dt.timedelta(days=1)
#: Key of the cache, seconds, and batches of mails in one round.
MAILS_PUT_AWAY, PUT_AWAY_EVERY, PUT_AWAY_BATCHES = "mails-put-away", 86_400, 20
WEBHOOKS_PUT_AWAY = "webhooks-put-away"
#: How often workers are asked whether they live.
BEAT_EVERY = dt.timedelta(minutes=1)
#: Sending tasks are started anew after this time even if the former ones never said that they ended.
SENDERS_LEASE = dt.timedelta(seconds=tasks.SENDING_SECONDS + 10)


def tick(at: dt.datetime | None = None) -> None:
    """One round. What fails is logged and stops nothing else of the round.

    After a jump of the clock nothing is done until staff say that the time is right: see `clock_jumps`.
    """
    at = at or timezone.now()
    if clock_jumps.is_jump(at):
        clock_jumps.note(at)
        logger.error("the clock jumped to %s: nothing is done until staff say that it is right", at.isoformat())
        return
    rounds: list[Callable[[dt.datetime], object]] = [
        beat,
        outbox.reap,
        reap_tasks,
        forget_tasks,
        forget_sessions,
        put_mails_away,
        rate_limits.forget,
        traffic.forget,
        lambda now: api_actions.forget(at=now),
        lambda now: announce_due(at=now),
        lambda now: decide_due(at=now),
        lambda now: remind_to_announce(at=now),
        lambda now: announce_overdue(at=now),
        lambda now: expire_offers(at=now),
        lambda now: expire_invitations(at=now),
        lambda now: ask_to_open(at=now),
        lambda now: pass_on_unopened(at=now),
        lambda now: remind_invited(at=now),
        lambda now: remind(at=now),
        lambda now: tell_full(at=now),
        lambda now: tell_first_day(at=now),
        lambda now: warn_of_release(at=now),
        lambda now: release_due(at=now),
        lambda now: send_digests(at=now),
        lambda now: tell_of_releases(at=now),
        lambda now: forget_nominations(at=now),
        lambda now: export_actions.expire_exports(at=now),
        go_on_with_nominations,
        forget_people,
        scrub,
        go_on_with_exports,
        go_on_with_reports,
        go_on_with_certificates,
        go_on_with_open_data,
        lambda now: ask_where_zoom_differs(at=now),
        lambda now: ask_for_reports(at=now),
        go_through_zoom_events,
        lambda now: zoom_events.forget(at=now),
        go_on_with_webinars,
        lambda now: report_actions.forget_files(at=now),
        lambda now: forget_presses(at=now),
        lambda now: forget_orphans(at=now),
        lambda now: mailings.send_scheduled(at=now),
        start_mailings,
        start_senders,
        start_webhooks,
        put_webhooks_away,
    ]
    for do in rounds:
        try:
            do(at)
        except Exception:
            logger.exception("a round of the clock failed")


def beat(at: dt.datetime) -> None:
    """Writes down that the clock is alive and, once a minute whatever number of clocks there are, asks the workers to do so."""
    Heartbeat.objects.update_or_create(name=Heartbeat.Name.CLOCK, defaults={"seen_at": at})
    Heartbeat.objects.get_or_create(name=Heartbeat.Name.ASKED, defaults={"seen_at": at - BEAT_EVERY})
    if Heartbeat.objects.filter(name=Heartbeat.Name.ASKED, seen_at__lte=at - BEAT_EVERY).update(seen_at=at):
        tasks.beat.enqueue()


def go_on_with_nominations(at: dt.datetime) -> int:
    """Queues the tasks that apply spreadsheets whose worker has died. Returns how many."""
    left = left_by_workers(at)
    for file_id in left:
        tasks.apply_nominations.enqueue(file_id)
    return len(left)


def go_on_with_exports(at: dt.datetime) -> int:
    """Queues the tasks that make exports whose worker has died. Returns how many."""
    left = export_actions.left_by_workers(at)
    for export_id in left:
        tasks.make_export.enqueue(export_id)
    return len(left)


def go_on_with_reports(at: dt.datetime) -> int:
    """Queues the tasks for attendance reports that wait, or whose worker has died. Returns how many."""
    left = report_actions.left_by_workers(at)
    for report_id in left:
        tasks.work_on_report.enqueue(report_id)
    return len(left)


def go_on_with_certificates(at: dt.datetime) -> int:
    """Queues the tasks that issue certificates at which nobody works. Returns how many."""
    left = certificate_actions.left_by_workers(at)
    for run_id in left:
        tasks.issue_certificates.enqueue(run_id)
    return len(left)


def go_on_with_open_data(at: dt.datetime) -> int:
    """Queues the tasks that count open data at which nobody works. Returns how many."""
    left = open_data_actions.left_by_workers(at)
    for set_id in left:
        tasks.count_open_data.enqueue(set_id)
    return len(left)


def go_through_zoom_events(at: dt.datetime) -> bool:
    """Queues the task that goes through what Zoom told, where there is something; two at once do no harm."""
    is_any = zoom_events.is_anything_left()
    if is_any:
        tasks.go_through_zoom_events.enqueue()
    return is_any


def go_on_with_webinars(at: dt.datetime) -> int:
    """Queues the tasks for webinars of Zoom in which there is something to do. Returns how many."""
    left = zoom_work.left_by_workers(at)
    for webinar_id in left:
        tasks.work_on_webinar.enqueue(webinar_id)
    return len(left)


def forget_people(at: dt.datetime) -> int:
    """Makes people anonymous whose time is over. Returns how many."""
    return sum(anonymise(workshop=workshop, by=SYSTEM, at=at) for workshop in retention.due(at))


def scrub(at: dt.datetime) -> bool:
    """Writes the database anew where somebody was erased since it was last done. False where there was none, or a table is in use."""
    if not trail.is_to_be_scrubbed(at):
        return False
    last = trail.last_erasure()
    if not storage.scrub():
        return False
    if trail.last_erasure() == last:  # else somebody was erased meanwhile, from a table that was done already perhaps: once more
        trail.record_scrubbing(by=SYSTEM, at=at)
    return True


def reap_tasks(at: dt.datetime) -> int:
    """Marks as failed what a killed worker left running in the database's task queue. Returns how many."""
    left = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=at - TASK_LEASE)
    return left.update(status=TaskResultStatus.FAILED, finished_at=at)


def forget_tasks(at: dt.datetime) -> int:
    """Deletes what the database's task queue keeps of tasks that ended long ago. Returns how many rows."""
    return DBTaskResult.objects.filter(finished_at__lt=at - TASK_MEMORY).delete()[0]


def forget_sessions(at: dt.datetime) -> int:
    """Deletes sign-ins that are over: what they keep may name people. Returns how many rows."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


def put_mails_away(at: dt.datetime) -> int:
    """Deletes mails that were done long ago, once a day; where there are very many the next round goes on. Returns how many."""
    if not cache.add(MAILS_PUT_AWAY, True, timeout=PUT_AWAY_EVERY):
        return 0
    gone = 0
    for _batch in range(PUT_AWAY_BATCHES):
        if not (now_gone := put_away(at=at)):
            return gone
        gone += now_gone
    cache.delete(MAILS_PUT_AWAY)
    return gone


def put_webhooks_away(at: dt.datetime) -> int:
    """As `put_mails_away`, of webhooks."""
    if not cache.add(WEBHOOKS_PUT_AWAY, True, timeout=PUT_AWAY_EVERY):
        return 0
    return sum(iter(lambda: webhooks.put_away(at=at), 0))


def start_webhooks(at: dt.datetime) -> int:
    """Queues a task for each endpoint that is to be told something and at which nobody is. Returns how many."""
    waiting = webhooks.left_by_workers(at)
    for endpoint_id in waiting:
        tasks.send_webhooks.enqueue(endpoint_id)
    return len(waiting)


def start_mailings(at: dt.datetime) -> int:
    """Queues a task for each message to many whose deliveries nobody is writing. Returns how many."""
    waiting = mailings.left_by_workers(at)
    for mailing_id in waiting:
        tasks.queue_mailing.enqueue(mailing_id)
    return len(waiting)


def start_senders(at: dt.datetime) -> int:
    """Queues the tasks that send, if something is due and none were started lately. Returns how many."""
    if not Delivery.objects.due(at).exists():
        return 0
    MailFlow.objects.get_or_create(pk=1)
    rested = Q(next_senders_at=None) | Q(next_senders_at__lte=at)
    if not MailFlow.objects.filter(rested, is_paused=False).update(next_senders_at=at + SENDERS_LEASE):
        return 0
    for _i in range(settings.MAIL_SENDERS):
        tasks.send_deliveries.enqueue()
    return int(settings.MAIL_SENDERS)
