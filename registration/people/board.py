"""What is counted over everybody of a workshop, or of all. Of a long list a worker keeps it, so that no page goes over its people."""

from typing import Any

from django.db.models import Count, Max
from django.db.models.functions import TruncDate

from registration.choices import LIVE, State
from registration.models import KeptFigures, Participant, TrackChoice
from registration.models.participant import ParticipantQuerySet
from registration.people.filters import twice
from registration.people.found import is_short
from sessions.models import Workshop

#: More of those who are perhaps there twice are not kept, nor listed.
MAX_DOUBLES = 500


def is_long(workshop: Workshop | None) -> bool:
    """One query, which goes past as many rows as are searched at most."""
    return not is_short(_people(workshop))


def counted_board(workshop: Workshop) -> dict[str, Any]:
    """Three queries: by place, group and state with whoever came last; wishes of who waits, by track; registrations of each date."""
    people = Participant.objects.filter(workshop=workshop).order_by()
    counted = people.values_list("quota", "group", "state").annotate(n=Count("*"), last=Max("registered_at"))
    waiting = TrackChoice.objects.filter(participant__workshop=workshop, participant__state=State.WAITLISTED).order_by()
    days = people.annotate(date=TruncDate("registered_at")).values_list("date").annotate(n=Count("pk"))
    return {
        "people": [[quota, group, state, n, last.isoformat()] for quota, group, state, n, last in counted],
        "wished": list(map(list, waiting.values_list("track").annotate(n=Count("pk")))),
        "days": [[date.isoformat(), n] for date, n in days],
    }


def counted_doubles(workshop: Workshop | None) -> dict[str, Any]:
    """The numbers of those who are perhaps there twice in `workshop`, or anywhere, by what they have in common.

    MAX_DOUBLES and one at most. Two queries.
    """
    live = _people(workshop).known().filter(state__in=LIVE)
    return {
        by: list(live.filter(twice(by, workshop)).order_by("pk").values_list("pk", flat=True)[: MAX_DOUBLES + 1])
        for by in ("name", "phone")
    }


def _people(workshop: Workshop | None) -> ParticipantQuerySet:
    return Participant.objects.filter(workshop=workshop) if workshop else Participant.objects.all()


COUNTED = {KeptFigures.Subject.BOARD: counted_board, KeptFigures.Subject.DOUBLES: counted_doubles}
