import datetime as dt
import hashlib
import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from registration.links import signed
from registration.mail.compose import compose
from registration.models import Delivery, Participant
from registration.privacy import notice
from sessions.models import StakeholderGroup, WorkshopDay
from tests.factories import make_answers, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

#: Of the source of each version. What somebody has read is not changed in its meaning: make another version.
DIGESTS = {
    "1": "60aac0fc7a592a8c",
    "2": "242cecf42a2030a0",
    "3": "f7690be467f7d33d",
    "4": "a406bb825a65a3a3",
    "5": "e7ef9126e7a18026",
    "6": "f15afd9d676ad973",
}


def digest(version):
    with translation.override("en"):
        return hashlib.sha256(render_to_string(notice.text_of(version)).encode()).hexdigest()[:16]


class TestTheNotice:
    def test_no_version_is_changed_once_it_was_read(self):
        assert {version: digest(version) for version in notice.VERSIONS} == DIGESTS

    def test_the_latest_is_shown(self, client):
        assert client.get("/privacy/").context["version"] == notice.NOTICE_VERSION == "6"

    def test_an_older_one_can_still_be_read_and_says_that_it_is_old(self, client):
        page = client.get("/privacy/1/").content.decode()
        assert ("ฉบับนี้เป็นฉบับเดิม" in page, "หนึ่งชั่วโมง" in page) == (True, True)
        assert client.get("/privacy/8/").status_code == 404

    @pytest.mark.parametrize("words", ["Zoom", "มาตรา ๒๔ (๔)", "หนึ่งปี", "คัดค้าน", "คณะกรรมการคุ้มครองข้อมูลส่วนบุคคล", "ผู้ปกครอง"])
    def test_the_whole_text_says_what_the_law_asks_for(self, client, words):
        assert words in client.get("/privacy/").content.decode()

    def test_the_form_says_it_in_short_and_leads_to_the_whole(self, client):
        workshop = make_workshop()
        page = re.sub(r'</?span( class="nb")?>', "", client.get(f"/w/{workshop.slug}/register/").content.decode())
        wanted = ["สศช. จะใช้ข้อมูลเพื่อจัดการประชุม", "แจ้งรายชื่อแก่จังหวัด", "ส่งชื่อกับอีเมลให้ Zoom", "ภายในหนึ่งปี", 'href="/privacy/"']
        assert [words for words in wanted if words not in page] == []

    def test_who_registers_keeps_the_version_and_a_link_to_it(self, client):
        workshop = make_workshop()
        client.post(f"/w/{workshop.slug}/register/", make_answers(workshop))
        person = Participant.objects.get()
        assert person.consent_version == "6"
        assert 'href="/privacy/6/"' in client.open_page_of(person).content.decode()


@pytest.fixture
def workshop():
    workshop = make_workshop()
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.8", name_th="เด็กและเยาวชน", needs_guardian=True)
    return workshop


AGREED = {
    "group": "4.1.8",
    "guardian_name": "นางสมศรี สมมุติ",
    "guardian_contact": "mother@example.org",
    "guardian_agrees": "on",
}


def whole(page):
    """`page` without the marks round what a line must not divide."""
    return re.sub('<span class="nb">(.*?)</span>', r"\1", page)


class TestGuardians:
    def send(self, client, workshop, **changes):
        return client.post(f"/w/{workshop.slug}/register/", make_answers(workshop, **changes))

    def test_a_youth_needs_one(self, client, workshop):
        form = self.send(client, workshop, group="4.1.8").context["form"]
        assert (set(form.errors), Participant.objects.count()) == ({"guardian_name", "guardian_contact", "guardian_agrees"}, 0)

    def test_a_name_without_the_tick_is_not_enough(self, client, workshop):
        form = self.send(client, workshop, **AGREED | {"guardian_agrees": None}).context["form"]
        assert set(form.errors) == {"guardian_agrees"}

    def test_who_agreed_is_kept(self, client, workshop):
        self.send(client, workshop, **AGREED)
        person = Participant.objects.get()
        assert (person.guardian_name, person.guardian_email, person.guardian_phone) == ("นางสมศรี สมมุติ", "mother@example.org", "")

    def test_a_phone_does_as_well_and_the_page_to_show_is_named(self, client, workshop):
        response = self.send(client, workshop, **AGREED | {"guardian_contact": "081 234 5678"})
        person = Participant.objects.get()
        assert (person.guardian_email, person.guardian_phone) == ("", "+66812345678")
        assert not Delivery.objects.filter(message="guardian_told").exists()
        link = signed.guardian_url(person)
        assert link in client.get(response["Location"]).content.decode()
        assert link in client.get(f"/p/{person.code}/").content.decode()
        assert link in compose(Delivery.objects.get(message="confirmed")).body

    @pytest.mark.parametrize("contact", ["", "mother@", "12", "participant@example.org"])
    def test_it_must_be_a_contact_and_their_own(self, client, workshop, contact):
        form = self.send(client, workshop, **AGREED | {"guardian_contact": contact}, email="participant@example.org").context["form"]
        assert (set(form.errors), Participant.objects.count()) == ({"guardian_contact"}, 0)

    @pytest.mark.parametrize("others", [{"group": "4.1.1"}, {"of_age": "on"}])
    def test_where_nobody_is_asked_for_a_contact_that_is_none_does_no_harm(self, client, workshop, others):
        self.send(client, workshop, **AGREED | {"guardian_contact": "12"} | others)
        assert Participant.objects.get().guardian_phone == ""

    def test_they_are_told_with_a_way_to_take_it_back_and_nothing_that_opens_the_page(self, client, workshop):
        self.send(client, workshop, **AGREED)
        told = Delivery.objects.get(message="guardian_told")
        person = told.participant
        mail = compose(told)
        assert (mail.to, signed.guardian_url(person) in mail.body) == (["mother@example.org"], True)
        assert person.full_name in mail.subject
        assert signed.personal_token(person) not in mail.body + mail.alternatives[0][0]

    def test_taking_it_back_asks_first_then_ends_the_registration_and_says_why(self, client, workshop):
        self.send(client, workshop, **AGREED)
        person = Participant.objects.get()
        stranger, page = Client(), signed.guardian_path(person)
        assert "<button" in stranger.get(page).content.decode()
        assert Participant.objects.get().state == "confirmed"
        assert "ยังไม่มีการเปลี่ยนแปลง" in whole(stranger.post(page).content.decode())
        assert Participant.objects.get().state == "confirmed"
        assert "ถอนความยินยอมแล้ว" in whole(stranger.post(page, {"sure": "on"}, follow=True).content.decode())
        person.refresh_from_db()
        assert (person.state, seats_of(workshop).taken) == ("cancelled", 0)
        told = Delivery.objects.get(message="cancelled")
        assert (told.email, told.details["reason"]) == (person.email, "บิดามารดาหรือผู้ปกครองของท่านถอนความยินยอมแล้ว")
        events = person.events.filter(actor_kind="guardian").values_list("verb", flat=True)
        assert sorted(events) == ["agreement_taken_back", "cancelled"]
        assert stranger.post(page, {"sure": "on"}).status_code == 302
        assert Delivery.objects.filter(message="cancelled").count() == 1

    def test_the_link_outlives_a_renewed_personal_link_but_not_the_name(self, client, workshop):
        self.send(client, workshop, **AGREED)
        person = Participant.objects.get()
        page = signed.guardian_path(person)
        Participant.objects.update(link_version=2)
        assert client.get(page).status_code == 200
        assert client.get(page[:-3] + "xx/").status_code == 404
        Participant.objects.update(guardian_name="")
        assert client.get(page).status_code == 404

    def test_when_it_is_over_there_is_nothing_to_end(self, client, workshop):
        self.send(client, workshop, **AGREED)
        page = signed.guardian_path(Participant.objects.get())
        for day in workshop.days.all():
            WorkshopDay.objects.filter(pk=day.pk).update(date=day.date - dt.timedelta(days=3650))
        assert "<form" not in client.get(page).content.decode().split("<main")[1]
        client.post(page, {"sure": "on"})
        assert Participant.objects.get().state == "confirmed"

    def test_who_is_of_age_needs_none(self, client, workshop):
        self.send(client, workshop, group="4.1.8", of_age="on", guardian_name="ใคร")
        assert Participant.objects.get().guardian_name == ""

    def test_of_other_groups_nothing_is_asked_or_kept(self, client, workshop):
        self.send(client, workshop, **AGREED | {"group": "4.1.1"})
        assert Participant.objects.get().guardian_name == ""

    def test_where_no_group_asks_for_one_the_form_has_no_such_question(self, client, workshop):
        asked = ["id_guardian_name" in client.get(f"/w/{each.slug}/register/").content.decode() for each in (workshop, make_workshop())]
        assert asked == [True, False]

    def test_an_invited_youth_needs_one_too(self, client, workshop):
        invitation = make_invitation(workshop, group=workshop.groups.get(code="4.1.8"))
        client.get(signed.invitation_link(invitation))
        answers = {**make_answers(workshop), "group": "4.1.8", "email": invitation.email}
        response = client.post(f"/i/{invitation.pk}/", answers)
        assert set(response.context["form"].errors) == {"guardian_name", "guardian_contact", "guardian_agrees"}
        client.post(f"/i/{invitation.pk}/", answers | AGREED)
        assert Participant.objects.get().guardian_name == "นางสมศรี สมมุติ"

    def test_the_group_of_the_brief_asks_for_one(self):
        from django.core.management import call_command

        call_command("load_workshop", "sessions/data/sdg-localisation-2565.toml")
        assert list(StakeholderGroup.objects.filter(needs_guardian=True).values_list("code", flat=True)) == ["4.1.8"]

    def test_the_person_s_data_say_who_agreed(self, client, workshop):
        person = make_participant(workshop)
        Participant.objects.filter(pk=person.pk).update(guardian_name="นางสมศรี สมมุติ")
        assert "นางสมศรี สมมุติ" in client.open_fresh_link(person, "my_data").content.decode()
        assert seats_of(workshop).taken == 1
