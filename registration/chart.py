"""Bars, as numbers that a template writes into an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from registration.board import DayCount

WIDTH, HEIGHT = 720, 140


@dataclass(frozen=True, slots=True)
class Bar:
    day: DayCount
    x: float
    y: float
    width: float
    height: float


def bars(days: Sequence[DayCount]) -> list[Bar]:
    """One bar a day, from left to right over the whole width, the highest of the whole height."""
    if not days:
        return []
    step = WIDTH / len(days)
    most = max(day.number for day in days) or 1
    heights = [round(HEIGHT * day.number / most, 1) for day in days]
    return [
        Bar(day, round((n + 0.15) * step, 1), round(HEIGHT - height, 1), round(step * 0.7, 1), height)
        for n, (day, height) in enumerate(zip(days, heights, strict=True))
    ]
