"""Small cells of a table and those that would give them away, tried by somebody who reckons with all that is told."""

import random
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.open_data.small_counts import ALL, hidden


def table(cells):
    """`cells` by place and group (a number for each day), with every total."""
    whole = dict(cells)
    for (place, group), values in cells.items():
        for key in ((place, ALL), (ALL, group), (ALL, ALL)):
            whole[key] = [a + b for a, b in zip(whole.get(key, [0] * len(values)), values, strict=True)]
    return whole


def lines(cells):
    """What a reader knows besides: each line of the table adds up. As {cell: factor}, which sums to nought."""
    for place in {place for place, _group in cells}:
        yield {key: -1 if key[1] == ALL else 1 for key in cells if key[0] == place}
    for group in {group for _place, group in cells}:
        yield {key: -1 if key[0] == ALL else 1 for key in cells if key[1] == group}


def reckoned(cells, untold):
    """The hidden cells whose numbers follow from the told ones by linear algebra alone."""
    keys, rows = reduced(cells, untold)
    return {keys[places[0]] for row in rows if len(places := [n for n, value in enumerate(row) if value]) == 1}


def reckoned_together(cells, untold):
    """Hidden cells, up to four, that are fewer than five people together and whose sum follows from what is told."""
    keys, rows = reduced(cells, untold)
    rows = [row for row in rows if any(row)]
    pivots = [next(n for n, value in enumerate(row) if value) for row in rows]
    small, found = [key for key in keys if 0 < cells[key] < 5], []
    for number in range(1, 5):
        for some in combinations(small, number):
            if sum(cells[key] for key in some) < 5:
                wanted = [Fraction(key in some) for key in keys]
                for row, pivot in zip(rows, pivots, strict=True):
                    if factor := wanted[pivot]:
                        wanted = [a - factor * b for a, b in zip(wanted, row, strict=True)]
                found += [] if any(wanted) else [some]
    return found


def reduced(cells, untold):
    """The hidden cells, and what all lines together say of them, each line solved for another one."""
    keys = sorted(untold)
    rows = [[Fraction(line.get(key, 0)) for key in keys] for line in lines(cells)]
    pivot = 0
    for column in range(len(keys)):
        found = next((row for row in range(pivot, len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        rows[pivot], rows[found] = rows[found], rows[pivot]
        rows[pivot] = [value / rows[pivot][column] for value in rows[pivot]]
        for row in range(len(rows)):
            if row != pivot and (factor := rows[row][column]):
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[pivot], strict=True)]
        pivot += 1
    return keys, rows


def guessed(cells, untold):
    """The hidden cells that can have one number only, where a hidden one is 1 at least: every table near the true one is tried."""
    keys = sorted(untold)
    equations = list(lines(cells))
    seen = {key: set() for key in keys}
    for steps in product((-1, 0, 1), repeat=len(keys)):
        moved = dict(zip(keys, steps, strict=True))
        if all(cells[key] + step >= 1 for key, step in moved.items()) and not any(
            sum(factor * moved.get(key, 0) for key, factor in line.items()) for line in equations
        ):
            for key in keys:
                seen[key].add(cells[key] + moved[key])
    return {key for key in keys if len(seen[key]) == 1}


small_table = st.integers(2, 4).flatmap(
    lambda places: st.integers(2, 4).flatmap(
        lambda groups: st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=places * groups, max_size=places * groups).map(
            lambda numbers: {(f"p{n // groups}", f"g{n % groups}"): [number] for n, number in enumerate(numbers)}
        )
    )
)


@given(small_table)
def test_nobody_reckons_a_small_cell(cells):
    whole = table(cells)
    untold = hidden(whole)
    there = {key: values[0] for key, values in whole.items()}
    assert {key for key, n in there.items() if 0 < n < 5} <= untold
    assert {key for key in reckoned(there, untold) if 0 < there[key] < 5} == set()


@given(small_table)
def test_nobody_reckons_few_people_of_several_cells(cells):
    """Also of cells in different lines, which no total of one line tells."""
    whole = table(cells)
    there = {key: values[0] for key, values in whole.items()}
    assert reckoned_together(there, hidden(whole)) == []


@given(small_table, st.data())
def test_nor_from_two_versions(cells, data):
    """A few people more or less in one or two cells: neither the second version nor the difference of both tells of fewer than five."""
    first, changed = table(cells), dict(cells)
    untold = hidden(first)
    for key in data.draw(st.lists(st.sampled_from(sorted(cells)), min_size=1, max_size=2, unique=True)):
        changed[key] = [max(0, changed[key][0] + data.draw(st.integers(-4, 4)))]
    second = table(changed)
    told = {key: [None] if key in untold else values for key, values in first.items()}
    now = hidden(second, [told])
    assert reckoned_together({key: values[0] for key, values in second.items()}, now & second.keys()) == []
    differences = {key: second[key][0] - first[key][0] for key in first}
    unknown, few = untold | now, {key for key, n in differences.items() if 0 < abs(n) < 5}
    assert few <= unknown
    assert reckoned(differences, unknown) & few == set()


@given(small_table)
def test_few_hidden_together_in_a_line_are_not_told_either(cells):
    whole = table(cells)
    untold = hidden(whole)
    for line in lines(whole):
        inside = [key for key in line if key in untold]
        told_total = all(line[key] == 1 for key in inside)
        assert not told_total or not 0 < sum(whole[key][0] for key in inside) < 5


@pytest.mark.parametrize("seed", range(25))
def test_nobody_guesses_a_small_cell_from_what_numbers_can_be(seed):
    draw = random.Random(seed)
    cells = {(f"p{place}", f"g{group}"): [draw.choice([0, 1, 2, 3, 5, 7, 12])] for place in range(2) for group in range(3)}
    whole = table(cells)
    untold = hidden(whole)
    there = {key: values[0] for key, values in whole.items()}
    if len(untold) <= 10 and (ALL, ALL) not in untold:
        assert {key for key in guessed(there, untold) if 0 < there[key] < 5} == set()


def test_the_attackers_find_what_is_hidden_alone():
    """Control: with nothing more hidden than the small cell itself, both reckon it."""
    cells = {key: values[0] for key, values in table({("a", "x"): [3], ("a", "y"): [9], ("b", "x"): [8], ("b", "y"): [7]}).items()}
    assert reckoned(cells, {("a", "x")}) == {("a", "x")}
    assert guessed(cells, {("a", "x")}) == {("a", "x")}


def test_three_in_different_lines_take_more_along():
    """Control: the attacker who adds lines up finds three people in three provinces, where each line alone hides enough."""
    cells = {
        ("a", "x"): [1],
        ("a", "y"): [30],
        ("b", "x"): [1],
        ("b", "y"): [20],
        ("c", "x"): [1],
        ("c", "y"): [9],
        ("d", "x"): [40],
        ("d", "y"): [9],
    }
    there = {key: values[0] for key, values in table(cells).items()}
    assert reckoned_together(there, {("a", "x"), ("b", "x"), ("c", "x")}) != []
    assert reckoned_together(there, hidden(table(cells))) == []


def test_what_is_small_on_one_day_is_told_on_none():
    whole = table({("a", "x"): [9, 3], ("a", "y"): [9, 9], ("b", "x"): [9, 9], ("b", "y"): [9, 9]})
    assert ("a", "x") in hidden(whole)


def test_a_table_without_small_cells_is_told_whole():
    assert hidden(table({("a", "x"): [5], ("a", "y"): [0], ("b", "x"): [7], ("b", "y"): [30]})) == set()


def test_a_table_that_is_small_altogether_is_told_nowhere():
    whole = table({("a", "x"): [2], ("a", "y"): [0], ("b", "x"): [1], ("b", "y"): [0]})
    assert hidden(whole) == {key for key, values in whole.items() if any(values)}


def test_the_difference_of_two_versions_gives_nobody_away():
    first = table({("a", "x"): [9], ("a", "y"): [12], ("b", "x"): [8], ("b", "y"): [20]})
    second = table({("a", "x"): [10], ("a", "y"): [12], ("b", "x"): [8], ("b", "y"): [20]})
    untold = hidden(second, [first])
    there = {key: values[0] for key, values in second.items()}
    changed = {key for key in second if second[key] != first[key]}
    assert changed <= untold
    assert reckoned(there, untold) & changed == set()


def test_what_was_hidden_once_stays_hidden():
    first = table({("a", "x"): [3], ("a", "y"): [12], ("b", "x"): [8], ("b", "y"): [20]})
    was_untold = hidden(first)
    told = {key: [None] if key in was_untold else values for key, values in first.items()}
    later = table({("a", "x"): [30], ("a", "y"): [40], ("b", "x"): [50], ("b", "y"): [60]})
    assert was_untold <= hidden(later, [told])
    assert was_untold, "else this shows nothing"
