"""One table of names, addresses and phones through every door: the form, the desk, a file, the office, a program."""

import dataclasses
import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from registration.actor import SYSTEM
from registration.coordinators.actions import Appointee, appoint
from registration.desk.forms.nominee import Judge
from registration.errors import TextRefused
from registration.models import Invitation, Nominee, Participant
from registration.nominations.layouts import propose_layouts
from registration.nominations.rows import read_people
from registration.people.actions.registrations import Person
from registration.seats.groups import groups_of
from registration.spreadsheets.files import read
from tests.factories import NOON, make_answers, make_person, make_workshop, seats_of
from tests.registration.spreadsheets.workbooks import workbook

pytestmark = pytest.mark.django_db

NAMES = ("title", "first_name", "last_name")


@dataclasses.dataclass
class Seen:
    """What came of some words at a door: who was stored, or which words of the page asked or refused."""

    stored: tuple[str, ...] | None
    page: str = ""


def named(model) -> tuple[str, ...] | None:
    return model.objects.order_by("-pk").values_list(*NAMES, "email", "phone", "phone_extension").first()


def by_form(workshop, answers) -> Seen:
    page = Client(headers={"accept-language": "th"}).post(f"/w/{workshop.slug}/register/", make_answers(workshop, **answers))
    return Seen(named(Participant), page.content.decode())


def by_office(workshop, answers) -> Seen:
    client = Client(headers={"accept-language": "th"})
    client.force_login(User.objects.create_superuser("boss"))
    page = client.post("/admin/registration/participant/add/", make_answers(workshop, **{"language": "th", "consent": "on", **answers}))
    return Seen(named(Participant), page.content.decode())


def by_desk(workshop, answers) -> Seen:
    quota = seats_of(workshop)
    coordinator = appoint(quota=quota, appointee=Appointee("สมมุติ ประสานดี", "coordinator@example.org"), by=SYSTEM, at=NOON)[0]
    client = Client(headers={"accept-language": "th"})
    client.force_login(coordinator.user)
    given = {name: value for name, value in make_answers(workshop, **answers).items() if isinstance(value, str)}
    page = client.post(f"/desk/{workshop.slug}/{quota.code}/invite/", given)
    return Seen(named(Invitation), page.content.decode())


HEADINGS = ("คำนำหน้า", "ชื่อ", "นามสกุล", "ตำแหน่ง", "หน่วยงาน", "กลุ่มเป้าหมาย", "อีเมล", "โทรศัพท์")


def row_of_file(workshop, answers):
    """The row that a list of one person becomes."""
    given = make_answers(workshop, **answers)
    cells = [given.get(name, "") for name in ("title", "first_name", "last_name", "position", "organisation", "group", "email", "phone")]
    sheets, groups = read(workbook(a=[HEADINGS, cells])), groups_of(seats_of(workshop))
    (nominee,) = read_people(sheets, propose_layouts(sheets, groups=groups), groups=groups).nominees
    return Judge(seats_of(workshop)).row(nominee)


def by_file(workshop, answers) -> Seen:
    row = row_of_file(workshop, answers)
    return Seen(tuple(row.person[name] for name in (*NAMES, "email", "phone", "phone_extension")) if "first_name" in row.person else None)


def by_program(workshop, answers) -> Seen:
    try:
        person: Person = make_person(**{name: value for name, value in answers.items() if name in NAMES})
    except TextRefused as refused:
        return Seen(None, refused.fault)
    return Seen((person.title, person.first_name, person.last_name, person.email, person.phone, person.phone_extension))


DOORS = {"form": by_form, "office": by_office, "desk": by_desk, "file": by_file, "program": by_program}
TYPING = {name: door for name, door in DOORS.items() if name in ("form", "office", "desk")}

#: Title, first and last name as somebody wrote them, and as they are stored: nothing here is a question.
CERTAIN = [
    (("อ.", "อรทัย", "ดี"), ("อ.", "อรทัย", "ดี")),
    (("นพ.", "นพดล", "ดี"), ("นพ.", "นพดล", "ดี")),
    (("ศ.", "ศรีศักร", "ดี"), ("ศ.", "ศรีศักร", "ดี")),
    (("รศ.", "รศนา", "ดี"), ("รศ.", "รศนา", "ดี")),
    (("คุณ", "คุณากร", "ดี"), ("คุณ", "คุณากร", "ดี")),
    (("พญ.", "พญาดา", "ดี"), ("พญ.", "พญาดา", "ดี")),
    (("พ.อ.อ.", "สมชาย", "ดี"), ("พ.อ.อ.", "สมชาย", "ดี")),
    (("นส.", "สมหญิง", "ดี"), ("นางสาว", "สมหญิง", "ดี")),
    (("นาย", "ส\uf70aงเสริม", "วิญ\uf70fู"), ("นาย", "ส่งเสริม", "วิญญู")),
    (("นาย", "สมช\u0e45ย", "ใจด \u0e35"), ("นาย", "สมชาย", "ใจดี")),
    (("นาย", "ก\u0e48\u0e34ง", "น\u0e4d\u0e49\u0e32ใจ"), ("นาย", "กิ่ง", "น้ำใจ")),
    (("Mr.", "ＤＡＶＩＤ", "Test"), ("Mr.", "DAVID", "Test")),
    (("Mr.", "小明", "王"), ("Mr.", "小明", "王")),
    (("Mr.", "Suharto", "-"), ("Mr.", "Suharto", "")),
    (("Mr.", "Suharto", "."), ("Mr.", "Suharto", "")),
    (("พระครู", "สุวรรณธรรมคุณ", "ไม่มี"), ("พระครู", "สุวรรณธรรมคุณ", "")),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("typed", "stored"), CERTAIN, ids=["+".join(typed) for typed, _stored in CERTAIN])
def test_a_name_is_stored_alike_through_every_door(door, typed, stored):
    seen = DOORS[door](make_workshop(), dict(zip(NAMES, typed, strict=True)))
    assert seen.stored and seen.stored[:3] == stored


REFUSED = [
    ("😀สมชาย", "“😀”"),
    ("ว\ue000าว", "หลัง “ว”"),
    ("ส\ufffdชาย", "หลัง “ส”"),
    ("ก" + "\u0e48" * 45, "ซ้อนเกินหนึ่งตัว"),
    ("\u0e48สมชาย", "ไม่มีพยัญชนะรองรับ"),
    ("=สมชาย", "“=”"),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("typed", "words"), REFUSED, ids=[ascii(typed[:4]) for typed, _words in REFUSED])
def test_what_no_list_can_show_comes_in_through_no_door(door, typed, words):
    seen = DOORS[door](make_workshop(), {"first_name": typed})
    assert seen.stored is None
    assert door == "file" or words in unescape(seen.page)


DOUBTFUL = [
    (("นาง", "นางสาวสมหญิง", "ทดสอบดี"), "คำนำหน้า นางสาว · ชื่อ สมหญิง · นามสกุล ทดสอบดี"),
    (("นาย", "นายสมชาย", "ใจดี"), "คำนำหน้า นาย · ชื่อ สมชาย · นามสกุล ใจดี"),
    (("นาย", "สมชาย ใจดี", "ใจดี"), "คำนำหน้า นาย · ชื่อ สมชาย · นามสกุล ใจดี"),
    (("นาย", "สมชาย ใจดี", ""), "คำนำหน้า นาย · ชื่อ สมชาย · นามสกุล ใจดี"),
]


@pytest.mark.parametrize("door", TYPING)
@pytest.mark.parametrize(("typed", "proposed"), DOUBTFUL, ids=["+".join(typed) for typed, _proposed in DOUBTFUL])
def test_a_doubtful_name_is_asked_about_at_every_door_where_somebody_types(door, typed, proposed):
    seen = TYPING[door](make_workshop(), dict(zip(NAMES, typed, strict=True)))
    assert seen.stored is None
    assert proposed in unescape(seen.page)
    assert len(re.findall(r'name="use_name"', seen.page)) == 1


@pytest.mark.parametrize("typed", [typed for typed, _proposed in DOUBTFUL if typed[2]], ids="+".join)
def test_a_row_of_a_file_with_a_doubtful_name_is_not_ready(typed):
    row = row_of_file(make_workshop(), dict(zip(NAMES, typed, strict=True)))
    assert (row.state, row.doubts != ()) == (Nominee.State.DOUBTFUL, True)


def test_somebody_of_a_file_without_a_family_name_can_be_registered():
    row = row_of_file(make_workshop(), {"title": "Mr.", "first_name": "Suharto", "last_name": "-"})
    assert row.is_complete
    assert Person(**{name: text for name, text in row.person.items() if name != "group"}).last_name == ""


@pytest.mark.parametrize("typed", DOUBTFUL)
def test_a_program_is_taken_at_its_word(typed):
    names = typed[0]
    person = make_person(**dict(zip(NAMES, names, strict=True)))
    assert (person.title, person.first_name, person.last_name) == names


CONTACTS = [
    ({"email": "a@example.org;"}, ("a@example.org", "+66812345678", "")),
    ({"email": "Somchai <A@Example.org>"}, ("a@example.org", "+66812345678", "")),
    ({"phone": "02-280-4085 ต่อ 6414-5"}, ("somchai@example.org", "+6622804085", "6414-5")),
    ({"phone": "081 234 5678 (มือถือ)"}, ("somchai@example.org", "+66812345678", "")),
    ({"phone": "'0812345678"}, ("somchai@example.org", "+66812345678", "")),
]


@pytest.mark.parametrize("door", [*TYPING, "file"])
@pytest.mark.parametrize(("typed", "stored"), CONTACTS, ids=[next(iter(typed.values())) for typed, _stored in CONTACTS])
def test_addresses_and_phones_are_understood_at_every_door(door, typed, stored):
    answers = {"email": "somchai@example.org", "phone": "0812345678"} | typed
    seen = DOORS[door](make_workshop(), answers)
    assert seen.stored and seen.stored[3:] == stored


@pytest.mark.parametrize("door", TYPING)
@pytest.mark.parametrize("domain", ["gmial.com", "gmail.con", "hotmial.com", "example.gov.th"])
def test_a_mistyped_domain_is_asked_about_at_every_door_where_somebody_types(door, domain):
    seen = TYPING[door](make_workshop(), {"email": f"somchai@{domain}"})
    assert seen.stored is None
    assert len(re.findall(r'name="use_email"', seen.page)) == 1


@pytest.mark.parametrize("door", TYPING)
def test_a_dash_in_a_field_that_may_stay_empty_is_nothing(door):
    workshop = make_workshop()
    TYPING[door](workshop, {"position": "–", "organisation_short": "-"})
    model = Invitation if door == "desk" else Participant
    assert model.objects.values_list("position", flat=True).get() == ""
    assert model.objects.get().organisation_short != "-"
