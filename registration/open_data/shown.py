"""Published numbers as pages show them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from registration.models import Licence, OpenDataSet
from registration.open_data.counts import Summary
from registration.open_data.files import DESCRIPTION, LICENCES, WORKBOOK
from registration.open_data.tables import TABLES
from sessions.models import Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class ShownFile:
    name: str
    url: str
    #: "CSV 12 KB"
    note: str


@dataclass(frozen=True, slots=True)
class PublishedNumbers:
    version: int
    counted_at: dt.datetime
    summary: Summary
    files: list[ShownFile]
    licence: dict[str, str] | None

    @property
    def satisfaction(self) -> Decimal | None:
        return Decimal(self.summary.satisfaction) if self.summary.satisfaction else None


#: In the order in which they are offered.
FILE_NAMES = (WORKBOOK, *(table.file_name for table in TABLES), DESCRIPTION)


def published_numbers(workshop: Workshop) -> PublishedNumbers | None:
    """The newest version that is out. At most two queries."""
    found = OpenDataSet.objects.published().filter(workshop=workshop).defer("table").first()
    if found is None or found.counted_at is None:
        return None
    licence = LICENCES.get(Licence(found.licence))
    return PublishedNumbers(found.number, found.counted_at, Summary(**found.summary), shown_files(found, workshop), licence)


def shown_files(data_set: OpenDataSet, workshop: Workshop) -> list[ShownFile]:
    sizes = dict(data_set.files.values_list("name", "size"))
    return [
        ShownFile(name, reverse("open_data", args=[workshop.slug, data_set.number, name]), note_of(name, sizes[name]))
        for name in FILE_NAMES
        if name in sizes
    ]


def note_of(name: str, size: int) -> str:
    return f"{name.rpartition('.')[2].upper()} {filesizeformat(size)}"


@dataclass(frozen=True, slots=True)
class Held:
    """How many meetings took place, and for how long by their programme."""

    meetings: int
    hours: int
    minutes: int


def held(days: Iterable[WorkshopDay]) -> Held:
    """Of `days` read with their items."""
    there = [day for day in days if not day.is_cancelled]
    spans = [day.ends_at() - day.begins_at() for day in there if day.hours()]
    minutes = round(sum(spans, dt.timedelta()).total_seconds() / 60)
    return Held(len(there), minutes // 60, minutes % 60)
