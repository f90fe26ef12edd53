"""Which cells of the tables are not told, so that none under five can be had from the others. Pure.

An equation ties cells together that are all told (or whose sum is): the parts of a whole, each with the factor 1, or a part with 1
and its own parts with -1. Who has the tables may add and subtract such lines; what they would find then is what is tried here.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations

SMALLEST = 5

Equation = Mapping[str, int]
Row = dict[str, Fraction]


def hidden(cells: Mapping[str, int], equations: Iterable[Equation]) -> set[str]:
    """Of `cells` (how many answered in each) those to hide: the small ones, and as many more as keep them from being reckoned."""
    found = {key for key, n in cells.items() if 0 < n < SMALLEST}
    tied = [{key: factor for key, factor in equation.items() if cells.get(key)} for equation in equations]
    while found and (given_away := _given_away(found, cells, tied)):
        near = {key for equation in tied if given_away & equation.keys() for key in equation} - found
        rest = near or {key for equation in tied for key in equation} - found
        if not rest:
            break
        found.add(min(rest, key=lambda key: (cells[key], key)))
    return found


def _given_away(unknown: set[str], cells: Mapping[str, int], equations: list[dict[str, int]]) -> set[str]:
    """A small cell, two that are small together, or all of a line that are, which follow from what is told; empty where none does."""
    for equation in equations:
        inside = equation.keys() & unknown
        if set(equation.values()) == {1} and 0 < sum(cells[key] for key in inside) < SMALLEST:
            return inside
    rows = _reduced([{key: Fraction(factor) for key, factor in each.items() if key in unknown} for each in equations])
    small = sorted(key for key in unknown if cells[key] < SMALLEST)
    for key in small:
        if _follows({key: Fraction(1)}, rows):
            return {key}
    for pair in combinations(small, 2):
        if sum(cells[key] for key in pair) < SMALLEST and _follows(dict.fromkeys(pair, Fraction(1)), rows):
            return set(pair)
    return set()


def _reduced(rows: list[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        left = _without(row, found)
        if left:
            found[min(left)] = left
    return found


def _follows(target: Row, rows: dict[str, Row]) -> bool:
    return not _without(target, rows)


def _without(row: Row, rows: dict[str, Row]) -> Row:
    """What is left of `row` when the cells that the others answer for are taken out."""
    left = dict(row)
    for pivot, other in rows.items():
        if factor := left.get(pivot):
            ratio = factor / other[pivot]
            for key, value in other.items():
                left[key] = left.get(key, Fraction(0)) - ratio * value
            left = {key: value for key, value in left.items() if value}
    return left
