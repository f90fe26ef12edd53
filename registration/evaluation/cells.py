"""Sums by where people come from: enough for means and deviations of each section, and no answer of anybody.

A cell is called "region/north", "region/central-agencies", "province/55" or "group/3". It holds how many answered, and for each
section ("all" for every statement together) the sum of people's totals and the sum of their squares.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from registration.evaluation.questions import Answer, statements
from registration.evaluation.suppression import Equation
from registration.models import Evaluation, Participant, Province, Quota
from sessions.models import StakeholderGroup

ALL = "all"
#: Those whom no province sends stand beside the seven regions.
AGENCIES = "region/central-agencies"

Cell = dict[str, Any]


def of_person(person: Participant) -> list[str]:
    group = f"group/{person.group_id}"
    if person.province is None:
        return [AGENCIES, group]
    return [f"region/{person.province.region}", f"province/{person.province.code}", group]


def totals(evaluation: Evaluation, answer: Answer) -> dict[str, int]:
    found = {}
    for section in evaluation.sections.all():
        if levels := [answer.ticks[question.pk] for question in statements(section)]:
            found[str(section.pk)] = sum(level for level in levels if isinstance(level, int))
    return {**found, ALL: sum(found.values())} if found else {}


def added(cells: Mapping[str, Cell], names: Iterable[str], sums: Mapping[str, int]) -> dict[str, Cell]:
    """`cells` with one more answer, in the order of their names."""
    grown = dict(cells)
    for name in names:
        cell = grown.get(name) or {"n": 0, "sums": {}}
        before = cell["sums"]
        more = {key: [before.get(key, [0, 0])[0] + t, before.get(key, [0, 0])[1] + t * t] for key, t in sums.items()}
        grown[name] = {"n": cell["n"] + 1, "sums": dict(sorted(more.items()))}
    return dict(sorted(grown.items()))


def equations(evaluation: Evaluation) -> list[Equation]:
    """What ties the cells together: all regions, all groups, a region and its provinces, the agencies and their groups. Two queries."""
    groups = {f"group/{pk}": scope for pk, scope in evaluation.workshop.groups.values_list("pk", "scope")}
    provinces = Province.objects.filter(quotas__workshop=evaluation.workshop_id, quotas__kind=Quota.Kind.PROVINCE)
    of_region: dict[str, list[str]] = {}
    for region, code in provinces.values_list("region", "code"):
        of_region.setdefault(f"region/{region}", []).append(f"province/{code}")
    of_agencies = [name for name, scope in groups.items() if scope == StakeholderGroup.Scope.CENTRAL]
    return [
        dict.fromkeys([*of_region, AGENCIES], 1),
        dict.fromkeys(groups, 1),
        {AGENCIES: 1} | dict.fromkeys(of_agencies, -1),
        *({region: 1} | dict.fromkeys(codes, -1) for region, codes in of_region.items()),
    ]
