"""When things happen within a day. Pure functions over anything that has `starts_at` and `ends_at`."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

#: The programme's clock, wherever the server or the reader stands.
BANGKOK = ZoneInfo("Asia/Bangkok")


class Timed(Protocol):
    @property
    def starts_at(self) -> dt.time: ...
    @property
    def ends_at(self) -> dt.time: ...


T = TypeVar("T", bound=Timed)


def in_order(items: Iterable[T]) -> list[T]:
    """`items` as they follow one another."""
    return sorted(items, key=lambda item: (item.starts_at, item.ends_at))


def backwards(items: Iterable[T]) -> list[T]:
    """Those of `items` that do not end after they start."""
    return [item for item in items if item.ends_at <= item.starts_at]


def overlaps(items: Iterable[T]) -> list[tuple[T, T]]:
    """Every two of `items` that share a moment, the earlier one first. One that begins when another ends does not."""
    found, before = [], list[T]()
    for item in in_order(items):
        found += [(earlier, item) for earlier in before if item.starts_at < earlier.ends_at]
        before.append(item)
    return found


def span(items: Iterable[Timed]) -> tuple[dt.time, dt.time] | None:
    """From the first start to the last end; None where there are no `items`."""
    items = list(items)
    return (min(item.starts_at for item in items), max(item.ends_at for item in items)) if items else None
