"""What people thought, worked out from what each of them ticked."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import mean, stdev

from registration.evaluation.questions import Kind
from registration.evaluation.suppression import SMALLEST, hidden
from registration.models.province import Region
from tests.registration.report.figures_of_rows import percent, seats_in_thai_order, thai
from tests.registration.report.pieces import NOTHING

NOT_TOLD = "ไม่แสดง"
AGENCIES = "หน่วยงานส่วนกลาง"


def two_places(value):
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def told(means):
    """n, mean, S.D. and word of people's own means, which are fractions."""
    average = two_places(mean(means))
    words = (("4.51", "มากที่สุด"), ("3.51", "มาก"), ("2.51", "ปานกลาง"), ("1.51", "น้อย"))
    word = next((word for cut, word in words if average >= Decimal(cut)), "น้อยที่สุด")
    return [len(means), average, Decimal(str(round(stdev(means), 9))).quantize(Decimal("0.01"), ROUND_HALF_UP), word]


class Opinions:
    def __init__(self, series):
        self.series, self.slips = series, [ticks for _person, ticks in series.answers]
        self.sections = [(section.title, list(section.questions.all())) for section in series.evaluation.sections.all()]
        asked = [question for _title, questions in self.sections for question in questions if question.kind in (Kind.SCALE, Kind.CHOICE)]
        self.numbered = list(enumerate(asked, start=1))
        self.rated = [question for question in asked if question.kind == Kind.SCALE]

    def own_mean(self, ticks, questions):
        return Fraction(sum(ticks[question.pk] for question in questions), len(questions))

    def whole(self):
        return told([self.own_mean(ticks, self.rated) for ticks in self.slips])

    def by_section(self):
        rows = []
        for title, questions in self.sections:
            if own := [question for question in questions if question.kind == Kind.SCALE]:
                rows.append([title, *told([self.own_mean(ticks, own) for ticks in self.slips])])
        return [*rows, ["ภาพรวมทุกข้อ", *self.whole()]]

    def by_statement(self):
        return [[self._name(place, q), *told([self.own_mean(ticks, [q]) for ticks in self.slips])] for place, q in self._statements()]

    def by_level(self):
        return [[self._name(place, q), *(self._chose(q, level) for level in (5, 4, 3, 2, 1))] for place, q in self._statements()]

    def by_choice(self):
        """Each question with its rows."""
        found = []
        for _place, question in self.numbered:
            if question.kind == Kind.CHOICE:
                chose = [(label, self._chose(question, place)) for place, label in enumerate(question.options)]
                found.append((question.text, [[label, n, percent(n, len(self.slips))] for label, n in chose]))
        return found

    def pairs(self):
        rows = []
        for question in (question for _title, questions in self.sections for question in questions if question.kind == Kind.PAIR):
            before, after = zip(*(ticks[question.pk] for ticks in self.slips), strict=True)
            means = [Fraction(sum(side), len(side)) for side in (before, after)]
            rows.append([question.text, len(before), *map(two_places, means), two_places(means[1] - means[0])])
        return rows

    def by_place(self):
        """Rows of regions, provinces and groups. Which of them are not told says the rule, which has an attacker of its own."""
        provinces = [quota.province for quota in seats_in_thai_order(self.series.workshop) if quota.province]
        groups = list(self.series.workshop.groups.all())
        of = {
            name: [ticks for person, ticks in self.series.answers if name in self._places(person)]
            for name in self._names(provinces, groups)
        }
        kept = hidden({name: len(slips) for name, slips in of.items()}, self._sums(provinces, groups))
        rows = {name: self._place(name, slips, kept) for name, slips in of.items()}
        return (
            [rows[name] for name in [*(str(region.label) for region in Region), AGENCIES]],
            [rows[province.name] for province in provinces if of[province.name]],
            [rows[thai(group)] for group in groups if of[thai(group)]],
        )

    def _place(self, name, slips, kept):
        if name in kept:
            return [name, *[NOT_TOLD] * 4]
        assert not 0 < len(slips) < SMALLEST
        return [name, *(told([self.own_mean(ticks, self.rated) for ticks in slips]) if slips else [0, *[NOTHING] * 3])]

    def _places(self, person):
        province = person.quota.province
        return {thai(person.group), *([str(Region(province.region).label), province.name] if province else [AGENCIES])}

    def _names(self, provinces, groups):
        return [*(str(region.label) for region in Region), AGENCIES, *(province.name for province in provinces), *map(thai, groups)]

    def _sums(self, provinces, groups):
        central = [thai(group) for group in groups if group.scope == "central"]
        regions = {str(region.label): [p.name for p in provinces if p.region == region] for region in Region}
        parts = [{region: 1} | dict.fromkeys(names, -1) for region, names in regions.items()]
        whole = [dict.fromkeys([*regions, AGENCIES], 1), dict.fromkeys(map(thai, groups), 1)]
        return [*whole, {AGENCIES: 1} | dict.fromkeys(central, -1), *parts]

    def _statements(self):
        return [(place, question) for place, question in self.numbered if question.kind == Kind.SCALE]

    def _name(self, place, question):
        return f"{place}. {question.text}"

    def _chose(self, question, tick):
        return Counter(ticks[question.pk] for ticks in self.slips)[tick]
