"""Making people anonymous when the time is over that the privacy notice promises. What was chosen stays and is counted."""

import datetime as dt
from uuid import uuid4

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.certificates.actions import remove_names
from registration.evaluation.actions.answers import forget
from registration.exports.actions import discard
from registration.mail import files as mail_files
from registration.models import (
    Attendance,
    AttendanceDoubt,
    CheckIn,
    Delivery,
    Event,
    Export,
    Invitation,
    JoinPress,
    NominationFile,
    Objection,
    Participant,
    ReportFile,
    Sighting,
    WebhookDelivery,
    ZoomFile,
    ZoomHandover,
    ZoomWebinar,
)
from registration.models.participant import new_code
from registration.seats import quotas
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Workshop

#: Columns of a participant that say who they are, and are left empty.
WORDS = (
    *("title", "first_name", "last_name", "sort_key", "name_key", "position", "organisation", "organisation_short"),
    *("phone", "phone_extension", "decision_reason", "guardian_name", "guardian_email", "guardian_phone"),
)
#: So many people are made anonymous in one transaction.
PORTION = 200


def anonymise(*, workshop: Workshop, by: Actor, at: dt.datetime | None = None) -> int:
    """Takes from everybody of `workshop` whatever says who they are. Returns how many people.

    Province, group, state, days, tracks and minutes of attendance stay, and the date of the registration without the hour. History, mails,
    invitations, lists of nominees, what was handed to Zoom, objections and exports go. In portions: safe to kill and run again.
    """
    at = at or timezone.now()
    count = 0
    while portion := list(Participant.objects.known().filter(workshop=workshop).order_by("pk")[:PORTION]):
        _forget(portion, at)
        count += len(portion)
    _close(workshop, count, by=by, at=at)
    return count


@repeated_after_deadlock
def _close(workshop: Workshop, count: int, *, by: Actor, at: dt.datetime) -> None:
    with transaction.atomic():
        _forget_the_rest(workshop)
        Workshop.objects.filter(pk=workshop.pk).update(anonymised_at=at)
        trail.record_anonymising(by=by, workshop=workshop, count=count, at=at)


@repeated_after_deadlock
@transaction.atomic
def _forget(people: list[Participant], at: dt.datetime) -> None:
    deliveries = Delivery.objects.filter(participant__in=people)
    mail_files.delete_about({person.email for person in people} | {person.code for person in people})
    _forget_log(Delivery, deliveries.values_list("pk", flat=True))
    _forget_log(Participant, [person.pk for person in people])
    _forget_log(Objection, Objection.objects.filter(participant__in=people).values_list("pk", flat=True))
    remove_names(participants=[person.pk for person in people], at=at, is_time_over=True)
    forget(participants=people, workshop_id=people[0].workshop_id)
    Attendance.objects.filter(participant__in=people).update(entered_reason="", entered_by=None)
    for model in (Event, Objection, ZoomHandover, JoinPress, AttendanceDoubt, CheckIn, WebhookDelivery):
        model._default_manager.filter(participant__in=people).delete()
    deliveries.delete()
    for person in people:
        day = timezone.localtime(person.registered_at).replace(hour=0, minute=0, second=0, microsecond=0)
        Participant.objects.filter(pk=person.pk).update(
            **dict.fromkeys(WORDS, ""),
            # Unique in the workshop, and no address: the domain is reserved for that (RFC 2606).
            email=f"{uuid4().hex}@anonymous.invalid",
            code=new_code(),
            submission=uuid4(),
            link_version=person.link_version + 1,
            registered_at=day,
            consented_at=day,
            state_changed_at=day,
            link_opened_at=None,
            asked_to_open_at=None,
            anonymised_at=at,
        )


def _forget_the_rest(workshop: Workshop) -> None:
    """People who were invited or proposed, and the files about all of them. Seats that invitations held are free."""
    invitations = Invitation.objects.filter(workshop=workshop)
    quotas.lock_all(invitations.values_list("quota", flat=True))
    for invitation in invitations.keeping_seats().select_related("quota"):
        quotas.release([invitation.quota])
    mail_files.delete_about(set(invitations.values_list("email", flat=True)))
    _forget_log(Invitation, invitations.values_list("pk", flat=True))
    invitations.delete()
    NominationFile.objects.filter(quota__workshop=workshop).delete()
    ZoomFile.objects.of_workshop(workshop).delete()
    ZoomWebinar.objects.of_workshop(workshop).delete()
    Sighting.objects.filter(day__workshop=workshop).delete()
    ReportFile.objects.filter(report__workshop=workshop).delete()
    for export in Export.objects.filter(workshop=workshop):
        discard(export=export)


def _forget_log(model: type, keys: object) -> None:
    content_type = ContentType.objects.get_for_model(model)
    known = LogEntry.objects.filter(content_type=content_type, object_id__in=[str(key) for key in keys])  # type: ignore[attr-defined]
    known.update(object_repr="–", change_message="")
