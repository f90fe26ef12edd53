"""Everything that is held about a person, for themselves: the same as a page to read and as a file to take along.

Source: Personal Data Protection Act B.E. 2562, sections 30 (access, copy) and 31 (a form that machines read).
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.evaluation.asked import answered_by
from registration.models import AttendanceStop, Delivery, Event, Participant, ReportRow, Sighting
from registration.people import history, phones
from registration.people.display_names import namesakes, open_chat_name, zoom_name
from registration.privacy import retention
from sessions.formats import date_long, moment


@dataclass(frozen=True, slots=True)
class HeldDatum:
    """One thing that is held: its name in the file, what it is called, and what it says."""

    key: str
    label: str
    value: str | None
    #: As the page shows it, where that is not the value itself.
    shown: str = ""

    def __str__(self) -> str:
        return self.shown or self.value or "–"


@dataclass(frozen=True, slots=True)
class HeldSection:
    """Things that belong together; `entries` where there are several of a kind (mails, say)."""

    key: str
    title: str
    lines: list[HeldDatum] = field(default_factory=list)
    entries: list[list[HeldDatum]] = field(default_factory=list)

    def as_data(self) -> Any:
        if self.lines:
            return {line.key: line.value for line in self.lines}
        return [{line.key: line.value for line in entry} for entry in self.entries]


def sections(person: Participant) -> list[HeldSection]:
    return [
        _registration(person),
        _person(person),
        _choices(person),
        _history(person),
        _mails(person),
        _zoom(person),
        _zoom_links(person),
        _zoom_standings(person),
        _zoom_presences(person),
        *_attendance(person),
        _objections(person),
    ]


def as_data(people: list[Participant], at: dt.datetime) -> dict[str, Any]:
    """The same about each of `people`, for a JSON file. Moments are ISO 8601."""
    registrations = [{section.key: section.as_data() for section in sections(person)} for person in people]
    return {"made_at": at.isoformat(timespec="seconds"), "registrations": registrations}


def _at(key: str, label: str, value: dt.datetime | None) -> HeldDatum:
    local = timezone.localtime(value) if value else None
    return HeldDatum(key, label, local.isoformat(timespec="seconds") if local else None, moment(value) if value else "")


def _registration(person: Participant) -> HeldSection:
    until = retention.kept_until(person.workshop)
    lines = [
        HeldDatum("workshop", _("Workshop"), person.workshop.title),
        HeldDatum("place", _("Province"), person.quota.name),
        HeldDatum("group", _("Group"), str(person.group)),
        HeldDatum("state", _("State"), person.state, str(person.get_state_display())),
        HeldDatum("code", _("Code"), person.code),
        _at("registered_at", _("Registered at"), person.registered_at),
        _at("state_changed_at", _("State since"), person.state_changed_at),
        _at("link_opened_at", _("Link in our e-mails opened at"), person.link_opened_at),
        _at("asked_to_open_at", _("Asked to open it at"), person.asked_to_open_at),
        HeldDatum("notice_version", _("Privacy notice, version"), person.consent_version or None),
        _at("notice_accepted_at", _("Notice read at"), person.consented_at if person.consent_version else None),
        HeldDatum("kept_until", _("We keep it until"), until.isoformat() if until else None, date_long(until) if until else ""),
    ]
    if person.offer_expires_at:
        lines.append(_at("offer_expires_at", _("Offer expires"), person.offer_expires_at))
    if person.has_contact_address:
        lines.append(HeldDatum("mail", _("E-mail"), _("E-mails are passed on")))
    if person.guardian_name:
        lines.append(HeldDatum("guardian", _("Parent or guardian who consented"), person.guardian_name))
        contact = person.guardian_email or person.guardian_phone or None
        lines.append(HeldDatum("guardian_contact", _("Parent’s or guardian’s e-mail or phone"), contact))
    for stop in AttendanceStop.objects.filter(participant=person):
        lines.append(_at("attendance_stopped_at", _("Attendance not used since"), stop.at))
    if person.decision_reason:
        lines.append(HeldDatum("reason", _("Reason of the decision"), person.decision_reason))
    return HeldSection("registration", _("Your registration"), lines)


def _person(person: Participant) -> HeldSection:
    others = namesakes(person) if person.holds_seat else []
    names = {"title": _("Title"), "first_name": _("First name"), "last_name": _("Last name"), "position": _("Position")}
    names |= {"organisation": _("Organisation"), "organisation_short": _("Abbreviation"), "email": _("E-mail")}
    lines = [HeldDatum(key, label, getattr(person, key)) for key, label in names.items()]
    lines.append(HeldDatum("phone", _("Phone"), person.phone, phones.readable(person.phone, person.phone_extension)))
    lines.append(HeldDatum("phone_extension", _("Extension"), person.phone_extension or None))
    lines.append(HeldDatum("language", _("Language of the e-mails"), person.language, person.get_language_display()))
    lines.append(HeldDatum("zoom_name", _("Name in Zoom"), str(zoom_name(person, others))))
    lines.append(HeldDatum("open_chat_name", _("Name in the Open Chat"), open_chat_name(person, others)))
    return HeldSection("person", _("About you"), lines)


def _choices(person: Participant) -> HeldSection:
    days = [[HeldDatum("day", _("Day"), day.date.isoformat(), date_long(day.date))] for day in person.days.all()]
    topics = [[HeldDatum("topic", _("Topic"), str(choice.track))] for choice in person.choices.select_related("track")]
    return HeldSection("choices", _("Days and topics"), entries=days + topics)


def _history(person: Participant) -> HeldSection:
    def entry(event: Event) -> list[HeldDatum]:
        # Who of the office or the province it was, is that person's own matter.
        by = history.actor_in_words(Event(actor_kind=event.actor_kind))
        return [_at("at", _("When"), event.at), HeldDatum("what", _("What"), history.in_words(event)), HeldDatum("by", _("By"), by)]

    return HeldSection("history", _("What happened"), entries=[entry(event) for event in person.events.all()])


def _mails(person: Participant) -> HeldSection:
    def entry(mail: Delivery) -> list[HeldDatum]:
        return [
            _at("written_at", _("When"), mail.created_at),
            HeldDatum("about", _("What"), history.mail_in_words(mail)),
            HeldDatum("to", _("To"), mail.email),
            HeldDatum("state", _("State"), mail.state, str(mail.get_state_display())),
            _at("finished_at", _("Finished"), mail.finished_at),
        ]

    return HeldSection("mails", _("E-mails to you"), entries=[entry(mail) for mail in person.deliveries.order_by("pk")])


def _zoom(person: Participant) -> HeldSection:
    handed = person.zoom_handovers.select_related("day", "track").order_by("at")
    entries = [
        [
            _at("at", _("When"), one.at),
            HeldDatum("meeting", _("Meeting"), str(one.track or one.day)),
            HeldDatum("to", _("E-mail"), one.email),
        ]
        for one in handed
    ]
    return HeldSection("zoom", _("Handed over to Zoom"), entries=entries)


def _zoom_links(person: Participant) -> HeldSection:
    registered = person.zoom_registrants.select_related("webinar__day", "webinar__track").order_by("at")
    entries = [
        [
            _at("at", _("When"), one.at),
            HeldDatum("meeting", _("Meeting"), str(one.webinar.track or one.webinar.day)),
            HeldDatum("link", _("Your own link"), one.join_url or None),
            HeldDatum("key", _("Zoom’s key"), one.registrant_id),
        ]
        for one in registered
    ]
    return HeldSection("zoom_links", _("Registered in Zoom"), entries=entries)


def _zoom_standings(person: Participant) -> HeldSection:
    standings = person.zoom_standings.select_related("webinar__day", "webinar__track").order_by("at")
    entries = [
        [
            _at("at", _("When"), one.at),
            HeldDatum("meeting", _("Meeting"), str(one.webinar.track or one.webinar.day)),
            HeldDatum("to", _("E-mail"), one.email),
            HeldDatum("standing", _("State"), one.get_kind_display()),
            HeldDatum("key", _("Zoom’s key"), one.registrant_id),
        ]
        for one in standings
    ]
    return HeldSection("zoom_standings", _("Not let in by Zoom"), entries=entries)


def _zoom_presences(person: Participant) -> HeldSection:
    entries = [
        [
            HeldDatum("meeting", _("Meeting"), str(one.webinar.track or one.webinar.day)),
            _at("joined_at", _("Joined"), one.joined_at),
            _at("left_at", pgettext("meeting", "Left"), one.left_at),
        ]
        for one in person.zoom_presences.select_related("webinar__day", "webinar__track").order_by("pk")
    ]
    return HeldSection("zoom_presences", _("In Zoom on the day, as Zoom told it"), entries=entries)


def _attendance(person: Participant) -> list[HeldSection]:
    sections = (_minutes, _seen, _report_rows, _join_presses, _check_ins, _attendance_doubts, _certificates, _evaluations)
    return [section(person) for section in sections]


def _minutes(person: Participant) -> HeldSection:
    entries = [
        [
            HeldDatum("meeting", _("Meeting"), str(one.track or one.day)),
            HeldDatum("minutes", _("Minutes"), str(one.minutes)),
            HeldDatum("known_from", _("Known from"), one.source, str(one.get_source_display())),
            HeldDatum("reason", _("Reason"), one.entered_reason or None),
        ]
        for one in person.attendances.select_related("day", "track")
    ]
    return HeldSection("attendance", _("Your attendance"), entries=entries)


def _seen(person: Participant) -> HeldSection:
    entries = [
        [
            HeldDatum("meeting", _("Meeting"), str(one.track or one.day)),
            HeldDatum("name", _("Name in the meeting"), one.name),
            HeldDatum("email", _("E-mail"), one.email or None),
            HeldDatum("verdict", _("How it is known"), one.verdict, str(one.get_verdict_display())),
        ]
        for one in _sightings_of(person).order_by("pk")
    ]
    return HeldSection("seen", _("Seen in meetings as"), entries=entries)


def _report_rows(person: Participant) -> HeldSection:
    entries = [
        [
            HeldDatum("meeting", _("Meeting"), str(one.sighting.track or one.sighting.day)),
            HeldDatum("name", _("Name in the meeting"), one.sighting.name),
            _at("joined_at", _("Joined"), one.joined_at),
            _at("left_at", pgettext("meeting", "Left"), one.left_at),
            HeldDatum("seconds", _("Seconds"), None if one.summed_seconds is None else str(one.summed_seconds)),
        ]
        for one in ReportRow.objects.filter(sighting__in=_sightings_of(person)).select_related("sighting__day", "sighting__track")
    ]
    return HeldSection("report_rows", _("Rows about you in meeting reports"), entries=entries)


def _join_presses(person: Participant) -> HeldSection:
    entries = [
        [_at("at", _("When"), one.at), HeldDatum("meeting", _("Meeting"), str(one.track or one.day))]
        for one in person.join_presses.select_related("day", "track").order_by("at")
    ]
    return HeldSection("pressed", _("When you pressed the button to join"), entries=entries)


def _check_ins(person: Participant) -> HeldSection:
    entries = [
        [
            HeldDatum("day", _("Day"), str(one.day)),
            _at("at", _("When"), one.at),
            _at("taken_back_at", pgettext("check-in", "Taken back"), one.taken_back_at),
        ]
        for one in person.check_ins.select_related("day").order_by("at")
    ]
    return HeldSection("checked_in", _("When you were checked in at the door"), entries=entries)


def _attendance_doubts(person: Participant) -> HeldSection:
    entries = [
        [
            _at("sent_at", _("When"), one.sent_at),
            HeldDatum("text", _("What you wrote"), one.text),
            HeldDatum("answer", _("Answer"), one.answer or None),
        ]
        for one in person.attendance_doubts.all()
    ]
    return HeldSection("attendance_doubts", _("What you said about your minutes"), entries=entries)


def _certificates(person: Participant) -> HeldSection:
    entries = [
        [
            HeldDatum("number", _("Number"), one.snapshot.get("number")),
            HeldDatum("name", _("Name"), one.snapshot.get("name")),
            _at("issued_at", _("Issued at"), one.issued_at),
            _at("replaced_at", _("Replaced at"), one.replaced_at),
            _at("withdrawn_at", _("Withdrawn at"), one.withdrawn_at),
        ]
        for one in person.certificates.all()
    ]
    return HeldSection("certificates", _("Your certificates"), entries=entries)


def _evaluations(person: Participant) -> HeldSection:
    entries = [[HeldDatum("evaluation", _("Evaluation"), each.title)] for each in answered_by(person)]
    return HeldSection("evaluations", _("Evaluations that you answered; what you answered is kept without your name"), entries=entries)


def _sightings_of(person: Participant) -> QuerySet[Sighting]:
    """Also the rooms in which they sat with others."""
    own = Q(participant=person) | Q(pk__in=person.room_seats.values("sighting"))
    return Sighting.objects.filter(own).select_related("day", "track")


def _objections(person: Participant) -> HeldSection:
    entries = [
        [
            _at("sent_at", _("When"), one.sent_at),
            HeldDatum("text", _("What you wrote"), one.text),
            HeldDatum("answer", _("Action taken"), one.answer or None),
            _at("answered_at", _("Answered at"), one.answered_at),
        ]
        for one in person.objections.order_by("pk")
    ]
    return HeldSection("objections", _("Your objections"), entries=entries)
