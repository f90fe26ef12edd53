import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registration.models import Delivery, Participant
from registration.people import search_index
from registration.people.search import search, search_mails
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    workshop = make_workshop()
    make_participant(
        workshop,
        title="นาย",
        first_name="สมชาย",
        last_name="ใจดี",
        email="somchai.j@example.org",
        organisation="สำนักงานจังหวัดน่าน",
        organisation_short="สนจ.",
        phone="+6622804085",
    )
    make_participant(
        workshop,
        title="Mr.",
        first_name="David",
        last_name="Sample",
        email="david@example.org",
        organisation="International Example Programme",
        organisation_short="IEP",
        phone="+66898765432",
    )
    make_participant(
        workshop, title="นางสาว", first_name="สมหญิง", last_name="ใจดี ณ ตัวอย่าง", email="other@example.org", phone="+66812340000"
    )
    return Participant.objects.all()


def found(people, text):
    return [person.first_name for person in search(people, text).order_by("pk")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("สมชาย ใจดี", ["สมชาย"]),
        ("ใจดี สมชาย", ["สมชาย"]),
        ("นายสมชาย  ใจดี", ["สมชาย"]),
        ("นาย สมชาย", ["สมชาย"]),
        ("Mr.David", ["David"]),
        ("มชา", ["สมชาย"]),
        ("ใจดี", ["สมชาย", "สมหญิง"]),
        ("ใจดี ณ ตัวอย่าง", ["สมหญิง"]),
        ("สมชาย ตัวอย่าง", []),
        ("dAVID", ["David"]),
        ("DAVID@EXAMPLE.ORG", ["David"]),
        ("จังหวัดน่าน", ["สมชาย"]),
        ("สนจ.", ["สมชาย"]),
        ("example programme", ["David"]),
        ("ไม่มีผู้นี้", []),
    ],
)
def test_every_word_must_be_a_part_of_what_is_known_of_a_person(people, text, names):
    assert found(people, text) == names


@pytest.mark.parametrize(
    "text", ["02 280 4085", "022804085", "02-280-4085", "+66 2 280 4085", "6622804085", "๐๒ ๒๘๐ ๔๐๘๕", "02 280 4085 ต่อ 6414", "280 4085"]
)
def test_a_phone_number_is_found_however_it_is_written(people, text):
    assert found(people, text) == ["สมชาย"]


def test_a_code_is_found_with_and_without_dashes_and_in_small_letters(people):
    person = people.get(first_name="David")
    code = "AC7DE9F"
    people.filter(pk=person.pk).update(code=code)
    assert [found(people, text) for text in ("AC7DE9F", "ac7-de9f", "AC7-DE9-F", "ac7de")] == [["David"]] * 4


def test_a_code_of_digits_alone_is_found(people):
    people.filter(first_name="David").update(code="2345678")
    assert found(people, "234-5678") == ["David"]


def test_an_empty_search_finds_everybody(people):
    assert found(people, "  ") == ["สมชาย", "David", "สมหญิง"]


def test_a_very_long_search_is_answered(people):
    assert found(people, "ฬ " * 3000) == []


@pytest.mark.parametrize("typed", ["ส\u0e21ช\u0e45ย", "ใจด \u0e35", "สมช\u200bาย", "สมหญ\u0e34ง", "สม\uff08"[:2]])
def test_thai_is_found_in_whatever_form_it_is_typed(people, typed):
    assert found(people, typed) != []


def test_a_name_that_was_typed_in_another_form_is_found_by_its_proper_one():
    make_participant(make_workshop(), first_name="ส\uf70aงเสริม", last_name="วิญ\uf70f\u0e39")
    assert found(Participant.objects.all(), "ส่งเสริม วิญญู") == ["ส่งเสริม"]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("สมชาย ใจดี", ["somchai.j@example.org"]),
        ("CHAI.J@", ["somchai.j@example.org"]),
        ("mailbox full", ["other@example.org"]),
        ("@example.org", ["somchai.j@example.org", "david@example.org", "other@example.org"]),
        ("ไม่มีผู้นี้", []),
        ("ก" * 300, []),
    ],
)
def test_mails_are_found_by_address_person_and_answer(people, text, addresses):
    Delivery.objects.filter(email="other@example.org").update(error="550 Mailbox full")
    assert [mail.email for mail in search_mails(Delivery.objects.order_by("pk"), text)] == addresses


def test_no_word_is_found_across_two_columns(people):
    assert found(people, "ใจดีsomchai") == []


def test_what_is_searched_is_what_is_indexed(people):
    """Letter for letter, else PostgreSQL would not know its own index again."""
    sql = str(search(people, "ทดสอบ").query).replace('"registration_participant".', "")
    _table, indexed = search_index.INDEXES["participant_parts"]
    assert indexed.removeprefix("upper((").removesuffix(")::text)") in sql.replace("||   ||", "|| ' ' ||")


def test_the_command_says_in_one_line_that_there_can_be_no_index(db):
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError, match="postgresql-contrib"):
            call_command("index_search")
