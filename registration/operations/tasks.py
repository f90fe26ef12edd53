"""What workers do. Each task is short, may run twice at once, and may be killed at any moment."""

import os
import socket
from functools import partial
from uuid import uuid4

from django.contrib.auth.models import User
from django.utils import timezone, translation
from django_tasks import task

from registration.actor import Actor, ActorKind
from registration.attendance.actions import kept as attendance_figures
from registration.attendance.actions import reports as report_actions
from registration.attendance.actions.settings import count_anew
from registration.certificates import actions as certificate_actions
from registration.coordinators import actions as coordinator_actions
from registration.exports import actions as export_actions
from registration.links.actions import personal_links
from registration.mail import outbox
from registration.mail.actions import mailings, meeting_links
from registration.models import Heartbeat, KeptFigures, MailFlow, Participant
from registration.nominations import actions as nomination_actions
from registration.open_data import actions as open_data_actions
from registration.operations import kept_figures
from registration.people import board
from registration.privacy.actions.anonymisation import anonymise
from registration.security import sign_in
from registration.webhooks.actions import sending as webhooks
from registration.zoom.actions import events as zoom_events
from registration.zoom.actions import work as zoom_work
from sessions.models import Track, Workshop, WorkshopDay

#: A task of sending ends after this many seconds; the clock starts the next one.
SENDING_SECONDS = 50
#: Before everything else in the queue.
SOMEBODY_WAITS = 50
#: After everything else: it takes long, and mail that is due does not wait for it.
LAST = -50


@task()
def beat() -> None:
    Heartbeat.objects.update_or_create(name=Heartbeat.Name.WORKER, defaults={"seen_at": timezone.now()})


@task()
def send_deliveries() -> int:
    """Sends what is due and lets the clock start the next. Returns how many mails the server took."""
    worker = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    sent = outbox.send_due(worker, seconds=SENDING_SECONDS)
    MailFlow.objects.update(next_senders_at=None)
    return sent


@task(priority=SOMEBODY_WAITS)
def send_personal_link(participant_id: int) -> None:
    """Mails the participant their link, if there is one: who asked must not see by the time it took whether there is.

    Those for whom the same address passes mail on get theirs there too.
    """
    for asked in Participant.objects.live().filter(pk=participant_id):
        for participant in Participant.objects.live().filter(workshop=asked.workshop_id, email=asked.email):
            personal_links.send_link(participant=participant)


@task(priority=SOMEBODY_WAITS)
def send_sign_in_link(user_id: int, language: str) -> None:
    """Mails the coordinator a link to sign in, if there is one; see `send_personal_link`."""
    if user := sign_in.may_use_links().filter(pk=user_id).first():
        coordinator_actions.send_sign_in_link(user=user, language=language)


@task()
def queue_mailing(mailing_id: int) -> int:
    """Writes the deliveries of a message to many; the clock starts the next where time was short. Returns how many people it went over."""
    return mailings.queue_deliveries(mailing_id=mailing_id, seconds=SENDING_SECONDS)


@task(priority=SOMEBODY_WAITS)
def send_meeting_link(day_id: int, track_id: int | None, user_id: int, language: str) -> int:
    """Queues the links of a day (of one track, where that is named) as `user` asked. Returns how many people get them.

    Where the worker dies nothing is written, and the page still names all whom it concerns.
    """
    day = WorkshopDay.objects.select_related("workshop").get(pk=day_id)
    track = Track.objects.get(pk=track_id) if track_id else None
    with translation.override(language):
        return meeting_links.send_meeting_link(day=day, track=track, by=Actor(ActorKind.STAFF, User.objects.get(pk=user_id)))


@task()
def apply_nominations(file_id: int) -> bool:
    """Applies the rows of a province's spreadsheet; where time was short the next task goes on. True when none is left."""
    done = nomination_actions.apply_rows(file_id=file_id, seconds=SENDING_SECONDS)
    if not done:
        apply_nominations.enqueue(file_id)
    return done


@task(priority=SOMEBODY_WAITS)
def work_on_report(report_id: int) -> bool:
    """Reads an attendance report, counts it or takes it back, whatever there is to do; the clock asks again where the worker died."""
    done = report_actions.work(report_id=report_id)
    for workshop in Workshop.objects.filter(attendance_reports=report_id):
        _count_figures(workshop)
    return done


@task(priority=SOMEBODY_WAITS)
def count_figures(workshop_id: int | None) -> None:
    """Counts what the office's pages show of attendance and certificates of a workshop; of a long one its board and doubles too.

    None: who is perhaps there twice anywhere.
    """
    if workshop_id is None:
        kept_figures.keep(None, KeptFigures.Subject.DOUBLES, partial(board.counted_doubles, None))
        return
    workshop = Workshop.objects.get(pk=workshop_id)
    _count_figures(workshop)
    if board.is_long(workshop):
        for subject, counted in board.COUNTED.items():
            kept_figures.keep(workshop, subject, partial(counted, workshop))


def _count_figures(workshop: Workshop) -> None:
    attendance_figures.keep_figures(workshop=workshop)
    certificate_actions.keep_figures(workshop=workshop)


@task()
def count_attendance_anew(day_id: int) -> int:
    """Counts a day by the agenda and the settings as they are now. Returns how many have minutes."""
    return count_anew(day_id=day_id)


@task(priority=SOMEBODY_WAITS)
def issue_certificates(run_id: int) -> int:
    """Issues what staff ordered; the clock asks again where the worker died. Returns how many."""
    issued = certificate_actions.issue(run_id=run_id, seconds=SENDING_SECONDS)
    for workshop in Workshop.objects.filter(certificate_runs=run_id):
        _count_figures(workshop)
    return issued


@task(priority=LAST)
def anonymise_workshop(workshop_id: int, user_id: int) -> int:
    """Makes the people of a workshop anonymous, as a member of staff asked with its title typed in. Returns how many."""
    by = Actor(ActorKind.STAFF, User.objects.get(pk=user_id))
    return anonymise(workshop=Workshop.objects.get(pk=workshop_id), by=by)


@task(priority=LAST)
def make_export(export_id: int) -> bool:
    """Makes a file that staff asked for; the clock starts it again where the worker died. True when it is there."""
    return export_actions.make(export_id=export_id)


@task(priority=SOMEBODY_WAITS)
def count_open_data(set_id: int) -> bool:
    """Counts a draft of open data and makes its files; the clock asks again where the worker died. True when it is there."""
    return open_data_actions.make(set_id=set_id)


@task()
def send_webhooks(endpoint_id: int) -> int:
    """Sends what is due for one endpoint; the clock starts the next where time was short or the worker died. Returns how much was taken."""
    return webhooks.send(endpoint_id=endpoint_id, seconds=SENDING_SECONDS)


@task(priority=LAST)
def work_on_webinar(webinar_id: int) -> bool:
    """Brings a webinar of Zoom into step or fetches its report, whatever is asked; the clock asks again. True when nothing is left."""
    return zoom_work.work(webinar_id=webinar_id, seconds=SENDING_SECONDS)


@task(priority=SOMEBODY_WAITS)
def go_through_zoom_events() -> int:
    """Goes through what Zoom told of its webinars. Returns how many messages."""
    return zoom_events.work_through(at=timezone.now())
