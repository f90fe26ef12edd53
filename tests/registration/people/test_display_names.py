"""What a participant is called in Zoom and in the Open Chat (brief, 3.2)."""

import unicodedata
from dataclasses import replace

import pytest
from django.utils import timezone

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import State
from registration.mail.compose import compose
from registration.models import Delivery, Participant, Province
from registration.people.actions.details import change_details
from registration.people.display_names import (
    OPEN_CHAT_LENGTH,
    called,
    initial,
    namesakes,
    open_chat_name,
    shorten,
    zoom_name,
    zoom_names,
    zoom_names_in,
)
from registration.seats.actions.capacities import set_capacity
from tests.factories import make_participant, make_person, make_workshop, seats_of

pytestmark = pytest.mark.django_db


def zoom_name_of(participant):
    return str(zoom_name(participant, namesakes(participant)))


def chat_name_of(participant):
    return open_chat_name(participant, namesakes(participant))


@pytest.mark.parametrize(
    ("code", "fields", "name"),
    [
        ("73", {"organisation_short": "พช.", "title": "นาย", "first_name": "มั่งมั่ง"}, "นครปฐม พช. นายมั่งมั่ง"),
        ("70", {"organisation_short": "พม.", "title": "นางสาว", "first_name": "จริงใจ"}, "ราชบุรี พม. นางสาวจริงใจ"),
        ("central", {"organisation_short": "สศช.", "title": "นาย", "first_name": "ยินดี"}, "สศช. นายยินดี"),
        ("central", {"organisation_short": "IPPD", "title": "Mr.", "first_name": "David"}, "IPPD Mr.David"),
        ("central", {"organisation_short": "IPPD", "title": "Ms", "first_name": "Ann"}, "IPPD Ms Ann"),
        ("central", {"organisation_short": "", "organisation": "มูลนิธิสมมุติ", "first_name": "ยินดี"}, "มูลนิธิสมมุติ นายยินดี"),
        ("55", {"organisation_short": "", "organisation": "กลุ่มรักน่าน", "first_name": "ยินดี"}, "น่าน กลุ่มรักน่าน นายยินดี"),
        ("55", {"organisation_short": "มช.", "title": "ผศ.ดร.", "first_name": "ยินดี"}, "น่าน มช. ผศ.ดร.ยินดี"),
    ],
)
def test_the_name_follows_the_rule_of_the_brief(code, fields, name):
    assert zoom_name_of(make_participant(make_workshop(), code, **fields)) == name


def test_zoom_gets_the_name_in_its_two_fields():
    name = zoom_name(make_participant(make_workshop(), "73", first_name="มั่งมั่ง"), [])
    assert (name.first, name.last) == ("นครปฐม พช.", "นายมั่งมั่ง")


@pytest.mark.parametrize(
    ("family_name", "letter"),
    [("เจริญ", "จ."), ("ใจดี", "จ."), ("โพธิ์ทอง", "พ."), ("ศรีสุข", "ศ."), ("ณ ตัวอย่าง", "ณ."), ("ฤทธิ์", "ฤ."), ("smith", "S."), ("12", "")],
)
def test_the_initial_is_the_letter_that_a_thai_would_take(family_name, letter):
    assert initial(family_name) == letter


@pytest.mark.parametrize(
    ("title", "name"),
    [("นาย", "นายสมมุติ"), ("ดร.", "ดร.สมมุติ"), ("Mr.", "Mr.สมมุติ"), ("Mr", "Mr สมมุติ"), ("", "สมมุติ")],
)
def test_a_title_stands_as_close_to_the_name_as_it_is_written(title, name):
    assert called(title, "สมมุติ") == name


def test_two_of_one_agency_who_are_called_alike_both_get_their_initial():
    workshop = make_workshop()
    first = make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
    assert zoom_name_of(first) == "น่าน พช. นายสมชาย"
    second = make_participant(workshop, first_name="สมชาย", last_name="ใหม่")
    assert [zoom_name_of(first), zoom_name_of(second)] == ["น่าน พช. นายสมชาย จ.", "น่าน พช. นายสมชาย ห."]


def test_where_the_initials_are_alike_too_the_family_name_is_written_out():
    workshop = make_workshop()
    people = [make_participant(workshop, first_name="สมชาย", last_name=name) for name in ("เจริญ", "ใจดี", "มั่นคง")]
    assert [zoom_name_of(person) for person in people] == [
        "น่าน พช. นายสมชาย เจริญ",
        "น่าน พช. นายสมชาย ใจดี",
        "น่าน พช. นายสมชาย ม.",
    ]


def test_people_elsewhere_with_another_title_or_without_a_seat_change_no_name():
    workshop = make_workshop()
    person = make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
    make_participant(workshop, "54", first_name="สมชาย", last_name="ใหม่")
    make_participant(workshop, first_name="สมชาย", last_name="ใหม่", organisation_short="พม.")
    make_participant(workshop, first_name="สมชาย", last_name="ใหม่", title="ดร.")
    left = make_participant(workshop, first_name="สมชาย", last_name="ใหม่")
    Participant.objects.filter(pk=left.pk).update(state=State.CANCELLED)
    assert zoom_name_of(person) == "น่าน พช. นายสมชาย"


def test_names_of_many_are_those_of_each():
    workshop = make_workshop()
    for last_name in ("เจริญ", "ใจดี", "มั่นคง"):
        make_participant(workshop, first_name="สมชาย", last_name=last_name)
    make_participant(workshop, "54", first_name="สมชาย")
    make_participant(workshop, "central", first_name="สมชาย", organisation_short="สศช.")
    people = list(Participant.objects.with_choices())
    assert {pk: str(name) for pk, name in zoom_names(people).items()} == {person.pk: zoom_name_of(person) for person in people}


def test_names_of_many_cost_no_query(django_assert_num_queries):
    workshop = make_workshop()
    for _person in range(3):
        make_participant(workshop, first_name="สมชาย")
    people = list(Participant.objects.with_choices())
    with django_assert_num_queries(0):
        zoom_names(people)


def test_zoom_takes_no_longer_name_than_it_can_keep():
    long = make_participant(make_workshop(), organisation_short="", organisation="สำนักงานสมมุติ" * 10, first_name="ก้" * 50)
    name = zoom_name(long, [])
    assert name.first == ("น่าน " + "สำนักงานสมมุติ" * 10)[: len(name.first)]
    assert name.last == f"นาย{'ก้' * 26} {long.code}"
    assert 60 <= len(name.first) <= 64


@pytest.mark.parametrize(
    ("code", "fields", "name"),
    [
        ("55", {"first_name": "มั่งมี"}, "น่าน พช. นายมั่งมี"),
        ("73", {"first_name": "มั่งมั่ง"}, "นครปฐม พช. มั่งมั่ง"),
        ("central", {"organisation_short": "สศช.", "first_name": "ยินดี"}, "สศช. นายยินดี"),
    ],
)
def test_the_chat_name_keeps_as_much_as_fits(code, fields, name):
    assert chat_name_of(make_participant(make_workshop(), code, **fields)) == name


def test_a_chat_name_that_is_too_long_has_the_two_letters_of_the_province():
    person = make_participant(make_workshop(), "14", first_name="พิมพ์ชนก")
    assert chat_name_of(person) == "อย พช. พิมพ์ชนก"


def test_where_even_that_is_too_long_a_piece_of_the_code_stands_for_the_agency():
    person = make_participant(make_workshop(), "14", first_name="พิมพ์ชนก", organisation_short="โรงเรียนตัวอย่าง")
    assert chat_name_of(person) == f"อย พิมพ์ชนก {person.code[-3:]}"


@pytest.mark.parametrize("first_name", ["ก", "มั่งมั่ง", "กัญญาภัคธนัชชาพร", "เก็จแก้วเก้าเก้าเก้าเก้าเก้า", "Bartholomew-Christopher"])
def test_in_every_province_the_chat_name_is_at_most_twenty_characters(first_name):
    person = make_participant(make_workshop(), first_name=first_name)
    for province in Province.objects.all():
        person.quota.province = province
        name = open_chat_name(person, [])
        assert len(name) <= OPEN_CHAT_LENGTH
        parts = name.split(" ")
        assert all(part and unicodedata.category(part[0]) in ("Lo", "Lu", "Ll", "Nd") for part in parts), name


def test_nobody_in_the_chat_is_called_like_another():
    workshop = make_workshop()
    doubles = [make_participant(workshop, first_name="ดี", last_name="งาม") for _i in range(3)]
    doubles += [make_participant(workshop, first_name="ดี", last_name="งาม", title="ดร.")]
    doubles += [make_participant(workshop, "73", first_name="มั่งมั่ง", last_name=name) for name in ("ก", "ข")]
    doubles += [make_participant(workshop, "14", first_name="พิมพ์ชนก", last_name="ก", title=title) for title in ("นาง", "ดร.")]
    names = [chat_name_of(person) for person in doubles]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [("กก้", 3, "กก้"), ("กก้", 2, "ก"), ("ทำดี", 1, ""), ("แดงเก่ง", 4, "แดง"), ("abc def", 4, "abc"), ("abc", 0, ""), ("abc", -1, "")],
)
def test_marks_are_never_cut_from_their_letter(text, length, short):
    assert shorten(text, length) == short


def test_who_has_no_family_name_is_called_by_the_first_alone():
    workshop = make_workshop()
    alone = make_participant(workshop, title="Mr.", first_name="Suharto", last_name="")
    other = make_participant(workshop, title="Mr.", first_name="Suharto", last_name="Test")
    assert [zoom_name_of(alone), zoom_name_of(other)] == ["น่าน พช. Mr.Suharto", "น่าน พช. Mr.Suharto T."]
    assert [alone.full_name, alone.sort_key != ""] == ["Mr. Suharto", True]


@pytest.mark.parametrize("last_name", ["เจริญ", ""])
def test_who_has_every_name_in_common_is_told_apart_by_the_code(last_name):
    workshop = make_workshop()
    people = [make_participant(workshop, first_name="สมชาย", last_name=last_name) for _i in range(3)]
    for person, code in zip(people, ("AAAAK7P", "AAAAK8P", "CCCBK7P"), strict=True):
        Participant.objects.filter(pk=person.pk).update(code=code)
    people = list(Participant.objects.with_choices().order_by("pk"))
    start = f"น่าน พช. นายสมชาย {last_name}".strip()
    names = [zoom_name_of(person) for person in people]
    assert names == [f"{start} AK7P", f"{start} K8P", f"{start} BK7P"]
    assert [str(zoom_names(people)[person.pk]) for person in people] == names


@pytest.mark.parametrize(
    "fields",
    [
        {"organisation_short": "", "organisation": "สำนักงานสมมุติ" * 10 + "{number}"},
        {"first_name": "ก" * 99 + "{number}"},
        {"last_name": "ก" * 99 + "{number}"},
        {"last_name": ""},
    ],
)
def test_what_zoom_cuts_off_makes_nobody_anothers_namesake(fields):
    workshop = make_workshop()
    for number in range(3):
        make_participant(workshop, **{"first_name": "สมชาย"} | {name: text.format(number=number) for name, text in fields.items()})
    people = list(Participant.objects.with_choices())
    names = {zoom_name_of(person) for person in people}
    assert (len(names), max(len(part) for name in zoom_names(people).values() for part in (name.first, name.last)) <= 64) == (3, True)
    assert {str(name) for name in zoom_names(people).values()} == names


UN_WOMEN = {"organisation_short": "UN Women", "title": "", "first_name": "Ann"}


@pytest.mark.parametrize(
    ("code", "others_code", "fields", "others"),
    [
        ("55", "55", {"title": "นาย", "first_name": "สมชาย"}, {"title": "", "first_name": "นายสมชาย"}),
        ("55", "central", {"organisation_short": "พช."}, {"organisation_short": "น่าน พช."}),
        ("central", "55", {"organisation_short": "น่าน พช."}, {"organisation_short": "พช."}),
        ("central", "central", {"organisation_short": "UN", "title": "Women", "first_name": "Ann"}, UN_WOMEN),
        ("55", "55", {"first_name": "สมชาย ใจดี", "last_name": ""}, {"first_name": "สมชาย", "last_name": "ใจดี"}),
        ("55", "55", {"first_name": "สมชาย", "last_name": "ใจดี"}, {"first_name": "สมชาย ใจดี", "last_name": ""}),
        ("55", "55", {"first_name": "Anna", "last_name": "Maria Silva"}, {"first_name": "Anna Maria", "last_name": "Silva"}),
    ],
)  # fmt: skip
def test_a_name_spread_otherwise_over_the_fields_is_the_same_name(code, others_code, fields, others):
    """A title typed into the first name, an agency that begins with a province's name: nobody is called like another; who was is told."""
    workshop = make_workshop()
    first = make_participant(workshop, code, **{"first_name": "สมชาย", "last_name": "เจริญ"} | fields)
    alone = zoom_name_of(first)
    make_participant(workshop, others_code, **{"first_name": "สมชาย", "last_name": "ใหม่"} | others)
    people = list(Participant.objects.with_choices().order_by("pk"))
    names = [zoom_name_of(person) for person in people]
    assert len({alone, *names}) == 3
    assert [str(zoom_names(people)[person.pk]) for person in people] == names
    listed = [zoom_names_in(workshop, [person.quota_id])[person.pk] for person in people]
    assert [str(name) for name in listed] == names
    assert list(Delivery.objects.filter(message="renamed").values_list("participant", flat=True)) == [first.pk]


class TestRenaming:
    """Whose name changes because a namesake came is told so."""

    def told(self):
        return list(Delivery.objects.filter(message="renamed").order_by("pk").values_list("participant__last_name", flat=True))

    def test_who_was_there_first_is_told_the_new_name(self):
        workshop = make_workshop()
        first = make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
        make_participant(workshop, first_name="สมหญิง", last_name="เจริญ")
        assert self.told() == []
        make_participant(workshop, first_name="สมชาย", last_name="ใหม่")
        assert self.told() == ["เจริญ"]
        mail = compose(Delivery.objects.get(message="renamed"))
        assert ("น่าน พช. นายสมชาย จ." in mail.body, first.events.filter(verb="renamed").count()) == (True, 1)
        make_participant(workshop, first_name="สมชาย", last_name="มั่นคง")
        assert self.told() == ["เจริญ"], "who has an initial already keeps it"

    def test_who_waits_is_no_namesake_until_a_seat_is_theirs(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        first = make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
        waiting = make_participant(workshop, first_name="สมชาย", last_name="ใหม่", at=timezone.now())
        assert (waiting.state, self.told()) == ("waitlisted", [])
        set_capacity(quota=seats_of(workshop), capacity=2, by=SYSTEM, at=waiting.registered_at)
        assert self.told() == [first.last_name]

    @pytest.mark.parametrize(("field", "expected"), [("first_name", ["เจริญ"]), ("phone", [])])
    def test_a_correction_that_makes_a_namesake_tells_too(self, field, expected):
        workshop = make_workshop()
        make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
        other = make_participant(workshop, first_name="สมหมาย", last_name="ใหม่")
        changed = replace(
            make_person(first_name="สมหมาย", last_name="ใหม่"), **{field: {"first_name": "สมชาย", "phone": "+66811111111"}[field]}
        )
        change_details(participant=other, person=changed, days=other.days.all(), tracks=[], by=PARTICIPANT, at=other.registered_at)
        assert self.told() == expected
