"""Whom somebody in a meeting could be, from what the portal knows: addresses and names as they were handed over, and who pressed when."""

import datetime as dt
from collections import defaultdict

from registration.attendance.likeness import Named
from registration.attendance.matching import Roster
from registration.attendance.meetings import ReportedMeeting
from registration.models import JoinPress, Participant, ZoomHandover, ZoomRegistrant
from registration.people.display_names import zoom_names_in
from sessions.models import Workshop
from sessions.schedule import BANGKOK

_FIELDS = ("pk", "first_name", "last_name", "email", "organisation_short", "quota__province__name_th", "has_contact_address")


def roster_of(meeting: ReportedMeeting) -> Roster:
    """Five queries, however many people."""
    workshop = meeting.day.workshop
    people, emails = [], dict[int, str]()
    live = Participant.objects.live().known().filter(workshop=workshop)
    for key, first, last, email, short, province, passed_on in live.values_list(*_FIELDS):
        email = "" if passed_on else email  # it says who passes mail on, not who is there
        people.append(Named(key, first, last, email, tuple(place for place in (province, short) if place)))
        emails[key] = email
    return Roster(people, _addresses(meeting, emails), _names(workshop, emails), _presses(meeting), _registrants(meeting, emails))


def _addresses(meeting: ReportedMeeting, emails: dict[int, str]) -> dict[str, set[int]]:
    """An address handed over for this very meeting means whom it was handed over for; any other address, all who have or had it."""
    anywhere, here = defaultdict(set), defaultdict(set)
    for key, email in emails.items():
        if email:
            anywhere[email.lower()].add(key)
    rows = ZoomHandover.objects.filter(participant__workshop=meeting.day.workshop).values_list("email", "participant", "day", "track")
    for email, key, day, track in rows:
        if key in emails:
            anywhere[email.lower()].add(key)
            is_here = track == meeting.track.pk if meeting.track else day == meeting.day.pk
            if is_here:
                here[email.lower()].add(key)
    return {**anywhere, **here}


def _names(workshop: Workshop, emails: dict[int, str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for key, name in zoom_names_in(workshop).items():
        if key in emails:
            found[" ".join(str(name).split())].add(key)
    return found


def _presses(meeting: ReportedMeeting) -> dict[int, list[dt.datetime]]:
    """In Bangkok's time, without a zone. Who pressed for a track came for the day as well, so either is a hint."""
    found: dict[int, list[dt.datetime]] = defaultdict(list)
    for key, at in JoinPress.objects.filter(day=meeting.day).values_list("participant", "at"):
        found[key].append(at.astimezone(BANGKOK).replace(tzinfo=None))
    return found


def _registrants(meeting: ReportedMeeting, emails: dict[int, str]) -> dict[str, int]:
    of_meeting = {"webinar__track": meeting.track} if meeting.track else {"webinar__day": meeting.day}
    rows = ZoomRegistrant.objects.filter(**of_meeting, participant__isnull=False).values_list("registrant_id", "participant")
    return {key: person for key, person in rows if person in emails}
