from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registration.actor import SYSTEM
from registration.models import Delivery, Invitation, Participant
from registration.people import search as search_module
from registration.people import search_index
from registration.people.search import search, search_invitations, search_mails
from registration.privacy.actions.erasure import erase
from tests.factories import NOON, make_participant, make_workshop

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
    sql = str(search(people, "ใจดี").query).replace('"registration_participant".', "")
    _table, indexed, _divided = search_index.INDEXES["participant_parts"]
    assert indexed.removeprefix("upper((").removesuffix(")::text)") in sql.replace("||   ||", "|| ' ' ||")


@pytest.mark.postgres
def test_many_digits_are_looked_up_by_the_last_of_them(people):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "participant_phone_digits" in search(people.order_by(), "081 234 0000").explain()
    assert found(people, "081 234 0000") == ["สมหญิง"]


@pytest.mark.postgres
@given(number=st.from_regex(r"\+?[0-9]{0,15}", fullmatch=True), digits=st.from_regex(r"[1-9][0-9]{3,9}", fullmatch=True))
@example("+66812345678", "12345")
@example("+66812345678", "812345678")
@example("12345678", "123456")
@settings(max_examples=100)
def test_whom_the_last_digits_find_has_all_of_them(people, number, digits):
    people.filter(first_name="David").update(phone=number)
    expected = people.filter(phone__contains=search_module._phone_digits(digits)).order_by("pk").values_list("first_name", flat=True)
    assert found(people, digits) == list(expected)


@pytest.fixture
def trigrams():
    """SQLite's index, as the migrations leave it."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its indexes itself")
    with connection.cursor() as cursor:
        assert [search_index._is_kept(cursor, table) for table in search_index.TABLES] == [True] * 4
        yield cursor


class TestTrigrams:
    @given(text=st.text(st.sampled_from("สมชายหญิงใจดี ณตัวอย่างDavidsample.j@org\"'*^:(){}-+4085๐"), min_size=1, max_size=12))
    @settings(max_examples=150)
    def test_they_find_whom_a_look_at_everybody_finds(self, trigrams, people, text):
        with mock.patch.multiple(search_module, newest_keys=lambda *asked: None, keys_of_digits=lambda *asked: None):
            expected = found(people, text), [mail.pk for mail in search_mails(Delivery.objects.order_by("pk"), text)]
        assert (found(people, text), [mail.pk for mail in search_mails(Delivery.objects.order_by("pk"), text)]) == expected

    @given(number=st.from_regex(r"\+?[0-9]{0,15}", fullmatch=True), digits=st.from_regex(r"[0-9]{3,12}", fullmatch=True))
    @example("+66812345678", "66812345678")
    @example("+66812345678", "678")
    @example("0812", "081")
    @example("+6681 234", "812")
    @settings(max_examples=150)
    def test_whose_number_has_some_digits_is_told_from_what_it_ends_in(self, trigrams, people, number, digits):
        people.filter(first_name="David").update(phone=number)
        expected = people.filter(phone__contains=digits).values_list("pk", flat=True)
        assert sorted(search_index.keys_of_digits(digits, 9)) == sorted(expected)

    def test_a_number_that_is_gone_leaves_no_ending(self, trigrams, people):
        people.exclude(first_name="David").delete()
        people.update(phone="")
        trigrams.execute("SELECT COUNT(*) FROM participant_phone_ends")
        assert trigrams.fetchone()[0] == 0

    @given(text=st.text(st.sampled_from("สมมุติทดสอบขข @x\"'.orgสำนัก"), min_size=1, max_size=12))
    @example('"สมมุติ ทดสอบ" สำนัก')
    @example("ทดสอบ X@")
    @settings(max_examples=100)
    def test_they_find_which_invitations_a_look_at_all_finds(self, trigrams, people, text):
        workshop = people[0].workshop
        for email, organisation in (("x@example.org", "สำนักงาน"), ("y@example.org", "")):
            made = {"expires_at": NOON, "created_at": NOON, "first_name": "สมมุติ", "last_name": "ทดสอบ", "organisation": organisation}
            Invitation.objects.get_or_create(workshop=workshop, quota=people[0].quota, email=email, defaults=made)

        def invited():
            return list(search_invitations(Invitation.objects.order_by("pk"), text).values_list("email", flat=True))

        with mock.patch.object(search_module, "newest_keys", lambda *asked: None):
            expected = invited()
        assert invited() == expected

    def test_nobody_else_is_read(self, trigrams, people):
        for plan in (search(people, "สมชาย ใจดี"), search(people, "022804085"), search_mails(Delivery.objects.all(), "somchai")):
            assert "SCAN registration_" not in plan.order_by("pk").explain()

    def test_they_follow_every_change(self, trigrams, people):
        person = people.get(first_name="สมชาย")
        people.filter(pk=person.pk).update(first_name="เปลี่ยนแล้ว", phone="+66811112222")
        assert (found(people, "สมชาย"), found(people, "เปลี่ยนแล้ว"), found(people, "0811112222")) == ([], ["เปลี่ยนแล้ว"], ["เปลี่ยนแล้ว"])
        people.filter(pk=person.pk).update(state="cancelled")
        erase(participant=people.get(pk=person.pk), by=SYSTEM)
        assert search_index.newest_keys(search_index.PEOPLE, [search_index.any_of("เปลี่ยนแล้ว")], 9) == []

    def test_what_was_deleted_is_no_longer_in_them_once_the_database_is_written_anew(self, trigrams, people):
        def held():
            trigrams.execute("SELECT SUM(LENGTH(block)) FROM participant_search_data")
            return trigrams.fetchone()[0]

        before = held()
        Participant.objects.filter(first_name="David").delete()
        search_index.tidy(trigrams)
        assert held() < before
        assert found(Participant.objects.all(), "สมชาย") == ["สมชาย"]

    def test_without_one_of_their_triggers_everybody_is_looked_at_until_they_are_made_again(self, trigrams, people):
        trigrams.execute("DROP TRIGGER participant_search_insert")
        make_participant(people.get(first_name="David").workshop, first_name="ผู้มาทีหลัง")
        assert found(people, "ผู้มาทีหลัง") == ["ผู้มาทีหลัง"]
        assert search_index.newest_keys(search_index.PEOPLE, [search_index.any_of("ผู้มาทีหลัง")], 9) is None
        call_command("index_search")
        latest = people.get(first_name="ผู้มาทีหลัง").pk
        assert search_index.newest_keys(search_index.PEOPLE, [search_index.any_of("ผู้มาทีหลัง")], 9) == [latest]

    def test_whom_very_many_are_called_they_do_not_list(self, trigrams, people, monkeypatch):
        monkeypatch.setattr(search_module, "MAX_KEYS", 1)
        assert found(people, "ใจดี") == ["สมชาย", "สมหญิง"]


def test_a_sqlite_without_trigrams_is_told_of_in_one_line(trigrams, monkeypatch):
    search_index.remove(connection)
    monkeypatch.setattr(search_index.TrigramTable, "statements", lambda table: ["CREATE VIRTUAL TABLE x USING fts5(y, tokenize='none')"])
    with pytest.raises(CommandError, match="FTS5"):
        call_command("index_search")
