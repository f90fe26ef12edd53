"""A programme as a whole: copying its days, items and tracks from one workshop to another."""

import datetime as dt
from collections.abc import Callable, Iterator

from sessions.models import AgendaItem, Track, Workshop, WorkshopDay

#: What an agenda says; meeting links, calendar revisions and places are no part of it.
WORDS = ["title_th", "title_en"]
LECTURE = [*WORDS, "speaker_th", "speaker_en", "speaker_confirmed"]
DAY = ["date", *WORDS, "room_th", "room_en", "is_cancelled"]
ITEM = ["starts_at", "ends_at", "kind", *LECTURE]
TRACK = ["number", *LECTURE]

Row = WorkshopDay | AgendaItem | Track


def columns(row: Row) -> list[str]:
    """The fields of `row` that belong to the agenda."""
    return DAY if isinstance(row, WorkshopDay) else ITEM if isinstance(row, AgendaItem) else TRACK


def copy(
    source: Workshop, target: Workshop, *, date: Callable[[WorkshopDay], dt.date], is_draft: bool = False
) -> list[tuple[Track, Track]]:
    """Gives `target`, which has no days, the days of `source` on the dates that `date` says. No meeting links.

    In a draft each row knows its `origin`; cancelled days stay cancelled there, and nowhere else. Returns each track with its copy.
    """
    tracks = []
    for day in source.days.prefetch_related("items__tracks"):
        new_day = WorkshopDay(workshop=target, origin=day if is_draft else None, **_values(day))
        new_day.date = date(day)
        new_day.is_cancelled = is_draft and day.is_cancelled
        new_day.save()
        for item in day.items.all():
            new_item = AgendaItem.objects.create(day=new_day, origin=item if is_draft else None, **_values(item))
            for track in item.tracks.all():
                values = {**_values(track), "capacity": track.capacity}
                tracks.append((track, Track.objects.create(item=new_item, origin=track if is_draft else None, **values)))
    return tracks


def _values(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in columns(row)}


def rows(workshop: Workshop) -> Iterator[Row]:
    """Every day, item and track of `workshop`, read `with_programme`, each before what is under it."""
    for day in workshop.days.all():
        yield day
        for item in day.items.all():
            yield item
            yield from item.tracks.all()
