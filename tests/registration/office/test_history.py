"""A workshop's history tells what really changed, in the reader's words, with the value before and after."""

import datetime as dt
import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.html import strip_tags

from registration.actor import Actor, ActorKind
from registration.audit import trail
from sessions import releases
from sessions.admin.days import MeetingPage
from sessions.models import Workshop
from tests.factories import NOON, make_workshop
from tests.pages import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop(slug="sample", title_th="การประชุมสมมุติ", is_published=True)


@pytest.fixture
def staff(client):
    return signed_in(client, "ผู้ดูแลระบบ")


def signed_in(client, role):
    user = User.objects.create_user(f"user{User.objects.count()}", first_name="สมศรี", last_name="สมมุติ", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    client.user = user
    return client


def save(client, page, **values):
    text = client.get(page).content.decode()
    sent = held(text, next(name for name in ("workshop_form", "workshopday_form", "agency_form") if f'id="{name}"' in text))
    response = client.post(page, sent | values)
    assert response.status_code == 302, response.content.decode()


def lines(client, workshop, page=""):
    """The lines of the history as one reads them."""
    text = client.get(f"/admin/agenda/workshop/{workshop.pk}/history/{page}").content.decode()
    body = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [" ".join(strip_tags(row.replace("</td>", "| ")).split()) for row in rows]


@pytest.mark.parametrize("model", ["registration.gone", "gone", "", "a.b.c"])
def test_a_line_about_what_has_another_name_by_now_is_still_told(staff, workshop, model):
    changed = {"name": "สิ่งที่เคยมี", "object": "ก", "fields": ["ข"], "model": model, "values": [["x", "1", "2"]]}
    page = ContentType.objects.get_for_model(Workshop)
    LogEntry.objects.create(
        user=staff.user, content_type=page, object_id=str(workshop.pk), object_repr="x", action_flag=2,
        change_message=json.dumps([{"changed": changed}]),
    )  # fmt: skip
    (line,) = lines(staff, workshop)
    assert "ก" in line


def test_it_tells_each_value_before_and_after_in_thai(staff, workshop):
    page = f"/admin/agenda/workshop/{workshop.pk}/change/?part="
    save(staff, f"{page}dates", registration_closes_at="2027-02-10T16:30", reminder_time="08:15")
    save(staff, f"{page}general", title_th="การประชุมใหม่", is_published="")
    general, dates = [line.split("| ", 3) for line in lines(staff, workshop)]
    assert general[1] == "สมศรี สมมุติ"
    assert general[3] == "เผยแพร่ ใช่ → ไม่ใช่ ชื่อเรื่อง (ไทย) การประชุมสมมุติ → การประชุมใหม่ |"
    assert dates[3] == "ปิดลงทะเบียน – → ๑๐ ก.พ. ๒๕๗๐ ๑๖.๓๐ น. เวลาส่งอีเมลเตือนในวันก่อนประชุม ๐๙.๐๐ น. → ๐๘.๑๕ น. |"


def test_what_is_saved_as_it_was_leaves_no_line(staff, workshop):
    for part in ("general", "dates", "texts", "groups"):
        save(staff, f"/admin/agenda/workshop/{workshop.pk}/change/?part={part}")
    assert (lines(staff, workshop), LogEntry.objects.count()) == ([], 0)


def test_a_row_below_the_page_is_named_and_so_is_a_day_of_the_workshop(staff, workshop):
    save(staff, f"/admin/agenda/workshop/{workshop.pk}/change/?part=groups", **{"groups-0-name_th": "สำนักงานสมมุติ"})
    day = workshop.days.first()
    save(staff, f"/admin/agenda/workshopday/{day.pk}/change/", title_th="วันแรก")
    of_day, of_group = [line.split("| ", 3) for line in lines(staff, workshop)]
    assert of_group[3] == "กลุ่มเป้าหมาย “4.1.1 สำนักงานสมมุติ” ชื่อ (ไทย) สำนักงานจังหวัด → สำนักงานสมมุติ |"
    assert of_day[2].startswith("วันประชุม ")
    assert of_day[3] == "ชื่อเรื่อง (ไทย) – → วันแรก |"


def test_a_meeting_link_is_told_by_its_end_alone(staff, workshop):
    day = workshop.days.first()
    save(staff, f"/admin/agenda/workshop/{workshop.pk}/change/?part=dates", **{"days-0-join_url": "https://zoom.example.org/j/secret-9876"})
    day.refresh_from_db()
    assert day.join_url.endswith("9876")
    page = staff.get(f"/admin/agenda/workshop/{workshop.pk}/history/").content.decode()
    assert ("zoom.example.org/…9876" in page, "secret" in page) == (True, False)
    assert MeetingPage.permission == "agenda.change_workshopday"


def test_decisions_of_the_trail_are_for_those_who_read_it(client, workshop):
    by = Actor(ActorKind.STAFF, User.objects.create_user("decider", first_name="ผู้ตัดสิน"))
    trail.record_decision(by=by, what="attendance settings", workshop=workshop, at=NOON)
    trail.record_view(by=by, what="attendees", count=3, workshop=workshop)
    assert [line.split("| ")[1:] for line in lines(signed_in(client, "ผู้ดูแลระบบ"), workshop)] == [["ผู้ตัดสิน", "", "เปลี่ยนวิธีนับเวลา |"]]
    assert lines(signed_in(client, "กำหนดการ"), workshop) == []


def test_discarding_a_draft_and_removing_a_day_are_told(staff, workshop):
    releases.open_draft(workshop)
    staff.post(f"/admin/agenda/workshop/{workshop.pk}/draft/discard/")
    staff.post(f"/admin/agenda/workshop/{workshop.pk}/draft/discard/")
    day = workshop.days.last()
    staff.post(f"/admin/agenda/workshopday/{day.pk}/delete/", {"post": "yes"})
    removed, discarded = [line.split("| ")[3] for line in lines(staff, workshop)]
    assert (removed, discarded) == ("ลบวันประชุม “วันพฤหัสบดีที่ ๒๕ กุมภาพันธ์ ๒๕๗๐” แล้ว |", "ทิ้งร่างกำหนดการ |")


def test_other_rows_have_such_a_history_too(staff):
    staff.post("/admin/registration/agency/add/", {"name": "กรมสมมุติ", "abbreviation": "กส."})
    agency = LogEntry.objects.get().object_id
    save(staff, f"/admin/registration/agency/{agency}/change/", abbreviation="กสม.")
    page = staff.get(f"/admin/registration/agency/{agency}/history/").content.decode()
    assert "<del>กส.</del> → <ins>กสม.</ins>" in page
    assert str(timezone.localdate().year + 543).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in page


def test_that_a_password_was_set_is_told_and_nothing_of_it(admin_client):
    somebody = User.objects.create_user("somebody")
    sent = {"password1": "plain-horse-2570", "password2": "plain-horse-2570", "usable_password": "true"}
    response = admin_client.post(f"/admin/auth/user/{somebody.pk}/password/", sent)
    somebody.refresh_from_db()
    assert (response.status_code, somebody.check_password("plain-horse-2570")) == (302, True)
    page = admin_client.get(f"/admin/auth/user/{somebody.pk}/history/")
    assert (page.status_code, LogEntry.objects.count(), "plain-horse" in page.content.decode()) == (200, 1, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_for_one_line_as_for_three(staff, workshop, rows, django_assert_num_queries):
    for number in range(rows):
        changed = {"changed": {"fields": ["title"], "model": "agenda.workshop", "values": [["title_th", "", str(number)]]}}
        LogEntry.objects.log_actions(staff.user.pk, [workshop], 2, [changed], single_object=True)
        trail.record_decision(by=Actor(ActorKind.STAFF, staff.user), what="attendance settings", workshop=workshop, at=NOON)
    lines(staff, workshop)  # content types are remembered
    with django_assert_num_queries(17):
        assert len(lines(staff, workshop)) == 2 * rows


def test_long_histories_have_pages(staff, workshop):
    entries = [
        LogEntry(
            user=staff.user, object_id=str(workshop.pk), object_repr="", action_flag=2, change_message=str(number), content_type_id=None
        )
        for number in range(101)
    ]
    LogEntry.objects.log_actions(staff.user.pk, [workshop], 2, "แรก", single_object=True)
    kind = LogEntry.objects.get().content_type_id
    for number, entry in enumerate(entries):
        entry.content_type_id, entry.action_time = kind, timezone.now() + dt.timedelta(seconds=number + 1)
    LogEntry.objects.bulk_create(entries)
    assert (len(lines(staff, workshop)), [line.split("| ")[3] for line in lines(staff, workshop, "?p=2")]) == (100, ["0 |", "แรก |"])
    assert Workshop.objects.count() == 1
