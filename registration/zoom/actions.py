"""Handing those who come over to Zoom, meeting by meeting: of a day, or of one of its tracks."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor
from registration.audit import trail
from registration.choices import State
from registration.models import Participant, TrackChoice, ZoomHandover
from registration.models.participant import ParticipantQuerySet
from registration.people.display_names import zoom_names_in
from registration.zoom.registrants import Registrant
from sessions.models import Track, Workshop, WorkshopDay

#: So many rows go to the database in one statement.
PORTION = 500


@dataclass(frozen=True, slots=True)
class Coming:
    """How many are confirmed for a meeting, and how many of them Zoom has not been told of."""

    people: int = 0
    new: int = 0


def hand_over(
    *, day: WorkshopDay, track: Track | None = None, again: bool = False, by: Actor, at: dt.datetime | None = None
) -> list[Registrant]:
    """Those who come on `day` (or to `track` of that day) and were not handed over yet, with `again` all of them; notes that they are now.

    In the order of a Thai dictionary. Who took them, and how many, is told by the workshop's history in the admin.
    """
    at = at or timezone.now()
    with transaction.atomic():
        WorkshopDay.objects.select_for_update().get(pk=day.pk)  # two who press at once take nobody twice
        people = _coming(day, track)
        if not again:
            people = people.exclude(email__in=_handed_over(day, track).values("email"))
        people = people.order_by("sort_key", "pk")
        taken = list(people.only("email"))
        meeting = "track" if track else "day"
        ZoomHandover.objects.bulk_create(
            [ZoomHandover(participant=person, email=person.email, at=at, by=by.user, **{meeting: track or day}) for person in taken],
            update_conflicts=True, unique_fields=[meeting, "email"], update_fields=["participant", "at", "by"], batch_size=PORTION,
        )  # fmt: skip
        if taken:
            filters = {"day": f"{day.date:%Y-%m-%d}", "track": str(track.pk) if track else ""}
            trail.record_download(by=by, what="zoom", count=len(taken), workshop=day.workshop, filters=filters, at=at)
        if taken and by.user:
            text = _("People taken along for Zoom, %(meeting)s: %(count)s") % {"count": len(taken), "meeting": _in_words(day, track)}
            LogEntry.objects.log_actions(by.user.pk, [day.workshop], CHANGE, text, single_object=True)
        names = zoom_names_in(day.workshop)
    return [Registrant(person.email, names[person.pk]) for person in taken]


def coming_to_days(workshop: Workshop) -> dict[int, Coming]:
    """By day. One query."""
    known = ZoomHandover.objects.filter(day=OuterRef("workshopday"), email=OuterRef("participant__email"))
    rows = Participant.days.through.objects.filter(participant__workshop=workshop, participant__state=State.CONFIRMED)
    return _counted(rows, "workshopday", known)


def coming_to_tracks(workshop: Workshop) -> dict[int, Coming]:
    """By track; somebody who does not come on its day does not count. One query."""
    known = ZoomHandover.objects.filter(track=OuterRef("track"), email=OuterRef("participant__email"))
    rows = TrackChoice.objects.filter(participant__workshop=workshop, participant__state=State.CONFIRMED)
    return _counted(rows.filter(participant__days=F("track__item__day")), "track", known)


def _counted(rows: QuerySet, meeting: str, known: QuerySet[ZoomHandover]) -> dict[int, Coming]:
    counted = rows.order_by().values_list(meeting).annotate(people=Count("pk"), new=Count("pk", filter=Q(~Exists(known))))
    return {key: Coming(people, new) for key, people, new in counted}


def _coming(day: WorkshopDay, track: Track | None) -> ParticipantQuerySet:
    people = Participant.objects.coming_on(day)
    return people.filter(choices__track=track) if track else people


def _handed_over(day: WorkshopDay, track: Track | None) -> QuerySet[ZoomHandover]:
    return ZoomHandover.objects.filter(track=track) if track else ZoomHandover.objects.filter(day=day)


def _in_words(day: WorkshopDay, track: Track | None) -> str:
    return f"{day}, {track}" if track else str(day)
