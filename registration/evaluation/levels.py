"""Means, standard deviations and the word for a mean, as the office reckons them. Pure, and exact until the last step.

The mean is rounded half up to two places first, and the word is found by what is printed: 4.505 is 4.51.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Both are in use side by side: by halves, and by equal steps of 0.8.
CUT_POINTS = {
    "halves": (["4.51", "3.51", "2.51", "1.51"], _("4.51 · 3.51 · 2.51 · 1.51 (usual)")),
    "steps": (["4.21", "3.41", "2.61", "1.81"], _("4.21 · 3.41 · 2.61 · 1.81 (equal steps of 0.8)")),
}
WORDS = {
    5: pgettext_lazy("level", "Very high"),
    4: pgettext_lazy("level", "High"),
    3: pgettext_lazy("level", "Moderate"),
    2: pgettext_lazy("level", "Low"),
    1: pgettext_lazy("level", "Very low"),
}
SCALE = (5, 4, 3, 2, 1)
_EXACT = Context(prec=60)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Stat:
    """`mean` and `sd` as they are printed; None where there is nothing, or for one answer no deviation. `level` is 5 to 1."""

    n: int
    mean: Decimal | None = None
    sd: Decimal | None = None
    level: int | None = None

    @property
    def word(self) -> str:
        return str(WORDS[self.level]) if self.level else ""


def rounded(value: Fraction) -> Decimal:
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def level(mean: Decimal, cut_points: Sequence[str]) -> int:
    """Of a printed mean: 5 to 1."""
    return next((number for number, cut in zip(SCALE, cut_points, strict=False) if mean >= Decimal(cut)), 1)


def stat(values: Iterable[int], cut_points: Sequence[str], items: int = 1) -> Stat:
    """Of people's totals over `items` statements each: the mean and the sample's deviation (n - 1) of their own means."""
    totals = list(values)
    return of_sums(len(totals), sum(totals), sum(total * total for total in totals), cut_points, items)


def of_sums(n: int, total: int, squares: int, cut_points: Sequence[str], items: int = 1) -> Stat:
    if not n:
        return Stat(0)
    mean = rounded(Fraction(total, n * items))
    return Stat(n, mean, _deviation(n, total, squares, items), level(mean, cut_points))


def _deviation(n: int, total: int, squares: int, items: int) -> Decimal | None:
    if n < 2:
        return None
    variance = Fraction(n * squares - total * total, n * (n - 1) * items * items)
    exact = _EXACT.divide(Decimal(variance.numerator), Decimal(variance.denominator))
    return _EXACT.sqrt(exact).quantize(_HUNDREDTH, ROUND_HALF_UP)
