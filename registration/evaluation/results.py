"""What came of an evaluation, from what was counted: by question, section and place. Of fewer than five answers, nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from registration.evaluation.cells import AGENCIES, ALL, Cell
from registration.evaluation.levels import SCALE, WORDS, Stat, of_sums, rounded, stat
from registration.evaluation.questions import Kind, Tick, closed, statements
from registration.evaluation.suppression import SMALLEST
from registration.models import Evaluation, EvaluationQuestion, EvaluationSection, EvaluationUrn, Province
from registration.models.province import Region


@dataclass(frozen=True, slots=True)
class AnswerBar:
    """How many of all chose one level or choice."""

    label: str
    n: int
    of: int

    @property
    def percent(self) -> Decimal:
        return rounded(Fraction(self.n * 100, self.of)) if self.of else Decimal(0)


@dataclass(frozen=True, slots=True)
class Distribution:
    """`stat` is None for a choice, whose answers have no order."""

    question: EvaluationQuestion
    bars: list[AnswerBar]
    stat: Stat | None = None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    question: EvaluationQuestion
    before: Stat
    after: Stat
    difference: Decimal
    n: int


@dataclass(frozen=True, slots=True)
class SectionResult:
    """`stat` is of people's own means over its statements; None where it has none."""

    section: EvaluationSection
    stat: Stat | None
    distributions: list[Distribution] = field(default_factory=list)
    pairs: list[BeforeAfter] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """`n` and `stats` (of each section in `Results.rated`, then of all) are None where they are too few to tell."""

    name: str
    n: int | None
    stats: list[Stat] | None


@dataclass(frozen=True, slots=True)
class Results:
    n: int
    sections: list[SectionResult]
    whole: Stat | None
    #: The sections that have a mean.
    rated: list[EvaluationSection]
    regions: list[PlaceRow]
    provinces: list[PlaceRow]
    groups: list[PlaceRow]

    @property
    def pairs(self) -> list[BeforeAfter]:
        return [pair for section in self.sections for pair in section.pairs]


def results_of(evaluation: Evaluation) -> Results | None:
    """None before it was counted, and where fewer than five answered. `evaluation` is read with its questions. Four queries."""
    urn = EvaluationUrn.objects.get(pk=evaluation.pk)
    if evaluation.counted_at is None or urn.answers < SMALLEST:
        return None
    columns = _columns(evaluation, urn.slips)
    cuts = evaluation.cut_points
    sections = [_section(section, columns, cuts) for section in evaluation.sections.all()]
    rated = [each.section for each in sections if each.stat]
    sizes = {str(section.pk): len(statements(section)) for section in rated}
    whole = _whole(rated, columns, cuts) if rated else None
    regions, provinces, groups = _places(evaluation, urn, sizes)
    return Results(urn.answers, sections, whole, rated, regions, provinces, groups)


def _columns(evaluation: Evaluation, slips: Sequence[Sequence[Tick]]) -> dict[int, list[Tick]]:
    return {question.pk: [slip[place] for slip in slips] for place, question in enumerate(closed(evaluation))}


def _section(section: EvaluationSection, columns: dict[int, list[Tick]], cuts: Sequence[str]) -> SectionResult:
    rated = statements(section)
    totals = _totals(rated, columns)
    found = SectionResult(section, stat(totals, cuts, len(rated)) if rated else None)
    for question in section.questions.all():
        if question.kind == Kind.SCALE:
            levels = [tick for tick in columns[question.pk] if isinstance(tick, int)]
            found.distributions.append(Distribution(question, _levels(levels), stat(levels, cuts)))
        elif question.kind == Kind.CHOICE:
            found.distributions.append(Distribution(question, _choices(question, columns[question.pk])))
        elif question.kind == Kind.PAIR:
            found.pairs.append(_pair(question, columns[question.pk], cuts))
    return found


def _totals(questions: Sequence[EvaluationQuestion], columns: dict[int, list[Tick]]) -> list[int]:
    rows = zip(*(columns[question.pk] for question in questions), strict=True)
    return [sum(level for level in row if isinstance(level, int)) for row in rows]


def _whole(rated: Iterable[EvaluationSection], columns: dict[int, list[Tick]], cuts: Sequence[str]) -> Stat:
    questions = [question for section in rated for question in statements(section)]
    return stat(_totals(questions, columns), cuts, len(questions))


def _levels(levels: Sequence[int]) -> list[AnswerBar]:
    counted = Counter(levels)
    return [AnswerBar(f"{level} {WORDS[level]}", counted[level], len(levels)) for level in SCALE]


def _choices(question: EvaluationQuestion, ticks: Sequence[Tick]) -> list[AnswerBar]:
    counted = Counter(tick for tick in ticks if isinstance(tick, int))
    return [AnswerBar(label, counted[place], len(ticks)) for place, label in enumerate(question.options)]


def _pair(question: EvaluationQuestion, ticks: Sequence[Tick], cuts: Sequence[str]) -> BeforeAfter:
    pairs = [tick for tick in ticks if isinstance(tick, list)]
    before, after = ([pair[side] for pair in pairs] for side in (0, 1))
    difference = rounded(Fraction(sum(after) - sum(before), len(pairs)))
    return BeforeAfter(question, stat(before, cuts), stat(after, cuts), difference, len(pairs))


def _places(evaluation: Evaluation, urn: EvaluationUrn, sizes: dict[str, int]) -> tuple[list[PlaceRow], list[PlaceRow], list[PlaceRow]]:
    sizes = {**sizes, ALL: sum(sizes.values())}

    def told(cell: Cell, size: str, items: int) -> Stat:
        total, squares = cell["sums"].get(size, (0, 0))
        return of_sums(cell["n"], total, squares, evaluation.cut_points, items)

    def row(key: str, name: str) -> PlaceRow:
        cell = urn.cells.get(key, {"n": 0, "sums": {}})
        if cell is None:
            return PlaceRow(name, None, None)
        return PlaceRow(name, cell["n"], [told(cell, size, items) for size, items in sizes.items() if items])

    regions = [row(f"region/{region.value}", str(region.label)) for region in Region]
    provinces = [
        row(f"province/{province.code}", str(province)) for province in Province.objects.all() if f"province/{province.code}" in urn.cells
    ]
    groups = [row(f"group/{group.pk}", str(group)) for group in evaluation.workshop.groups.all() if f"group/{group.pk}" in urn.cells]
    return [*regions, row(AGENCIES, _("Central agencies"))], provinces, groups
