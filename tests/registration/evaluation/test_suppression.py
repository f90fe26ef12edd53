"""An attacker who has every table that is told tries to reckon what is hidden."""

import random
from fractions import Fraction

import pytest

from registration.evaluation.suppression import SMALLEST, hidden

REGIONS = {f"region/{number}": [f"province/{number}{place}" for place in range(4)] for number in range(4)}
AGENCIES = "region/agencies"
OF_AGENCIES = ["group/8", "group/9"]
GROUPS = ["group/1", "group/2", "group/3", *OF_AGENCIES]


def equations():
    """What an attacker knows of the sums: cells with their factors; the rest of each line is known."""
    return [
        dict.fromkeys([*REGIONS, AGENCIES], 1),
        dict.fromkeys(GROUPS, 1),
        {AGENCIES: 1} | dict.fromkeys(OF_AGENCIES, -1),
        *({region: 1} | dict.fromkeys(codes, -1) for region, codes in REGIONS.items()),
    ]


def can_be_reckoned(target, unknown):
    """Whether the weighted sum `target` of unknown cells follows from the lines: by elimination, exactly."""
    order = sorted(unknown)
    rows = [[Fraction(line.get(cell, 0)) for cell in order] for line in equations()]
    wanted = [Fraction(target.get(cell, 0)) for cell in order]
    for place in range(len(order)):
        pivot = next((row for row in rows if row[place]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [[a - b * row[place] / pivot[place] for a, b in zip(row, pivot, strict=True)] for row in rows]
        wanted = [a - b * wanted[place] / pivot[place] for a, b in zip(wanted, pivot, strict=True)]
    return not any(wanted)


def world(chooser):
    """Answers of people who each come from one place and one group."""
    cells = dict.fromkeys([*REGIONS, AGENCIES, *GROUPS, *(code for codes in REGIONS.values() for code in codes)], 0)
    for _n in range(chooser.choice([5, 12, 40, 120])):
        if chooser.random() < 0.15:
            names = [AGENCIES, chooser.choice(OF_AGENCIES)]
        else:
            region = chooser.choice(list(REGIONS))
            names = [region, chooser.choice(REGIONS[region]), chooser.choices(GROUPS[:3], weights=[8, 3, 1])[0]]
        for name in names:
            cells[name] += 1
    return cells


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_cell_can_be_reckoned_from_those_that_are_told(seed):
    cells = world(random.Random(seed))
    found = hidden(cells, equations())
    assert {name for name, n in cells.items() if 0 < n < SMALLEST} <= found
    unknown = {name for name in found if cells[name]}
    given_away = [name for name in unknown if can_be_reckoned({name: 1}, unknown)]
    everything = sum(cells[name] for name in [*REGIONS, AGENCIES])
    small = [name for name in given_away if cells[name] < SMALLEST]
    assert small == [], (everything, {name: cells[name] for name in found})


@pytest.mark.parametrize("seed", range(60))
def test_no_two_small_cells_can_be_reckoned_together(seed):
    cells = world(random.Random(seed))
    found = hidden(cells, equations())
    unknown = sorted(name for name in found if cells[name])
    given_away = [
        (one, other)
        for place, one in enumerate(unknown)
        for other in unknown[place + 1 :]
        if cells[one] + cells[other] < SMALLEST and can_be_reckoned({one: 1, other: 1}, unknown)
    ]
    assert given_away == []


def test_the_attack_succeeds_where_only_small_cells_are_hidden():
    """Else it would prove nothing."""
    cells = {"region/0": 3, "region/1": 20, "region/2": 20, "region/3": 20, AGENCIES: 20}
    assert can_be_reckoned({"region/0": 1}, {"region/0"})
    assert hidden(cells, [dict.fromkeys(cells, 1)]) == {"region/0", "region/1"}


def test_two_small_ones_that_make_less_than_five_take_a_third_along():
    assert hidden({"a": 1, "b": 2, "c": 30, "d": 7}, [dict.fromkeys("abcd", 1)]) == {"a", "b", "d"}


def test_one_small_province_hides_itself_and_its_smallest_neighbour_alone():
    cells = {code: 20 for codes in REGIONS.values() for code in codes} | {"province/00": 3, "province/02": 17, AGENCIES: 20}
    cells |= {region: sum(cells[code] for code in codes) for region, codes in REGIONS.items()}
    cells |= {"group/1": 100, "group/2": 100, "group/3": 100, "group/8": 10, "group/9": 10}
    assert hidden(cells, equations()) == {"province/00", "province/02"}


def test_where_all_are_large_nothing_is_hidden_and_an_empty_cell_hides_nothing():
    assert hidden({"a": 5, "b": 6, "c": 0}, [dict.fromkeys("abc", 1)]) == set()
