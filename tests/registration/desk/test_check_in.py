"""The door's pages: for whom, what they say, what a phone sends, and that they cost the same for one and for many."""

import datetime as dt
import json
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from registration.attendance.check_in import CheckInAnswer, CheckInOutcome
from registration.desk.check_in_words import told
from registration.models import AuditEvent, CheckIn, Participant
from tests.factories import make_coordinator, make_participant, make_workshop
from tests.visitors import Browser

pytestmark = pytest.mark.django_db


NOW = timezone.make_aware(dt.datetime(2027, 2, 18, 9, 20))


@pytest.fixture(autouse=True)
def during_the_day(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def workshop():
    """Its day is 18 February 2027 from 9 to 10, and has a room."""
    workshop = make_workshop(days=1, tracks=0)
    workshop.days.update(room_th="ห้องประชุม ๕๑๑")
    workshop.people = {code: make_participant(workshop, code, first_name=name) for code, name in (("55", "ชาวน่าน"), ("56", "ชาวพะเยา"))}
    return workshop


@pytest.fixture
def door(workshop):
    return f"/desk/check-in/{workshop.slug}/2027-02-18/"


def signed_in(user) -> Client:
    client = Client(headers={"accept-language": "th"})
    client.force_login(user)
    return client


@pytest.fixture
def helper():
    """Somebody who may check people in, and nothing else."""
    user = User.objects.create_user("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_checkin"))
    return signed_in(user)


@pytest.fixture
def coordinator(workshop):
    return signed_in(make_coordinator(workshop, "55").user)


def send(client, door, *rows):
    return client.post(f"{door}send/", json.dumps({"check_ins": list(rows)}), content_type="application/json")


def kinds(response):
    return [row["kind"] for row in response.json()["results"]]


def test_only_the_door_may_use_the_camera(helper, door):
    policies = [helper.get(path).headers["Permissions-Policy"] for path in (door, "/desk/check-in/", "/")]
    assert ["camera=(self)" in policy for policy in policies] == [True, False, False]
    assert all("microphone=()" in policy for policy in policies)
    assert policies[1] == policies[2] and "camera=()" in policies[1]


def test_a_helper_checks_in_everybody_and_sees_no_other_page(helper, workshop, door):
    page = helper.post(door, {"code": workshop.people["56"].code}, follow=True).content.decode()
    assert "เข้างานแล้ว" in page and "ชาวพะเยา" in page
    assert "เข้างานไปก่อนแล้วเมื่อ" in helper.post(door, {"code": workshop.people["56"].code}, follow=True).content.decode()
    assert helper.get(f"/desk/{workshop.slug}/55/").status_code == 404
    assert helper.get("/admin/registration/participant/").status_code == 403


def test_a_coordinator_checks_in_their_own_people_and_another_province_is_not_there(coordinator, workshop, door):
    assert kinds(send(coordinator, door, *({"code": person.code, "ago": 0} for person in workshop.people.values()))) == ["ok", "refused"]
    refused = coordinator.post(door, {"code": workshop.people["56"].code}, follow=True).content.decode()
    assert "ไม่พบรหัสนี้" in refused and "ชาวพะเยา" not in refused
    assert "ชาวพะเยา" not in coordinator.get(door, {"q": "ชาว"}).content.decode()
    assert coordinator.post(f"{door}back/", {"code": workshop.people["56"].code}).status_code == 404
    assert CheckIn.objects.get().participant == workshop.people["55"]


def test_nobody_else_has_a_door(workshop, door):
    stranger = signed_in(make_coordinator(make_workshop(), "55").user)
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_participant"))
    for client in (stranger, signed_in(viewer)):
        assert client.get(door).status_code == 404
        assert client.get("/desk/check-in/").content.decode().count(workshop.slug) == 0


@pytest.mark.parametrize("change", [{"room_th": ""}, {"is_cancelled": True}])
def test_a_day_without_a_room_or_called_off_has_no_door(helper, workshop, door, change):
    workshop.days.update(**change)
    assert helper.get(door).status_code == 404


def test_what_a_phone_kept_arrives_once_with_its_time(helper, workshop, door):
    code = workshop.people["55"].code
    assert kinds(send(helper, door, {"code": code, "ago": 120}, {"code": code, "ago": 60}, {"code": "AAAAAAA", "ago": 1})) == [
        "ok", "known", "refused",
    ]  # fmt: skip
    assert kinds(send(helper, door, {"code": code, "ago": 120})) == ["known"]
    known = CheckIn.objects.get()
    assert (known.at, known.received_at) == (NOW - dt.timedelta(seconds=120), NOW)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", "null", '{"check_ins": 4}', '{"check_ins": [4]}', '{"check_ins": [{}]}', '{"check_ins": [{"code": "A", "ago": "x"}]}',
     '{"check_ins": [{"code": "A", "ago": 1e999}]}', json.dumps({"check_ins": [{"code": "A"}] * 101}), "\x00\xff"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole(helper, door, body):
    assert helper.post(f"{door}send/", body, content_type="application/json").status_code == 400


def test_a_form_is_no_list_of_a_phone(helper, door):
    assert helper.post(f"{door}send/", {"check_ins": "[]"}).status_code == 400


def test_odd_codes_and_times_are_answered(helper, door):
    rows = [{"code": code, "ago": ago} for code, ago in (("\x00", -5), ("ก" * 500, 10**30), ([], None), ({}, True))]
    assert kinds(send(helper, door, *rows)) == ["refused"] * 4


def test_staff_may_check_somebody_in_all_the_same_and_a_desk_may_not(helper, coordinator, workshop, door):
    person = workshop.people["55"]
    Participant.objects.filter(pk=person.pk).update(state="waitlisted")
    refused = helper.post(door, {"code": person.code}, follow=True).content.decode()
    assert refused.split("<template")[0].count('name="all_the_same"') == 1
    assert 'name="all_the_same"' not in coordinator.post(door, {"code": person.code}, follow=True).content.decode()
    assert send(helper, door, {"code": person.code}).json()["results"][0]["is_waivable"]
    assert coordinator.post(door, {"code": person.code, "all_the_same": ""}).status_code == 403
    assert not CheckIn.objects.exists()
    helper.post(door, {"code": person.code, "all_the_same": ""})
    assert CheckIn.objects.get().participant == person


def test_a_slip_is_taken_back_on_the_page(helper, workshop, door):
    helper.post(door, {"code": workshop.people["55"].code})
    page = helper.post(f"{door}back/", {"code": workshop.people["55"].code}, follow=True).content.decode()
    assert "ยกเลิกเมื่อ" in page
    assert not CheckIn.objects.standing().exists()


def test_people_are_found_by_name_and_province_at_a_constant_cost(helper, workshop, door, django_assert_num_queries):
    for number in range(3):
        make_participant(workshop, "56", first_name=f"หลายคน{number}")
    make_participant(workshop, "55", first_name="คนเดียว")
    counted = []
    for query in ({"q": "คนเดียว"}, {"q": "หลายคน", "province": "56"}):
        helper.get(door, query)
        with django_assert_num_queries(14, exact=False) as asked:
            page = helper.get(door, query).content.decode()
        counted.append((len(asked), page.count('class="check-in-person"')))
    assert counted == [(counted[0][0], 1), (counted[0][0], 3)]
    trail = AuditEvent.objects.filter(what="check-in").latest("pk")
    assert (trail.count, trail.filters) == (3, {"q": "…", "province": "56"})


def test_the_list_of_doors_has_today_first(helper, workshop, door):
    later = make_workshop(days=1, tracks=0)
    later.days.update(room_th="ห้องอื่น", date=dt.date(2027, 2, 21))
    page = helper.get("/desk/check-in/").content.decode()
    assert page.index(workshop.slug) < page.index(later.slug)


def test_every_outcome_has_words_of_its_own(workshop):
    person = Participant.objects.select_related("workshop", "quota__province").prefetch_related("days").first()
    headings = {told(CheckInAnswer("2345678", outcome, person, NOW)).heading for outcome in CheckInOutcome}
    assert len(headings) == len(CheckInOutcome)


def test_on_the_day_a_person_reads_where_to_go_and_since_when_they_are_in(helper, workshop, door):
    person = workshop.people["55"]
    page = Browser().open_page_of(person).content.decode()
    assert "ห้องประชุม ๕๑๑" in page and 'class="join-qr"' in page
    assert "ชื่อที่ใช้ใน Zoom" not in page  # nobody comes online that day
    assert "ลงทะเบียนหน้างานเมื่อ" not in page
    helper.post(door, {"code": person.code})
    page = in_one_piece(Browser().open_page_of(person).content.decode())
    assert "ลงทะเบียนหน้างานเมื่อ ๐๙.๒๐ น." in page
    assert "เวลาเข้าร่วมไม่ถูกต้อง" not in page  # nothing is counted yet


def in_one_piece(page: str) -> str:
    return re.sub(r"</?span[^>]*>", "", page)
