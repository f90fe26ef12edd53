import datetime as dt
from dataclasses import dataclass

import pytest

from sessions.running import now_and_next


@dataclass
class Item:
    name: str
    starts_at: dt.time
    ends_at: dt.time


MORNING = [
    Item("opening", dt.time(9), dt.time(9, 30)),
    Item("break", dt.time(9, 45), dt.time(10)),
    Item("lecture", dt.time(10), dt.time(11)),
]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (dt.time(8), [("opening", False, True), ("break", False, False), ("lecture", False, False)]),
        (dt.time(9), [("opening", True, False), ("break", False, True), ("lecture", False, False)]),
        (dt.time(9, 30), [("break", False, True), ("lecture", False, False)]),
        (dt.time(10), [("lecture", True, False)]),
        (dt.time(11), []),
    ],
)
def test_what_is_on_and_what_is_next(at, expected):
    assert [(line.item.name, line.is_now, line.is_next) for line in now_and_next(MORNING, at)] == expected
