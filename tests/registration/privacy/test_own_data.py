import json

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.choices import State
from registration.errors import TooManyObjections
from registration.links import signed
from registration.mail import compose
from registration.models import AuditEvent, Delivery, Objection, Participant
from registration.privacy.actions.objections import MAX_OPEN, answer, object_to
from registration.seats.actions.moves import decline
from registration.zoom.actions.lists import take_list
from registration.zoom.ledger import DeedKind
from registration.zoom.meetings import Meeting
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register_of_erasures(settings, tmp_path):
    settings.ERASURES_DIR = tmp_path


@pytest.fixture
def workshop():
    return make_workshop(slug="w", title_th="การประชุมหนึ่ง")


@pytest.fixture
def person(workshop):
    return make_participant(workshop, tracks=tracks_of(workshop)[:1], email="me@example.org", first_name="มานี")


def page(client, participant, rest):
    client.open_page_of(participant)
    return client.get(f"/p/{participant.code}/{rest}/")


class TestSeeingIt:
    def test_it_asks_for_a_fresh_link_first(self, client, person):
        response = page(client, person, "data")
        assert (response.status_code, person.phone[-4:] in response.content.decode()) == (200, False)

    def test_all_is_on_the_page(self, client, person, workshop):
        take_list(meeting=Meeting(workshop.days.first()), kind=DeedKind.ADD, by=SYSTEM)
        object_to(participant=person, text="ไม่ต้องการให้ส่งชื่อ", by=PARTICIPANT)
        shown = client.open_fresh_link(person, "my_data").content.decode()
        wanted = ["มานี", "me@example.org", person.code, "หัวข้อที่ 1", "ยืนยันที่นั่ง", "ไม่ต้องการให้ส่งชื่อ", "ข้อมูลที่ส่งให้ Zoom"]
        assert [words for words in wanted if words not in shown] == []

    def test_the_file_says_the_same(self, client, person, workshop):
        make_participant(workshop, email="other@example.org")
        client.open_fresh_link(person, "my_data")
        response = client.get(f"/p/{person.code}/data/?file")
        data = json.loads(response.content)
        (found,) = data["registrations"]
        assert response["Content-Disposition"] == f'attachment; filename="my-data-{person.code}.json"'
        assert found["registration"]["code"] == person.code
        assert (found["person"]["email"], found["person"]["first_name"]) == ("me@example.org", "มานี")
        assert [mail["to"] for mail in found["mails"]] == ["me@example.org"]
        assert [event["what"] for event in found["history"]] == ["เปิดลิงก์ในอีเมล", "ลงทะเบียน – ยืนยันแล้ว"]
        assert "other@example.org" not in response.content.decode()

    def test_the_file_holds_every_column_about_the_person(self, client, person):
        """A new column is to be in it, unless it is said here why not."""
        internal = {"id", "sort_key", "name_key", "submission", "link_version", "ticket", "anonymised_at"}
        elsewhere = {"workshop", "quota", "group", "consent_version", "consented_at", "registered_at", "state_changed_at", "state", "code"}
        elsewhere |= {"link_opened_at", "asked_to_open_at"}
        only_where_said = {"guardian_name", "guardian_email", "guardian_phone", "decision_reason", "offer_expires_at"}
        only_where_said |= {"has_contact_address", "in_rehearsal"}
        client.open_fresh_link(person, "my_data")
        (found,) = json.loads(client.get(f"/p/{person.code}/data/?file").content)["registrations"]
        columns = {column.name for column in Participant._meta.concrete_fields}
        assert columns - internal - elsewhere - only_where_said - set(found["person"]) == set()

    def test_registrations_of_other_workshops_under_the_address_are_in_it(self, client, person):
        make_participant(make_workshop(title_th="การประชุมสอง"), email="me@example.org")
        client.open_fresh_link(person, "my_data")
        found = json.loads(client.get(f"/p/{person.code}/data/?file").content)["registrations"]
        assert [each["registration"]["workshop"] for each in found] == ["การประชุมหนึ่ง", "การประชุมสอง"]

    def test_it_names_no_coordinator(self, client, person, workshop):
        coordinator = make_coordinator(workshop, name="นางสาวลับเฉพาะ")
        decline(participant=person, reason="เต็ม", by=Actor("coordinator", coordinator.user))
        client.open_fresh_link(person, "my_data")
        text = client.get(f"/p/{person.code}/data/?file").content.decode()
        assert ("ลับเฉพาะ" in text, "ผู้ประสานงานจังหวัด" in text) == (False, True)


class TestObjecting:
    def test_it_is_kept_for_the_office(self, client, person):
        client.open_page_of(person)
        client.post(f"/p/{person.code}/objection/", {"text": "  ไม่ต้องการ\r\nให้ส่งชื่อ\u200b "})
        found = Objection.objects.get()
        assert (found.participant, found.text, found.answered_at) == (person, "ไม่ต้องการ\nให้ส่งชื่อ", None)
        assert set(person.events.values_list("verb", flat=True)) == {"registered", "link_opened", "objected"}

    def test_nothing_is_no_objection(self, client, person):
        client.open_page_of(person)
        response = client.post(f"/p/{person.code}/objection/", {"text": "\u200b \n"})
        assert (response.status_code, Objection.objects.count()) == (200, 0)

    def test_too_many_at_once_are_refused(self, person):
        for _i in range(MAX_OPEN):
            object_to(participant=person, text="ไม่", by=PARTICIPANT)
        with pytest.raises(TooManyObjections):
            object_to(participant=person, text="ไม่", by=PARTICIPANT)

    def test_staff_answer_it_and_the_person_reads_the_answer(self, client, admin_client, person):
        found = object_to(participant=person, text="ไม่ต้องการให้ส่งชื่อ", by=PARTICIPANT, at=NOON)
        admin_client.post(f"/admin/registration/objection/{found.pk}/change/", {"answer": "นำชื่อออกแล้ว", "text": "other"})
        found.refresh_from_db()
        assert (found.text, found.answer, found.answered_by.username) == ("ไม่ต้องการให้ส่งชื่อ", "นำชื่อออกแล้ว", "admin")
        assert "นำชื่อออกแล้ว" in page(client, person, "objection").content.decode()

    def test_the_answer_is_mailed_once_and_again_when_its_words_are_changed(self, admin_client, person):
        found = object_to(participant=person, text="ไม่", by=PARTICIPANT, at=NOON)
        for words in ("นำชื่อออกแล้ว", "นำชื่อออกแล้ว ", "นำชื่อออกแล้ว\r\nทั้งสองวัน"):
            admin_client.post(f"/admin/registration/objection/{found.pk}/change/", {"answer": words})
        mails = Delivery.objects.filter(message="objection_answered").order_by("pk")
        assert list(mails.values_list("participant", "email", "details")) == [
            (person.pk, "me@example.org", {"state": "confirmed", "answer": words, "objected_on": "2027-01-15"})
            for words in ("นำชื่อออกแล้ว", "นำชื่อออกแล้ว\nทั้งสองวัน")
        ]
        assert person.events.filter(verb="objection_answered", actor_kind="staff", actor__username="admin").count() == 2

    def test_an_answer_that_is_taken_back_is_told_to_nobody_and_waits_again(self, person):
        boss = Actor("staff", User.objects.create_superuser("boss"))
        found = object_to(participant=person, text="ไม่", by=PARTICIPANT, at=NOON)
        answer(objection=found, text="นำชื่อออกแล้ว", by=boss)
        answer(objection=found, text=" ", by=boss)
        assert list(Objection.objects.open()) == [found]
        assert Objection.objects.values_list("answer", "answered_at", "answered_by").get() == ("", None, None)
        assert Delivery.objects.filter(message="objection_answered").count() == 1

    def test_an_answer_that_could_not_be_written_down_is_not_mailed(self, person):
        found = object_to(participant=person, text="ไม่", by=PARTICIPANT)
        with pytest.raises(RuntimeError), transaction.atomic():
            answer(objection=found, text="นำชื่อออกแล้ว", by=Actor("staff", User.objects.create_superuser("boss")))
            raise RuntimeError
        assert not Delivery.objects.filter(message="objection_answered").exists()

    def test_the_mail_has_the_answer_line_by_line(self, person):
        found = object_to(participant=person, text="ไม่", by=PARTICIPANT, at=NOON)
        answer(objection=found, text="นำชื่อออกแล้ว\n<b>ทั้งสองวัน</b>", by=SYSTEM, at=NOON)
        mail = compose.compose(Delivery.objects.get(message="objection_answered"), at=NOON)
        assert mail.subject == f"คำตอบเรื่องการคัดค้านการใช้ข้อมูล – การประชุมหนึ่ง (รหัส {person.code})"
        assert "นำชื่อออกแล้ว\n<b>ทั้งสองวัน</b>" in mail.body
        assert "นำชื่อออกแล้ว<br>&lt;b&gt;ทั้งสองวัน&lt;/b&gt;" in mail.alternatives[0][0]

    def test_the_front_page_of_the_admin_counts_what_waits(self, admin_client, person):
        object_to(participant=person, text="ไม่", by=PARTICIPANT)
        assert "มีคำคัดค้านจากผู้เข้าร่วมรอคำตอบ ๑ เรื่อง" in admin_client.get("/admin/").content.decode()


class TestErasing:
    def test_the_long_lived_link_alone_erases_nobody(self, client, person):
        client.open_page_of(person)
        client.post(f"/p/{person.code}/erase/")
        assert Participant.objects.count() == 1

    def test_looking_at_the_page_erases_nobody(self, client, person):
        shown = client.open_fresh_link(person, "erase").content.decode()
        assert ("มานี" in shown, Participant.objects.count()) == (True, 1)

    def test_posting_does(self, client, person):
        client.open_fresh_link(person, "erase")
        response = client.post(f"/p/{person.code}/erase/", follow=True)
        assert response.redirect_chain == [("/erased/", 302)]
        assert (Participant.objects.count(), Delivery.objects.count()) == (0, 0)
        assert client.get(f"/p/{person.code}/").status_code == 404

    def test_a_link_to_see_the_data_does_not_erase_them(self, client, person):
        client.open_fresh_link(person, "my_data")
        client.post(f"/p/{person.code}/erase/")
        assert Participant.objects.count() == 1

    def test_the_seat_goes_to_the_next(self, client):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        person, waiting = make_participant(workshop), make_participant(workshop)
        client.open_fresh_link(person, "erase")
        client.post(f"/p/{person.code}/erase/")
        waiting.refresh_from_db()
        assert waiting.state == State.CONFIRMED

    def test_the_page_of_somebody_whose_registration_ended_offers_it_too(self, client, person, workshop):
        decline(participant=person, reason="เต็ม", by=SYSTEM)
        shown = client.open_page_of(person).content.decode()
        assert f"/p/{person.code}/erase/" in shown
        assert signed.personal_path(person) == f"/p/{person.code}/"


class TestTheOfficeErases:
    def send(self, client, *people, **more):
        return client.post("/admin/registration/participant/", {"action": "erase_them", "_selected_action": [p.pk for p in people], **more})

    def test_it_asks_first_and_names_what_goes(self, admin_client, person):
        page = self.send(admin_client, person).content.decode()
        assert ("me@example.org" in page, Participant.objects.count()) == (True, 1)

    def test_confirmed_it_is_done_and_the_trail_says_by_whom(self, admin_client, person):
        self.send(admin_client, person, confirmed="yes")
        line = AuditEvent.objects.get(what="erased")
        assert (Participant.objects.count(), line.actor.username, line.participant_key) == (0, "admin", person.pk)

    def test_one_at_a_time(self, admin_client, person, workshop):
        self.send(admin_client, person, make_participant(workshop), confirmed="yes")
        assert Participant.objects.count() == 2

    def test_who_only_looks_after_people_may_not(self, client, person):
        user = User.objects.create_user("member", is_staff=True)
        user.groups.add(Group.objects.get(name="งานลงทะเบียน"))
        client.force_login(user)
        self.send(client, person, confirmed="yes")
        assert Participant.objects.count() == 1
