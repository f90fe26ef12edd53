"""One table of names, addresses and phones through every door: form, desk, office, files, programs."""

import csv
import dataclasses
import re
from html import unescape
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registration.actor import SYSTEM
from registration.coordinators.actions import Appointee, appoint
from registration.desk.forms.nominee import Judge
from registration.errors import TextRefused
from registration.forms.appointee import AppointeeForm
from registration.invitations.actions.invitations import Invited
from registration.models import Coordinator, DeskOffer, Invitation, Nominee, Participant
from registration.nominations.layouts import propose_layouts
from registration.nominations.rows import read_people
from registration.participant.forms.invitation import AnswerForm
from registration.people.applications import Person
from registration.people.names import Name
from registration.people.registration_options import RegistrationOptions
from registration.seats.groups import groups_of
from registration.spreadsheets.files import read
from tests.factories import NOON, make_answers, make_coordinator, make_participant, make_person, make_workshop, seats_of
from tests.pages import held
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


def by_correction(workshop, answers) -> Seen:
    """What staff write into the page of somebody who is registered; each part of it is saved by itself."""
    person = make_participant(workshop, email="before@example.org", position="เดิม")
    client = Client(headers={"accept-language": "th"})
    client.force_login(User.objects.create_superuser("boss"))
    here, pages = reverse("admin:registration_participant_change", args=[person.pk]), []
    for part, fields in CORRECTED.items():
        if not set(fields) & set(answers):
            continue
        held_now = held(client.get(f"{here}?edit={part}").content.decode(), "person_form")
        typed = {name: answers[name] for name in fields if name in answers}
        if "last_name" in typed:
            held_now.pop("no_last_name", None)
        answer = client.post(f"{here}?edit={part}", held_now | typed)
        if answer.status_code == 200:
            return Seen(None, answer.content.decode())
        pages.append(answer.content.decode())
    return Seen(named(Participant), "".join(pages))


#: The parts of the page and their fields.
CORRECTED = {
    "name": ("title", "first_name", "last_name"),
    "email": ("email",),
    "phone": ("phone",),
    "position": ("position",),
    "organisation": ("organisation", "organisation_short"),
}


def by_desk(workshop, answers) -> Seen:
    quota = seats_of(workshop)
    coordinator = appoint(quota=quota, appointee=Appointee("สมมุติ ประสานดี", "coordinator@example.org"), by=SYSTEM, at=NOON)[0]
    client = Client(headers={"accept-language": "th"})
    client.force_login(coordinator.user)
    given = {name: value for name, value in make_answers(workshop, **answers).items() if isinstance(value, str)}
    page = client.post(f"/desk/{workshop.slug}/{quota.code}/invite/", given)
    return Seen(named(Invitation), page.content.decode())


def by_hand(workshop, answers) -> Seen:
    """Somebody whom a coordinator registers."""
    client = Client(headers={"accept-language": "th"})
    client.force_login(make_coordinator(workshop, name="สมมุติ ประสานดี").user)
    page = client.post(f"/desk/{workshop.slug}/55/register/", make_answers(workshop, **{"language": "th", "consent": "on", **answers}))
    return Seen(named(Participant), page.content.decode())


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


def by_list_of_staff(workshop, answers) -> Seen:
    """A row of the coordinators' list, whose names are one text; as far as it is told which part is which, by its words."""
    given = make_answers(workshop, **answers)
    cells = ["น่าน", *(given.get(name, "") for name in ("title", "first_name", "last_name", "email", "phone"))]
    text = StringIO()
    csv.writer(text).writerows([("จังหวัด", "คำนำหน้า", "ชื่อ", "นามสกุล", "อีเมล", "โทรศัพท์"), cells])
    client = Client(headers={"accept-language": "th"})
    client.force_login(User.objects.create_superuser("boss"))
    sent = {"workshop": workshop.pk, "file": SimpleUploadedFile("list.csv", text.getvalue().encode())}
    page = client.post("/admin/registration/coordinator/import/", sent)
    (row,) = page.context["rows"].forms
    rows = {name: row[name].value() or "" for name in ("place", "name", "email", "phone", "line", "doubts", "remark")}
    rows = dict(row.asked) | {f"form-0-{name}": text for name, text in rows.items()} | {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    if not row.is_valid():
        return Seen(None, page.content.decode())
    client.post(f"/admin/registration/coordinator/import/{workshop.slug}/", rows)
    appointed = Coordinator.objects.select_related("user").first()
    return Seen(told_of(appointed) if appointed else None, page.content.decode())


def in_one(given) -> str:
    """A whole name as somebody types it into one field."""
    return Name(*(given.get(name, "") for name in NAMES)).text()


def by_appointment(workshop, answers) -> Seen:
    """A coordinator whom staff name by hand."""
    given = make_answers(workshop, **answers)
    client = Client(headers={"accept-language": "th"})
    client.force_login(User.objects.create_superuser("boss"))
    sent = {"quota": seats_of(workshop).pk, "name": in_one(given), "email": given["email"], "phone": given["phone"]}
    page = client.post("/admin/registration/coordinator/add/", sent)
    appointed = Coordinator.objects.select_related("user").first()
    return Seen(told_of(appointed) if appointed else None, page.content.decode())


def by_handover(workshop, answers) -> Seen:
    """Whom a coordinator asks to follow them."""
    given = make_answers(workshop, **answers)
    quota = seats_of(workshop)
    coordinator = appoint(quota=quota, appointee=Appointee("สมมุติ ประสานดี", "coordinator@example.org"), by=SYSTEM, at=NOON)[0]
    client = Client(headers={"accept-language": "th"})
    client.force_login(coordinator.user)
    sent = {"name": in_one(given), "email": given["email"], "email_again": given["email"], "phone": given["phone"], "successor": "1"}
    page = client.post(f"/desk/{workshop.slug}/{quota.code}/coordinators/", sent)
    asked = DeskOffer.objects.select_related("user").first()
    return Seen(told_of(asked) if asked else None, page.content.decode())


def told_of(who: Coordinator | DeskOffer) -> tuple[str, ...]:
    return who.user.first_name, who.user.email, who.phone, who.phone_extension


def by_program(workshop, answers) -> Seen:
    try:
        person: Person = make_person(**{name: value for name, value in answers.items() if name in NAMES})
    except TextRefused as refused:
        return Seen(None, refused.fault)
    return Seen((person.title, person.first_name, person.last_name, person.email, person.phone, person.phone_extension))


DOORS = {
    "form": by_form, "office": by_office, "correction": by_correction, "desk": by_desk, "file": by_file, "program": by_program,
    "list of staff": by_list_of_staff, "appointment": by_appointment, "handover": by_handover,
    "by hand": by_hand,
}  # fmt: skip
TYPING = {name: DOORS[name] for name in ("form", "office", "correction", "desk", "by hand")}
FILES = ("file", "list of staff")
#: Where a whole name is typed into one field.
ONE_FIELD = {name: DOORS[name] for name in ("appointment", "handover")}

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
    assert seen.stored
    if door == "list of staff" or door in ONE_FIELD:
        assert seen.stored[0] == Name(*stored).text()
    else:
        assert seen.stored[:3] == stored


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
    seen = DOORS[door](make_workshop(), {"first_name": typed} | ({"title": ""} if door in ONE_FIELD else {}))
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


@pytest.mark.parametrize("door", ONE_FIELD)
@pytest.mark.parametrize(("typed", "proposed"), DOUBTFUL[:3], ids=["+".join(typed) for typed, _proposed in DOUBTFUL[:3]])
def test_a_doubtful_name_in_one_field_is_asked_about(door, typed, proposed):
    seen = ONE_FIELD[door](make_workshop(), dict(zip(NAMES, typed, strict=True)))
    title, first, last = (part.partition(" ")[2] for part in proposed.split(" · "))
    assert seen.stored is None
    assert re.findall(r'name="use_name"\s*value="(.*)"', unescape(seen.page)) == [f'"{title}{first} {last}"']


@pytest.mark.parametrize("door", ONE_FIELD)
def test_somebody_without_a_family_name_in_one_field_is_asked_about(door):
    seen = ONE_FIELD[door](make_workshop(), {"title": "Mr.", "first_name": "Suharto", "last_name": ""})
    assert seen.stored is None and "ไม่มีนามสกุลใช่หรือไม่" in unescape(seen.page)
    assert 'value="name"' not in seen.page, "there is nothing else to keep"


@pytest.mark.parametrize(
    ("press", "stored"), [({"use_name": '"นางสาวสมหญิง ทดสอบดี"'}, "นางสาวสมหญิง ทดสอบดี"), ({"keep": "name"}, "นางนางสาวสมหญิง ทดสอบดี")]
)
def test_an_answer_about_a_name_in_one_field_is_taken_as_it_is(press, stored):
    typed = "นางนางสาวสมหญิง ทดสอบดี"
    data = {"name": typed, "email": "a@example.org", "asked": f"name|{typed}", **press}
    form = AppointeeForm(data)
    assert form.is_valid(), form.errors
    assert form.appointee().name == stored


@pytest.mark.parametrize("typed", [typed for typed, _proposed in DOUBTFUL if typed[2]], ids="+".join)
def test_a_row_of_the_list_of_staff_with_a_doubtful_name_appoints_nobody(typed):
    seen = by_list_of_staff(make_workshop(), dict(zip(NAMES, typed, strict=True)))
    assert seen.stored is None and "ไฟล์มีข้อสงสัย" in seen.page


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


@pytest.mark.parametrize("door", [*TYPING, *FILES, *ONE_FIELD])
@pytest.mark.parametrize(("typed", "stored"), CONTACTS, ids=[next(iter(typed.values())) for typed, _stored in CONTACTS])
def test_addresses_and_phones_are_understood_at_every_door(door, typed, stored):
    answers = {"email": "somchai@example.org", "phone": "0812345678"} | typed
    seen = DOORS[door](make_workshop(), answers)
    assert seen.stored and seen.stored[-3:] == stored


@pytest.mark.parametrize("door", [*TYPING, *ONE_FIELD, "list of staff"])
@pytest.mark.parametrize("domain", ["gmial.com", "gmail.con", "hotmial.com", "example.gov.th"])
def test_a_mistyped_domain_is_asked_about_at_every_door_where_somebody_types(door, domain):
    seen = DOORS[door](make_workshop(), {"email": f"somchai@{domain}"})
    assert seen.stored is None
    assert len(re.findall(r'name="(?:form-0-)?use_email"', seen.page)) == 1


@pytest.mark.parametrize("door", TYPING)
def test_a_dash_in_a_field_that_may_stay_empty_is_nothing(door):
    workshop = make_workshop()
    TYPING[door](workshop, {"position": "–", "organisation_short": "-"})
    model = Invitation if door == "desk" else Participant
    assert model.objects.values_list("position", flat=True).get() == ""
    assert model.objects.get().organisation_short != "-"


def test_no_family_name_is_a_choice_at_the_desk_and_comes_with_the_form_of_who_is_invited():
    workshop = make_workshop()
    by_desk(workshop, {"title": "Mr.", "first_name": "Suharto", "last_name": "", "no_last_name": "on"})
    invitation = Invitation.objects.get()
    assert (invitation.last_name, invitation.lacks_last_name) == ("", True)
    options = RegistrationOptions(workshop, invitation.quota.code)
    assert AnswerForm(invitation=invitation, options=options)["no_last_name"].value() is True


def test_a_family_name_beside_that_choice_is_asked_about():
    seen = by_desk(make_workshop(), {"no_last_name": "on"})
    assert seen.stored is None and "มีนามสกุลอยู่ในช่องด้านบน" in seen.page


def test_somebody_of_a_file_without_a_family_name_is_invited_as_such():
    assert Invited("a@example.org", first_name="สุวรรณธรรมคุณ", last_name="-").lacks_last_name
    assert not Invited("a@example.org", first_name="สมมุติ", last_name="ทดสอบดี", lacks_last_name=True).lacks_last_name


def test_a_program_that_invites_is_cleaned_and_refused_as_one_that_registers():
    invited = Invited("a@example.org", title="นส.", first_name="สมช\u0e45ย", last_name="ทดสอบ \u0e35", position="–")
    assert (invited.title, invited.first_name, invited.position) == ("นางสาว", "สมชาย", "")
    assert Appointee("นส. สมช\u0e45ย ใจดี", "a@example.org").name == "นางสาวสมชาย ใจดี"
    for refused in (Invited, Appointee):
        with pytest.raises(TextRefused):
            refused(**{"email": "a@example.org", "first_name" if refused is Invited else "name": "😀สมชาย"})


def test_the_page_of_users_keeps_names_as_every_door_does(client):
    boss = User.objects.create_superuser("boss")
    user = User.objects.create_user("somebody", first_name="ส\uf70aงเสริม", last_name="😀")
    client.force_login(boss)
    page = f"/admin/auth/user/{user.pk}/change/"

    def saved(**answers):
        client.post(page, held(client.get(page).content.decode(), "user_form") | answers)
        user.refresh_from_db()
        return user.first_name, user.last_name

    assert saved() == ("ส\uf70aงเสริม", "😀")  # nothing was typed
    assert saved(first_name="วิญ\uf70fู", last_name="ใจด \u0e35") == ("วิญญู", "ใจดี")
    assert saved(first_name="สมชาย😀") == ("วิญญู", "ใจดี")
