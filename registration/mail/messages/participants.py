"""The messages to those who registered."""

import datetime as dt
from collections.abc import Collection, Iterable
from email.mime.base import MIMEBase
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.choices import ENDED, SEAT_HOLDING, MessageName, State
from registration.links import fresh, signed
from registration.links.meetings import visible_links
from registration.mail.messages import attachments
from registration.mail.messages.registry import Content, message, only_while
from registration.mail.messages.words import contacts_of, day_in_words
from registration.mail.unlinked import unlinked
from registration.materials.told import documents_of
from registration.models import Certificate, Delivery, Evaluation, Invitation, Participant
from registration.people.addresses import masked_address
from registration.people.display_names import namesakes, zoom_name
from registration.seats.places import place_in_sentence
from registration.seats.working_days import a_working_day_after
from sessions.models import AgendaItem, Release, Track, Workshop, WorkshopDay

#: What all these messages show beside the person.
SHOWN = ("days__items", "workshop__contacts")


def read_together(keys: Collection[int]) -> dict[int, Participant]:
    """Those people with all that `about` and their calendars show, by key: six queries for however many. A workshop is read once."""
    people = {person.pk: person for person in Participant.objects.with_choices().filter(pk__in=keys)}
    workshops: dict[int, Workshop] = {}
    for person in people.values():
        person.workshop = workshops.setdefault(person.workshop_id, person.workshop)
    prefetch_related_objects(list(people.values()), *SHOWN)
    return people


def about(participant: Participant, state: str = "") -> dict[str, Any]:
    """What the templates of all these messages may use. `state` is the one at the event that is told, where that was kept."""
    prefetch_related_objects([participant], *SHOWN)
    workshop = participant.workshop
    state = state or participant.state
    called = zoom_name(participant, namesakes(participant))
    return {
        "participant": participant,
        "workshop": workshop,
        "contacts": workshop.contacts.all(),
        "name": unlinked(participant.full_name),
        "status": _status(participant, state),
        "origin": place_in_sentence(participant.quota),
        "shows_name": participant.holds_seat and state in SEAT_HOLDING,  # where one of them is late, no seat is promised
        "zoom_name": unlinked(str(called)),
        "zoom_name_parts": [unlinked(part) for part in (called.first, called.last)],
        "days": [day_in_words(day, participant.choices.all()) for day in participant.days.all()],
        "personal_url": signed.personal_url(participant),
        "workshop_url": signed.absolute(reverse("workshop", args=[workshop.slug])),
    }


def _as_now(delivery: Delivery) -> Participant:
    assert delivery.participant_id is not None, "this message is for participants"
    return Participant.objects.with_choices().get(pk=delivery.participant_id)


def _state_now(delivery: Delivery) -> str:
    assert delivery.participant_id is not None, "this message is for participants"
    return Participant.objects.values_list("state", flat=True).get(pk=delivery.participant_id)


def _is_live(delivery: Delivery, at: dt.datetime) -> bool:
    return _state_now(delivery) not in ENDED


def _is_confirmed(delivery: Delivery, at: dt.datetime) -> bool:
    return _state_now(delivery) == State.CONFIRMED


def _is_offered(delivery: Delivery, at: dt.datetime) -> bool:
    return _state_now(delivery) == State.OFFERED


def _may_see_the_link(delivery: Delivery, at: dt.datetime) -> bool:
    return any(link.day.pk == delivery.details["day"] for link in visible_links(_as_now(delivery), at))


def _still_comes(delivery: Delivery, at: dt.datetime) -> bool:
    day = WorkshopDay.objects.filter(participants=delivery.participant_id, pk=delivery.details["day"], is_cancelled=False).first()
    return day is not None and _is_confirmed(delivery, at) and at < day.ends_at()


@message
@only_while(_is_confirmed)
def confirmed(delivery: Delivery, at: dt.datetime) -> Content:
    values = {"full_tracks": _full_tracks(delivery), **_for_whom_others_registered(delivery), **_guardian_to_tell(delivery)}
    return Content(values, _files_of_a_sure_seat(delivery, at))


@message
@only_while(_is_live)
def pending(delivery: Delivery, at: dt.datetime) -> Content:
    values = {"full_tracks": _full_tracks(delivery), "again": delivery.details.get("again", False)}
    return Content(values | _guardian_to_tell(delivery), _calendar_if_they_have_one(delivery, at))


@message
@only_while(_is_live)
def applied(delivery: Delivery, at: dt.datetime) -> Content:
    values = {"announce_by": _participant(delivery).workshop.announce_by, **_for_whom_others_registered(delivery)}
    return Content(values | _guardian_to_tell(delivery))


@message
@only_while(_is_live)
def reserve(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({"again": delivery.details.get("again", False)}, _calendar_if_they_have_one(delivery, at))


@message
def substituted(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({}, _calendar_if_they_have_one(delivery, at))


@message
@only_while(_is_confirmed)
def substitute_ended(delivery: Delivery, at: dt.datetime) -> Content:
    substitute = Invitation.objects.filter(pk=delivery.details["invitation"]).first()  # none where they were erased since
    values = {"contacts": contacts_of(_participant(delivery).quota), "substitute": unlinked(substitute.email) if substitute else "–"}
    return Content(values)


@message
@only_while(_is_live)
def waiting(delivery: Delivery, at: dt.datetime) -> Content:
    return Content(_for_whom_others_registered(delivery) | _guardian_to_tell(delivery))


@message
@only_while(_is_live)
def moved_up(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({"full_tracks": _full_tracks(delivery)}, _files_of_a_sure_seat(delivery, at))


@message
@only_while(_is_offered)
def offered(delivery: Delivery, at: dt.datetime) -> Content:
    return Content(
        {
            "full_tracks": _full_tracks(delivery),
            "until": _participant(delivery).offer_expires_at,
            "action_label": _("Accept the seat on your personal page"),
        }
    )


@message
def offer_expired(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()


def _never_opened(delivery: Delivery, at: dt.datetime) -> bool:
    return Participant.objects.unproven().filter(deliveries=delivery).exists()


@message
@only_while(_never_opened)
def open_link(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({"until": a_working_day_after(at), "action_label": _("Open your personal page and keep the seat")})


@message
def gave_way(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({}, _calendar_if_they_have_one(delivery, at))


@message
def declined(delivery: Delivery, at: dt.datetime) -> Content:
    values = {**_reason(delivery), "contacts": contacts_of(_participant(delivery).quota)}
    return Content(values, _calendar_if_they_have_one(delivery, at))


@message
def cancelled(delivery: Delivery, at: dt.datetime) -> Content:
    return Content(_reason(delivery), _calendar_if_they_have_one(delivery, at))


@message
def changed(delivery: Delivery, at: dt.datetime) -> Content:
    fields = delivery.details["fields"]
    values = {"changes": _field_names(fields), **(_guardian_to_tell(delivery) if "group" in fields else {})}
    return Content(values, _calendar_if_confirmed(delivery, at, delivery.details.get("days_dropped", [])))


def _has_a_name(delivery: Delivery, at: dt.datetime) -> bool:
    participant = _as_now(delivery)
    return participant.holds_seat and not participant.workshop.standing(at).is_over


@message
@only_while(_has_a_name)
def renamed(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({}, _calendar_if_confirmed(delivery, at))


@message
def link(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()


@message
@only_while(_still_comes)
def reminder(delivery: Delivery, at: dt.datetime) -> Content:
    return _day_and_links(delivery, at)


@message
@only_while(_may_see_the_link)
def meeting_link(delivery: Delivery, at: dt.datetime) -> Content:
    return _day_and_links(delivery, at)


def _concerns(delivery: Delivery, at: dt.datetime) -> bool:
    participant = _as_now(delivery)
    return participant.holds_seat and bool(_changes_for(participant, delivery))


def _changes_for(participant: Participant, delivery: Delivery) -> list[tuple[dt.date, list[str]]]:
    release = Release.objects.get(pk=delivery.details["release"])
    return release.in_words(days={day.pk for day in participant.days.all()})


@message
@only_while(_concerns)
def agenda_changed(delivery: Delivery, at: dt.datetime) -> Content:
    participant = _participant(delivery)
    number = Release.objects.get(pk=delivery.details["release"]).number
    agenda_url = signed.absolute(reverse("agenda", args=[participant.workshop.slug]))
    values = {"number": number, "changes": _changes_for(participant, delivery), "agenda_url": agenda_url}
    return Content(values, _calendar_if_confirmed(delivery, at))


@message
def confirm_email(delivery: Delivery, at: dt.datetime) -> Content:
    """To a new address, whose owner must say that it is theirs before anything about the person goes there."""
    path = reverse("confirm_new_email", args=[signed.new_email_token(_participant(delivery), delivery.email)])
    return Content({"shows_name": False, "confirm_url": signed.absolute(path), "days_left": signed.NEW_EMAIL_AGE.days})


@message
def email_changed(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({"shows_name": False, "new_address": masked_address(_participant(delivery).email)})


@message
@only_while(_is_live)
def guardian_told(delivery: Delivery, at: dt.datetime) -> Content:
    participant = _participant(delivery)
    values = {"shows_name": False, "name": unlinked(participant.guardian_name), "child": unlinked(participant.full_name)}
    return Content(values | {"guardian_url": signed.guardian_url(participant), "privacy_url": signed.absolute(reverse("privacy"))})


def _has_a_certificate(delivery: Delivery, at: dt.datetime) -> bool:
    return Certificate.objects.given_out().filter(participant=delivery.participant_id).exists()


@message
@only_while(_has_a_certificate)
def certificate(delivery: Delivery, at: dt.datetime) -> Content:
    own = Certificate.objects.given_out().get(participant=delivery.participant_id)
    printed = own.snapshot
    return Content({"number": printed["number"], "printed_name": printed["name"], "corrected": own.edition > 1})


def _is_open_for_answers(delivery: Delivery, at: dt.datetime) -> bool:
    return Evaluation.objects.open_at(at).filter(pk=delivery.details["evaluation"]).exists()


@message
@only_while(_is_open_for_answers)
def evaluation(delivery: Delivery, at: dt.datetime) -> Content:
    asked = Evaluation.objects.select_related("day").get(pk=delivery.details["evaluation"])
    url = signed.personal_url(_participant(delivery)) + f"evaluation/{asked.pk}/"
    return Content({"evaluation": asked, "day": asked.day, "evaluation_url": url})


def _finds_documents(delivery: Delivery, at: dt.datetime) -> bool:
    day = WorkshopDay.objects.filter(pk=delivery.details["day"]).first()
    return day is not None and bool(documents_of(_as_now(delivery), day))


@message
@only_while(_finds_documents)
def thanks(delivery: Delivery, at: dt.datetime) -> Content:
    day = WorkshopDay.objects.get(pk=delivery.details["day"])
    documents = documents_of(_participant(delivery), day)
    return Content({"day": day, "documents": documents, "documents_url": signed.personal_url(_participant(delivery)) + "#documents"})


@message
def objection_answered(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({"answer": delivery.details["answer"], "objected_on": dt.date.fromisoformat(delivery.details["objected_on"])})


@message
def fresh_link(delivery: Delivery, at: dt.datetime) -> Content:
    """A link to one thing that matters, for ten minutes from now. Where the mail waited for long, only the way to ask for another one."""
    purpose, participant = delivery.details["purpose"], _participant(delivery)
    values = {"what": fresh.PURPOSES[purpose], "minutes": int(fresh.LINK_AGE.total_seconds() // 60), "asked_at": delivery.created_at}
    if at - delivery.created_at >= fresh.GONE_AFTER:
        return Content(values | {"is_late": True, "ask_url": signed.absolute(reverse(purpose, args=[participant.code]))})
    return Content(values | {"is_late": False, "fresh_url": fresh.url(participant, purpose)})


# What they share


def _participant(delivery: Delivery) -> Participant:
    assert delivery.participant is not None, "this message is for participants"
    return delivery.participant


def _day_and_links(delivery: Delivery, at: dt.datetime) -> Content:
    participant = _participant(delivery)
    chosen = {day.pk: day for day in participant.days.all()}
    day = chosen.get(delivery.details["day"]) or WorkshopDay.objects.get(pk=delivery.details["day"])
    own = [link for link in visible_links(participant, at) if link.day.pk == day.pk]
    opens_at = day.join_link_opens_at()
    values = {"day": day, "join_links": own, "begins_at": day.begins_at(), "link_comes_at": opens_at if at < opens_at else None}
    qr = [attachments.code_as_qr(participant)] if day.room else []
    return Content(values, [*_calendar_if_confirmed(delivery, at), *qr])


def _status(participant: Participant, state: str) -> str:
    if participant.province is None and state == State.PENDING:
        return _("Waiting for NESDC’s decision")
    if participant.province is None and state == State.APPLIED:
        return _("Waiting for NESDC’s selection")
    if state == State.DECLINED:
        return _("Not selected this time")
    return str(State(state).label)


def _full_tracks(delivery: Delivery) -> Iterable[Track]:
    return Track.objects.filter(pk__in=delivery.details.get("tracks_full", []))


def _for_whom_others_registered(delivery: Delivery) -> dict[str, Any]:
    """What is left to do for somebody whom their province put forward: they have accepted no privacy notice and chosen no topic."""
    participant = _participant(delivery)
    if participant.consent_version:
        return {"by_province": False}
    topics = AgendaItem.objects.filter(day__participants=participant, tracks__isnull=False)
    lacks_topic = topics.exclude(pk__in=[choice.item_id for choice in participant.choices.all()]).exists()
    return {"by_province": True, "lacks_topic": lacks_topic, "privacy_url": signed.absolute(reverse("privacy"))}


def _guardian_to_tell(delivery: Delivery) -> dict[str, str]:
    """The link to pass on to a parent or guardian who agreed and gave no address: nobody but the participant tells them."""
    participant = _participant(delivery)
    if not participant.guardian_name or participant.guardian_email:
        return {}
    return {"guardian": unlinked(participant.guardian_name), "guardian_url": signed.guardian_url(participant)}


def _reason(delivery: Delivery) -> dict[str, str]:
    return {"reason": unlinked(delivery.details.get("reason", ""))}


def _field_names(fields: Iterable[str]) -> list[str]:
    names = {"days": _("days"), "tracks": pgettext("changed", "topics"), "phone_extension": _("phone"), "province": _("province")}
    return list(dict.fromkeys(names.get(name) or str(label_for_field(name, Participant)) for name in fields))


def _calendar_if_confirmed(delivery: Delivery, at: dt.datetime, dropped: Collection[int] = ()) -> list[MIMEBase]:
    participant = _participant(delivery)
    dropped = set(dropped) - {day.pk for day in participant.days.all()}  # who chose a day again meanwhile keeps it
    return [attachments.calendar(participant, at, dropped)] if participant.state == State.CONFIRMED else []


def _files_of_a_sure_seat(delivery: Delivery, at: dt.datetime) -> list[MIMEBase]:
    calendar = _calendar_if_confirmed(delivery, at)
    return [*calendar, attachments.code_as_qr(_participant(delivery))] if calendar else []


def _calendar_if_they_have_one(delivery: Delivery, at: dt.datetime) -> list[MIMEBase]:
    """The calendar that strikes out the days, or says that they are no longer sure, for whom was sent one that has them."""
    participant = _participant(delivery)
    sent = participant.deliveries.filter(message__in=[MessageName.CONFIRMED, MessageName.MOVED_UP], state=Delivery.State.SENT)
    return [attachments.calendar(participant, at)] if participant.state != State.CONFIRMED and sent.exists() else []
