"""What is not certain about a name or an address is asked on the page, and one press answers, with and without JavaScript."""

import re
from html import unescape

import pytest

from registration.models import Participant
from tests.factories import make_answers, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


def send(client, workshop, **changes):
    return client.post(f"/w/{workshop.slug}/register/", make_answers(workshop, **changes))


def pressed(page: str, words: str) -> dict[str, str]:
    """What the button called `words` and the hidden fields of the questions send."""
    button = re.search(rf"<button([^>]*)>\s*<span>{re.escape(words)}</span>", page)
    sent = dict(re.findall(r'(name|value)="([^"]*)"', button[1]))
    return hidden(page) | {sent["name"]: unescape(sent["value"])}


def hidden(page: str) -> dict[str, list[str]]:
    found = re.findall(r'<input type="hidden" name="(asked|kept)" value="([^"]*)"', page)
    return {kind: [unescape(text) for name, text in found if name == kind] for kind in ("asked", "kept")}


@pytest.mark.parametrize(("words", "email"), [("ใช้ gmail.com", "somchai@gmail.com"), ("ใช้ gmial.com ตามที่กรอก", "somchai@gmial.com")])
def test_a_mistyped_domain_is_asked_about_once_and_holds_nobody_up(client, workshop, words, email):
    page = send(client, workshop, email="somchai@gmial.com").content.decode()
    assert "หมายถึง somchai@gmail.com หรือไม่" in page
    assert Participant.objects.count() == 0
    send(client, workshop, email="somchai@gmial.com", **pressed(page, words))
    assert Participant.objects.get().email == email


@pytest.mark.parametrize(
    ("words", "name"), [("ใช้ชื่อนี้", "นางสาวสมหญิง ทดสอบดี"), ("ใช้ตามที่กรอก", "นางนางสาวสมหญิง ทดสอบดี")]
)  # fmt: skip
def test_a_doubtful_name_is_stored_as_its_owner_says(client, workshop, words, name):
    typed = {"title": "นาง", "first_name": "นางสาวสมหญิง", "last_name": "ทดสอบดี"}
    page = send(client, workshop, **typed).content.decode()
    assert Participant.objects.count() == 0
    send(client, workshop, **typed, **pressed(page, words))
    assert Participant.objects.get().full_name == name


def test_two_questions_are_answered_one_after_the_other(client, workshop):
    typed = {"title": "นาง", "first_name": "นางสาวสมหญิง", "last_name": "ทดสอบดี", "email": "somying@gmial.com"}
    page = send(client, workshop, **typed).content.decode()
    page = send(client, workshop, **typed, **pressed(page, "ใช้ gmail.com")).content.decode()
    assert ("หมายถึง" in page, "ต้องการใช้ชื่อนี้หรือไม่" in page, Participant.objects.count()) == (False, True, 0)
    send(client, workshop, **typed | {"email": "somying@gmail.com"}, **pressed(page, "ใช้ชื่อนี้"))
    person = Participant.objects.get()
    assert (person.email, person.full_name) == ("somying@gmail.com", "นางสาวสมหญิง ทดสอบดี")


def test_to_keep_one_answer_is_no_answer_to_the_other(client, workshop):
    typed = {"title": "นาง", "first_name": "นางสาวสมหญิง", "last_name": "ทดสอบดี", "email": "somying@gmial.com"}
    page = send(client, workshop, **typed).content.decode()
    page = send(client, workshop, **typed, **pressed(page, "ใช้ gmial.com ตามที่กรอก")).content.decode()
    assert ("หมายถึง" in page, Participant.objects.count()) == (False, 0)
    send(client, workshop, **typed, **pressed(page, "ใช้ตามที่กรอก"))
    assert Participant.objects.get().email == "somying@gmial.com"


def test_who_sends_the_form_again_as_it_is_keeps_everything(client, workshop):
    typed = {"title": "นาง", "first_name": "นางสาวสมหญิง", "last_name": "ทดสอบดี", "email": "somying@gmial.com"}
    page = send(client, workshop, **typed).content.decode()
    send(client, workshop, **typed, **hidden(page))
    person = Participant.objects.get()
    assert (person.email, person.full_name) == ("somying@gmial.com", "นางนางสาวสมหญิง ทดสอบดี")


def test_a_fault_elsewhere_asks_nothing_twice(client, workshop):
    page = send(client, workshop, email="somchai@gmial.com", phone="12").content.decode()
    keep = pressed(page, "ใช้ gmial.com ตามที่กรอก")
    page = send(client, workshop, email="somchai@gmial.com", phone="12", **keep).content.decode()
    assert "หมายถึง" not in page
    send(client, workshop, email="somchai@gmial.com", **hidden(page))
    assert Participant.objects.get().email == "somchai@gmial.com"


def test_enter_takes_no_proposal(client, workshop):
    """Enter presses the first button of a form: it must not be one that changes something."""
    page = send(client, workshop, email="somchai@gmial.com").content.decode()
    form = page[page.index("<form") :]
    assert 'name="' not in re.search(r"<button([^>]*)>", form[form.index("csrfmiddlewaretoken") :])[1]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"title": "Mr.", "first_name": "Suharto", "last_name": "-"}, "Mr. Suharto"),
        ({"title": "Mr.", "first_name": "Suharto", "last_name": "", "no_last_name": "on"}, "Mr. Suharto"),
        ({"title": "พระครู", "first_name": "สมมุติธรรมคุณ", "last_name": ""}, "พระครูสมมุติธรรมคุณ"),
    ],
)
def test_people_without_a_family_name_register(client, workshop, typed, name):
    send(client, workshop, **typed)
    person = Participant.objects.get()
    assert (person.full_name, person.last_name) == (name, "")
