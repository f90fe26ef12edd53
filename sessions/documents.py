"""Documents and recordings beside the programme. This app keeps none: who does is asked (the setting AGENDA_DOCUMENTS)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string

from sessions.models import AgendaItem, Track, Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """As a page shows it: `note` says what it is ("PDF 2.4 MB", "youtube.com"). It belongs to one row: its kind and key."""

    title: str
    url: str
    note: str
    is_recording: bool = False
    version: int = 1
    day: WorkshopDay | None = None
    belongs_to: tuple[type, int] | None = None


@dataclass(frozen=True, slots=True)
class ShownDocuments:
    everything: list[ShownDocument] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.everything)

    def at(self, place: WorkshopDay | AgendaItem | Track | Workshop) -> list[ShownDocument]:
        key = None if isinstance(place, Workshop) else (type(place), place.pk)
        return [each for each in self.everything if each.belongs_to == key]

    def of_day(self, day: WorkshopDay) -> list[ShownDocument]:
        """With those of its items and tracks."""
        return [each for each in self.everything if each.day and each.day.pk == day.pk]

    def days(self) -> set[int]:
        return {each.day.pk for each in self.everything if each.day}

    @property
    def files(self) -> list[ShownDocument]:
        return [each for each in self.everything if not each.is_recording]

    @property
    def recordings(self) -> list[ShownDocument]:
        return [each for each in self.everything if each.is_recording]


def public_documents(workshop: Workshop) -> ShownDocuments:
    """What everybody may open, in the order of the programme. Two queries at most."""
    found: Iterable[ShownDocument] = import_string(settings.AGENDA_DOCUMENTS)(workshop)
    return ShownDocuments(list(found))
