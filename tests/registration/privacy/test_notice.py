import hashlib
import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from registration.models import Participant
from registration.privacy import notice
from sessions.models import StakeholderGroup
from tests.factories import make_answers, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

#: Of the source of each version. What somebody has read is not changed in its meaning: make another version.
DIGESTS = {"1": "44b0389c1481660c", "2": "bd5e428b1469c770", "3": "adf581f97a5f8ed7"}


def digest(version):
    with translation.override("en"):
        return hashlib.sha256(render_to_string(notice.text_of(version)).encode()).hexdigest()[:16]


class TestTheNotice:
    def test_no_version_is_changed_once_it_was_read(self):
        assert {version: digest(version) for version in notice.VERSIONS} == DIGESTS

    def test_the_latest_is_shown(self, client):
        assert client.get("/privacy/").context["version"] == notice.NOTICE_VERSION == "3"

    def test_an_older_one_can_still_be_read_and_says_that_it_is_old(self, client):
        page = client.get("/privacy/1/").content.decode()
        assert ("ฉบับนี้เป็นฉบับเดิม" in page, "หนึ่งชั่วโมง" in page) == (True, True)
        assert client.get("/privacy/4/").status_code == 404

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
        assert person.consent_version == "3"
        assert 'href="/privacy/3/"' in client.open_page_of(person).content.decode()


@pytest.fixture
def workshop():
    workshop = make_workshop()
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.8", name_th="เด็กและเยาวชน", needs_guardian=True)
    return workshop


AGREED = {"group": "4.1.8", "guardian_name": "นางสมศรี สมมุติ", "guardian_agrees": "on"}


class TestGuardians:
    def send(self, client, workshop, **changes):
        return client.post(f"/w/{workshop.slug}/register/", make_answers(workshop, **changes))

    def test_a_youth_needs_one(self, client, workshop):
        form = self.send(client, workshop, group="4.1.8").context["form"]
        assert (set(form.errors), Participant.objects.count()) == ({"guardian_name", "guardian_agrees"}, 0)

    def test_a_name_without_the_tick_is_not_enough(self, client, workshop):
        form = self.send(client, workshop, **AGREED | {"guardian_agrees": None}).context["form"]
        assert set(form.errors) == {"guardian_agrees"}

    def test_who_agreed_is_kept(self, client, workshop):
        self.send(client, workshop, **AGREED)
        assert Participant.objects.get().guardian_name == "นางสมศรี สมมุติ"

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
        from registration.links import signed

        invitation = make_invitation(workshop, group=workshop.groups.get(code="4.1.8"))
        client.get(signed.invitation_link(invitation))
        answers = {**make_answers(workshop), "group": "4.1.8"}
        response = client.post(f"/i/{invitation.pk}/", answers)
        assert set(response.context["form"].errors) == {"guardian_name", "guardian_agrees"}
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
