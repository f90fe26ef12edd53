"""How many minutes of a programme somebody was there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from registration.attendance.intervals import Interval, common, seconds, united, without


@dataclass(frozen=True, slots=True)
class Presence:
    """What the reports know of one person: stays with their times, and sums (in seconds) of reports that keep no times."""

    intervals: tuple[Interval, ...] = ()
    sums: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """Whole minutes within the programme, and those that somebody was connected at all."""

    counted: int = 0
    connected: int = 0


@dataclass(frozen=True, slots=True)
class Programme:
    """The time that counts."""

    intervals: tuple[Interval, ...] = field(default=())

    @property
    def minutes(self) -> int:
        return seconds(self.intervals) // 60


def programme(items: Iterable[Interval], breaks: Iterable[Interval] = ()) -> Programme:
    """From the first item to the last, with the pauses between them, without `breaks`."""
    items = united(items)
    if not items:
        return Programme()
    return Programme(tuple(without([(items[0][0], items[-1][1])], breaks)))


def counted(presence: Presence, during: Programme) -> Minutes:
    """Overlaps count once, whatever rows, devices and files they come from; nothing beyond the programme counts.

    A sum without times cannot be laid over other stays: where there are several, the largest one speaks.
    """
    timed = seconds(presence.intervals)
    largest = max(presence.sums, default=0)
    inside = max(seconds(common(presence.intervals, during.intervals)), min(largest, seconds(during.intervals)))
    return Minutes(inside // 60, max(timed, largest) // 60)
