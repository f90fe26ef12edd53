"""Two of staff with one page open: nothing that one of them wrote is lost or overwritten unseen, in any form of a workshop."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from registration.actor import SYSTEM
from registration.attendance.actions.settings import set_settings
from registration.certificates.actions import set_layout, set_rule
from registration.evaluation.actions import drafts
from registration.models import CertificateRule, Document, Evaluation, Mailing, Province
from sessions import releases
from sessions.admin.parts import PARTS
from sessions.models import Contact
from tests.factories import NOON, make_workshop, tracks_of
from tests.pages import HeldForms, held
from tests.registration.mail.test_mailings import make_mailing
from tests.registration.office.test_unchanged_save import database

pytestmark = pytest.mark.django_db

#: What somebody types as they like. Addresses, codes and numbers to call have rules of their own, and are tried elsewhere.
TYPED = re.compile(r'<(?:input type="text"|textarea)[^>]*?\bname="([^"]+)"')
WITH_RULES = re.compile(r"initial-|slug|code|phone|email|number|_pattern|url|date|time|platform")
COUNTED = ("percent", "file_days")


@pytest.fixture
def two():
    found = []
    for name in ("first", "second"):
        client = Client(headers={"accept-language": "th"})
        client.force_login(User.objects.create_superuser(name))
        found.append(client)
    return found


def admin(name, *args):
    return reverse(f"admin:{name}", args=args)


def form_pages():
    """Every page on which something of a workshop is written, with what it wants to be there."""
    workshop = make_workshop(slug="sample", is_published=False, background_th="หนึ่ง\n\nสอง", lead_th="คำนำ")
    Contact.objects.create(workshop=workshop, name_th="นางสาวสมมุติ ทดสอบ", phone="02 280 4085")
    day, block = workshop.days.first(), tracks_of(workshop)[0].item
    mailing = Mailing.objects.create(workshop=workshop, subject_th="เรื่อง", body_th="ข้อความ", subject_en="S", body_en="T", created_at=NOON)
    set_rule(workshop=workshop, days=1, percent=80, by=SYSTEM)
    set_layout(workshop=workshop, values={"title_th": "ได้เข้าร่วม", "signer_th": "นายสมมุติ", "post_th": "เลขาธิการ"}, by=SYSTEM)
    set_settings(workshop=workshop, counts_breaks=True, file_days=30, by=SYSTEM)
    evaluation = drafts.begin(workshop=workshop, day=None, by=SYSTEM, at=NOON)
    section = evaluation.sections.first()
    document = Document.objects.create(workshop=workshop, title_th="เอกสาร", title_en="Paper", created_at=NOON)
    draft = releases.open_draft(make_workshop(slug="drafted"))
    return [
        *(f"{admin('agenda_workshop_change', workshop.pk)}?part={part.key}" for part in PARTS),
        admin("agenda_workshopday_change", day.pk),
        admin("agenda_agendaitem_change", block.pk),
        admin("agenda_workshopday_change", draft.days.first().pk),
        admin("agenda_workshopday_meeting", day.pk),
        admin("registration_mailing_change", mailing.pk),
        admin("registration_certificate_rule", "sample"),
        admin("registration_certificate_layout", "sample"),
        admin("registration_attendance_settings", "sample"),
        admin("registration_evaluation_heading", evaluation.pk),
        admin("registration_evaluation_section", evaluation.pk, section.pk),
        admin("registration_evaluation_question", evaluation.pk, section.pk, section.questions.first().pk),
        admin("registration_document_describe", document.pk),
    ]


def opened(client, page):
    """What the page would send, and which of it somebody types."""
    text = client.get(page).content.decode()
    forms = [
        name for name, form in HeldForms(text).forms.items() if form["method"] == "post" and "csrfmiddlewaretoken" in str(form["pairs"])
    ]
    sent = max((held(text, name) for name in forms if name not in ("logout-form",)), key=len)
    typed = [name for name in TYPED.findall(text) if not WITH_RULES.search(name) and "__prefix__" not in name and name in sent]
    return sent, [*typed, *(name for name in COUNTED if name in sent)]


def kept():
    """Every row; but not who set the rule for certificates and when, and how often a form was saved: that is true of the second too."""
    rows = database()
    for name in ("registration.keptfigures", "registration.certificaterule", "registration.evaluation"):
        rows.pop(name)
    rules = CertificateRule.objects.values_list("days", "percent", "needs_evaluation")
    return rows, list(rules), list(Evaluation.objects.values_list("title_th", "title_en", "cut_points"))


def altered(sent, names, by):
    return {name: [str(int(sent[name][0]) + by) if name in COUNTED else f"{sent[name][0]}{'ก' * by}"] for name in names}


def test_nothing_is_lost_in_any_form(two):
    first, second = two
    tried = {}
    for page in form_pages():
        one, names = opened(first, page)
        other, _same = opened(second, page)
        if not names:
            continue
        assert first.post(page, one | altered(one, names, 1)).status_code == 302, page
        written = kept()
        assert second.post(page, other).status_code == 302, page
        assert kept() == written, page  # what the second did not touch stays as the first wrote it
        refused = second.post(page, other | altered(other, names, 2))
        said = strip_tags(refused.content.decode()).count("ระหว่างนี้มีผู้อื่นแก้ไขเป็น")
        assert (refused.status_code, said) == (200, len(names)), page
        assert kept() == written, page  # and nothing is overwritten unseen
        tried[page] = len(names)
    assert (len(tried), sum(tried.values())) > (16, 60)


@pytest.mark.django_db(transaction=True)
def test_pages_that_look_before_their_transaction_begins_are_saved_on_every_database(admin_client):
    """Other tests run within a transaction, where nobody notices."""
    mailing = make_mailing(make_workshop())
    page = admin("registration_mailing_change", mailing.pk)
    sent = held(admin_client.get(page).content.decode(), "mailing_form")
    assert admin_client.post(page, sent | {"subject_th": "เรื่องใหม่"}).status_code == 302
    somebody = User.objects.create_user("somebody")
    words = {"password1": "plain-horse-2570", "password2": "plain-horse-2570", "usable_password": "true"}
    assert admin_client.post(admin("auth_user_password_change", somebody.pk), words).status_code == 302
    mailing.refresh_from_db()
    somebody.refresh_from_db()
    assert (mailing.subject_th, somebody.check_password("plain-horse-2570")) == ("เรื่องใหม่", True)


class TestChoicesOfMany:
    """Rows that a form chooses many of: whom a message goes to, what a group may do."""

    def choosing(self, client, page, form, field, *chosen):
        """What the page would send with `chosen` ticked and nothing else touched."""
        return held(client.get(page).content.decode(), form) | {field: [str(key) for key in chosen]}

    def test_whom_a_message_goes_to_is_compared(self, two):
        mailing = make_mailing(make_workshop(slug="sample"))
        nan, phayao = Province.objects.get(code="55"), Province.objects.get(code="56")
        page = admin("registration_mailing_change", mailing.pk)
        form = ("mailing_form", "provinces")
        one, other = (self.choosing(client, page, *form, province.pk) for client, province in zip(two, (nan, phayao), strict=True))
        untouched = self.choosing(two[1], page, *form)
        assert two[0].post(page, one).status_code == 302
        refused = two[1].post(page, other)
        assert (refused.status_code, list(mailing.provinces.all())) == (200, [nan])
        assert "น่าน" in str(refused.context["adminform"].form.errors["provinces"])
        two[1].post(page, untouched)
        assert list(mailing.provinces.all()) == [nan], "who did not touch it takes nothing away"
        again = held(refused.content.decode(), "mailing_form")
        assert again["provinces"] == [str(phayao.pk)]
        assert two[1].post(page, again).status_code == 302
        assert list(mailing.provinces.all()) == [phayao]

    def test_rights_of_a_group_are_compared(self, two):
        group = Group.objects.get(name="กำหนดการ")
        before = set(group.permissions.values_list("pk", flat=True))
        more, other = Permission.objects.exclude(pk__in=before).filter(content_type__app_label="registration")[:2]
        page = admin("auth_group_change", group.pk)
        form = ("group_form", "permissions")
        sent = [self.choosing(client, page, *form, *before, new.pk) for client, new in zip(two, (more, other), strict=True)]
        assert two[0].post(page, sent[0]).status_code == 302
        assert two[1].post(page, sent[1]).status_code == 200
        assert set(group.permissions.values_list("pk", flat=True)) == before | {more.pk}
