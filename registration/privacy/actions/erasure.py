"""Erasing a person: from every table, from the outbox and from the files, and noting it where a restore will read it."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registration.actor import Actor
from registration.audit import trail
from registration.certificates.actions import remove_names
from registration.choices import SEAT_HOLDING, MessageName
from registration.errors import Erased
from registration.evaluation.actions.answers import forget
from registration.exports.actions import discard
from registration.mail import files as mail_files
from registration.models import (
    Delivery,
    Event,
    Export,
    Invitation,
    NominationFile,
    Nominee,
    Participant,
    ReportFile,
    Sighting,
    ZoomHandover,
    ZoomLine,
    ZoomRegistrant,
)
from registration.privacy import erasure_register
from registration.seats import quotas
from registration.seats.actions.reserve import fill, free
from registration.seats.deadlocks import repeated_after_deadlock
from registration.webhooks.notes import note_erasure


@dataclass(frozen=True, slots=True)
class Traces:
    """By what a person is found outside their own rows: codes, addresses, and (title apart) their names."""

    codes: frozenset[str]
    emails: frozenset[str]
    names: frozenset[tuple[str, str]]

    @property
    def words(self) -> frozenset[str]:
        return self.codes | self.emails | {f"{first} {last}" for first, last in self.names}

    def are_in(self, text: str) -> bool:
        return any(word in text for word in self.words)


def registrations_of(participant: Participant) -> list[Participant]:
    """All registrations under their address, in whatever workshop: whoever reads that mailbox is one person to us.

    Whose mail somebody else passes on has this registration alone, and who passes it on, their own.
    """
    known = Participant.objects.known().with_own_address().filter(email=participant.email)
    if participant.has_contact_address:
        known = Participant.objects.known().filter(pk=participant.pk)
    return list(known.select_related("workshop", "quota__province").order_by("workshop", "pk"))


@repeated_after_deadlock
def erase(*, participant: Participant, by: Actor, note: bool = True, at: dt.datetime | None = None) -> int:
    """Deletes everything about the owner of their address, and gives their seats to the next in line. Returns how many registrations.

    `note` writes it into the register of erasures, unless it comes from there. No mail tells them: it would be kept. What
    stays are numbers and, in the audit trail, the key of a row that is gone.
    Afterwards the database still has bytes of them in free pages until `storage.scrub` has run.
    """
    at = at or timezone.now()
    with transaction.atomic():
        people = registrations_of(participant)
        traces = traces_of(people)
        invited = Invitation.objects.filter(email__in=traces.emails).values_list("quota", flat=True)
        quotas.lock_all([*(person.quota_id for person in people), *invited])
        for person in people:
            try:
                remove_registration(person, by=by, at=at)
            except Erased:  # by somebody else at this very moment
                continue
        erase_invitations(traces.emails, by=by, at=at)
        erase_mentions(traces, people)
        erase_files(traces, {person.workshop_id for person in people})
        if note:
            erasure_register.write(codes=traces.codes, emails=traces.emails, at=at)
    return len(people)


def traces_of(people: Iterable[Participant]) -> Traces:
    """An older address is theirs where they had opened our mail before they left it, and where nobody else is registered with it.

    One that they only asked for, or mistyped, may be a stranger's, and a stranger keeps their invitations and mails.
    """
    people = list(people)
    opened = Delivery.objects.filter(participant__in=people, created_at__gte=F("participant__link_opened_at"))
    former = set(opened.exclude(message=MessageName.CONFIRM_EMAIL).values_list("email", flat=True))
    former -= set(
        Participant.objects.exclude(pk__in=[person.pk for person in people]).filter(email__in=former).values_list("email", flat=True)
    )
    emails = {person.email for person in people if not person.has_contact_address} | former
    return Traces(
        frozenset(person.code for person in people),
        frozenset(emails),
        frozenset((person.first_name, person.last_name) for person in people),
    )


def remove_registration(person: Participant, *, by: Actor, at: dt.datetime) -> None:
    """Deletes the row with its history, mails and choices, and notes it; the next in line gets the seat. Raises Erased."""
    seat, tracks = quotas.lock_seat_of(person)
    note_erasure(person, at=at)
    trail.record_erasure(by=by, participant=person, at=at)
    Nominee.objects.filter(Q(participant=person) | Q(invitation__participant=person)).delete()
    Invitation.objects.filter(participant=person).delete()
    if person.state in SEAT_HOLDING:
        free(person, seat, tracks, by=by, at=at)
    remove_names(participants=[person.pk], at=at)
    forget(participants=[person], workshop_id=person.workshop_id)
    Sighting.objects.filter(participant=person).delete()
    _leave_zooms_key(ZoomRegistrant.objects.filter(participant=person))
    person.delete()


@repeated_after_deadlock
def erase_invitations(emails: Iterable[str], *, by: Actor, at: dt.datetime, before: dt.datetime | None = None) -> int:
    """Deletes the invitations of `emails`, made up to `before` where that is given. A seat that one held goes on. Returns how many."""
    invited = Invitation.objects.filter(email__in=list(emails), **({"created_at__lte": before} if before else {}))
    with transaction.atomic():
        quotas.lock_all(invited.values_list("quota", flat=True))
        found = list(invited.order_by("workshop", "pk"))
        for invitation in found:
            seat, tracks = quotas.lock(invitation.workshop_id, invitation.quota_id)
            held = Invitation.objects.keeping_seats().filter(pk=invitation.pk).exists()
            Nominee.objects.filter(invitation=invitation).delete()
            invitation.delete()
            if held:
                quotas.release([seat])
                fill(seat, tracks, by=by, at=at, freed=1)
    return len(found)


def erase_mentions(traces: Traces, people: Iterable[Participant]) -> None:
    """Where they stand in what belongs to others: lists of nominees, reports, histories, logs, kept results and tasks."""
    people = list(people)
    places = {person.quota_id for person in people}
    _erase_rows(traces, people, places)
    for word in traces.codes | traces.emails:
        _erase_word(traces, word)
    _erase_in_files(traces, places)
    for session in Session.objects.all():
        if traces.are_in(json.dumps(session.get_decoded(), ensure_ascii=False)):
            session.delete()


def _erase_rows(traces: Traces, people: list[Participant], places: set[int]) -> None:
    """Rows that are about them alone."""
    named = Q(pk__in=[])
    for first, last in traces.names:
        named |= Q(file__quota__in=places, values__first_name=first, values__last_name=last)
    Nominee.objects.filter(Q(email__in=traces.emails) | Q(named, email="")).delete()
    ZoomHandover.objects.filter(email__in=traces.emails).delete()
    _leave_zooms_key(ZoomRegistrant.objects.filter(email__in=traces.emails))
    ZoomLine.objects.filter(Q(email__in=traces.emails) | Q(removed__in=traces.emails)).delete()
    Sighting.objects.filter(email__in=traces.emails).delete()
    for first, last in traces.names:
        Sighting.objects.filter(name__contains=first, day__workshop__in={person.workshop_id for person in people}).filter(
            name__contains=last
        ).delete()
    passed_on = Delivery.objects.filter(participant__has_contact_address=True)  # through their mailbox, about somebody else
    Delivery.objects.filter(email__in=traces.emails, user=None).exclude(pk__in=passed_on.values("pk")).delete()


def _erase_word(traces: Traces, word: str) -> None:
    """A code or an address in histories, logs and tasks."""
    for event in Event.objects.filter(details__icontains=word):
        kept = {name: value for name, value in event.details.items() if not traces.are_in(json.dumps(value, ensure_ascii=False))}
        Event.objects.filter(pk=event.pk).update(details=kept)
    LogEntry.objects.filter(object_repr__icontains=word).update(object_repr="–")
    LogEntry.objects.filter(change_message__icontains=word).update(change_message="")
    DBTaskResult.objects.filter(Q(traceback__icontains=word) | Q(args_kwargs__icontains=word)).delete()


def _erase_in_files(traces: Traces, places: set[int]) -> None:
    for file in NominationFile.objects.filter(quota__in=places).exclude(remarks=[]):
        remarks = [remark for remark in file.remarks if not traces.are_in(json.dumps(remark, ensure_ascii=False))]
        NominationFile.objects.filter(pk=file.pk).update(remarks=remarks)
    for file in NominationFile.objects.filter(quota__in=places).exclude(sheets=[]):
        if traces.are_in(json.dumps(file.sheets, ensure_ascii=False)):  # its rows stay; its columns cannot be looked at again
            NominationFile.objects.filter(pk=file.pk).update(sheets=[], layouts=[], is_settled=True)


def _leave_zooms_key(registered: QuerySet[ZoomRegistrant]) -> None:
    """Without it nobody could be removed from Zoom's list any more; it goes as soon as they are."""
    registered.update(participant=None, email="", first_name="", last_name="", join_url="")


def erase_files(traces: Traces, workshops: Iterable[int]) -> None:
    """Mail that was written to files, and every export of their workshops: whoever wants one asks for it anew."""
    mail_files.delete_about(traces.codes | traces.emails)
    for export in Export.objects.filter(workshop__in=list(workshops)):
        discard(export=export)
    # What was read from a report stays, without them; the file itself would still name them.
    ReportFile.objects.filter(report__workshop__in=list(workshops)).delete()
