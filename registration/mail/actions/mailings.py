"""Sending what staff write to many: once, in portions, and no further than they want."""

import datetime as dt
import time
from collections.abc import Iterable, Mapping

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.choices import MessageName
from registration.errors import MailingSent, NobodyToWriteTo
from registration.mail import outbox
from registration.mail.actions.deliveries import send_again
from registration.models import Delivery, Mailing, Participant, Quota
from registration.operations import jobs
from sessions.formats import moment_short

#: How many deliveries are written in one transaction.
PORTION = 1000
#: A message that was to go out longer ago than this may be wrong by now.
MAX_LATE = dt.timedelta(hours=12)
_TEXTS = ("subject_th", "body_th", "subject_en", "body_en")


def write_mailing(
    *, quota: Quota, people: Iterable[Participant], text: Mapping[str, str], by: Actor, at: dt.datetime | None = None
) -> Mailing:
    """A message of a desk to those of its own `people`, to be looked at before it is sent. `text` is subject and body by language."""
    chosen = [person.pk for person in people if person.quota_id == quota.pk]
    columns = {name: text.get(name, "") for name in _TEXTS}
    whom = {"workshop": quota.workshop, "quota": quota, "chosen": chosen, "state": ""}
    return Mailing.objects.create(**columns, **whom, created_by=by.user, created_at=at or timezone.now())


def discard_mailing(*, mailing: Mailing) -> bool:
    return bool(Mailing.objects.filter(pk=mailing.pk, sent_at=None).delete()[0])


def send_mailing(*, mailing: Mailing, by: Actor, planned_for: dt.datetime | None = None, at: dt.datetime | None = None) -> None:
    """Gives `mailing` to the workers, who write its deliveries. Answers at once, however many people there are.

    Raises MailingSent on a second press, which so adds nothing, and where it is no longer `planned_for` that moment; NobodyToWriteTo
    where the audience is empty.
    """
    at = at or timezone.now()
    waiting = Mailing.objects.filter(pk=mailing.pk, sent_at=None)
    if planned_for:
        waiting = waiting.filter(scheduled_at=planned_for)
    with transaction.atomic():
        people = mailing.readers().count()
        if not people:
            raise NobodyToWriteTo
        if not waiting.update(sent_at=at, people=people, was_missed=False):
            raise MailingSent
        _log(mailing, by, _("Sent to %(count)s people.") % {"count": people})
    mailing.refresh_from_db()


def schedule_mailing(*, mailing: Mailing, moment: dt.datetime, by: Actor) -> None:
    """Lets `mailing` be sent by itself at `moment`. Raises MailingSent; NobodyToWriteTo where nobody would get it as things are now."""
    with transaction.atomic():
        if not mailing.readers().exists():
            raise NobodyToWriteTo
        planned = {"scheduled_at": moment, "scheduled_by": by.user, "was_missed": False}
        if not Mailing.objects.filter(pk=mailing.pk, sent_at=None).update(**planned):
            raise MailingSent
        _log(mailing, by, _("Set to be sent on %(moment)s.") % {"moment": moment_short(moment)})
    mailing.refresh_from_db()


def unschedule_mailing(*, mailing: Mailing, by: Actor) -> bool:
    """False where it was sent meanwhile, or had no time."""
    with transaction.atomic():
        waiting = Mailing.objects.filter(pk=mailing.pk, sent_at=None, scheduled_at__isnull=False)
        if not waiting.update(scheduled_at=None, scheduled_by=None):
            return False
        _log(mailing, by, _("Took the time of sending back."))
    mailing.refresh_from_db()
    return True


def send_scheduled(*, at: dt.datetime | None = None) -> int:
    """Sends what is due. What is late by more than MAX_LATE, or has nobody to go to by now, is left to staff, who are told.

    Returns how many were sent.
    """
    at = at or timezone.now()
    sent = 0
    for mailing in Mailing.objects.due(at).select_related("scheduled_by"):
        try:
            if mailing.scheduled_at and at - mailing.scheduled_at > MAX_LATE:
                raise NobodyToWriteTo
            send_mailing(mailing=mailing, by=Actor(ActorKind.STAFF, mailing.scheduled_by), planned_for=mailing.scheduled_at, at=at)
            sent += 1
        except NobodyToWriteTo:
            Mailing.objects.due(at).filter(pk=mailing.pk).update(scheduled_at=None, was_missed=True)
        except MailingSent:
            continue
    return sent


@transaction.atomic
def copy_mailing(*, mailing: Mailing, by: Actor, at: dt.datetime | None = None) -> Mailing:
    """A draft with the same text, to the same people as far as they meet the same conditions then."""
    names = ("workshop_id", "recipients", *_TEXTS, "day_id", "track_id", "turnout", "state", "region")
    values = {name: getattr(mailing, name) for name in names}
    copy = Mailing.objects.create(**values, created_by=by.user, created_at=at or timezone.now())
    copy.provinces.set(mailing.provinces.all())
    copy.groups.set(mailing.groups.all())
    return copy


def left_by_workers(at: dt.datetime) -> list[int]:
    """The mailings (by number) that some worker should go on with at the moment `at`, each leased to the one who asks."""
    return jobs.reap(Mailing.objects.being_queued(), at=at)


def queue_deliveries(*, mailing_id: int, seconds: float, at: dt.datetime | None = None) -> int:
    """Writes the deliveries of a sent mailing, a portion a transaction, until all are written or `seconds` are over.

    May be killed at any moment and run twice: it goes on behind the last person reached, and a delivery's key is
    unique. Returns how many people it went over; where the time was not enough, the lease is given back at once.
    """
    mailing = jobs.claim(Mailing.objects.being_queued(), mailing_id, at=at)
    if mailing is None:
        return 0
    done, end = 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end and mailing.queued_at is None:
            done += _queue_portion(mailing, at or timezone.now())
    except jobs.TakenOver:
        return done
    jobs.give_back(mailing)
    return done


def _queue_portion(mailing: Mailing, at: dt.datetime) -> int:
    """Writes a portion, if nobody has stopped the mailing or taken it over (TakenOver); `queued_at` is set with the last."""
    with transaction.atomic():
        if not jobs.held(mailing).filter(pk__in=Mailing.objects.being_queued().values("pk")).select_for_update().exists():
            raise jobs.TakenOver
        people = list(mailing.readers().filter(pk__gt=mailing.reached).order_by("pk")[:PORTION])
        if mailing.recipients == Mailing.Recipients.COORDINATORS:
            outbox.post_to_users(mailing.message, people, occasion=mailing.pk, at=at, details={}, mailing=mailing)
        else:
            outbox.post_many(mailing.message, people, occasion=mailing.pk, at=at, mailing=mailing)
        if len(people) < PORTION:
            mailing.queued_at = at
            written = Delivery.objects.filter(mailing=mailing, message=mailing.message).count()
            jobs.renew(mailing, queued_at=at, people=written)
        else:
            mailing.reached = people[-1].pk
            jobs.renew(mailing, reached=mailing.reached)
    return len(people)


def stop_mailing(*, mailing: Mailing, by: Actor, at: dt.datetime | None = None) -> int:
    """Stops what has not left yet: nothing more is written, what is queued is not sent. Returns how many were in the queue.

    They keep their row and key, so that one sees who was not written to, and nobody is by another press.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if not Mailing.objects.filter(pk=mailing.pk, sent_at__isnull=False, stopped_at=None).update(stopped_at=at):
            return 0
        claimed = Q(state=Delivery.State.SENDING, attempted_at=None)
        waiting = Delivery.objects.filter(Q(state=Delivery.State.QUEUED) | claimed, mailing=mailing, message=mailing.message)
        stopped = waiting.update(state=Delivery.State.STOPPED, finished_at=at, leased_until=None, claimed_by="")
        _log(mailing, by, _("Stopped the rest: %(count)s e-mails.") % {"count": stopped})
    mailing.refresh_from_db()
    return stopped


def continue_mailing(*, mailing: Mailing, by: Actor, at: dt.datetime | None = None) -> int:
    """Goes on after a stop: what was stopped is queued again, what was not written yet is written. Nobody gets it twice.

    Returns how many go back into the queue; those not written yet follow with the next round of the clock.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if not Mailing.objects.filter(pk=mailing.pk, stopped_at__isnull=False).update(stopped_at=None):
            return 0
        stopped = Delivery.objects.filter(mailing=mailing, message=mailing.message, state=Delivery.State.STOPPED)
        again = stopped.update(state=Delivery.State.QUEUED, due_at=at, finished_at=None, attempted_at=None)
        _log(mailing, by, _("Went on sending: %(count)s e-mails.") % {"count": again})
    mailing.refresh_from_db()
    return again


def send_failed_again(*, mailing: Mailing, by: Actor, at: dt.datetime | None = None) -> int:
    """Puts those mails of `mailing` back into the queue that have failed, not those of which nobody knows. Returns how many."""
    failed = Delivery.objects.filter(mailing=mailing, message=mailing.message, state=Delivery.State.FAILED)
    return len(send_again(deliveries=failed, by=by, at=at))


def send_test(*, mailing: Mailing, reader: Participant | User, user: User, at: dt.datetime | None = None) -> None:
    """Sends `mailing` to `user`, in both its languages, as `reader` would get it."""
    at = at or timezone.now()
    to_desks = mailing.recipients == Mailing.Recipients.COORDINATORS
    languages = ["th", "en"] if mailing.subject_en and mailing.body_en and not to_desks else ["th"]
    message = MessageName.COORDINATOR_ANNOUNCEMENT_TEST if to_desks else MessageName.ANNOUNCEMENT_TEST
    for language in languages:
        occasion = f"{mailing.pk}:{language}:{at.timestamp():.3f}"
        outbox.post_to_user(
            message,
            user,
            occasion=occasion,
            at=at,
            details={"reader": reader.pk, "language": language},
            mailing=mailing,
        )


def _log(mailing: Mailing, by: Actor, text: str) -> None:
    if by.user:
        LogEntry.objects.log_actions(by.user.pk, [mailing], CHANGE, text, single_object=True)
