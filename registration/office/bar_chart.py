"""Bars, as numbers that a template writes into an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from registration.office.dashboard import DayCount

WIDTH, HEIGHT = 720, 140
#: On the first days, too, a bar is a bar and no wall.
WIDEST = 48


@dataclass(frozen=True, slots=True)
class Bar:
    day: DayCount
    x: float
    y: float
    width: float
    height: float


def bars(days: Sequence[DayCount]) -> list[Bar]:
    if not days:
        return []
    step = WIDTH / len(days)
    width = min(step * 0.7, WIDEST)
    most = max(day.number for day in days) or 1
    heights = [round(HEIGHT * day.number / most, 1) for day in days]
    return [
        Bar(day, round((n + 0.5) * step - width / 2, 1), round(HEIGHT - height, 1), round(width, 1), height)
        for n, (day, height) in enumerate(zip(days, heights, strict=True))
    ]
