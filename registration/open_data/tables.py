"""The tables of a set of open data: what is kept of them, and their rows and columns as anybody gets them. English names, ISO dates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registration.models import OpenDataSet, Province
from registration.models.province import Region
from registration.open_data.counts import CENTRAL, OpenCounts
from registration.open_data.small_counts import ALL, Key, Told, hidden
from sessions.models import Workshop

Value = str | int | bool | None
REGIONS = {
    Region.NORTH: "North", Region.NORTHEAST: "Northeast", Region.CENTRAL: "Central", Region.BANGKOK: "Bangkok and vicinity",
    Region.EAST: "East", Region.WEST: "West", Region.SOUTH: "South",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """`kind` is a type of Frictionless' table schema."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class OpenTable:
    name: str
    title: str
    description: str
    columns: tuple[OpenColumn, ...]
    key: tuple[str, ...]

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"


_DATE = OpenColumn("date", "date", "Day of the workshop (ISO 8601, common era).")
_PLACE = (
    OpenColumn("province_code", "string", "ISO 3166-2:TH, for instance TH-55; TH-CENTRAL for central agencies, whom no province sends."),
    OpenColumn("province_name_en", "string", "Name of the province in English."),
    OpenColumn("province_name_th", "string", "Name of the province in Thai."),
    OpenColumn("region", "string", "One of the seven regions of the national plan; empty for central agencies."),
)
_GROUP = (
    OpenColumn("group_code", "string", "Number of the stakeholder group in the office's document, for instance 4.1.2."),
    OpenColumn("group_name_en", "string", "Name of the group in English."),
    OpenColumn("group_name_th", "string", "Name of the group in Thai."),
)
_NUMBER = (
    OpenColumn("participants", "integer", "Registered people who came on that day. Empty where it is not told."),
    OpenColumn(
        "suppressed", "boolean", "true where the number is not told, since it, or one that follows from it, is one of fewer than five."
    ),
)

BY_ALL = OpenTable(
    "participation", "Participation by province, stakeholder group and day", "One row a province, group and day.",
    (_DATE, *_PLACE, *_GROUP, *_NUMBER), ("date", "province_code", "group_code"),
)  # fmt: skip
BY_PROVINCE = OpenTable(
    "participation-by-province", "Participation by province and day", "One row a province and day, all groups together.",
    (_DATE, *_PLACE, *_NUMBER), ("date", "province_code"),
)  # fmt: skip
BY_GROUP = OpenTable(
    "participation-by-group", "Participation by stakeholder group and day", "One row a group and day, all provinces together.",
    (_DATE, *_GROUP, *_NUMBER), ("date", "group_code"),
)  # fmt: skip
BY_DAY = OpenTable("participation-by-day", "Participation by day", "One row a day, everybody together.", (_DATE, *_NUMBER), ("date",))
TABLES = (BY_ALL, BY_PROVINCE, BY_GROUP, BY_DAY)


def snapshot(workshop: Workshop, counted: OpenCounts, before: list[Told]) -> dict[str, Any]:
    """What is kept of `counted`: names as they are now, and what may be told. Two queries."""
    untold = hidden(counted.cells, before)
    cells = [[*key, None if key in untold else values] for key, values in counted.cells.items()]
    provinces = Province.objects.filter(code__in={place for place, _group in counted.cells})
    places = [[each.code, each.name_en, each.name_th, REGIONS[Region(each.region)]] for each in provinces]
    groups = [[group.code, group.name_en, group.name_th] for group in workshop.groups.all()]
    central = [[CENTRAL, "Central agencies", "หน่วยงานส่วนกลาง", ""]] if any(place == CENTRAL for place, _g in counted.cells) else []
    return {"days": counted.days, "places": [*places, *central], "groups": groups, "cells": cells}


def told_before(data_set: OpenDataSet, counted: OpenCounts) -> Told:
    """The numbers of an earlier set by the days of `counted`; of a day that it did not have, nothing differs."""
    there = data_set.table["days"]
    found: dict[Key, list[int | None]] = {}
    for place, group, values in data_set.table["cells"]:
        if (now := counted.cells.get((place, group))) is not None:
            known = dict(zip(there, values or [None] * len(there), strict=True))
            found[place, group] = [known.get(day, number) for day, number in zip(counted.days, now, strict=True)]
    return found


def rows(table: OpenTable, kept: Mapping[str, Any]) -> Iterator[list[Value]]:
    """Of `kept` (from `snapshot`), in the order of days, places and groups."""
    cells: dict[Key, list[int] | None] = {(place, group): values for place, group, values in kept["cells"]}
    places = kept["places"] if "province_code" in table.key else [[ALL]]
    groups = kept["groups"] if "group_code" in table.key else [[ALL]]
    for number, day in enumerate(kept["days"]):
        for place, *of_place in places:
            for group, *of_group in groups:
                if (place, group) not in cells:
                    continue
                values = cells[place, group]
                found: list[Value] = [day]
                if place != ALL:
                    found += [f"TH-{place.upper()}", *of_place]
                if group != ALL:
                    found += [group, *of_group]
                yield [*found, values[number] if values else None, values is None]
