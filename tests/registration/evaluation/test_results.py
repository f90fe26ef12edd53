"""Numbers that are told are those that one reckons straight from the answers; of fewer than five, none."""

import random
import statistics
from decimal import ROUND_HALF_UP, Decimal

import pytest

from registration.evaluation.questions import Kind, closed
from registration.evaluation.results import results_of
from registration.models import Evaluation
from tests.factories import make_participant, make_workshop
from tests.registration.evaluation.answering import answered, counted, fresh, make_evaluation, take

pytestmark = pytest.mark.django_db


def by_hand(value) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_before_it_is_counted_nothing_is_told():
    evaluation = make_evaluation()
    answered(evaluation, 5)
    assert results_of(evaluation) is None


def test_of_four_answers_nothing_is_told_and_of_five_everything():
    few, enough = make_evaluation(), make_evaluation()
    answered(few, 4)
    answered(enough, 5)
    assert results_of(counted(few)) is None
    assert results_of(counted(enough)).n == 5


def test_every_figure_is_the_one_reckoned_from_the_answers_themselves():
    chance, workshop = random.Random(7), make_workshop(tracks=0)
    evaluation = make_evaluation(workshop)
    questions = [question for question in closed(evaluation) if question.kind == Kind.SCALE]
    given = []
    for place in [("55", 9), ("10", 8), ("central", 7)]:
        for _n in range(place[1]):
            levels = [chance.choice([2, 3, 4, 5, 5]) for _question in questions]
            pair = chance.choice([1, 2, 3])
            given.append((place[0], levels, pair))
            take(evaluation, make_participant(workshop, place[0]), level=levels, before=pair)
    found = results_of(counted(evaluation))
    assert found.n == 24
    for section in found.sections:
        own = [index for index, question in enumerate(questions) if question.section_id == section.section.pk]
        if not own:
            assert section.stat is None
            continue
        means = [statistics.mean(levels[index] for index in own) for _place, levels, _pair in given]
        assert (section.stat.mean, section.stat.sd) == (
            by_hand(float(statistics.mean(means))),
            by_hand(statistics.stdev(map(float, means))),
        )
        for index, distribution in zip(own, section.distributions, strict=True):
            levels = [levels[index] for _place, levels, _pair in given]
            assert [bar.n for bar in distribution.bars] == [levels.count(level) for level in (5, 4, 3, 2, 1)]
            assert distribution.stat.mean == by_hand(statistics.mean(levels))
    (pair,) = found.pairs
    before = [pair for _place, _levels, pair in given]
    assert (pair.n, pair.before.mean, pair.after.mean) == (24, by_hand(statistics.mean(before)), Decimal("5.00"))
    assert pair.difference == by_hand(5 - statistics.mean(before))
    nan = next(row for row in found.provinces if row.n == 9)
    means = [statistics.mean(levels) for place, levels, _pair in given if place == "55"]
    assert (nan.stats[-1].mean, nan.stats[-1].sd) == (by_hand(float(statistics.mean(means))), by_hand(statistics.stdev(map(float, means))))


def test_few_from_one_place_are_not_told_and_no_other_table_gives_them_away():
    evaluation = make_evaluation()
    for code, number in (("55", 8), ("56", 3), ("10", 6), ("central", 9)):
        answered(evaluation, number, code)
    found = results_of(counted(evaluation))
    assert {row.name: row.n for row in found.provinces} == {"กรุงเทพมหานคร": 6, "น่าน": None, "พะเยา": None}
    assert {row.name: row.n for row in found.regions if row.n} == {"ภาคเหนือ": 11, "กรุงเทพมหานครและปริมณฑล": 6, "หน่วยงานส่วนกลาง": 9}
    assert all(row.stats is None for row in found.provinces if row.n is None)


def test_results_are_read_in_a_constant_number_of_queries(django_assert_num_queries):
    for people in (5, 9):
        evaluation = make_evaluation()
        answered(evaluation, people)
        evaluation = counted(evaluation)
        with django_assert_num_queries(3):
            results_of(evaluation)


def test_levels_are_told_by_the_cut_points_that_the_office_set():
    evaluation = make_evaluation()
    answered(evaluation, 5, level=[5] * 4 + [4] * 9)
    evaluation = counted(evaluation)
    whole = results_of(evaluation).whole
    Evaluation.objects.update(cut_points=["4.21", "3.41", "2.61", "1.81"])
    other = results_of(fresh(evaluation)).whole
    assert (whole.mean, whole.level, other.mean, other.level) == (Decimal("4.31"), 4, Decimal("4.31"), 5)
