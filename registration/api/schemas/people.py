"""People, who attended and who has a certificate: for each scope no more than it is for."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from ninja import Schema
from pydantic import Field

from registration.certificates.verification import CertificateStanding, standing_of
from registration.choices import State
from registration.models import Attendance, Certificate, Participant


class TrackChoiceOut(Schema):
    session: int = Field(description="The session’s id in the programme")
    track: int = Field(description="The track’s number")


class ContactOut(Schema):
    email: str
    email_is_passed_on: bool = Field(description="It is the address of somebody who passes e-mails on")
    phone: str
    phone_extension: str


class PersonOut(Schema):
    code: str = Field(description="The reference code")
    workshop: str
    place: str = Field(description="A province’s two digits, or central")
    group: str
    state: State
    state_since: dt.datetime
    registered_at: dt.datetime
    title: str
    first_name: str
    last_name: str
    position: str
    organisation: str
    organisation_short: str
    language: str
    days: list[dt.date]
    tracks: list[TrackChoiceOut]
    contact: ContactOut | None = Field(description="null without the scope read:contacts")

    @classmethod
    def of(cls, person: Participant, *, with_contact: bool) -> "PersonOut":
        """Read `with_choices`."""
        return cls(
            code=person.code,
            workshop=person.workshop.slug,
            place=person.quota.code,
            group=person.group.code,
            state=State(person.state),
            state_since=person.state_changed_at,
            registered_at=person.registered_at,
            title=person.title,
            first_name=person.first_name,
            last_name=person.last_name,
            position=person.position,
            organisation=person.organisation,
            organisation_short=person.organisation_short,
            language=person.language,
            days=sorted(day.date for day in person.days.all()),
            tracks=[TrackChoiceOut(session=choice.item_id, track=choice.track.number) for choice in person.choices.all()],
            contact=_contact(person) if with_contact else None,
        )


def _contact(person: Participant) -> ContactOut:
    return ContactOut(
        email=person.email, email_is_passed_on=person.has_contact_address, phone=person.phone, phone_extension=person.phone_extension
    )


class PeopleOut(Schema):
    items: list[PersonOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class AttendanceOut(Schema):
    person: str = Field(description="The reference code")
    date: dt.date
    session: int | None = Field(description="With a track: the session’s id in the programme")
    track: int | None = Field(description="The track’s number; null for the day as a whole")
    minutes: int
    source: Attendance.Source

    @classmethod
    def of(cls, row: Attendance) -> "AttendanceOut":
        return cls(
            person=row.participant.code,
            date=row.day.date,
            session=row.track.item_id if row.track else None,
            track=row.track.number if row.track else None,
            minutes=row.minutes,
            source=Attendance.Source(row.source),
        )


class AttendancesOut(Schema):
    items: list[AttendanceOut]
    next: str | None


class CertificateOut(Schema):
    person: str = Field(description="The reference code")
    number: str = Field(description="As it is printed")
    edition: int
    standing: CertificateStanding
    issued_at: dt.datetime
    verify: str | None = Field(description="Where anybody verifies it; null where it is not valid any more")

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateOut":
        assert certificate.participant
        standing = standing_of(certificate)
        return cls(
            person=certificate.participant.code,
            number=certificate.snapshot.get("number", ""),
            edition=certificate.edition,
            standing=standing,
            issued_at=certificate.issued_at,
            verify=_address(certificate.token) if standing == CertificateStanding.VALID else None,
        )


def _address(token: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("verify", args=[token])


class CertificatesOut(Schema):
    items: list[CertificateOut]
    next: str | None
