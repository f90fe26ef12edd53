"""Of which meeting a report is, and how its times are to be read: what fits, what does not, and where a human must say.

Pure. Times are Bangkok's and carry no zone here. A reading fits a meeting where people came between one hour before its
programme began and four hours after it ended.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from registration.attendance.intervals import Interval
from registration.attendance.reports.moments import DateOrder, depends_on_order, moment
from registration.attendance.reports.report import Report, Role, Stay

BEFORE, AFTER = dt.timedelta(hours=1), dt.timedelta(hours=4)
#: So many of those who attended must have come within the time: somebody always tries the link out the evening before.
MIN_SHARE = 0.8
#: Thailand's clock is so far ahead of UTC.
UTC_SHIFT = 7
MIN_SHIFT, MAX_SHIFT = -14, 14
#: A meeting stands out among those of its day by so much of their scores.
MIN_LEAD = 0.3


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting of which there could be a report: a day's or a track's, with the addresses that were handed over for it."""

    key: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    order: DateOrder = DateOrder.MONTH
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Placing:
    """`room` is the proposal, None where nothing fits; each `is_…_sure` says whether nobody needs to be asked."""

    room: Room | None
    reading: Reading
    is_room_sure: bool = False
    is_order_sure: bool = False
    is_shift_sure: bool = False
    #: How much of those with an address were handed over for the meeting.
    known_share: float = 0.0
    reasons: list[str] = field(default_factory=list)

    @property
    def is_sure(self) -> bool:
        return self.room is not None and self.is_room_sure and self.is_order_sure and self.is_shift_sure


def placed(report: Report, rooms: Sequence[Room]) -> Placing:
    """The proposal for `report`."""
    texts = _arrivals(report)
    is_ambiguous = any(depends_on_order(text) for text in texts)
    orders = [DateOrder.MONTH, DateOrder.DAY] if is_ambiguous else [DateOrder.MONTH]
    own_shift = UTC_SHIFT if report.is_utc else 0
    fitting = [(order, room) for order in orders for room in rooms if _share(texts, Reading(order, own_shift), room) >= MIN_SHARE]
    fitting_orders = {order for order, _room in fitting}
    if len(fitting_orders) == 1:
        order = fitting_orders.pop()
        chosen, is_sure, reasons = _chosen(report, [room for _order, room in fitting])
        return Placing(chosen, Reading(order, own_shift), is_sure, True, True, known_share(report, chosen), reasons)
    return _with_question(report, rooms, texts, orders, own_shift, bool(fitting_orders), is_ambiguous)


def _with_question(
    report: Report, rooms: Sequence[Room], texts: list[str], orders: list[DateOrder], own_shift: int, both_fit: bool, is_ambiguous: bool
) -> Placing:
    shifts = [own_shift] if both_fit else sorted(range(MIN_SHIFT, MAX_SHIFT + 1), key=lambda hours: (abs(hours), -hours))
    best: tuple[float, Room | None, Reading] = (0.0, None, Reading(orders[0], own_shift))
    for shift in shifts:
        for order in orders:
            for room in rooms:
                share = _closeness(texts, Reading(order, shift), room)
                if share > best[0]:
                    best = (share, room, Reading(order, shift))
    _closest, proposed, reading = best
    share = known_share(report, proposed) if proposed else 0.0
    return Placing(proposed, reading, False, not is_ambiguous, both_fit, share)


def _chosen(report: Report, rooms: list[Room]) -> tuple[Room, bool, list[str]]:
    scored = sorted(((_score(report, room), index) for index, room in enumerate(rooms)), key=lambda pair: (-pair[0], pair[1]))
    room = rooms[scored[0][1]]
    reasons = ["date"] + ["topic"] * bool(_is_titled(report, room)) + ["people"] * (known_share(report, room) >= 0.5)
    is_sure = len(scored) == 1 or scored[0][0] - scored[1][0] >= MIN_LEAD
    return room, is_sure, reasons


def _score(report: Report, room: Room) -> float:
    return known_share(report, room) + 0.5 * _is_titled(report, room)


def _is_titled(report: Report, room: Room) -> bool:
    topic, title = _plain(report.topic), _plain(room.title)
    return bool(topic and title) and (topic in title or title in topic)


def known_share(report: Report, room: Room) -> float:
    """The part of the addresses in the report that were handed over for `room`."""
    addresses = {stay.email for stay in report.stays if stay.email and stay.role == Role.ATTENDEE}
    return len(addresses & room.addresses) / len(addresses) if addresses else 0.0


def _arrivals(report: Report) -> list[str]:
    found = [stay.joined for stay in report.stays if stay.joined and stay.role == Role.ATTENDEE]
    return found or [stay.joined for stay in report.stays if stay.joined] or ([report.began] if report.began else [])


def _moments(texts: Iterable[str], reading: Reading) -> list[dt.datetime]:
    shift = dt.timedelta(hours=reading.shift)
    return [at + shift for text in texts if (at := moment(text, reading.order))]


def _share(texts: Sequence[str], reading: Reading, room: Room) -> float:
    arrivals = _moments(texts, reading)
    fitting = [at for at in arrivals if room.starts_at - BEFORE <= at <= room.ends_at + AFTER]
    return len(fitting) / len(arrivals) if arrivals else 0.0


def _closeness(texts: Sequence[str], reading: Reading, room: Room) -> float:
    arrivals = _moments(texts, reading)
    fitting = [at for at in arrivals if room.starts_at - BEFORE <= at <= room.ends_at]
    return len(fitting) / len(arrivals) if arrivals else 0.0


def span(report: Report, reading: Reading) -> Interval | None:
    times = [pair for stay in report.stays if stay.role == Role.ATTENDEE and (pair := times_of(stay, reading))]
    return (min(start for start, _end in times), max(end for _start, end in times)) if times else None


def times_of(stay: Stay, reading: Reading, last: dt.datetime | None = None) -> Interval | None:
    """From when to when, in Bangkok's time; None where the file keeps no times of it.

    Who has no time of leaving left after the minutes that the file says, or else at `last`, the last moment in the file.
    """
    shift = dt.timedelta(hours=reading.shift)
    start = moment(stay.joined, reading.order)
    if start is None:
        return None
    end = moment(stay.left, reading.order, beside=start)
    if end is None and stay.seconds is not None:
        end = start + dt.timedelta(seconds=stay.seconds)
    if end is None:
        end = max(last, start) if last else start
    return start + shift, max(start, end) + shift


def last_moment(report: Report, reading: Reading) -> dt.datetime | None:
    found = [at for stay in report.stays for text in (stay.joined, stay.left) if (at := moment(text, reading.order))]
    return max(found, default=None)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
