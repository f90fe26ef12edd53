"""What is on now in a meeting, and what comes next: for the pages of the day itself. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class HasHours(Protocol):
    starts_at: dt.time
    ends_at: dt.time


Item = TypeVar("Item", bound=HasHours)


@dataclass(frozen=True, slots=True)
class RunningItem(Generic[Item]):
    """An item of the day, and whether it runs at the moment that was asked for, or is the first to come."""

    item: Item
    is_now: bool
    is_next: bool


def now_and_next(items: Iterable[Item], at: dt.time) -> list[RunningItem[Item]]:
    """What of `items`, in their order, runs at the hour `at` or is still to come that day."""
    lines: list[RunningItem[Item]] = []
    for item in items:
        if item.ends_at > at:
            is_now = item.starts_at <= at
            lines.append(RunningItem(item, is_now, not is_now and not any(line.is_next for line in lines)))
    return lines
