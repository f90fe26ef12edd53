"""Text is cleaned where it enters a column, whichever way it comes."""

import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from registration.errors import TextRefused
from registration.models import Agency, Invitation, Mailing, Participant
from sessions.fields import LineField, ParagraphsField
from sessions.models import Workshop
from sessions.text import clean_paragraphs
from tests.factories import NOON, make_invitation, make_participant, make_person, make_workshop

pytestmark = pytest.mark.django_db

#: A vertical tab, a zero-width space, แ typed as two signs, ำ in two pieces, a mark of direction.
DIRTY, CLEAN = " นา\u000bเเก้ว\u200b น\u0e4d\u0e32\u202e  ", "นา แก้ว นำ"

#: Columns whose words the portal itself writes, or checks letter by letter.
OWN = {
    "agenda.Emblem.digest",
    "agenda.StakeholderGroup.code",
    "agenda.WorkshopDay.fingerprint",
    "registration.ApiAnswer.body",
    "registration.ApiAnswer.content_type",
    "registration.ApiAnswer.key",
    "registration.ApiAnswer.location",
    "registration.ApiAnswer.request",
    "registration.ApiToken.digest",
    "registration.ApiToken.place_code",
    "registration.AttendanceReport.claim",
    "registration.AttendanceReport.digest",
    "registration.AttendanceReport.kind",
    "registration.AttendanceReport.order",
    "registration.AttendanceReport.refusal",
    "registration.AuditEvent.actor_kind",
    "registration.AuditEvent.request_id",
    "registration.AuditEvent.what",
    "registration.Certificate.token",
    "registration.CertificateLayout.emblem",
    "registration.CertificateLayout.signature",
    "registration.CertificateRun.claim",
    "registration.CertificateRun.fault",
    "registration.CertificateSeal.packed",
    "registration.CertificateSeal.sheet_digest",
    "registration.ColumnMeaning.heading",
    "registration.ColumnMeaning.meaning",
    "registration.DelayedDecision.decided_as",
    "registration.Delivery.claimed_by",
    "registration.Delivery.error",
    "registration.Delivery.key",
    "registration.Delivery.message",
    "registration.Event.actor_kind",
    "registration.Event.verb",
    "registration.Export.claim",
    "registration.LinkedIdentity.issuer",
    "registration.LinkedIdentity.subject",
    "registration.Mailing.claim",
    "registration.NominationFile.applied_as",
    "registration.NominationFile.claim",
    "registration.Nominee.email",
    "registration.OpenDataFile.digest",
    "registration.OpenDataFile.name",
    "registration.OpenDataSet.claim",
    "registration.Participant.code",
    "registration.Participant.consent_version",
    "registration.Participant.name_key",
    "registration.Participant.sort_key",
    "registration.ReportFile.packed",
    "registration.Selection.announced_as",
    "registration.Sighting.key",
    "registration.WebhookDelivery.answer",
    "registration.WebhookDelivery.body",
    "registration.WebhookDelivery.event",
    "registration.WebhookDelivery.key",
    "registration.WebhookDelivery.message_id",
    "registration.WebhookEndpoint.claim",
    "registration.WebhookEndpoint.former_key_check",
    "registration.WebhookEndpoint.former_salt",
    "registration.WebhookEndpoint.key_check",
    "registration.WebhookEndpoint.salt",
    "registration.WebhookEndpoint.url",
    "registration.ZoomEvent.connection",
    "registration.ZoomEvent.number",
    "registration.ZoomEvent.registrant_id",
    "registration.ZoomEvent.signature",
    "registration.ZoomLine.called",
    "registration.ZoomLine.first_name",
    "registration.ZoomLine.last_name",
    "registration.ZoomPresence.connection",
    "registration.ZoomRegistrant.first_name",
    "registration.ZoomRegistrant.last_name",
    "registration.ZoomRegistrant.registrant_id",
    "registration.ZoomStanding.registrant_id",
    "registration.ZoomWebinar.claim",
    "registration.ZoomWebinar.number",
}


def test_every_column_for_text_from_outside_cleans_it():
    plain = {
        f"{model._meta.label}.{field.name}"
        for model in [*apps.get_app_config("agenda").get_models(), *apps.get_app_config("registration").get_models()]
        for field in model._meta.fields
        if type(field) in (models.CharField, models.TextField) and not field.choices
    }
    assert {name for name in plain - OWN if not name.startswith(("registration.Province.", "registration.Tally."))} == set()


def test_a_program_an_update_and_a_mass_of_rows_are_cleaned_alike():
    workshop = make_workshop(title_th=DIRTY)
    person = make_participant(workshop, first_name=DIRTY)
    made = [Workshop.objects.get().title_th, Participant.objects.get().first_name]
    Participant.objects.filter(pk=person.pk).update(last_name=DIRTY)
    Agency.objects.bulk_create([Agency(name=DIRTY, abbreviation=DIRTY)])
    make_invitation(workshop, position=DIRTY)
    made += [Participant.objects.get().last_name, Agency.objects.latest("pk").name, Invitation.objects.get().position]
    assert made == [CLEAN] * 5


def test_who_looks_for_it_as_it_was_typed_finds_it():
    make_participant(make_workshop(), first_name=CLEAN)
    assert Participant.objects.filter(first_name=DIRTY).count() == 1


def test_paragraphs_stay_paragraphs():
    assert clean_paragraphs(f"{DIRTY}\r\n\r\n  ก\u000b\n\n") == f"{CLEAN}\n\nก"
    mailing = Mailing.objects.create(workshop=make_workshop(), subject_th="เรื่อง", body_th=f"หนึ่ง{DIRTY}\n\nสอง", created_at=NOON)
    mailing.refresh_from_db()
    assert mailing.body_th == f"หนึ่ง {CLEAN}\n\nสอง"


#: One letter that normal form C writes as two.
LONGER = "\u0958"


def test_what_becomes_too_long_is_refused_and_never_cut():
    with pytest.raises(ValidationError, match="title_th"):
        Workshop(title_th=LONGER * 200).full_clean()
    with pytest.raises(TextRefused, match="organisation"):
        make_person(organisation=LONGER * 150)
    assert make_person(organisation=LONGER * 100).organisation == unicodedata.normalize("NFC", LONGER) * 100


def test_migrations_see_nothing_new():
    kinds = {type(field): field.deconstruct()[1] for field in Participant._meta.fields + Mailing._meta.fields}
    assert (kinds[LineField], kinds[ParagraphsField]) == ("django.db.models.CharField", "django.db.models.TextField")
