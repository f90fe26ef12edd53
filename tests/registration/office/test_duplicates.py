import pytest
from django.contrib.auth.models import User

from registration.actor import PARTICIPANT, SYSTEM
from registration.models import Participant
from registration.office.participants.comparison import possible_duplicates
from registration.people.actions.details import change_details
from registration.people.filters import filtered
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_participant, make_person, make_workshop

pytestmark = pytest.mark.django_db

PEOPLE = "/en/admin/registration/participant/"


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("staff"))
    return client


def listed(client, **query):
    return [(person.first_name, person.quota.code) for person in client.get(PEOPLE, query).context["cl"].result_list]


def test_people_of_the_same_name_stand_side_by_side_whatever_their_province(staff):
    workshop = make_workshop()
    for code, name in (("55", "สมชาย"), ("50", "แก้ว"), ("50", "สมชาย"), ("90", "สมชาย")):
        make_participant(workshop, code, first_name=name)
    assert sorted(listed(staff, twice="name")) == [("สมชาย", "50"), ("สมชาย", "55"), ("สมชาย", "90")]


def test_people_with_the_same_phone_stand_together(staff):
    workshop = make_workshop()
    for name, phone in (("ก", "+66811111111"), ("ข", "+66822222222"), ("ค", "+66811111111"), ("ง", "+66822222222"), ("จ", "+66833333333")):
        make_participant(workshop, first_name=name, phone=phone)
    assert [name for name, _code in listed(staff, twice="phone")] == ["ก", "ค", "ข", "ง"]


def test_nobody_is_twice_with_a_cancelled_registration_or_with_another_workshop(staff):
    other, workshop = make_workshop(), make_workshop()
    make_participant(other, first_name="สมชาย", phone="+66811111111")
    ended = make_participant(workshop, first_name="สมชาย", phone="+66811111111")
    cancel(participant=ended, by=PARTICIPANT, at=NOON)
    make_participant(workshop, first_name="สมชาย", phone="+66811111111")
    query = {"workshop": workshop.slug}
    assert (listed(staff, twice="name", **query), listed(staff, twice="phone", **query)) == ([], [])


def test_what_tells_them_apart_is_shown_where_they_are_compared(staff):
    workshop = make_workshop()
    people = [make_participant(workshop, first_name="สมชาย", phone=f"+6681000000{n}") for n in (1, 2)]
    page = staff.get(PEOPLE, {"twice": "name"}).content.decode()
    assert [person.email in page for person in people] == [True, True]
    assert [person.email in staff.get(PEOPLE).content.decode() for person in people] == [False, False]


def test_a_name_is_the_same_however_it_is_spaced_toned_and_written(staff):
    workshop = make_workshop()
    for first, last in (("สมชาย", "ณ น่าน"), ("สมช่าย", "ณน่าน"), ("David", "O'Neil"), ("DAVID", "ONeil"), ("สมหญิง", "ทดสอบดี")):
        make_participant(workshop, first_name=first, last_name=last)
    assert {name for name, _code in listed(staff, twice="name")} == {"สมชาย", "สมช่าย", "David", "DAVID"}
    person = Participant.objects.get(first_name="David")
    assert [other.first_name for other in possible_duplicates(person) if other.last_name == "ONeil"] == ["DAVID"]


def test_a_corrected_name_is_matched_as_it_is_now(staff):
    workshop = make_workshop()
    one, other = make_participant(workshop, first_name="สมชาย"), make_participant(workshop, first_name="สมหญิง")
    change_details(participant=other, person=make_person(first_name="สมช่าย", email=other.email), days=[], tracks=[], by=SYSTEM)
    assert {name for name, _code in listed(staff, twice="name")} == {"สมชาย", "สมช่าย"}
    assert one in possible_duplicates(other)


def test_whoever_is_perhaps_there_twice_is_found_without_reading_the_others(django_assert_num_queries):
    """Names are compared by the database, in the query of the list itself: nobody else's name is read."""
    workshop = make_workshop()
    for number in range(4):
        make_participant(workshop, first_name="สมชาย" if number < 2 else f"ทดสอบ{'กข'[number - 2]}")
    with django_assert_num_queries(1):
        assert len(filtered(workshop, {"twice": "name"})) == 2
