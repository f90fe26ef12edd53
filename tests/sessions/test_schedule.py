import datetime as dt
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from sessions import schedule


@dataclass(frozen=True)
class Slot:
    starts_at: dt.time
    ends_at: dt.time


def slot(start: str, end: str) -> Slot:
    return Slot(dt.time.fromisoformat(start), dt.time.fromisoformat(end))


def test_one_that_begins_when_another_ends_does_not_overlap():
    assert schedule.overlaps([slot("09:00", "09:30"), slot("09:30", "10:30")]) == []


def test_two_that_share_a_minute_overlap_the_earlier_one_first():
    early, late = slot("09:00", "09:31"), slot("09:30", "10:30")
    assert schedule.overlaps([late, early]) == [(early, late)]


def test_one_inside_another_overlaps_it_and_nothing_else():
    long, short, after = slot("09:00", "12:00"), slot("10:00", "10:10"), slot("12:00", "12:10")
    assert schedule.overlaps([long, short, after]) == [(long, short)]


def test_a_long_one_overlaps_all_that_begin_before_it_ends():
    long, second, third = slot("09:00", "11:00"), slot("09:30", "10:00"), slot("10:30", "11:30")
    assert schedule.overlaps([long, second, third]) == [(long, second), (long, third)]


def test_two_at_the_same_time_overlap():
    duplicates = [Slot(dt.time(9), dt.time(10)), Slot(dt.time(9), dt.time(10))]
    assert schedule.overlaps(duplicates) == [(duplicates[0], duplicates[1])]


def test_those_that_do_not_end_after_they_start_are_found():
    wrong, nothing, right = slot("10:00", "09:00"), slot("10:00", "10:00"), slot("10:00", "10:01")
    assert schedule.backwards([wrong, nothing, right]) == [wrong, nothing]


def test_a_day_goes_from_its_first_start_to_its_last_end():
    assert schedule.span([slot("10:00", "10:30"), slot("09:00", "12:00")]) == (dt.time(9), dt.time(12))
    assert schedule.span([]) is None


times = st.times().map(lambda time: time.replace(second=0, microsecond=0))
slots = st.builds(Slot, times, times).filter(lambda each: each.starts_at < each.ends_at)


@given(st.lists(slots, max_size=12, unique=True))
def test_overlaps_are_the_pairs_that_share_a_moment(items):
    found = {frozenset(pair) for pair in schedule.overlaps(items)}
    shared = {
        frozenset({one, other})
        for one in items
        for other in items
        if one != other and one.starts_at < other.ends_at and other.starts_at < one.ends_at
    }
    assert found == shared
