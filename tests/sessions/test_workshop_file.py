"""What a workshop's file may say, and how each mistake in it is told."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from sessions import schedule, workshop_file
from sessions.models import Workshop
from sessions.workshop_file import CONTACT, DAY, GROUP, ITEM, TRACK, WORKSHOP, Refused
from tests.sessions.sample import SMALL


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        workshop_file.read(text.encode())
    return [(problem.key, problem.reason) for problem in refused.value.problems]


def broken(old: str, new: str) -> list[tuple[str, str]]:
    """What is said of the small file once its first `old` is `new`."""
    assert old in SMALL
    return problems(SMALL.replace(old, new, 1))


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_a_file_becomes_entries_with_what_it_names_and_nothing_else():
    workshop = workshop_file.read(SMALL.encode())
    first, second = workshop.lists["days"]
    opening, block = first.lists["items"]
    assert workshop.columns == {
        "slug": "sample",
        "title_th": "การประชุมตัวอย่าง",
        "province_capacity": 3,
        "is_published": False,
        "registration_opens_at": dt.datetime(2027, 1, 5, 8, 30, tzinfo=schedule.BANGKOK),
    }
    assert [contact.columns for contact in workshop.lists["contacts"]] == [
        {"position": 1, "name_th": "นายสมมุติ ทดสอบดี"},
        {"position": 2, "name_th": "นางสาวตัวอย่าง ดีงาม", "email": "sample@example.org"},
    ]
    assert opening.columns == {"starts_at": dt.time(9), "ends_at": dt.time(9, 30), "kind": "opening", "title_th": "พิธีเปิด"}
    assert (opening.lists, list(block.lists), second.lists) == ({}, ["tracks"], {})
    assert block.lists["tracks"][1].columns == {
        "number": 2,
        "title_th": "หัวข้อที่สอง",
        "capacity": 40,
        "join_url": "https://example.org/join",
    }
    assert [first.key, opening.key, block.lists["tracks"][1].key] == ["days[0]", "days[0].items[0]", "days[0].items[1].tracks[1]"]


def test_a_file_that_notepad_saved_with_a_mark_in_front_is_read_too():
    assert workshop_file.read(b"\xef\xbb\xbf" + SMALL.encode()).identity == "sample"


def test_a_moment_with_its_own_offset_keeps_it():
    text = SMALL.replace("2027-01-05T08:30:00", "2027-01-05T01:30:00Z")
    assert workshop_file.read(text.encode()).columns["registration_opens_at"] == dt.datetime(2027, 1, 5, 8, 30, tzinfo=schedule.BANGKOK)


def test_a_file_in_another_encoding_is_refused_with_its_line():
    with pytest.raises(Refused) as refused:
        workshop_file.read(b'slug = "sample"\ntitle_th = "' + "ไทย".encode("cp874") + b'"')
    assert str(refused.value) == "line 2: The file must be saved as UTF-8."


def test_what_is_not_toml_is_refused_with_its_line():
    assert problems("slug = 'sample'\ntitle_th = ไทย") == [("line 2", "This is not TOML: Invalid value (at line 2, column 12)")]
    assert problems('slug = "sample') == [("end of the file", "This is not TOML: Unterminated string (at end of document)")]


INVISIBLE = "The text holds a line break or an invisible character that cannot stand here."

MISTAKES = [
    ('slug = "sample"\n', "", "slug", "This is missing."),
    ("is_published", "is_publishd", "is_publishd", "There is no such key. Is is_published meant?"),
    ("is_published", "favourite_colour", "favourite_colour", "There is no such key."),
    ("province_capacity = 3", "uid = 3", "uid", "There is no such key."),
    ("[[contacts]]\nname", "[[contacts]]\nposition = 7\nname", "contacts[0].position", "There is no such key."),
    ("sample", "two words", "slug", "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    ("province_capacity = 3", 'province_capacity = "3"', "province_capacity", "Write a whole number, without quotes."),
    ("province_capacity = 3", "province_capacity = true", "province_capacity", "Write a whole number, without quotes."),
    ("province_capacity = 3", "province_capacity = 3.5", "province_capacity", "Write a whole number, without quotes."),
    ("province_capacity = 3", "province_capacity = -1", "province_capacity", "Ensure this value is greater than or equal to 0."),
    ("capacity = 40", "capacity = -1", "days[0].items[1].tracks[1].capacity", "Ensure this value is greater than or equal to 0."),
    ("is_published = false", "is_published = 0", "is_published", "Write true or false."),
    ('"การประชุมตัวอย่าง"', "2027", "title_th", "Write a text, in quotes."),
    ('"การประชุมตัวอย่าง"', '""', "title_th", "This field cannot be blank."),
    ('"การประชุมตัวอย่าง"', '"สอง\\nบรรทัด"', "title_th", INVISIBLE),
    ('"พิธีเปิด"', '"a\\u0000b"', "days[0].items[0].title_th", INVISIBLE),
    ('"นายสมมุติ ทดสอบดี"', f'"{"ก" * 201}"', "contacts[0].name_th", "Ensure this value has at most 200 characters (it has 201)."),
    ("2027-02-25", '"2027-02-25"', "days[1].date", "Write a date like 2022-02-18, without quotes."),
    ("2027-02-25", "2027-02-25T09:00:00", "days[1].date", "Write a date like 2022-02-18, without quotes."),
    ("2027-02-25", "2570-02-25", "days[1].date", "Write the year of the Christian era, like 2022 for 2565."),
    ("2027-02-25", "2027-02-18", "days[1].date", "The same as days[0].date."),
    ("2027-01-05T08:30:00", "2027-01-05", "registration_opens_at", "Write a date and time like 2022-02-18T09:30:00, without quotes."),
    ('"09:00"', "09:00:00", "days[0].items[0].starts", 'Write a time like "09:30", with quotes.'),
    ('"09:00"', '"9.00"', "days[0].items[0].starts", 'Write a time like "09:30", with quotes.'),
    ('"09:00"', '"24:00"', "days[0].items[0].starts", 'Write a time like "09:30", with quotes.'),
    ('"opening"', '"oppening"', "days[0].items[0].kind", "Value 'oppening' is not a valid choice."),
    ('ends = "10:30"', 'ends = "09:30"', "days[0].items[1].ends", "The start must be before the end."),
    ('ends = "10:30"', 'ends = "09:15"', "days[0].items[1].ends", "The start must be before the end."),
    (
        'ends = "09:30"',
        'ends = "09:40"',
        "days[0].items[1].starts",
        "It starts at 09:30, while days[0].items[0] is still running (09:00–09:40).",
    ),
    (
        'starts = "09:30"',
        'starts = "09:00"',
        "days[0].items[1].starts",
        "It starts at 09:00, while days[0].items[0] is still running (09:00–09:30).",
    ),
    ('kind = "parallel"', 'kind = "lecture"', "days[0].items[1].tracks", 'Only an item of the kind "parallel" has tracks.'),
    ("number = 2", "number = 1", "days[0].items[1].tracks[1].number", "The same as days[0].items[1].tracks[0].number."),
    ("number = 2", "number = 0", "days[0].items[1].tracks[1].number", "Ensure this value is greater than or equal to 1."),
    ('code = "4.1.1"', 'code = "4.1.x"', "groups[0].code", "Write it like 4.1.2."),
    ('[[groups]]\n', '[[groups]]\ncode = "4.1.1"\nname_th = "เดิม"\n[[groups]]\n', "groups[1].code", "The same as groups[0].code."),
    ("https://", "http://", "days[0].items[1].tracks[1].join_url", "Enter an address that begins with https://."),
    ("sample@example.org", "sample at example.org", "contacts[1].email", "Enter a valid email address."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "reason"), MISTAKES)
def test_a_mistake_is_told_with_its_key_and_its_reason(old, new, key, reason):
    assert broken(old, new) == [(key, reason)]


def test_a_list_that_is_no_list_of_tables_is_refused():
    assert problems('slug = "sample"\ntitle_th = "ก"\ndays = 4') == [("days", "Write it as a list of tables: [[days]].")]
    assert problems('slug = "sample"\ntitle_th = "ก"\n[[days]]\ndate = 2027-02-18\nitems = ["ก"]') == [
        ("days[0].items", "Write it as a list of tables: [[days.items]].")
    ]


def test_registration_that_closes_before_it_opens_is_refused():
    assert broken("is_published = false", "registration_closes_at = 2027-01-05T08:30:00") == [
        ("registration_closes_at", "Registration must open before it closes.")
    ]


def test_everything_that_is_wrong_is_told_at_once():
    text = SMALL.replace("2027-02-25", "2570-02-25").replace('"09:00"', '"9"').replace("is_published", "is_publish")
    assert [key for key, _reason in problems(text)] == ["is_publish", "days[0].items[0].starts", "days[1].date"]


def test_the_description_of_the_format_names_every_key():
    description = Path(settings.BASE_DIR, "docs/workshop-file.md").read_text(encoding="utf-8")
    named = {
        name: [key for key in [*shape.columns(), *shape.lists] if f"`{key}`" not in part]
        for name, shape, part in zip(
            ["workshop", "contacts", "groups", "days", "items", "tracks"],
            [WORKSHOP, CONTACT, GROUP, DAY, ITEM, TRACK],
            description.split("\n## ")[2:8],
            strict=True,
        )
    }
    assert named == {"workshop": [], "contacts": [], "groups": [], "days": [], "items": [], "tracks": []}


def test_every_key_is_a_column_that_staff_may_edit():
    assert {column.model for column in WORKSHOP.columns().values()} == {Workshop}
    assert sorted(DAY.columns()) == ["date", "is_cancelled", "join_opens_at", "join_url", "room_en", "room_th", "title_en", "title_th"]
