"""What a worker counts for the open data of a workshop: once, from rows, without anybody's name. A constant number of queries."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, QuerySet

from registration.evaluation.results import results_of
from registration.evaluation.suppression import SMALLEST
from registration.models import Attendance, Certificate, Evaluation, Participant, Quota
from registration.open_data.small_counts import ALL, Key
from sessions.models import Workshop

#: Those whom no province sends.
CENTRAL = "central"


@dataclass(slots=True)
class OpenCounts:
    """How many came, by place and group with their totals, on each day of which that is known (ISO dates)."""

    days: list[str]
    cells: dict[Key, list[int]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands in large letters; None where it is not known, or too few to tell."""

    people: int | None = None
    provinces: int | None = None
    has_central: bool = False
    #: Of a hundred who had a seat, so many came at least once.
    share: int | None = None
    certificates: int | None = None
    #: A mean of one to five, as it is printed, and of how many.
    satisfaction: str | None = None
    answers: int | None = None

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)


def _came(workshop: Workshop) -> QuerySet[Attendance]:
    """Of all who registered and came, whether or not they are known by name still: making people anonymous changes no number."""
    counting = Attendance.objects.of_days().came().filter(day__workshop=workshop, day__is_cancelled=False)
    return counting.filter(participant__attendance_stop=None).order_by()


def is_known(workshop: Workshop) -> bool:
    """Whether there is a day of which is known who came."""
    return _came(workshop).exists()


def counted(workshop: Workshop) -> OpenCounts:
    """Every group of a province has a cell there, those of central agencies theirs; days of which nothing is known are left out."""
    fields = "participant__quota__province__code", "participant__group__code", "day__date"
    rows = list(_came(workshop).values_list(*fields).annotate(n=Count("pk")))
    days = sorted({date for _place, _group, date, _n in rows})
    keys = {
        key
        for each in [*_cells_of(workshop), *((place or CENTRAL, group) for place, group, _date, _n in rows)]
        for key in _with_totals(each)
    }
    cells = {key: [0] * len(days) for key in sorted(keys)}
    for place, group, date, n in rows:
        for key in _with_totals((place or CENTRAL, group)):
            cells[key][days.index(date)] += n
    return OpenCounts([date.isoformat() for date in days], cells)


def _cells_of(workshop: Workshop) -> list[Key]:
    groups = list(workshop.groups.values_list("code", "scope"))
    places = workshop.quotas.seats().order_by().select_related("province")
    return [(_place(quota), group) for quota in places for group, scope in groups if scope == quota.group_scope]


def _place(quota: Quota) -> str:
    return quota.province.code if quota.province else CENTRAL


def _with_totals(key: Key) -> tuple[Key, Key, Key, Key]:
    place, group = key
    return key, (place, ALL), (ALL, group), (ALL, ALL)


def summary(workshop: Workshop, found: OpenCounts) -> Summary:
    """Of everybody, over all days."""
    people = _came(workshop).values("participant").distinct()
    there = people.count()
    on_days = found.cells.get((ALL, ALL), [])
    if not _is_told(there, *on_days):
        return Summary()
    seated = Participant.objects.confirmed().filter(workshop=workshop, attendance_stop=None)
    seats, seated_there = seated.count(), seated.filter(pk__in=people).count()
    papers = Certificate.objects.given_out().filter(workshop=workshop).count()
    places = {place for (place, group), values in found.cells.items() if group == ALL and place != ALL and any(values)}
    return Summary(
        people=there,
        provinces=len(places - {CENTRAL}),
        has_central=CENTRAL in places,
        share=round(100 * seated_there / seats) if _is_told(seats, seated_there) else None,
        certificates=papers if papers and _is_told(there, papers) else None,
        **_satisfaction(workshop),
    )


def _is_told(whole: int, *parts: int) -> bool:
    """Whether neither the whole, nor a part, nor what it leaves of the whole is one of few people."""
    return whole >= SMALLEST and not any(0 < n < SMALLEST for part in parts for n in (part, abs(whole - part)))


def _satisfaction(workshop: Workshop) -> dict[str, Any]:
    """Of the one evaluation of the whole workshop. Means of several forms are not put together: nobody knows who answered two."""
    whole = list(Evaluation.objects.with_questions().filter(workshop=workshop, day=None).exclude(counted_at=None)[:2])
    results = results_of(whole[0]) if len(whole) == 1 else None
    if results is None or results.whole is None or results.whole.mean is None:
        return {}
    return {"satisfaction": str(results.whole.mean), "answers": results.n}
