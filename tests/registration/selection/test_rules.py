"""A draft as a page sends it becomes a plan: no place twice, nobody lost, nobody moved who was not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registration.models import Participant
from registration.selection.rules import LEFT_OUT, Outcome, as_marked, by_arrival, rearranged


def people(number):
    return [Participant(pk=pk, ticket=pk) for pk in range(1, number + 1)]


def pks(plan):
    return [[person.pk for person in group] for group in (plan.selected, plan.reserve, plan.not_selected)]


def test_whoever_has_no_mark_is_last_in_the_reserve_by_arrival():
    marks = {2: (Outcome.RESERVE, 2), 4: (Outcome.RESERVE, 1), 3: (Outcome.SELECTED, None), 5: (Outcome.NOT_SELECTED, None)}
    assert pks(as_marked(people(6), marks)) == [[3], [4, 2, 1, 6], [5]]


def test_who_came_first_has_a_seat():
    assert pks(by_arrival(people(4), 3)) == [[1, 2, 3], [4], []]
    assert pks(by_arrival(people(2), None)) == [[1, 2], [], []]


def test_who_is_given_a_place_takes_it_and_the_others_make_room():
    plan = as_marked(people(4), {})
    assert pks(rearranged(plan, set(), {1: "1", 2: "2", 3: "1", 4: "4"})) == [[], [3, 1, 2, 4], []]
    assert pks(rearranged(plan, set(), {1: "3", 2: "2", 3: "3", 4: "4"})) == [[], [2, 3, 1, 4], []]
    assert pks(rearranged(plan, set(), {1: "1", 2: "2", 3: "3", 4: "99"})) == [[], [1, 2, 3, 4], []]


def test_a_tick_selects_and_taking_it_away_puts_last():
    plan = as_marked(people(3), {1: (Outcome.SELECTED, None)})
    assert pks(rearranged(plan, {1, 3}, {1: "", 2: "1", 3: "2"})) == [[1, 3], [2], []]
    assert pks(rearranged(plan, set(), {1: "", 2: "1", 3: LEFT_OUT})) == [[], [2, 1], [3]]


def test_who_did_not_stand_on_the_page_stays_as_they_were():
    plan = as_marked(people(4), {1: (Outcome.SELECTED, None), 4: (Outcome.NOT_SELECTED, None)})
    assert pks(rearranged(plan, set(), {2: LEFT_OUT})) == [[1], [3], [2, 4]]


ANSWERS = st.sampled_from(["", LEFT_OUT, "1", "2", "3", "7", "๒", "0", "-1", "x"])


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 6), ANSWERS), st.sets(st.integers(1, 8)), st.dictionaries(st.integers(1, 6), ANSWERS))
def test_whatever_is_sent_everybody_stands_in_one_place(first, picked, second):
    plan = rearranged(rearranged(as_marked(people(6), {}), picked, first), picked, second)
    assert sorted(pk for group in pks(plan) for pk in group) == [1, 2, 3, 4, 5, 6]
    assert [place for _person, _outcome, place in plan.marks() if place] == list(range(1, len(plan.reserve) + 1))
    kept = {person.pk: (outcome, place) for person, outcome, place in plan.marks()}
    assert pks(as_marked(people(6), kept)) == pks(plan)
