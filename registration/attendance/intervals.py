"""Stretches of time. Pure: pairs of moments, the first before the second."""

import datetime as dt
from collections.abc import Iterable

Interval = tuple[dt.datetime, dt.datetime]


def united(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time without doubles: those that overlap or touch become one. Empty and backward ones are no time."""
    found: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def common(one: Iterable[Interval], other: Iterable[Interval]) -> list[Interval]:
    pairs = ((max(a, c), min(b, d)) for a, b in united(one) for c, d in united(other))
    return united(pairs)


def without(whole: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """What remains of `whole`."""
    found = united(whole)
    for start, end in united(holes):
        found = [piece for a, b in found for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]]
    return found


def seconds(intervals: Iterable[Interval]) -> int:
    return int(sum((end - start).total_seconds() for start, end in united(intervals)))
