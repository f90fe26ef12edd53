"""The reminder on the day before, to those who come on that day."""

import datetime as dt

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from registration.choices import MessageName
from registration.mail import outbox
from registration.models import Delivery, Participant
from sessions.models import WorkshopDay


def remind(*, at: dt.datetime | None = None) -> int:
    """Queues the reminders that are due at `at`. Returns how many. Safe to run twice or late.

    Due is: the day before, from the workshop's hour of reminders (Bangkok time) until the day begins.
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    queued = 0
    near = WorkshopDay.objects.filter(workshop__is_published=True, is_cancelled=False, date__range=(today, today + dt.timedelta(days=1)))
    for day in near.select_related("workshop"):
        begins_at = day.begins_at()
        if not reminded_from(day) <= at < begins_at:
            continue
        people = list(_not_reminded(day))
        outbox.post_many(MessageName.REMINDER, people, occasion=day.pk, at=at, details={"day": day.pk})
        queued += len(people)
    return queued


def reminded_from(day: WorkshopDay) -> dt.datetime:
    """When the reminder of `day` goes out."""
    before = dt.datetime.combine(day.date - dt.timedelta(days=1), day.workshop.reminder_time)
    return timezone.make_aware(before)


def _not_reminded(day: WorkshopDay) -> "list[Participant]":
    key = Concat(Value("reminder:"), Cast(OuterRef("pk"), CharField()), Value(f":{day.pk}"), output_field=CharField())
    reminded = Delivery.objects.filter(key=key)
    return list(Participant.objects.coming_on(day).exclude(Exists(reminded)))
