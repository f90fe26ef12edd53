"""Who is in the webinars of a day just now, in numbers. Not attendance: that is what reports say."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, QuerySet

from registration.models import ZoomPresence
from sessions.models import WorkshopDay


@dataclass(frozen=True, slots=True)
class InNow:
    """Of participants by quota and by stakeholder group, each once however many devices they have; `others` are connections that nobody
    known has.
    """

    by_quota: dict[int, int]
    by_group: dict[int, int]
    others: int
    last: dt.datetime | None

    @property
    def people(self) -> int:
        return sum(self.by_quota.values())


def in_now(day: WorkshopDay) -> InNow:
    """Four queries, however many people."""
    of_day = ZoomPresence.objects.filter(Q(webinar__day=day) | Q(webinar__track__item__day=day), joined_at__isnull=False)
    here = of_day.filter(Q(left_at=None) | Q(left_at__lt=F("joined_at")))
    seen = of_day.aggregate(joined=Max("joined_at"), left=Max("left_at"))
    others = here.filter(participant=None).count()
    last = max([moment for moment in seen.values() if moment], default=None)
    return InNow(_by(here, "participant__quota"), _by(here, "participant__group"), others, last)


def _by(here: QuerySet[ZoomPresence], column: str) -> dict[int, int]:
    known = here.filter(participant__isnull=False).order_by().values_list(column)
    return dict(known.annotate(n=Count("participant", distinct=True)))
