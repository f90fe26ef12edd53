"""The person corrects where they come from and to which group they belong."""

import re

import pytest
from django.urls import reverse

from registration.actor import PARTICIPANT
from registration.errors import GuardianNeeded
from registration.forms.parts import PersonGroupForm
from registration.models import Delivery, Participant, Quota
from registration.people.actions import details, transfers
from registration.people.changes import may_move
from registration.privacy.notice import NOTICE_VERSION
from registration.seats import quotas
from sessions.models import StakeholderGroup, Workshop
from tests.factories import make_participant, make_workshop, seats_of, tracks_of
from tests.visitors import Browser

pytestmark = pytest.mark.django_db


def send(participant, name="change_place", **answers):
    browser = Browser()
    browser.open_page_of(participant)
    return browser.post(reverse(name, args=[participant.code]), answers, follow=True)


def whole(page):
    """`page` without the marks round what a line must not divide."""
    return re.sub('<span class="nb">(.*?)</span>', r"\1", page)


def told(participant):
    return list(Delivery.objects.filter(participant=participant).order_by("pk").values_list("message", flat=True))


def test_a_seat_of_the_other_province_is_theirs_and_the_old_one_goes_to_the_next_in_line():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    person = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    next_in_line = make_participant(workshop)
    send(person, province="54", group="4.1.1")
    person.refresh_from_db()
    next_in_line.refresh_from_db()
    assert (person.quota.code, person.state, next_in_line.state) == ("54", "confirmed", "confirmed")
    assert (quotas.mismatches(), told(person)) == ([], ["confirmed", "changed"])
    assert person.events.get(verb="changed").details["values"] == {"province": ["น่าน", "แพร่"]}


def test_a_full_place_is_not_offered_and_what_fills_up_meanwhile_changes_nothing(monkeypatch):
    workshop = make_workshop()
    Quota.objects.filter(pk=seats_of(workshop, "54").pk).update(capacity=0)
    person = make_participant(workshop)
    assert set(send(person, province="54", group="4.1.1").context["form"].errors) == {"province"}
    monkeypatch.setattr(quotas, "take", lambda quota: False)
    page = send(person, province="56", group="4.1.1")
    monkeypatch.undo()
    person.refresh_from_db()
    assert "ข้อมูลการลงทะเบียนของท่านยังคงเดิม" in whole(page.content.decode())
    assert (person.quota.code, quotas.mismatches(), told(person)) == ("55", [], ["confirmed"])


def test_who_waits_gets_the_seat_that_is_free_elsewhere():
    workshop = make_workshop()
    seats_of(workshop, capacity=0)
    person = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    assert person.state == "waitlisted"
    send(person, province="54", group="4.1.1")
    person.refresh_from_db()
    assert (person.state, person.ticket, quotas.mismatches(), told(person)) == ("confirmed", None, [], ["waiting", "confirmed"])


def test_where_the_province_approves_first_the_other_one_decides_anew():
    workshop = make_workshop(decision="province_first")
    person = make_participant(workshop)
    Participant.objects.filter(pk=person.pk).update(state="confirmed")
    send(person, province="54", group="4.1.1")
    person.refresh_from_db()
    assert (person.state, told(person)[-1], quotas.mismatches()) == ("pending", "pending", [])


def test_from_a_province_to_the_central_agencies_the_only_group_there_is_taken():
    person = make_participant(make_workshop())
    send(person, province="central", group="4.1.1")
    person.refresh_from_db()
    assert (person.quota.code, person.group.code) == ("central", "4.2")


def test_back_to_a_province_a_group_of_its_own_is_asked_for():
    workshop = make_workshop()
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.2", name_th="หน่วยงานในภูมิภาค")
    person = make_participant(workshop, "central")
    assert set(send(person, province="54", group="4.2").context["form"].errors) == {"group"}
    send(person, province="54", group="4.1.2")
    person.refresh_from_db()
    assert (person.quota.code, person.group.code) == ("54", "4.1.2")


@pytest.mark.parametrize("fields", [{"entry": "province_link"}, {"decision": "selection"}])
def test_where_a_province_lets_people_in_or_selects_them_nobody_moves_by_themselves(fields):
    workshop = make_workshop()
    person = make_participant(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(**fields)
    page = Browser().open_page_of(person).content.decode()
    assert reverse("change_place", args=[person.code]) not in page
    assert "แก้ไขรายการนี้ด้วยตนเองไม่ได้" in send(person, province="54", group="4.1.1").content.decode()
    person.refresh_from_db()
    assert (person.quota.code, may_move(person)) == ("55", False)


def test_the_group_is_corrected_and_told():
    workshop = make_workshop()
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.2", name_th="หน่วยงานในภูมิภาค")
    person = make_participant(workshop)
    send(person, "change_group", group="4.1.2")
    send(person, "change_group", group="4.1.2")
    person.refresh_from_db()
    assert (person.group.code, told(person)) == ("4.1.2", ["confirmed", "changed"])


AGREED = {"group": "4.1.8", "guardian_name": "นางสมศรี สมมุติ", "guardian_contact": "mother@example.org", "guardian_agrees": "on"}


@pytest.fixture
def with_youth():
    workshop = make_workshop()
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.8", name_th="เด็กและเยาวชน", needs_guardian=True)
    return workshop


@pytest.mark.parametrize(("page", "place"), [("change_group", {}), ("change_place", {"province": "54"})])
def test_the_way_into_the_youth_group_leads_through_the_agreement_of_a_guardian(with_youth, page, place):
    person = make_participant(with_youth)
    refused = send(person, page, **place, group="4.1.8").context["form"].errors
    assert set(refused) == {"guardian_name", "guardian_contact", "guardian_agrees"}
    assert set(send(person, page, **place, **AGREED | {"guardian_contact": person.email}).context["form"].errors) == {"guardian_contact"}
    send(person, page, **place, **AGREED)
    person.refresh_from_db()
    assert (person.group.code, person.guardian_name, person.guardian_email) == ("4.1.8", "นางสมศรี สมมุติ", "mother@example.org")
    assert person.consent_version == NOTICE_VERSION and "guardian_told" in told(person)


def test_who_is_of_age_or_stays_in_their_group_needs_no_guardian(with_youth):
    person = make_participant(with_youth)
    send(person, "change_group", group="4.1.8", of_age="on")
    send(person, "change_place", province="54", group="4.1.8")
    person.refresh_from_db()
    assert (person.group.code, person.quota.code, person.guardian_name) == ("4.1.8", "54", "")


def test_no_action_moves_a_youth_without_an_agreement(with_youth):
    person, youth = make_participant(with_youth), with_youth.groups.get(code="4.1.8")
    with pytest.raises(GuardianNeeded):
        details.change_group(participant=person, group=youth, by=PARTICIPANT)
    with pytest.raises(GuardianNeeded):
        transfers.move_to(participant=person, to=seats_of(with_youth, "54"), group=youth, by=PARTICIPANT)
    person.refresh_from_db()
    assert (person.group.code, person.quota.code, quotas.mismatches()) == ("4.1.1", "55", [])


def test_office_and_desk_leave_that_group_to_the_participant_unless_they_are_of_age(with_youth):
    person, youth = make_participant(with_youth), with_youth.groups.get(code="4.1.8")
    form = PersonGroupForm({"group": youth.pk}, participant=person)
    assert set(form.errors) == {"group"}
    assert PersonGroupForm({"group": youth.pk, "of_age": "on"}, participant=person).is_valid()


@pytest.mark.parametrize(("state", "said"), [("confirmed", "ระบบจะคืนที่นั่งเดิม"), ("waitlisted", "และยังไม่มีที่นั่ง")])
def test_only_a_seat_that_is_held_is_said_to_be_given_back(state, said):
    person = make_participant(make_workshop())
    Participant.objects.filter(pk=person.pk).update(state=state, ticket=1)
    browser = Browser()
    browser.open_page_of(person)
    page = whole(browser.get(reverse("change_place", args=[person.code])).content.decode())
    assert [words in page for words in (said, "ระบบจะคืนที่นั่งเดิม")] == [True, state == "confirmed"]


@pytest.mark.parametrize(("code", "called"), [("55", "แก้ไขจังหวัด"), ("central", "เปลี่ยนเป็นจังหวัด")])
def test_nobody_corrects_a_province_who_has_none(code, called):
    person = make_participant(make_workshop(), code)
    browser = Browser()
    browser.open_page_of(person)
    pages = [browser.get(reverse(name, args=[person.code])).content.decode() for name in ("participant", "edit", "change_place")]
    words = {"แก้ไขจังหวัด", "เปลี่ยนเป็นจังหวัด"}
    assert [{one for one in words if one in whole(page)} for page in pages] == [{called}] * 3
