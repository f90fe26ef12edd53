"""Who has pressed the button to join today: not who attends, but what one sees while people come."""

import datetime as dt

from django.db.models import Count, Max

from registration.models import JoinPress, Participant
from sessions.models import Workshop, WorkshopDay


def day_on(workshop: Workshop, date: dt.date) -> WorkshopDay | None:
    return workshop.days.filter(date=date, is_cancelled=False).first()


def last_press(day: WorkshopDay) -> dt.datetime | None:
    found: dt.datetime | None = JoinPress.objects.filter(day=day).aggregate(last=Max("at"))["last"]
    return found


def pressed(day: WorkshopDay) -> dict[int, int]:
    """How many of those who are confirmed have pressed, by quota. One query."""
    presses = JoinPress.objects.filter(day=day, participant__state="confirmed").order_by()
    return dict(presses.values_list("participant__quota").annotate(n=Count("participant", distinct=True)))


def confirmed(day: WorkshopDay) -> dict[int, int]:
    """By quota. One query."""
    through = Participant.days.through.objects.filter(workshopday=day, participant__state="confirmed").order_by()
    return dict(through.values_list("participant__quota").annotate(n=Count("pk")))
