"""A participant (or staff for them) changes what they told when they registered. The province stays."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import SEAT_HOLDING, MessageName, State, Verb
from registration.errors import AddressTaken, Erased, GuardianNeeded, IllegalMove, QuotaFull, WindowClosed
from registration.mail import outbox
from registration.models import Delivery, Event, Participant, Quota, TrackChoice
from registration.people.applications import Notice, Person, asks_for_guardian
from registration.people.changes import DERIVED, different_fields, may_change
from registration.seats import quotas
from registration.seats.actions.states import record, tell_namesakes
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import StakeholderGroup, Track, WorkshopDay

#: What a history tells the former and the new value of, beside days and tracks.
CORRECTABLE = (
    *("title", "first_name", "last_name", "position", "organisation", "organisation_short", "phone", "phone_extension"),
    *("language", "group"),
)

#: What somebody's name in Zoom is made of.
NAMING = {"title", "first_name", "last_name", "organisation", "organisation_short"}


@repeated_after_deadlock
def change_details(
    *,
    participant: Participant,
    person: Person,
    days: Iterable[WorkshopDay],
    tracks: Iterable[Track],
    group: StakeholderGroup | None = None,
    language: str = "",
    tells: bool = True,
    by: Actor,
    at: dt.datetime | None = None,
) -> list[str]:
    """Writes what `person` now says and which days and tracks they chose. Their e-mail address is left as it is.

    Staff and coordinators do so at any time, and staff may let it pass untold. The history keeps the former and the new values.

    Returns the names of what changed; nothing is written or sent when that is nothing. `tracks` must carry
    their `quota`. Raises WindowClosed after the deadline, IllegalMove for whom it has ended (Erased among it), QuotaFull where a newly
    chosen track is full (everything then stays as it was).
    """
    at = at or timezone.now()
    days, tracks = list(days), list(tracks)
    with transaction.atomic():
        _seat, track_quotas = quotas.lock_seat_of(participant)
        if by.kind == ActorKind.PARTICIPANT and not may_change(participant, at):
            raise WindowClosed
        if not participant.is_live:
            raise IllegalMove(State(participant.state), State(participant.state))
        before = _told(participant)
        changed = _change_fields(participant, replace(person, email=participant.email))
        changed += _change_choices(participant, group=group, language=language)
        dropped = _dropped_days(participant, days)
        changed += _change_days(participant, days)
        changed += _change_tracks(participant, tracks, track_quotas)
        if changed:
            event = _record(participant, before, changed, by, at)
            if tells:
                outbox.post(MessageName.CHANGED, participant, occasion=event.pk, at=at, details={"fields": changed} | dropped)
    return changed


def _record(participant: Participant, before: dict[str, str], changed: list[str], by: Actor, at: dt.datetime) -> Event:
    """Into the history, with the former and the new values; and who has nearly the same name is told."""
    after = _told(participant)
    values = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    event = record(participant, Verb.CHANGED, by=by, at=at, fields=changed, values=values)
    if NAMING & set(changed):
        tell_namesakes(participant, at=at)
    return event


@repeated_after_deadlock
def change_group(
    *, participant: Participant, group: StakeholderGroup, agreement: Notice | None = None, by: Actor, at: dt.datetime | None = None
) -> None:
    """Corrects the group, which fits the place that the person comes from. Raises WindowClosed after the deadline.

    GuardianNeeded where the new group asks for a guardian, and none has agreed before or by this `agreement`.
    """
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock_seat_of(participant, "group_id")
        if not may_change(participant, at):
            raise WindowClosed
        if group.pk == participant.group_id:
            return
        agree(participant, group, agreement, at=at)
        values = {"group": [str(participant.group), str(group)]}
        _change_choices(participant, group=group, language="")
        event = record(participant, Verb.CHANGED, by=by, at=at, fields=["group"], values=values)
        outbox.post(MessageName.CHANGED, participant, occasion=event.pk, at=at, details={"fields": ["group"]})


def agree(participant: Participant, group: StakeholderGroup, agreement: Notice | None, *, at: dt.datetime) -> None:
    """Writes down who agreed that `participant` comes in `group`, and tells them. Raises GuardianNeeded where nobody did."""
    if group.pk == participant.group_id or participant.guardian_name:
        return
    if asks_for_guardian(group, of_age=bool(agreement and agreement.of_age)) and not (agreement and agreement.guardian):
        raise GuardianNeeded
    if agreement is None or not agreement.guardian:
        return
    told = {"guardian_name": agreement.guardian, "guardian_email": agreement.guardian_email, "guardian_phone": agreement.guardian_phone}
    for name, value in (told | {"consent_version": agreement.version, "consented_at": at}).items():
        setattr(participant, name, value)
    participant.save(update_fields=[*told, "consent_version", "consented_at"])
    if participant.guardian_email:
        outbox.post(MessageName.GUARDIAN_TOLD, participant, at=at, email=participant.guardian_email)


def _told(participant: Participant) -> dict[str, str]:
    words = {name: str(getattr(participant, name)) for name in CORRECTABLE}
    words["days"] = ", ".join(f"{date:%Y-%m-%d}" for date in participant.days.order_by("date").values_list("date", flat=True))
    choices = participant.choices.order_by("track__item__day__date", "item").select_related("track")
    words["tracks"] = ", ".join(str(choice.track) for choice in choices)
    return words


def _change_choices(participant: Participant, *, group: StakeholderGroup | None, language: str) -> list[str]:
    changed = []
    if group and group.pk != participant.group_id:
        participant.group = group
        changed.append("group")
    if language and language != participant.language:
        participant.language = language
        changed.append("language")
    participant.save(update_fields=changed)
    return changed


def _change_fields(participant: Participant, person: Person) -> list[str]:
    fields = different_fields(participant, person)
    for name, value in fields.items():
        setattr(participant, name, value)
    participant.save(update_fields=list(fields))
    return sorted(set(fields) - DERIVED)


def _dropped_days(participant: Participant, days: list[WorkshopDay]) -> dict[str, list[int]]:
    """For the mail: which days they have no longer, once they have only these. Calendars that have them strike them out."""
    dropped = list(participant.days.exclude(pk__in=[day.pk for day in days]).order_by("date").values_list("pk", flat=True))
    return {"days_dropped": dropped} if dropped else {}


def _change_days(participant: Participant, days: list[WorkshopDay]) -> list[str]:
    before = set(participant.days.values_list("pk", flat=True))
    if before == {day.pk for day in days}:
        return []
    participant.days.set(days)
    return ["days"]


def _change_tracks(participant: Participant, tracks: list[Track], track_quotas: dict[int, Quota]) -> list[str]:
    before = set(participant.choices.values_list("track_id", flat=True))
    after = {track.pk for track in tracks}
    if before == after:
        return []
    if participant.state in SEAT_HOLDING:
        quotas.release(track_quotas[pk] for pk in before - after)
        for quota in quotas.in_order(track_quotas[pk] for pk in after - before):
            if not quotas.take(quota):
                raise QuotaFull(quota)
    participant.choices.all().delete()
    TrackChoice.objects.bulk_create(TrackChoice(participant=participant, item_id=track.item_id, track=track) for track in tracks)
    return ["tracks"]


@repeated_after_deadlock
def ask_new_email(*, participant: Participant, email: str, by: Actor, at: dt.datetime | None = None) -> None:
    """Asks the owner of `email` (lower case) to confirm that it is the participant's new address."""
    at = at or timezone.now()
    with transaction.atomic():
        event = record(participant, Verb.EMAIL_CHANGE_ASKED, by=by, at=at)
        outbox.post(MessageName.CONFIRM_EMAIL, participant, occasion=event.pk, at=at, email=email)


@repeated_after_deadlock
def change_email(*, participant: Participant, email: str, by: Actor, at: dt.datetime | None = None) -> None:
    """Makes `email` the participant's address, once its owner confirmed it, tells the old one and sends the link to the new one.

    The old one may be a stranger's, where it was mistyped: every link that went there is dead from now on, and what has
    not been sent yet goes to the new one. Whoever had no mailbox of their own has one from now on. Raises AddressTaken
    when another registration of the workshop has it, and Erased.
    """
    at = at or timezone.now()
    before = participant.email
    if email == before:
        return
    try:
        with transaction.atomic():
            now = {"email": email, "has_contact_address": False, "link_version": F("link_version") + 1}
            if not Participant.objects.filter(pk=participant.pk).update(**now):
                raise Erased(participant)
            participant.refresh_from_db(fields=["link_version", "has_contact_address"])
            Delivery.objects.filter(participant=participant, email=before, state=Delivery.State.QUEUED).update(email=email)
            event = record(participant, Verb.EMAIL_CHANGED, by=by, at=at)
            outbox.post(MessageName.EMAIL_CHANGED, participant, occasion=event.pk, at=at, email=before)
            outbox.post(MessageName.LINK, participant, occasion=f"email-{event.pk}", at=at, email=email)
    except IntegrityError as error:
        raise AddressTaken from error
    participant.email = email
