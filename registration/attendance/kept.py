"""What a worker keeps of the attendance of a workshop, so that the office's pages count nobody: the same however many people there are."""

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from django.db.models import Count

from registration.attendance import figures, live
from registration.attendance.figures import Turnout, TurnoutRow
from registration.models import KeptFigures, ReportRow, Sighting
from sessions.models import Workshop, WorkshopDay

_Counts = dict[str, Any]


def counted_figures(workshop: Workshop, today: WorkshopDay | None) -> _Counts:
    """`today` is the day on which people may be coming just now. A constant number of queries."""
    return {
        "days": _turnouts(figures.by_day(workshop)),
        "place": _rows(figures.by_place(workshop)),
        "group": _rows(figures.by_group(workshop)),
        "track": _turnouts({track.pk: turnout for track, turnout in figures.by_track(workshop)}),
        "verdicts": _verdicts(workshop),
        "reports": _by_report(workshop),
        "live": {"day": today.pk, "confirmed": live.confirmed(today), "pressed": live.pressed(today)} if today else {},
    }


def _turnouts(found: dict[int, Turnout]) -> _Counts:
    return {str(key): asdict(turnout) for key, turnout in found.items()}


def _rows(found: dict[int, TurnoutRow]) -> _Counts:
    return {str(key): _turnouts(row.by_day) for key, row in found.items()}


def _verdicts(workshop: Workshop) -> _Counts:
    """Of all who stand in a report, counted or not."""
    seen = Sighting.objects.seen().filter(day__workshop=workshop).order_by()
    return dict(seen.values_list("verdict").annotate(n=Count("pk")))


def _by_report(workshop: Workshop) -> dict[str, _Counts]:
    found: dict[str, _Counts] = defaultdict(dict)
    rows = ReportRow.objects.filter(report__workshop=workshop).order_by().values_list("report", "sighting__verdict")
    for report, verdict, people in rows.annotate(n=Count("sighting", distinct=True)):
        found[str(report)][verdict] = people
    return found


def turnouts(kept: KeptFigures, name: str) -> dict[int, Turnout]:
    """Of "days" or each "track", by key."""
    return _of(kept.figures.get(name, {}))


def turnout_rows(kept: KeptFigures, name: str) -> dict[int, TurnoutRow]:
    """By "place" (quota) or "group"."""
    return {int(key): TurnoutRow(int(key), _of(days)) for key, days in kept.figures.get(name, {}).items()}


def _of(found: _Counts) -> dict[int, Turnout]:
    turnouts = defaultdict[int, Turnout](Turnout)
    turnouts.update({int(key): Turnout(**counts) for key, counts in found.items()})
    return turnouts


def verdicts(kept: KeptFigures) -> dict[str, int]:
    return kept.figures.get("verdicts", {})


def verdicts_of_report(kept: KeptFigures, report: int) -> dict[str, int]:
    return kept.figures.get("reports", {}).get(str(report), {})


def coming(kept: KeptFigures, day: WorkshopDay) -> list[tuple[int, int, int]]:
    """Quota, confirmed, pressed on `day`: those who lack most first."""
    found = kept.figures.get("live", {})
    if found.get("day") != day.pk:
        return []
    rows = [(int(key), people, found["pressed"].get(key, 0)) for key, people in found["confirmed"].items()]
    return sorted(rows, key=lambda row: row[2] / row[1])
