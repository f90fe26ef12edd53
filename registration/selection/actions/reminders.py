"""The date by which a province announces: its desk is reminded, and where the date passes, what the workshop says happens."""

import datetime as dt
from collections import defaultdict

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from registration.choices import MessageName, State
from registration.mail import outbox
from registration.models import Coordinator, Participant, Quota, Selection
from registration.seats.deadlocks import repeated_after_deadlock
from registration.selection.actions.announcements import announce_by_arrival
from registration.selection.actions.drafts import selection_of
from sessions.models import Workshop

#: A desk is reminded so long before the date.
REMIND_BEFORE = (dt.timedelta(days=3), dt.timedelta(days=1))


def remind_to_announce(*, at: dt.datetime) -> int:
    """Writes to the coordinators of each province that has people to select from, some days before its date. Returns how many mails.

    Safe to run twice or late: a desk is reminded once for each of the times, and of the last one only where several have passed.
    """
    mails = 0
    for quota in _not_announced().filter(workshop__announce_by__gt=at, workshop__announce_by__lte=at + max(REMIND_BEFORE)):
        last_date = quota.workshop.announce_by
        assert last_date is not None, "asked for above"
        since = max(last_date - before for before in REMIND_BEFORE if last_date - before <= at)
        mails += _remind(quota, since, at)
    return mails


@repeated_after_deadlock
def _remind(quota: Quota, since: dt.datetime, at: dt.datetime) -> int:
    with transaction.atomic():
        unreminded = Selection.objects.filter(Q(reminded_at=None) | Q(reminded_at__lt=since), pk=selection_of(quota).pk)
        if not unreminded.update(reminded_at=at):
            return 0
        coordinators = list(Coordinator.objects.active().filter(quota=quota).select_related("user"))
        for coordinator in coordinators:
            occasion = f"{quota.pk}-{since:%Y%m%d%H%M}"
            outbox.post_to_user(MessageName.SELECTION_REMINDER, coordinator.user, occasion=occasion, at=at, details={"quota": quota.pk})
    return len(coordinators)


def announce_overdue(*, at: dt.datetime) -> int:
    """Where the date has passed: announces the order of arrival, or tells NESDC's staff, once. Returns of how many provinces.

    Safe to run twice or late. A province that is about to announce is left alone.
    """
    overdue: dict[Workshop, list[Quota]] = defaultdict(list)
    for quota in _not_announced().filter(workshop__announce_by__lte=at):
        overdue[quota.workshop].append(quota)
    done = 0
    for workshop, quotas in overdue.items():
        if workshop.standing(at).is_over:
            continue
        if workshop.unannounced == Workshop.Unannounced.ARRIVAL:
            done += sum(announce_by_arrival(quota=quota, at=at) for quota in quotas)
        else:
            done += _tell_staff(workshop, quotas, at)
    return done


@repeated_after_deadlock
def _tell_staff(workshop: Workshop, quotas: list[Quota], at: dt.datetime) -> int:
    with transaction.atomic():
        untold = [
            quota.pk for quota in quotas if Selection.objects.filter(pk=selection_of(quota).pk, overdue_at=None).update(overdue_at=at)
        ]
        if untold:
            staff = User.objects.with_perm("registration.change_participant", backend="django.contrib.auth.backends.ModelBackend")
            for user in staff.filter(is_active=True, is_staff=True).exclude(email=""):
                details = {"workshop": workshop.pk, "quotas": untold}
                outbox.post_to_user(MessageName.SELECTION_OVERDUE, user, occasion=f"{workshop.pk}-{untold[0]}", at=at, details=details)
    return len(untold)


def _not_announced() -> QuerySet[Quota]:
    people = Participant.objects.filter(quota=OuterRef("pk"), state=State.APPLIED)
    pressed = Selection.objects.filter(quota=OuterRef("pk"), due_at__isnull=False)
    selecting = Quota.objects.seats().filter(workshop__decision=Workshop.Decision.SELECTION, announced_at=None)
    return selecting.filter(Exists(people), ~Exists(pressed)).select_related("workshop", "province").order_by("pk")
