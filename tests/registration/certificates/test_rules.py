"""Who fulfils a rule, and how numbers are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.certificates.merits import Merits
from registration.certificates.numbers import fault_of, written
from registration.certificates.rules import Rule, RuleOutcome, Tried, outcome, reached, tried

PROGRAMME = {1: 180, 2: 160, 3: 180, 4: 200}


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ({1: 144, 2: 128, 3: 144}, RuleOutcome(3, 0)),
        ({1: 180, 2: 160, 3: 180, 4: 200}, RuleOutcome(4, 0)),
        ({1: 143, 2: 128, 3: 144}, RuleOutcome(2, 1)),
        ({1: 144, 2: 120, 3: 140, 4: 150}, RuleOutcome(1, 4 + 8)),
        ({1: 144, 2: 128}, RuleOutcome(2, None)),
        ({}, RuleOutcome(0, None)),
        ({1: 144, 2: 128, 9: 999}, RuleOutcome(2, None)),
    ],
)
def test_three_of_four_days_with_eighty_per_cent(minutes, expected):
    assert outcome(Rule(3, 80), minutes, PROGRAMME) == expected


def test_a_day_without_a_programme_is_no_day():
    assert outcome(Rule(1, 80), {5: 10}, {5: 0}) == RuleOutcome(0, None)


def test_a_rule_is_tried_on_the_real_numbers():
    people = [{1: 180, 2: 160}, {1: 144, 2: 120}, {1: 100, 2: 50}, {1: 180}]
    assert tried(Rule(2, 80), people, PROGRAMME) == Tried(fulfil=1, nearly=1, people=4)


@given(st.dictionaries(st.sampled_from(sorted(PROGRAMME)), st.integers(0, 300)), st.integers(1, 4), st.integers(1, 100), st.integers(1, 4))
def test_more_minutes_and_a_milder_rule_never_take_a_certificate_away(minutes, days, percent, day):
    rule = Rule(days, percent)
    if outcome(rule, minutes, PROGRAMME).is_fulfilled:
        assert outcome(rule, minutes | {day: 300}, PROGRAMME).is_fulfilled
        assert outcome(Rule(max(1, days - 1), percent), minutes, PROGRAMME).is_fulfilled
        assert outcome(Rule(days, max(1, percent - 10)), minutes, PROGRAMME).is_fulfilled


_DAYS = st.dictionaries(st.sampled_from(sorted(PROGRAMME)), st.integers(0, 200), max_size=4)


@given(st.lists(st.tuples(_DAYS, st.booleans()), max_size=12), st.integers(1, 4), st.integers(1, 100), st.booleans())
def test_what_is_kept_tries_every_rule_exactly(people, days, percent, needs_evaluation):
    minutes = {number: found for number, (found, _answered) in enumerate(people)}
    answered = {number for number, (_found, has_answered) in enumerate(people) if has_answered}
    rule = Rule(days, percent, needs_evaluation)
    merits = Merits(minutes, PROGRAMME, frozenset(answered))
    assert reached(days, minutes, PROGRAMME, answered).tried(rule, len(people)) == merits.tried(rule)


@pytest.mark.parametrize(
    ("pattern", "language", "expected"),
    [
        ("สศช. {number:4}/{year}", "th", "สศช. ๐๐๔๒/๒๕๗๐"),
        ("NESDC {number:4}/{year}", "en", "NESDC 0042/2027"),
        ("{number}-{year_ce}", "th", "๔๒-๒๐๒๗"),
    ],
)
def test_numbers_are_written_by_the_offices_pattern(pattern, language, expected):
    assert (fault_of(pattern), written(pattern, 42, 2027, language)) == ("", expected)


@pytest.mark.parametrize(
    ("pattern", "fault"), [("สศช. {year}", "no_number"), ("{number}{0}", "unknown"), ("{number", "no_number"), ("{number}}", "unknown")]
)
def test_a_pattern_that_cannot_be_used_says_why(pattern, fault):
    assert fault_of(pattern) == fault
