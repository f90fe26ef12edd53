"""What is read for a search does not grow with whom it is looked for among; where not all are listed, the list says so."""

from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from registration.models import Delivery, Invitation, Participant
from registration.office import paging
from registration.people import board
from registration.people import found as found_module
from registration.people.found import found_invitations, found_mails, found_people
from registration.people.names import match_key
from registration.people.search import search, search_invitations, search_mails
from tests.factories import make_participant, make_workshop, work_off
from tests.steps import steps

pytestmark = pytest.mark.django_db

#: More than are found and listed, so that the pages are full with few already.
FEW, MANY = 120, 1_200
PEOPLE, MAILS = "/admin/registration/participant/", "/admin/registration/delivery/"
INVITATIONS = "/admin/registration/invitation/"


@pytest.fixture
def limits(monkeypatch):
    """Those that two million are measured with, for hundreds."""
    monkeypatch.setattr(found_module, "MAX_FOUND", 30)
    monkeypatch.setattr(found_module, "MAX_SEARCHED", 100)
    monkeypatch.setattr(found_module, "MAX_PROPOSED", 60)
    monkeypatch.setattr(paging, "MAX_LISTED", 100)


@pytest.fixture
def one():
    person = make_participant(make_workshop(), first_name="ผู้เดียว", last_name="ตัวอย่าง", email="alone@example.org", phone="+66822220000")
    person.name_key = match_key(person.first_name, person.last_name)
    person.save(update_fields=["name_key"])
    return person


def crowd(model, number):
    """So many with the family name สมมุติ; each got a mail."""
    like = {field.attname: getattr(model, field.attname) for field in Participant._meta.concrete_fields if not field.primary_key}
    people = Participant.objects.bulk_create(
        Participant(**like | {
            "first_name": f"คน{n}", "last_name": "สมมุติ", "sort_key": f"คน{n:06}", "name_key": f"คน{n}สมมุติ", "phone": f"+66811{n:06}",
            "email": f"{uuid4().hex}@example.com", "code": uuid4().hex[:12], "submission": uuid4(),
        })
        for n in range(number)
    )  # fmt: skip
    now = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(workshop=each.workshop, quota=each.quota, email=each.email, first_name=each.first_name, last_name=each.last_name,
                   state="withdrawn", created_at=now, expires_at=now)
        for each in people
    )  # fmt: skip
    Delivery.objects.bulk_create(
        Delivery(key=uuid4().hex, message="confirmed", participant=each, email=each.email, state="sent", created_at=now, due_at=now)
        for each in people
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine")
def test_what_is_read_for_lists_and_searches_does_not_grow(admin_client, one, limits, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)  # what is kept for some seconds is kept throughout
    asked = {
        "a part that everybody has": (PEOPLE, {"q": "มมุต"}),
        "a part that one has": (PEOPLE, {"q": "เดียว"}),
        "two parts": (PEOPLE, {"q": "สมมุติ example.com"}),
        "two letters": (PEOPLE, {"q": "มม"}),
        "a part of an address": (PEOPLE, {"q": "alone@"}),
        "a part of a phone number": (PEOPLE, {"q": "0822220"}),
        "a whole phone number": (PEOPLE, {"q": "082 222 0000"}),
        "digits that everybody has": (PEOPLE, {"q": "081-1"}),
        "nobody": (PEOPLE, {"q": "ไม่มีผู้นี้"}),
        "the list of people": (PEOPLE, {}),
        "mails by a part of an address that all have": (MAILS, {"q": "example.com"}),
        "mails to one": (MAILS, {"q": "เดียว"}),
        "the list of mails": (MAILS, {}),
        "invitations by a part that all have": (INVITATIONS, {"q": "มมุต"}),
        "invitations by a part that none has": (INVITATIONS, {"q": "ไม่มีผู้นี้"}),
        "invitations by two letters": (INVITATIONS, {"q": "มม"}),
        "the list of invitations": (INVITATIONS, {}),
        "the list of invitations to all workshops": (INVITATIONS, {"workshop": "all"}),
        "namesakes": (reverse("admin:registration_participant_compare"), {"of": one.pk}),
    }

    def taken():
        counts = {}
        for name, (path, parameters) in asked.items():
            with steps() as counted:
                assert admin_client.get(path, parameters).status_code in (200, 302)
            counts[name] = counted.taken
        return counts

    crowd(one, FEW)
    taken()  # what is kept for the next request
    few = taken()
    crowd(one, MANY - FEW)
    assert {name: (few[name], many) for name, many in taken().items() if many > 1.5 * few[name]} == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine")
def test_what_is_read_for_those_who_are_perhaps_there_twice_does_not_grow(admin_client, one, limits, monkeypatch):
    """Whatever they have in common, in one workshop and in all; each of the crowd has a namesake with the same phone."""
    monkeypatch.setattr(board, "MAX_DOUBLES", 50)
    asked = [{"workshop": workshop, "twice": by} for workshop in (one.workshop.slug, "all") for by in ("name", "phone")]

    def taken():
        counts = []
        for parameters in asked:
            admin_client.get(PEOPLE, parameters)
            work_off()
            with steps() as counted:
                page = admin_client.get(PEOPLE, parameters)
            assert len(page.context["cl"].result_list) == 50
            counts.append(counted.taken)
        return counts

    for _twice in range(2):
        crowd(one, FEW // 2)
    taken()
    few = taken()
    for _twice in range(2):
        crowd(one, MANY // 2)
    assert [more for before, more in zip(few, taken(), strict=True) if more > 1.5 * before] == []


@pytest.mark.parametrize("text", ["ผู้เดียว", "เดียว ตัวอย่าง", "alone@", "0822220000", "2 222", "ไม่มีผู้นี้"])
def test_who_is_found_in_a_short_list_is_found_in_a_long_one(one, limits, text):
    crowd(one, FEW)
    people = found_people(Participant.objects.all(), text)
    mails = found_mails(Delivery.objects.all(), text)
    assert (set(people.rows), people.is_all) == (set(search(Participant.objects.all(), text)), True)
    assert people.keys == {person.pk for person in people.rows}
    assert (set(mails.rows), mails.is_all) == (set(search_mails(Delivery.objects.all(), text)), True)


@pytest.mark.parametrize("text", ["สมมุติ", "มม", "example.com", "0811"])
def test_of_very_many_as_many_are_found_as_anybody_reads(one, limits, text):
    crowd(one, FEW)
    people = found_people(Participant.objects.all(), text)
    assert (people.rows.count(), people.is_all) == (30, False)
    assert set(people.rows) <= set(search(Participant.objects.all(), text))
    mails = found_mails(Delivery.objects.all(), text)
    assert (mails.rows.count(), mails.is_all, mails.keys) == (30, False, {mail.pk for mail in mails.rows})


def test_of_very_many_invitations_as_many_are_found_as_anybody_reads(one, limits):
    crowd(one, FEW)
    found, alone = (found_invitations(Invitation.objects.all(), text) for text in ("สมมุติ", "คน77 สมมุติ"))
    assert (found.rows.count(), found.is_all) == (30, False)
    assert set(found.rows) <= set(search_invitations(Invitation.objects.all(), "สมมุติ"))
    assert ([invitation.first_name for invitation in alone.rows], alone.is_all) == (["คน77"], True)


@pytest.mark.parametrize("text", ["สมมุติ", "มม"])
def test_a_short_list_is_searched_to_its_end(one, limits, text):
    crowd(one, 90)
    found = found_people(Participant.objects.all(), text)
    assert (found.rows.count(), found.is_all) == (90, True)
    assert (found_mails(Delivery.objects.all(), text).rows.count(), found_mails(Delivery.objects.all(), text).is_all) == (90, True)


def test_those_of_a_filter_are_found_behind_many_of_others(one, limits):
    """The index names the newest first, who are all of another workshop."""
    own = make_participant(one.workshop, last_name="สมมุติ")
    other = make_participant(make_workshop(slug="other"))
    crowd(own, FEW)
    crowd(other, FEW)
    found = found_people(Participant.objects.filter(workshop=one.workshop), "สมมุติ")
    assert {person.workshop_id for person in found.rows} == {one.workshop_id}
    assert (found.rows.count(), found.is_all) == (30, False)


def test_the_list_says_that_there_may_be_more_and_offers_no_deed_on_all(admin_client, one, limits):
    crowd(one, FEW)
    page = admin_client.get(PEOPLE, {"q": "สมมุติ"})
    text = " ".join(page.content.decode().split())
    assert "อย่างน้อย ๓๐ รายการ โปรดพิมพ์เพิ่มเพื่อค้นหารายการอื่น" in text
    assert 'class="question hidden"' not in text
    assert "อย่างน้อย" not in admin_client.get(PEOPLE, {"q": "ผู้เดียว"}).content.decode()
    assert "อย่างน้อย ๓๐ รายการ" in " ".join(admin_client.get(MAILS, {"q": "example.com"}).content.decode().split())
