"""The desk speaks up: a digest on working days where something waits, and what coordinators are told at once.

Every round may run twice or late: what was told is marked by one conditional UPDATE, in the transaction that writes the mail.
"""

import datetime as dt
from collections import defaultdict

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from registration.choices import DeskNotice, MessageName
from registration.mail import outbox
from registration.mail.desks import tell_desk
from registration.models import Coordinator, DelayedDecision, Quota
from registration.notices.matters import matters_of
from registration.seats.working_days import is_working_day
from sessions.models import Workshop

#: In Bangkok: when digests go out, and after which a clock that was late leaves it for the next day.
DIGEST_FROM, DIGEST_UNTIL = dt.time(8, 30), dt.time(16, 30)
#: So long before the first day a desk is told that it comes near.
FIRST_DAY_NEAR = dt.timedelta(days=7)


def send_digests(*, at: dt.datetime) -> int:
    """Writes to each coordinator at whose desks something waits, once a working day. Returns how many mails."""
    now = timezone.localtime(at)
    if not DIGEST_FROM <= now.time() < DIGEST_UNTIL or not is_working_day(now.date()):
        return 0
    due = _undigested(now.date()).order_by("user", "quota")
    of_user: dict[User, list[Coordinator]] = defaultdict(list)
    for coordinator in due.select_related("user", "quota__workshop", "quota__province"):
        of_user[coordinator.user].append(coordinator)
    waiting: dict[int, bool] = {}
    return sum(_digest(user, desks, waiting, now.date(), at) for user, desks in of_user.items())


def _undigested(today: dt.date) -> QuerySet[Coordinator]:
    due = Coordinator.objects.with_mailbox().wanting(DeskNotice.DIGEST)
    return due.filter(Q(digested_on=None) | Q(digested_on__lt=today))


def _digest(user: User, desks: list[Coordinator], waiting: dict[int, bool], today: dt.date, at: dt.datetime) -> bool:
    """Whether something waits at one of the `desks` of `user`, who is then told of all of them in one mail."""
    for desk in desks:
        if desk.quota_id not in waiting:
            waiting[desk.quota_id] = bool(matters_of(desk.quota, at=at))
    with transaction.atomic():
        mine = _undigested(today).filter(pk__in=[desk.pk for desk in desks])
        if not mine.update(digested_on=today):
            return False
        quotas = [desk.quota_id for desk in desks if waiting[desk.quota_id]]
        if quotas:
            outbox.post_to_user(MessageName.DESK_DIGEST, user, occasion=f"{today:%Y%m%d}", at=at, details={"quotas": quotas})
        return bool(quotas)


def tell_full(*, at: dt.datetime) -> int:
    """Tells a desk that the last of its seats is taken, once until one is free again. Returns of how many provinces."""
    seats = Quota.objects.seats()
    seats.filter(Q(capacity=None) | Q(taken__lt=F("capacity")), full_told_at__isnull=False).update(full_told_at=None)
    full = seats.filter(full_told_at=None, capacity__gt=0, taken__gte=F("capacity"))
    told = 0
    for quota in full.select_related("workshop"):
        with transaction.atomic():
            if full.filter(pk=quota.pk).update(full_told_at=at) and not quota.workshop.standing(at).is_over:
                tell_desk(MessageName.PROVINCE_FULL, DeskNotice.FULL, quota, occasion=f"{timezone.localdate(at):%Y%m%d}", at=at)
                told += 1
    return told


def tell_first_day(*, at: dt.datetime) -> int:
    """Tells each desk how it stands a week before the first day of its workshop. Returns how many mails."""
    now = timezone.localtime(at)
    if now.time() < DIGEST_FROM:
        return 0
    soon = Workshop.objects.annotate(first_day=Min("days__date", filter=Q(days__is_cancelled=False)))
    told = 0
    for workshop in soon.filter(first_day__gt=now.date(), first_day__lte=now.date() + FIRST_DAY_NEAR):
        first_day: dt.date = workshop.first_day
        untold = Coordinator.objects.with_mailbox().wanting(DeskNotice.FIRST_DAY)
        untold = untold.filter(Q(told_first_day=None) | ~Q(told_first_day=first_day), quota__workshop=workshop)
        for coordinator in untold.select_related("user"):
            told += _tell_first_day(untold, coordinator, first_day, at)
    return told


def _tell_first_day(untold: QuerySet[Coordinator], coordinator: Coordinator, first_day: dt.date, at: dt.datetime) -> bool:
    with transaction.atomic():
        if not untold.filter(pk=coordinator.pk).update(told_first_day=first_day):
            return False
        occasion = f"{coordinator.quota_id}-{first_day:%Y%m%d}"
        details = {"quota": coordinator.quota_id, "first_day": first_day.isoformat()}
        outbox.post_to_user(MessageName.FIRST_DAY_NEAR, coordinator.user, occasion=occasion, at=at, details=details)
        return True


def switch_notices(*, coordinator: Coordinator, wanted: set[DeskNotice]) -> None:
    wishes = {notice.field: notice in wanted for notice in DeskNotice}
    Coordinator.objects.filter(pk=coordinator.pk).update(**wishes)
    for field, wish in wishes.items():
        setattr(coordinator, field, wish)


def note_overtaken(*, decisions: QuerySet[DelayedDecision], at: dt.datetime | None = None) -> int:
    """Somebody of the desk has read that `decisions` had no effect. Returns how many."""
    return decisions.filter(state=DelayedDecision.State.OVERTAKEN, noted_at=None).update(noted_at=at or timezone.now())
