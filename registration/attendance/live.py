"""Who has pressed the button to join today: not who attends, but what one sees while people come."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max

from registration.models import JoinPress, Participant, Quota
from sessions.models import Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class Coming:
    quota: Quota
    confirmed: int
    pressed: int


def day_on(workshop: Workshop, date: dt.date) -> WorkshopDay | None:
    return workshop.days.filter(date=date, is_cancelled=False).first()


def coming(day: WorkshopDay) -> tuple[list[Coming], dt.datetime | None]:
    """By place, those who lack most first; and when somebody pressed last. Four queries."""
    through = Participant.days.through.objects.filter(workshopday=day, participant__state="confirmed").order_by()
    confirmed = dict(through.values_list("participant__quota").annotate(n=Count("pk")))
    presses = JoinPress.objects.filter(day=day, participant__state="confirmed").order_by()
    pressed = dict(presses.values_list("participant__quota").annotate(n=Count("participant", distinct=True)))
    quotas = Quota.objects.filter(pk__in=confirmed).select_related("province").in_thai_order()
    rows = [Coming(quota, confirmed[quota.pk], pressed.get(quota.pk, 0)) for quota in quotas]
    last: dt.datetime | None = JoinPress.objects.filter(day=day).aggregate(last=Max("at"))["last"]
    return sorted(rows, key=lambda row: row.pressed / row.confirmed), last
