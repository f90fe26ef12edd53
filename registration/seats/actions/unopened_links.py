"""A seat whose holder never opened the link in their mail goes on while others wait for it, so that a robot cannot fill a province.

Only where anybody may register, and only where nothing else shows that there is somebody: to be invited, approved or registered by
an office is proof enough. They are asked first, and have a working day to open the link. Time counts from the moment the mail server took a
mail: whose mail failed, waits in the queue or may not have arrived keeps their seat, and the desk shows them.
"""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from registration.actor import SYSTEM
from registration.choices import MessageName, State, Verb
from registration.mail import outbox
from registration.models import Delivery, Participant, Quota
from registration.seats import quotas
from registration.seats.actions.reserve import free
from registration.seats.actions.states import move, record
from registration.seats.deadlocks import repeated_after_deadlock
from registration.seats.working_days import a_working_day_after
from sessions.models import Workshop, WorkshopDay

#: The mails to somebody on a seat that have their link.
WITH_LINK = ("confirmed", "pending", "moved_up", "link", "changed")


def ask_to_open(*, at: dt.datetime) -> int:
    """Writes to as many holders of unopened seats as there are people who wait, those first who registered first.

    To whom a mail with their link went out so many hours ago as the workshop says. Returns how many. Safe to run twice or late.
    """
    lines = _lines(at)
    if not lines:
        return 0
    holders = Participant.objects.unproven().filter(quota__in=lines)
    lost = _mails(message=MessageName.OPEN_LINK, state__in=[Delivery.State.FAILED, Delivery.State.UNKNOWN, Delivery.State.STOPPED])
    answering = Counter(holders.exclude(asked_to_open_at=None).filter(~Exists(lost)).values_list("quota", flat=True))
    lacking = {quota.pk: quota.waiting - answering[quota.pk] for quota in lines}  # type: ignore[attr-defined]
    mailed = _mails(state=Delivery.State.SENT, message__in=WITH_LINK).order_by("finished_at").values("finished_at")[:1]
    asked = 0
    unasked = holders.filter(asked_to_open_at=None, quota__in=[pk for pk, number in lacking.items() if number > 0])
    for participant in unasked.annotate(mailed_at=Subquery(mailed)).select_related("workshop").order_by("registered_at", "pk"):
        long_ago = at - dt.timedelta(hours=participant.workshop.unopened_hours)
        if lacking[participant.quota_id] > 0 and participant.mailed_at and participant.mailed_at <= long_ago and _ask(participant, at):
            lacking[participant.quota_id] -= 1
            asked += 1
    return asked


@repeated_after_deadlock
def _ask(participant: Participant, at: dt.datetime) -> bool:
    with transaction.atomic():
        unasked = Participant.objects.filter(pk=participant.pk, state=participant.state, link_opened_at=None, asked_to_open_at=None)
        if not unasked.update(asked_to_open_at=at):
            return False
        event = record(participant, Verb.ASKED_TO_OPEN, by=SYSTEM, at=at)
        outbox.post(MessageName.OPEN_LINK, participant, occasion=event.pk, at=at)
        return True


def pass_on_unopened(*, at: dt.datetime) -> int:
    """Gives the seat of everybody whose working day is over to the next in line, while somebody waits.

    Returns how many passed on. Safe to run twice or late.
    """
    lines = _lines(at)
    if not lines:
        return 0
    asked = Participant.objects.unproven().filter(quota__in=lines).exclude(asked_to_open_at=None)
    mailed = _mails(message=MessageName.OPEN_LINK, state=Delivery.State.SENT).order_by("-finished_at").values("finished_at")[:1]
    reached = asked.annotate(mailed_at=Subquery(mailed)).exclude(mailed_at=None).order_by("asked_to_open_at", "pk")
    return sum(_pass_on(participant, at) for participant in reached if a_working_day_after(participant.mailed_at) <= at)


@repeated_after_deadlock
def _pass_on(participant: Participant, at: dt.datetime) -> bool:
    with transaction.atomic():
        seat, tracks = quotas.lock(participant.workshop_id, participant.quota_id)
        still = Participant.objects.unproven().filter(pk=participant.pk).select_related("workshop")
        # Locked, so that opening the link comes before or after, and not in between.
        holder = still.select_for_update(of=("self",)).first()
        if holder is None or holder.quota_id != seat.pk or not Participant.objects.waiting().filter(quota=seat).exists():
            return False
        move(holder, State.CANCELLED, at=at)
        event = record(holder, Verb.GAVE_WAY, by=SYSTEM, at=at)
        outbox.post(MessageName.GAVE_WAY, holder, occasion=event.pk, at=at)
        free(holder, seat, tracks, by=SYSTEM, at=at)
        return True


def _lines(at: dt.datetime) -> list[Quota]:
    """The places for which somebody waits, with how many (`waiting`), in workshops where seats go on: a day is still to come."""
    to_come = WorkshopDay.objects.filter(workshop=OuterRef("workshop"), date__gt=timezone.localdate(at), is_cancelled=False)
    going_on = Quota.objects.seats().filter(Exists(to_come), workshop__entry=Workshop.Entry.OPEN, workshop__unopened_hours__gt=0)
    return list(going_on.with_waiting().filter(waiting__gt=0))  # type: ignore[misc]


def _mails(**conditions: object) -> QuerySet[Delivery]:
    return Delivery.objects.filter(participant=OuterRef("pk"), email=OuterRef("email"), **conditions)
