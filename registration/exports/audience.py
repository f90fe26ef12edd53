"""Whom a file is about: the people that were chosen, as far as the kind of file is about them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from registration.choices import SEAT_HOLDING
from registration.exports.affected import Breach
from registration.models import Certificate, Export, Participant
from registration.people.filters import filtered
from sessions.models import Track, Workshop, WorkshopDay

#: More people are not put on paper (or into an archive) at once: Typst holds the whole of it in memory.
MAX_ON_PAPER = 2500
ON_PAPER = frozenset({Export.Kind.SIGN_IN, Export.Kind.CODES, Export.Kind.LABELS})


@dataclass(frozen=True, slots=True)
class SignInMeeting:
    """Where people sign in: a day, or one of its tracks. Its key, "day-3" or "track-5", stands in forms and exports."""

    day: WorkshopDay
    track: Track | None = None

    @property
    def key(self) -> str:
        return f"track-{self.track.pk}" if self.track else f"day-{self.day.pk}"


def meetings_of(workshop: Workshop) -> dict[str, SignInMeeting]:
    """The meetings that will be held, by key, each day before its tracks. Three queries."""
    meetings = []
    for day in workshop.days.filter(is_cancelled=False).prefetch_related("items__tracks"):
        meetings += [SignInMeeting(day), *(SignInMeeting(day, track) for item in day.items.all() for track in item.tracks.all())]
    return {meeting.key: meeting for meeting in meetings}


def audience(export: Export) -> QuerySet[Participant]:
    """Those whom the file of `export` holds: of a list everybody chosen, of QR codes who has a seat, of a sheet who comes there,
    of certificates who has one.

    Of a breach, everybody who was known by its end.
    """
    if export.kind == Export.Kind.AFFECTED:
        return Breach.of(export).people()
    people = filtered(export.workshop, export.filters)
    if export.kind in (Export.Kind.CODES, Export.Kind.LABELS):
        return people.filter(state__in=SEAT_HOLDING)
    if export.kind == Export.Kind.CERTIFICATES:
        return people.filter(pk__in=Certificate.objects.valid().filter(workshop=export.workshop).values("participant"))
    if export.kind == Export.Kind.SIGN_IN:
        return _coming(people, meetings_of(export.workshop)[export.options["meeting"]])
    return people


def _coming(people: QuerySet[Participant], meeting: SignInMeeting) -> QuerySet[Participant]:
    coming = Participant.objects.coming_on(meeting.day)
    if meeting.track:
        coming = coming.filter(choices__track=meeting.track)
    return people.filter(pk__in=coming.values("pk"))
