"""Minutes: the same time once, within the programme, however the files are cut."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from registration.attendance.intervals import common, seconds, united, without
from registration.attendance.minutes import Minutes, Presence, counted, programme
from tests.registration.attendance.report_files import at

MORNING = programme([(at("09:00"), at("10:30")), (at("10:45"), at("12:00"))], [(at("10:30"), at("10:45"))])

moments = st.integers(0, 6 * 3600).map(lambda n: at("07:00") + dt.timedelta(seconds=n))
stays = st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair)))
presences = st.lists(stays, max_size=8)


def minutes(intervals, *sums):
    return counted(Presence(tuple(intervals), sums), MORNING)


def test_a_break_is_no_part_of_the_programme():
    assert MORNING.minutes == 165
    assert minutes([(at("09:00"), at("12:00"))]) == Minutes(165, 180)


def test_what_lies_outside_of_the_programme_is_kept_but_does_not_count():
    assert minutes([(at("08:00"), at("09:10"))]) == Minutes(10, 70)


def test_two_devices_at_once_count_once():
    assert minutes([(at("09:00"), at("10:00")), (at("09:30"), at("10:10"))]) == Minutes(70, 70)


def test_a_sum_without_times_is_cut_at_the_programme():
    assert minutes([], 300 * 60) == Minutes(165, 300)


def test_of_a_sum_and_stays_the_larger_one_speaks():
    assert minutes([(at("09:00"), at("09:30"))], 40 * 60) == Minutes(40, 40)
    assert minutes([(at("09:00"), at("10:00"))], 40 * 60, 20 * 60) == Minutes(60, 60)


def test_without_a_programme_nothing_counts():
    assert counted(Presence(((at("09:00"), at("10:00")),)), programme([])) == Minutes(0, 60)


@given(presences, st.randoms())
def test_the_order_and_doubles_change_nothing(intervals, random):
    shuffled = [*intervals, *intervals]
    random.shuffle(shuffled)
    assert minutes(shuffled) == minutes(intervals)


@given(presences, moments)
def test_cutting_stays_in_two_changes_nothing(intervals, cut):
    pieces = [piece for start, end in intervals for piece in ((start, min(end, max(cut, start))), (min(end, max(cut, start)), end))]
    assert minutes(pieces) == minutes(intervals)


@given(presences, st.lists(st.integers(0, 24 * 3600), max_size=3))
def test_never_more_than_the_programme(intervals, sums):
    assert 0 <= minutes(intervals, *sums).counted <= MORNING.minutes


@given(presences, presences)
def test_more_files_never_take_minutes_away_and_overlap_adds_nothing(one, other):
    both = minutes([*one, *other]).counted
    assert both >= max(minutes(one).counted, minutes(other).counted)
    assert minutes([*one, *other, *[(max(a, c), min(b, d)) for a, b in one for c, d in other]]).counted == both


@given(presences, presences)
@settings(max_examples=60)
def test_time_is_either_in_the_holes_or_outside_of_them(whole, holes):
    assert seconds(common(whole, holes)) + seconds(without(whole, holes)) == seconds(whole)
    assert united(united(whole)) == united(whole)
