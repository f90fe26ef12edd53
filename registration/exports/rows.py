"""The lines of a list, read in portions and in the order of a Thai dictionary."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from registration.exports.columns import ListedAttendee, ListedPerson
from registration.models import Attendance, Participant, TrackChoice
from registration.people.display_names import DisplayName, zoom_names_in
from sessions.models import Workshop

#: So many people are in memory at once; each portion costs four queries, five where it begins a new province.
PORTION = 1000


def attendee_lines(people: QuerySet[Participant], workshop: Workshop) -> Iterator[ListedAttendee]:
    """A line for each of `people` that belongs to `workshop`: central agencies, then province by province, by name.

    People of another workshop are left out, whatever `people` holds. Who they are is settled at the begin, and no
    transaction or cursor stays open: what changes meanwhile may be seen, and who is deleted meanwhile is left out.
    """
    chosen = people.filter(workshop=workshop).order_by("quota__kind", "quota__province__sort_key", "sort_key", "pk")
    return lines_of(list(chosen.values_list("pk", flat=True)), workshop)


def lines_of(keys: Sequence[int], workshop: Workshop) -> Iterator[ListedAttendee]:
    """A line for each of the people with these `keys`, in this order."""
    number, of_quotas, names = 0, set[int](), dict[int, DisplayName]()
    for first in range(0, len(keys), PORTION):
        portion = list(keys[first : first + PORTION])
        found = _people(portion)
        days, tracks, minutes = _days(portion), _tracks(portion), _minutes(portion)
        quotas = {person.quota_id for person in found.values()}
        if quotas - of_quotas:
            of_quotas, names = quotas, zoom_names_in(workshop, quotas)
        for key in portion:
            if person := found.get(key):
                number += 1
                yield ListedAttendee(number, person, days.get(key, ()), tracks.get(key, {}), names.get(key), minutes.get(key, {}))


def _people(keys: list[int]) -> dict[int, ListedPerson]:
    return {row[0]: ListedPerson(*row) for row in Participant.objects.filter(pk__in=keys).values_list(*ListedPerson._fields)}


def _days(keys: list[int]) -> dict[int, list[int]]:
    days: dict[int, list[int]] = {}
    coming = Participant.days.through.objects.filter(participant__in=keys)
    for person, day in coming.values_list("participant_id", "workshopday_id"):
        days.setdefault(person, []).append(day)
    return days


def _minutes(keys: list[int]) -> dict[int, dict[int, int]]:
    minutes: dict[int, dict[int, int]] = {}
    came = Attendance.objects.of_days().filter(participant__in=keys)
    for person, day, count in came.order_by().values_list("participant_id", "day_id", "minutes"):
        minutes.setdefault(person, {})[day] = count
    return minutes


def _tracks(keys: list[int]) -> dict[int, dict[int, int]]:
    """Which track they chose in which block, by person."""
    tracks: dict[int, dict[int, int]] = {}
    for person, item, track in TrackChoice.objects.filter(participant__in=keys).values_list("participant_id", "item_id", "track_id"):
        tracks.setdefault(person, {})[item] = track
    return tracks
