"""Back, corrected, sent again: what was changed is offered as the change that it is, and nobody is registered unasked."""

import re
from html import unescape

import pytest
from django.test import Client

from registration.models import Delivery, Participant
from tests.factories import make_answers, make_participant, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def answers(workshop):
    return make_answers(workshop, title="นาย", first_name="สมมุติ", last_name="ทดสบ", email="first@example.org")


@pytest.fixture
def path(workshop):
    return f"/w/{workshop.slug}/register/"


@pytest.fixture
def registered(client, path, answers):
    client.post(path, answers)
    return Participant.objects.get()


def words_of(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:span|del|ins)[^>]*>", "", main))))


def press(client, response, words: str, **filled):
    """Sends the form of the page whose button is called `words`."""
    forms = re.findall(r"<form.*?</form>", response.content.decode(), re.DOTALL)
    form = next(form for form in forms if words in re.sub(r"<[^>]+>", "", form.partition("<button")[2]))
    data: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"', form):
        data.setdefault(name, []).append(unescape(value))
    return client.post(re.search(r'action="([^"]*)"', form)[1], data | filled, follow=True)


def new_form(workshop, answers, **changes):
    return answers | {"submission": make_answers(workshop)["submission"]} | changes


def test_a_correction_is_offered_as_the_change_that_it_is(client, path, answers, registered):
    page = client.post(path, answers | {"last_name": "ทดสอบ", "phone": "0898765432"})
    assert "ท่านลงทะเบียนไว้แล้ว" in words_of(page)
    assert "ทดสบ → ทดสอบ" in words_of(page)
    assert "081 234 5678 → 089 876 5432" in words_of(page)
    assert Participant.objects.get().last_name == "ทดสบ"
    press(client, page, "บันทึกการแก้ไข")
    person = Participant.objects.get()
    assert (person.pk, person.last_name, person.phone) == (registered.pk, "ทดสอบ", "+66898765432")


def test_the_same_from_a_new_form_in_the_same_browser(client, workshop, path, answers, registered):
    page = client.post(path, new_form(workshop, answers, organisation="หน่วยงานใหม่"))
    press(client, page, "บันทึกการแก้ไข")
    assert Participant.objects.get().organisation == "หน่วยงานใหม่"


def test_other_days_are_a_change_too(client, workshop, path, answers, registered):
    page = client.post(path, answers | {"days": [str(workshop.days.last().pk)]})
    assert "เลือกต่างไปจากเดิม" in words_of(page)
    press(client, page, "บันทึกการแก้ไข")
    assert list(registered.days.all()) == [workshop.days.last()]


def test_sent_again_as_it_is_it_leads_where_it_led(client, path, answers, registered):
    assert client.post(path, answers).status_code == 302


def test_a_corrected_address_is_asked_to_confirm_itself(client, path, answers, registered):
    page = client.post(path, answers | {"email": "second@example.org"})
    assert "ยังไม่ได้เปลี่ยนอีเมล" in words_of(page)
    press(client, page, "ส่งลิงก์ไปที่ second@example.org")
    assert ("confirm_email", "second@example.org") in Delivery.objects.values_list("message", "email")
    assert Participant.objects.get().email == "first@example.org"


def test_the_same_address_for_a_colleague_registers_nobody_and_says_who_is(client, workshop, path, answers, registered):
    page = client.post(path, new_form(workshop, answers, title="นาง", first_name="ดวงใจ", last_name="อื่นเลย"))
    words = words_of(page)
    assert "ไม่ได้ลงทะเบียนผู้อื่นเพิ่ม" in words
    assert f"นายสมมุติ ทดสบ ลงทะเบียนไว้แล้วด้วยอีเมล first@example.org (รหัส {registered.code})" in words
    assert "ดวงใจ อื่นเลย ยังไม่ได้ลงทะเบียน" in words
    assert Participant.objects.count() == 1
    press(client, page, "ลงทะเบียน ดวงใจ อื่นเลย", email="colleague@example.org")
    assert list(Participant.objects.order_by("pk").values_list("first_name", "email")) == [
        ("สมมุติ", "first@example.org"),
        ("ดวงใจ", "colleague@example.org"),
    ]


def test_a_form_that_is_filled_in_anew_for_a_colleague_is_one_press_away_from_being_sent(client, path, answers, registered):
    page = client.post(path, answers | {"title": "นาง", "first_name": "ดวงใจ", "last_name": "อื่นเลย", "email": "colleague@example.org"})
    assert "ดวงใจ อื่นเลย ยังไม่ได้ลงทะเบียน" in words_of(page)
    press(client, page, "ลงทะเบียน ดวงใจ อื่นเลย")
    assert Participant.objects.count() == 2


def test_another_browser_is_told_nothing(workshop, path, answers, registered):
    response = Client().post(path, new_form(workshop, answers, first_name="ดวงใจ", last_name="อื่นเลย"))
    assert response["Location"] == f"/w/{workshop.slug}/register/check-mail/"


def test_who_cancelled_is_not_told_that_they_are_registered(client, path, answers, registered):
    Participant.objects.update(state="cancelled")
    assert client.post(path, answers | {"organisation": "หน่วยงานใหม่"}).status_code == 302


def test_after_the_time_for_changes_nothing_is_offered_that_ends_in_a_refusal(client, workshop, path, answers, registered):
    workshop.changes_close_at = registered.registered_at
    workshop.save()
    page = client.post(path, answers | {"organisation": "หน่วยงานใหม่"})
    assert "บันทึกการแก้ไข" not in words_of(page)


def test_the_page_costs_the_same_whoever_else_is_registered(client, workshop, path, answers, registered, django_assert_max_num_queries):
    for _i in range(3):
        make_participant(workshop)
    with django_assert_max_num_queries(30):
        client.post(path, answers | {"organisation": "หน่วยงานใหม่"})
