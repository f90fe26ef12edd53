"""Notes of which places the names of connections are, so that a desk finds its own without reading everybody's. For workers."""

from collections.abc import Iterable

from django.db import transaction

from registration.attendance.places import PlaceNames
from registration.models import NamedPlace, Sighting
from sessions.models import Workshop

PORTION = 500


def note_places(sightings: Iterable[Sighting], names: PlaceNames) -> None:
    """Of connections that are new."""
    rows = [NamedPlace(sighting=each, quota_id=key) for each in sightings for key in sorted(names.said_by(each.name))]
    NamedPlace.objects.bulk_create(rows, batch_size=PORTION, ignore_conflicts=True)


def note_places_anew(workshop: Workshop, names: PlaceNames) -> None:
    """Of all connections of `workshop`, since a place is called otherwise."""
    sightings = Sighting.objects.filter(day__workshop=workshop).only("pk", "name")
    with transaction.atomic():
        NamedPlace.objects.filter(sighting__day__workshop=workshop).delete()
        note_places(sightings.iterator(chunk_size=PORTION), names)
