"""Every page of the admin on which something is saved: opened in every state, by every role, and sent as it is, it changes nothing.

A page that refuses what it holds itself, or changes what nobody touched, is found here, whatever page it is.
"""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from registration.actor import SYSTEM
from registration.models import Agency, Export, ExportProfile, Mailing, Objection
from registration.privacy.actions.anonymisation import anonymise
from sessions import changes, releases
from sessions.admin.parts import PARTS
from sessions.models import Contact, Workshop, WorkshopDay
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, tracks_of
from tests.pages import HeldForms, sent
from tests.registration.webhooks.making import make_endpoint

pytestmark = pytest.mark.django_db

ROLES = ["กำหนดการ", "งานลงทะเบียน", "อ่านอย่างเดียว", "ผู้ดูแลระบบ", "superuser"]
#: What is written by looking and saving, and is about nothing else.
NOT_COMPARED = {"registration.auditevent", "registration.heartbeat", "sessions.session", "admin.logentry", "registration.tally"}


def fresh(workshop):
    pass


def draft_open(workshop):
    releases.open_draft(workshop)


def draft_changed(workshop):
    draft = releases.open_draft(workshop)
    draft.days.first().items.update(title_th="แก้ไขแล้ว")


def over(workshop):
    for day in workshop.days.all():
        WorkshopDay.objects.filter(pk=day.pk).update(date=day.date - dt.timedelta(days=3650), sequence=3)
    changes.after_change(workshop)


def rehearsed(workshop):
    Workshop.objects.filter(pk=workshop.pk).update(rehearsal_email="rehearsal@example.org")


def anonymised(workshop):
    anonymise(workshop=workshop, by=SYSTEM)


def revised(workshop):
    draft = releases.open_draft(workshop)
    draft.days.first().items.update(title_th="แก้ไขแล้ว")
    releases.release(workshop)


def dated(workshop):
    """With every moment set, the seconds too, and a meeting link in each place."""
    at = timezone.now().replace(second=42, microsecond=123456)
    Workshop.objects.filter(pk=workshop.pk).update(
        registration_opens_at=at - dt.timedelta(days=1), registration_closes_at=at, changes_close_at=at, retain_until=dt.date(2040, 1, 1)
    )
    workshop.days.update(join_url="https://example.org/j/1", join_opens_at=at, is_cancelled=True)
    changes.after_change(workshop)


STATES = [fresh, draft_open, draft_changed, over, rehearsed, anonymised, revised, dated]


@pytest.fixture
def workshop():
    workshop = make_workshop(slug="sample", is_published=True)
    Contact.objects.create(workshop=workshop, name_th="นางสาวสมมุติ ทดสอบ", phone="02 280 4085", email="contact@example.org")
    changes.after_change(workshop)
    person = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    make_participant(workshop, "central")
    make_invitation(workshop)
    make_coordinator(workshop, phone="+66812345678")
    Agency.objects.create(name="กรมทดสอบ", abbreviation="กท.")
    Objection.objects.create(participant=person, text="ข้อคัดค้าน\n  สองบรรทัด", sent_at=NOON)
    Mailing.objects.create(workshop=workshop, subject_th="เรื่อง", body_th="ข้อความ\n\nอีกย่อหน้า", created_at=NOON)
    Export.objects.create(workshop=workshop, kind="csv", created_at=NOON, leased_until=NOON)
    ExportProfile.objects.create(name="รายชื่อ", columns=["code"])
    make_endpoint(workshop=workshop)
    return workshop


def signed_in(client, role):
    user = User.objects.create_user("saver", first_name="ผู้บันทึก", is_staff=True, is_superuser=role == "superuser")
    if role != "superuser":
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


def database() -> dict[str, list]:
    """Every row of ours, column by column, and every membership."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in NOT_COMPARED and model._meta.app_label in {"agenda", "registration", "auth"}:
            manager = getattr(model, "with_drafts", model._base_manager)
            found[model._meta.label_lower] = sorted(manager.values_list(), key=lambda row: str(row[0]))
    return found


def change_pages() -> list[str]:
    """The pages of the first and the last rows of every model in the admin."""
    pages = []
    for model in set(admin.site._registry) & set(apps.get_models()):  # some test may have loaded pages of an app that is not ours
        rows = getattr(model, "with_drafts", model._base_manager).order_by("pk")
        for row in [*rows[:2], *rows.reverse()[:3]]:
            try:
                page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
            except NoReverseMatch:
                continue
            pages += [f"{page}?part={part.key}" for part in PARTS] if model is Workshop else [page]
    return list(dict.fromkeys(pages))


def said(response) -> list[str]:
    """Every error on the page that came back."""
    context = response.context or {}
    found = []
    if "adminform" in context:
        found += [str(error) for errors in context["adminform"].form.errors.values() for error in errors]
        for inline in context["inline_admin_formsets"]:
            found += [str(error) for error in inline.formset.non_form_errors()]
            found += [str(error) for errors in inline.formset.errors for these in errors.values() for error in these]
    return found or ["sent back without a word"]


def sent_unchanged(client, page):
    """The answer to what `page` holds; None where it has nothing to save."""
    shown = client.get(page)
    assert shown.status_code in (200, 302, 403, 404), (page, shown.status_code)
    if shown.status_code != 200:
        return None
    text = shown.content.decode()
    if 'name="_save"' not in text:
        return None
    forms = HeldForms(text).forms
    first = next((name for name, form in forms.items() if name.endswith("_form") and form["method"] == "post"), None)
    return client.post(page, sent(forms[first])) if first else None


@pytest.mark.parametrize("role", [*(pytest.param(role, marks=pytest.mark.asked_before) for role in ROLES[:-1]), ROLES[-1]])
@pytest.mark.parametrize("state", STATES)
def test_a_page_that_is_saved_as_it_is_changes_nothing(client, workshop, state, role):
    state(workshop)
    signed_in(client, role)
    before, saved, refused = database(), [], {}
    for page in change_pages():
        response = sent_unchanged(client, page)
        if response is None:
            continue
        saved.append(page)
        if response.status_code != 302:
            refused[page] = said(response)
    assert refused == {}
    different = {name: [row for row in rows if row not in before[name]] for name, rows in database().items() if rows != before[name]}
    assert different == {}
    assert len(saved) >= {"อ่านอย่างเดียว": 0, "กำหนดการ": 8, "งานลงทะเบียน": 5}.get(role, 12)
