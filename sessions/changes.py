"""What follows when the programme was changed, whoever changed it; and what may not be taken out of it."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from sessions.models import AgendaItem, Track, Workshop, WorkshopDay


def after_change(workshop: Workshop, at: dt.datetime | None = None) -> None:
    """Lets calendars and whatever hangs on the programme follow; call it in the transaction that changed `workshop`.

    Raises the calendar revision of each day of which calendars now show something else, then calls every
    function that the setting AGENDA_AFTER_CHANGE names, with the workshop as it now is. A draft of an agenda is
    followed by nothing.
    """
    if workshop.draft_of_id:
        return
    workshop = Workshop.objects.with_programme().get(pk=workshop.pk)
    for number, day in enumerate(workshop.days.all(), 1):
        digest = fingerprint(day, number)
        if digest == day.fingerprint:
            continue
        if day.fingerprint:
            day.sequence += 1
        day.fingerprint, day.revised_at = digest, at or timezone.now()
        day.save(update_fields=["fingerprint", "revised_at", "sequence"])
    for name in settings.AGENDA_AFTER_CHANGE:
        import_string(name)(workshop)


def note_described(days: Iterable[int | None]) -> None:
    """Calendars say something else of these days (their keys), though their programme is the same: there are documents, say."""
    WorkshopDay.objects.filter(pk__in={key for key in days if key}).update(sequence=F("sequence") + 1)


def fingerprint(day: WorkshopDay, number: int) -> str:
    """A digest of everything that calendar files show of `day`, the `number`-th of its workshop."""
    workshop = day.workshop
    content: list[list[object]] = [
        [number, workshop.title_th, workshop.title_en, workshop.short_name_th, workshop.short_name_en, workshop.platform],
        [day.date, day.title_th, day.title_en, day.is_cancelled, day.join_url],
    ]
    if day.room_th or day.room_en:  # days without a room keep the digest that they had before there were rooms
        content.append([day.room_th, day.room_en])
    for item in day.items.all():
        content.append([item.starts_at, item.ends_at, *_lecture(item)])
        content += [[track.number, track.join_url, *_lecture(track)] for track in item.tracks.all()]
    return hashlib.sha256(json.dumps(content, cls=DjangoJSONEncoder).encode()).hexdigest()


def _lecture(what: AgendaItem | Track) -> list[object]:
    return [what.title_th, what.title_en, what.speaker_th, what.speaker_en, what.speaker_confirmed]


class InUse(Exception):
    """A part of the programme cannot go: `holders` says what holds on to it, and how often."""

    def __init__(self, holders: Counter[str]) -> None:
        super().__init__(", ".join(f"{name}: {count}" for name, count in holders.items()))
        self.holders = holders

    @property
    def words(self) -> str:
        return _("It is in use (%(holders)s).") % {"holders": self}


def remove(row: models.Model) -> None:
    """Deletes a part of the programme and what is under it. Raises InUse, and deletes nothing, where others hold on to it."""
    if found := holders(row):
        raise InUse(found)
    row.delete()


def holders(row: models.Model) -> Counter[str]:
    """What outside the programme holds on to `row` or something under it: names of things, each with how many.

    A foreign key that protects holds; so does membership (people who chose a day), which the database alone would let go.
    """
    found: Counter[str] = Counter()
    for relation in row._meta.related_objects:
        if relation.many_to_many and (count := getattr(row, str(relation.get_accessor_name())).count()):
            found[str(relation.related_model._meta.verbose_name_plural)] += count
    try:
        Collector(using=str(row._state.db)).collect([row])
    except ProtectedError as error:
        found.update(str(held._meta.verbose_name_plural) for held in error.protected_objects)
    except RestrictedError as error:
        found.update(str(held._meta.verbose_name_plural) for held in error.restricted_objects)
    return found
