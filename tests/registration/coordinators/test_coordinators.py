"""Who decides for a province: named one by one or all at once, invited, succeeded, switched off."""

import datetime as dt
from io import BytesIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from registration.actor import SYSTEM, Actor
from registration.coordinators.actions import Appointee, appoint, hand_over, invite, note_seen, switch_off, switch_on
from registration.coordinators.rosters import RosterEntry, roster_in
from registration.errors import AccountClosed
from registration.models import Coordinator, Delivery
from registration.spreadsheets.files import read
from tests.factories import NOON, make_coordinator, make_workshop, seats_of

pytestmark = pytest.mark.django_db

SOMEBODY = Appointee("นางสาวสมหญิง สมมุติ", "somying@example.org", "+66547100000", "12")


@pytest.fixture
def staff():
    return User.objects.create_superuser("staff", "staff@example.org")


@pytest.fixture
def admin(client, staff):
    client.force_login(staff)
    return client


def mails():
    return list(Delivery.objects.order_by("pk").values_list("message", "email"))


def test_a_coordinator_is_a_user_without_a_password():
    coordinator, new = appoint(quota=seats_of(make_workshop()), appointee=SOMEBODY, by=SYSTEM, at=NOON)
    assert new
    assert (coordinator.name, coordinator.user.email, coordinator.phone) == (SOMEBODY.name, SOMEBODY.email, "+66547100000")
    assert not coordinator.user.has_usable_password()
    assert mails() == []


def test_naming_twice_changes_nothing():
    quota = seats_of(make_workshop())
    first, _new = appoint(quota=quota, appointee=SOMEBODY, by=SYSTEM)
    again, new = appoint(quota=quota, appointee=Appointee("อื่น", "SOMYING@example.org".lower()), by=SYSTEM)
    assert (again, new, again.name, again.phone) == (first, False, SOMEBODY.name, SOMEBODY.phone)


def test_one_user_may_have_several_provinces():
    workshop = make_workshop()
    for code in ("55", "56"):
        appoint(quota=seats_of(workshop, code), appointee=SOMEBODY, by=SYSTEM)
    assert (User.objects.count(), Coordinator.objects.count()) == (1, 2)


def test_a_user_who_is_known_by_another_name_keeps_it():
    known = User.objects.create_user("somchai", "Somying@example.org", first_name="สมชาย")
    coordinator, _new = appoint(quota=seats_of(make_workshop()), appointee=SOMEBODY, by=SYSTEM)
    assert (coordinator.user, coordinator.name) == (known, "สมชาย")


def test_a_user_who_was_switched_off_is_not_let_in_again():
    User.objects.create_user(SOMEBODY.email, SOMEBODY.email, is_active=False)
    with pytest.raises(AccountClosed):
        appoint(quota=seats_of(make_workshop()), appointee=SOMEBODY, by=SYSTEM)
    assert not Coordinator.objects.exists()


def test_an_invitation_asked_for_twice_in_a_minute_goes_out_once():
    coordinator = make_coordinator(make_workshop(), email="nan@example.org")
    for seconds in (0, 5, 70):
        invite(coordinator=coordinator, at=NOON + dt.timedelta(seconds=seconds))
    assert mails() == [("coordinator_invited", "nan@example.org")] * 2


def test_the_successor_is_invited_and_the_predecessor_is_out(staff):
    before = make_coordinator(make_workshop())
    after = hand_over(coordinator=before, to=SOMEBODY, by=Actor("coordinator", before.user), at=NOON)
    assert list(Coordinator.objects.active()) == [after]
    assert mails() == [("coordinator_invited", SOMEBODY.email)]
    assert list(LogEntry.objects.order_by("pk").values_list("user", "object_repr", "action_flag")) == [
        (before.user.pk, after.name, 1),
        (before.user.pk, before.name, 2),
    ]


def test_nobody_hands_over_to_themselves():
    coordinator = make_coordinator(make_workshop())
    with pytest.raises(ValueError, match="themselves"):
        hand_over(coordinator=coordinator, to=Appointee("", coordinator.user.email), by=SYSTEM)
    coordinator.refresh_from_db()
    assert coordinator.is_active


def test_who_was_switched_off_is_named_anew():
    quota = seats_of(make_workshop())
    coordinator, _new = appoint(quota=quota, appointee=SOMEBODY, by=SYSTEM)
    switch_off(coordinator=coordinator, by=SYSTEM)
    assert list(Coordinator.objects.active()) == []
    assert appoint(quota=quota, appointee=SOMEBODY, by=SYSTEM) == (coordinator, True)
    assert list(Coordinator.objects.active()) == [coordinator]


def test_switching_on_what_is_on_leaves_no_trace(staff):
    coordinator = make_coordinator(make_workshop())
    switch_on(coordinator=coordinator, by=Actor("staff", staff))
    assert not LogEntry.objects.exists()


def test_last_seen_is_written_once_in_five_minutes():
    coordinator = make_coordinator(make_workshop())
    seen = []
    for minutes in (0, 4, 5):
        note_seen(coordinator=coordinator, at=NOON + dt.timedelta(minutes=minutes))
        coordinator.refresh_from_db()
        seen.append((coordinator.last_seen_at - NOON).total_seconds() // 60)
    assert seen == [0, 0, 5]


# The list of staff


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


HEADINGS = ("ลำดับ", "จังหวัด", "ชื่อผู้ประสานงาน", "อีเมล", "โทรศัพท์")
LIST = workbook(
    ("รายชื่อผู้ประสานงานจังหวัด",),
    HEADINGS,
    (1, "จ.น่าน", "นางสาวสมหญิง สมมุติ", "Somying@example.org", "054710000"),
    (2, "กทม.", "นายสมชาย สมมุติ", "somchai@example.org", None),
    (3, "ไม่มีจังหวัดนี้", "นายสมพงษ์ สมมุติ", "sompong@example.org", "12"),
    (4, "ส่วนกลาง", "นายกลาง สมมุติ", "klang@example.org", "02 280 4085 ต่อ 6414"),
)


def test_a_list_is_read_as_offices_write_it():
    assert roster_in(read(LIST)).entries[:2] == [
        RosterEntry("Sheet", 3, "จ.น่าน", "นางสาวสมหญิง สมมุติ", "somying@example.org", "054710000"),
        RosterEntry("Sheet", 4, "กทม.", "นายสมชาย สมมุติ", "somchai@example.org", ""),
    ]


def upload(admin, workshop, data=LIST):
    return admin.post(
        "/admin/registration/coordinator/import/", {"workshop": workshop.pk, "file": SimpleUploadedFile("ผู้ประสานงาน.xlsx", data)}
    )


def as_shown(response, **changes):
    """What the browser sends when the page of rows is sent off as it stands."""
    rows = response.context["rows"]
    data = {"form-TOTAL_FORMS": len(rows.forms), "form-INITIAL_FORMS": 0, "invites": "on"}
    for form, _there in response.context["marked"]:
        for field in form:
            if field.name != "leave_out":
                data[field.html_name] = field.value() or ""
    return data | changes


def test_every_row_is_shown_before_anything_is_written(admin):
    response = upload(admin, make_workshop())
    rows = response.context["rows"].forms
    assert [form["place"].value() for form in rows] == ["น่าน", "กรุงเทพมหานคร", "ไม่มีจังหวัดนี้", "หน่วยงานส่วนกลาง"]
    assert [sorted(form.errors) for form in rows] == [[], [], ["phone", "place"], []]
    assert not Coordinator.objects.exists()


def test_the_good_rows_are_made_and_the_others_shown_again(admin):
    workshop = make_workshop()
    response = admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", as_shown(upload(admin, workshop)))
    assert sorted(Coordinator.objects.values_list("user__email", "quota__province__code", "phone", "phone_extension")) == [
        ("klang@example.org", None, "+6622804085", "6414"),
        ("somchai@example.org", "10", "", ""),
        ("somying@example.org", "55", "+6654710000", ""),
    ]
    assert sorted(email for _message, email in mails()) == ["klang@example.org", "somchai@example.org", "somying@example.org"]
    assert [form["email"].value() for form, _there in response.context["marked"]] == ["sompong@example.org"]

    corrected = as_shown(response, **{"form-2-place": "แพร่", "form-2-phone": ""})
    admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", corrected)
    assert Coordinator.objects.get(user__email="sompong@example.org").quota == seats_of(workshop, "54")


def test_the_same_list_again_adds_nobody_and_mails_nobody(admin):
    workshop = make_workshop()
    for _time in range(2):
        response = upload(admin, workshop)
        admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", as_shown(response, **{"form-2-leave_out": "on"}))
    assert (Coordinator.objects.count(), len(mails())) == (3, 3)
    assert [there for _form, there in response.context["marked"]] == [True, True, False, True]


def test_a_row_that_is_left_out_holds_nothing_up(admin):
    workshop = make_workshop()
    response = upload(admin, workshop)
    answer = admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", as_shown(response, **{"form-2-leave_out": "on"}))
    assert answer.headers["Location"] == "/admin/registration/coordinator/"


def test_invitations_may_wait(admin):
    workshop = make_workshop()
    data = as_shown(upload(admin, workshop))
    del data["invites"]
    admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", data)
    assert (Coordinator.objects.count(), mails()) == (3, [])


def test_what_is_no_list_is_refused_in_words(admin):
    response = upload(admin, make_workshop(), b"\x00\x01")
    assert list(response.context["form"].errors) == ["file"]


def test_all_seventy_seven_are_named_at_once(admin):
    from registration.models import Province

    workshop = make_workshop()
    provinces = list(Province.objects.all())
    rows = [
        (number, p.name_th, f"นายสมมุติ{p.code} ทดสอบ", f"p{p.code}@example.org", "081 234 5678") for number, p in enumerate(provinces, 1)
    ]
    response = upload(admin, workshop, workbook(HEADINGS, *rows))
    admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", as_shown(response))
    named = Coordinator.objects.values_list("quota__province__code", "user__email")
    assert sorted(named) == sorted((p.code, f"p{p.code}@example.org") for p in provinces)
    assert len(mails()) == 77


DOUBTFUL = workbook(
    (*HEADINGS, "ตำแหน่ง", "หมายเหตุ"),
    (1, "น่าน", "นายสมมุติ ทดสอบดี", "p1@example.org", "0812345678", "นักวิเคราะห์", "ขอยกเลิก"),
    (2, "แพร่", "นางนางสาวสมหญิง ทดสอบดี", "p2@example.org", "0812345679", "นักวิเคราะห์", "แพ้ถั่ว"),
    (3, "พะเยา", "นายสมชาย ทดสอบดี", "p3@example.org", "0812345670", "นักวิเคราะห์", ""),
)


def test_what_a_list_says_about_people_is_asked_and_what_is_not_used_is_named(admin):
    workshop = make_workshop()
    response = upload(admin, workshop, DOUBTFUL)
    page = response.content.decode()
    assert "ตำแหน่ง" in page and "แพ้ถั่ว" in page
    rows = response.context["rows"].forms
    assert [(bool(row["leave_out"].value()), sorted(row.errors)) for row in rows] == [(True, []), (False, ["is_right"]), (False, [])]

    sent = as_shown(response, **{"form-0-leave_out": "on"})
    again = admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", sent)
    assert list(Coordinator.objects.values_list("user__email", flat=True)) == ["p3@example.org"]
    (row,) = [form for form, _there in again.context["marked"]]
    assert row["name"].value() == "นางสาวสมหญิง ทดสอบดี" and "นางนางสาวสมหญิง ทดสอบดี" in " ".join(row.said)

    sent = as_shown(again, **{f"{row.prefix}-is_right": "on", "form-0-leave_out": "on"})
    admin.post(f"/admin/registration/coordinator/import/{workshop.slug}/", sent)
    assert Coordinator.objects.get(user__email="p2@example.org").name == "นางสาวสมหญิง ทดสอบดี"


def test_staff_name_one_by_hand(admin):
    workshop = make_workshop()
    form = {
        "quota": seats_of(workshop).pk,
        "name": "นางสาวสมหญิง สมมุติ",
        "email": "Somying@example.org",
        "phone": "๐๕๔ ๗๑๐๐๐๐",
        "invites": "on",
    }
    admin.post("/admin/registration/coordinator/add/", form)
    coordinator = Coordinator.objects.get()
    assert (coordinator.quota, coordinator.user.email, coordinator.phone) == (seats_of(workshop), "somying@example.org", "+6654710000")
    assert mails() == [("coordinator_invited", "somying@example.org")]
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(("action", "active"), [("switch_them_off", False), ("switch_them_on", True)])
def test_staff_switch_coordinators_off_and_on(admin, action, active):
    coordinator = make_coordinator(make_workshop(), is_active=not active)
    admin.post("/admin/registration/coordinator/", {"action": action, "_selected_action": [coordinator.pk]})
    coordinator.refresh_from_db()
    assert coordinator.is_active is active


def test_staff_invite_again_those_who_are_active(admin):
    workshop = make_workshop()
    on, off = make_coordinator(workshop, email="on@example.org"), make_coordinator(workshop, email="off@example.org", is_active=False)
    admin.post("/admin/registration/coordinator/", {"action": "invite_them", "_selected_action": [on.pk, off.pk]})
    assert mails() == [("coordinator_invited", "on@example.org")]


def test_the_list_of_coordinators_costs_the_same_however_long(admin, django_assert_num_queries):
    workshop = make_workshop()
    admin.get("/admin/registration/coordinator/")
    for code in ("55", "56", "57"):
        make_coordinator(workshop, code)
        with django_assert_num_queries(13):
            assert admin.get("/admin/registration/coordinator/").status_code == 200


def test_of_one_coordinator_only_the_phone_can_be_edited(admin):
    coordinator = make_coordinator(make_workshop(), last_seen_at=NOON)
    response = admin.get(f"/admin/registration/coordinator/{coordinator.pk}/change/")
    assert list(response.context["adminform"].form.fields) == ["phone"]


@pytest.mark.parametrize(
    ("typed", "number", "extension"), [("๐๒ ๒๘๐ ๔๐๘๕ ต่อ ๖๔๑๔", "+6622804085", "6414"), ("081 234 5678", "+66812345678", ""), ("", "", "")]
)
def test_the_phone_is_kept_as_it_is_dialled_and_the_change_is_in_the_history(admin, typed, number, extension):
    coordinator = make_coordinator(make_workshop(), phone="+66899999999", last_seen_at=NOON)
    admin.post(f"/admin/registration/coordinator/{coordinator.pk}/change/", {"phone": typed})
    coordinator.refresh_from_db()
    assert (coordinator.phone, coordinator.phone_extension) == (number, extension)
    assert [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=str(coordinator.pk), action_flag=2)] == [
        "แก้ไขโทรศัพท์แล้ว"
    ]


def test_a_phone_that_is_none_is_refused_and_one_that_is_sent_unchanged_changes_nothing(admin):
    coordinator = make_coordinator(make_workshop(), phone="+66899999999", last_seen_at=NOON)
    page = f"/admin/registration/coordinator/{coordinator.pk}/change/"
    assert list(admin.post(page, {"phone": "12"}).context["adminform"].form.errors) == ["phone"]
    admin.post(page, {"phone": admin.get(page).context["adminform"].form["phone"].value()})
    coordinator.refresh_from_db()
    assert (coordinator.phone, LogEntry.objects.filter(action_flag=2).count()) == ("+66899999999", 0)


def test_a_known_address_keeps_its_name_and_staff_are_told(admin):
    workshop = make_workshop()
    make_coordinator(workshop, "56", email="known@example.org", name="นางสาวสมหญิง สมมุติ")
    sent = {"quota": seats_of(workshop).pk, "name": "นางสมศรี ทดสอบ", "email": "known@example.org", "phone": "081 234 5678"}
    page = admin.post("/admin/registration/coordinator/add/", sent, follow=True)
    [told] = [str(message) for message in page.context["messages"] if message.level_tag == "warning"]
    assert ("นางสาวสมหญิง สมมุติ" in told, "นางสมศรี ทดสอบ" in told) == (True, True)
    assert set(Coordinator.objects.values_list("user__first_name", flat=True)) == {"นางสาวสมหญิง สมมุติ"}
