"""Changing an agenda that people rely on: a draft, what it changes in words, and its release as one revision.

The draft is a copy of the programme under a workshop row of its own (`draft_of`), which the same forms edit. Until it
is released, nothing of it is seen or counted: pages, calendars, mails and quotas know the workshop's own rows only.
See docs/decisions/0021-agenda-releases.md.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from sessions import changes, programme
from sessions.formats import date_long, language, local_digits, time_range
from sessions.models import AgendaItem, Release, Track, Workshop, WorkshopDay

#: Where dates and numbers wait while two rows change theirs with each other.
FAR_DAYS = dt.timedelta(days=365_000)
FAR_NUMBER = 10_000

SINGLE_MARKS = str.maketrans('“”"', "‘’'")


class NothingChanged(Exception):
    """The draft says what the agenda says already."""


class NoDraft(Exception):
    """The workshop has no draft, or it was released or discarded meanwhile."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a draft changes: on which day of the workshop (None: a new one), its date then, in both languages."""

    day: int | None
    date: dt.date
    th: str
    en: str


@transaction.atomic
def open_draft(workshop: Workshop) -> Workshop:
    """The draft of `workshop`'s agenda; a copy of the agenda as it is, where there was none."""
    Workshop.objects.select_for_update().get(pk=workshop.pk)
    draft = draft_of(workshop)
    if draft is None:
        titles = {"title_th": workshop.title_th, "title_en": workshop.title_en}
        draft = Workshop.with_drafts.create(slug=f"draft.{workshop.pk}", draft_of=workshop, is_published=False, **titles)
        programme.copy(workshop, draft, date=lambda day: day.date, is_draft=True)
    return draft


def draft_of(workshop: Workshop) -> Workshop | None:
    return Workshop.with_drafts.filter(draft_of=workshop).first()


def discard_draft(workshop: Workshop) -> bool:
    return bool(Workshop.with_drafts.filter(draft_of=workshop).delete()[0])


def differences(workshop: Workshop) -> list[Change]:
    """What a release of the draft of `workshop` would change, day by day. Raises NoDraft."""
    before, after = _both(workshop)
    return list(_differences(before, after))


@transaction.atomic
def release(workshop: Workshop, *, by: Any = None, at: dt.datetime | None = None) -> Release:
    """Makes the draft of `workshop` its agenda, as one revision; calendars follow with one new SEQUENCE a changed day.

    `by` is a user. Raises NoDraft, NothingChanged; `changes.InUse`, and changes nothing, where the draft lacks something
    that people have chosen.
    """
    Workshop.objects.select_for_update().get(pk=workshop.pk)
    before, after = _both(workshop)
    found = list(_differences(before, after))
    if not found:
        raise NothingChanged
    _apply(before, after)
    days = {day.date: day.pk for day in WorkshopDay.objects.filter(workshop=workshop)}
    entries = [
        {"day": change.day or days.get(change.date), "date": change.date.isoformat(), "th": change.th, "en": change.en} for change in found
    ]
    new = Release.objects.create(
        workshop=workshop, number=next_number(workshop), released_at=at or timezone.now(), released_by=by, changes=entries
    )
    after.delete()
    return _followed(new, at)


@transaction.atomic
def call_off(day: WorkshopDay, *, by: Any = None, back: bool = False, at: dt.datetime | None = None) -> Release:
    """Calls `day` off (with `back`: it takes place after all), as one revision of its own; a draft that is open follows.

    Raises NothingChanged where it is so already.
    """
    workshop = Workshop.objects.select_for_update().get(pk=day.workshop_id)
    if not WorkshopDay.objects.filter(pk=day.pk, is_cancelled=back).update(is_cancelled=not back):
        raise NothingChanged
    WorkshopDay.objects.filter(origin=day).update(is_cancelled=not back)
    thai, english = _said(lambda: _("This day takes place after all.") if back else _("This day is cancelled."))
    entry = {"day": day.pk, "date": day.date.isoformat(), "th": thai, "en": english}
    new = Release.objects.create(
        workshop=workshop, number=next_number(workshop), released_at=at or timezone.now(), released_by=by, changes=[entry]
    )
    return _followed(new, at)


def _followed(new: Release, at: dt.datetime | None) -> Release:
    """`new`, once whatever hangs on the programme followed and every function that AGENDA_AFTER_RELEASE names was told of it."""
    changes.after_change(new.workshop, at)
    for name in settings.AGENDA_AFTER_RELEASE:
        import_string(name)(new)
    return new


def next_number(workshop: Workshop) -> int:
    return (workshop.releases.aggregate(last=Max("number"))["last"] or 0) + 1


def by_date(found: Iterable[Change]) -> list[tuple[dt.date, list[str]]]:
    """`found` day by day, in the reader's language."""
    days: dict[dt.date, list[str]] = {}
    for change in found:
        days.setdefault(change.date, []).append(getattr(change, language()))
    return list(days.items())


def _both(workshop: Workshop) -> tuple[Workshop, Workshop]:
    draft = Workshop.with_drafts.with_programme().filter(draft_of=workshop).first()
    if draft is None:
        raise NoDraft
    return Workshop.objects.with_programme().get(pk=workshop.pk), draft


# Applying


def _apply(before: Workshop, after: Workshop) -> None:
    own = {(type(row), row.pk): row for row in programme.rows(before)}
    kept = {(type(row), row.origin_id) for row in programme.rows(after)}
    for key, row in own.items():
        if key not in kept and type(row)._default_manager.filter(pk=row.pk).exists():  # not gone with what it was under
            changes.remove(row)
    _step_aside(own, after)
    for day in after.days.all():
        live_day = _written(day, own, workshop=before)
        for item in day.items.all():
            live_item = _written(item, own, day=live_day)
            for track in item.tracks.all():
                _written(track, own, item=live_item)


def _step_aside(own: dict[Any, programme.Row], after: Workshop) -> None:
    """Lets dates and numbers be exchanged: the database compares each row with those that still have the old ones."""
    for row in programme.rows(after):
        live = own.get((type(row), row.origin_id))
        if isinstance(row, WorkshopDay) and isinstance(live, WorkshopDay) and live.date != row.date:
            WorkshopDay.objects.filter(pk=live.pk).update(date=live.date + FAR_DAYS)
        if isinstance(row, Track) and isinstance(live, Track) and live.number != row.number:
            Track.objects.filter(pk=live.pk).update(number=live.number + FAR_NUMBER)


def _written(row: programme.Row, own: dict[Any, programme.Row], **parent: Any) -> Any:
    """The workshop's own row that says what `row` of the draft says; a new one where there was none."""
    values = {name: getattr(row, name) for name in programme.columns(row)}
    live = own.get((type(row), row.origin_id))
    if live is None:
        extra = {"capacity": row.capacity} if isinstance(row, Track) else {}
        return type(row)._default_manager.create(**parent, **values, **extra)
    changed = [name for name, value in values.items() if getattr(live, name) != value]
    for name in changed:
        setattr(live, name, values[name])
    if changed:
        live.save(update_fields=changed)
    return live


# Words


def _differences(before: Workshop, after: Workshop) -> Iterator[Change]:
    own = {day.pk: day for day in before.days.all()}
    drafted = {day.origin_id for day in after.days.all()}
    for day in after.days.all():
        old = own.get(day.origin_id) if day.origin_id else None
        for words in _of_day(old, day):
            yield Change(old.pk if old else None, day.date, *words)
    for gone in own.values():
        if gone.pk not in drafted:
            yield Change(gone.pk, gone.date, *_said(lambda: _("This day is no longer part of the agenda.")))


def _said(words: Any) -> tuple[str, str]:
    """What `words()` says in Thai and in English."""
    with override("th"):
        thai = words()
    with override("en"):
        return thai, words()


def _of_day(old: WorkshopDay | None, new: WorkshopDay) -> Iterator[tuple[str, str]]:
    if old is None:
        yield _said(lambda: _("This day is new in the agenda."))
    else:
        if old.date != new.date:
            yield _said(lambda: _("Moves from %(before)s to %(after)s.") % {"before": date_long(old.date), "after": date_long(new.date)})
        if old.is_cancelled != new.is_cancelled:
            yield _said(lambda: _("This day is cancelled.") if new.is_cancelled else _("This day takes place after all."))
        yield from _renamed(old, new, lambda: _("the day’s title"))
    yield from _moved(old, new)
    own = {item.pk: item for item in old.items.all()} if old else {}
    drafted = {item.origin_id for item in new.items.all()}
    for item in new.items.all():
        yield from _of_item(own.get(item.origin_id) if item.origin_id else None, item)
    for gone in own.values():
        if gone.pk not in drafted:
            yield _said(
                lambda gone=gone: _("%(time)s “%(title)s” is cancelled.") % {"time": time_range(gone), "title": _quotable(gone.title)}
            )


def _moved(old: WorkshopDay | None, new: WorkshopDay) -> Iterator[tuple[str, str]]:
    if (new.room_th, new.room_en) == ((old.room_th, old.room_en) if old else ("", "")):
        return

    def words() -> str:
        if not new.room:
            return _("There is no room any more: this day is online only.")
        return _("The room is: %(room)s.") % {"room": new.room}

    yield _said(words)


def _of_item(old: AgendaItem | None, new: AgendaItem) -> Iterator[tuple[str, str]]:
    if old is None:
        yield _said(lambda: _("New: %(time)s “%(title)s”.") % {"time": time_range(new), "title": _quotable(new.title)})
    else:
        if (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at):
            yield _said(
                lambda: (
                    _("“%(title)s” moves from %(before)s to %(after)s.")
                    % {"title": _quotable(new.title), "before": time_range(old), "after": time_range(new)}
                )
            )
        if old.kind != new.kind:
            yield _said(lambda: _("“%(title)s” is now: %(kind)s.") % {"title": _quotable(new.title), "kind": new.get_kind_display()})
        yield from _lecture(old, new)
    own = {track.pk: track for track in old.tracks.all()} if old else {}
    drafted = {track.origin_id for track in new.tracks.all()}
    for track in new.tracks.all():
        yield from _of_track(own.get(track.origin_id) if track.origin_id else None, track)
    for gone in own.values():
        if gone.pk not in drafted:
            yield _said(lambda gone=gone: _("Topic %(number)s “%(title)s” is cancelled.") % _numbered(gone))


def _of_track(old: Track | None, new: Track) -> Iterator[tuple[str, str]]:
    if old is None:
        yield _said(lambda: _("New: topic %(number)s “%(title)s”.") % _numbered(new))
        return
    if old.number != new.number:
        yield _said(lambda: _("“%(title)s” is now topic %(number)s.") % _numbered(new))
    yield from _lecture(old, new)


def _quotable(title: str) -> str:
    """`title` as it stands between quotation marks: its own become single ones."""
    return title.translate(SINGLE_MARKS)


def _numbered(track: Track) -> dict[str, str]:
    return {"number": local_digits(track.number), "title": _quotable(track.title)}


def _renamed(old: Any, new: Any, nothing: Any) -> Iterator[tuple[str, str]]:
    """`nothing` says what has no title."""
    if (old.title_th, old.title_en) == (new.title_th, new.title_en):
        return

    def words() -> str:
        if old.title == new.title:
            return _("The wording of “%(title)s” in the other language is corrected.") % {"title": _quotable(new.title or nothing())}
        return _("“%(before)s” is now called “%(after)s”.") % {
            "before": _quotable(old.title or nothing()),
            "after": _quotable(new.title or nothing()),
        }

    yield _said(words)


def _lecture(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    yield from _renamed(old, new, str)
    is_new_speaker = (old.speaker_th, old.speaker_en) != (new.speaker_th, new.speaker_en)
    if not is_new_speaker and old.speaker_confirmed == new.speaker_confirmed:
        return

    def words() -> str:
        named = {"title": _quotable(new.title), "before": old.speaker, "after": new.speaker}
        if not new.speaker:
            return _("“%(title)s”: the speaker will be announced.") % named
        if is_new_speaker and old.speaker and old.speaker != new.speaker:
            text = _("“%(title)s”: %(after)s speaks instead of %(before)s.") % named
        else:
            text = _("“%(title)s”: the speaker is %(after)s.") % named
        if new.speaker_confirmed and not old.speaker_confirmed:
            return (
                _("%(text)s The speaker has confirmed.") % {"text": text}
                if is_new_speaker
                else _("“%(title)s”: %(after)s has confirmed.") % named
            )
        return text if new.speaker_confirmed else _("%(text)s Not yet confirmed.") % {"text": text}

    yield _said(words)
