"""The page between a file and its rows; deciding about many rows; taking a list back."""

from io import BytesIO

import pytest
from django.test import Client

from registration.actor import SYSTEM
from registration.coordinators.actions import Appointee, appoint
from registration.errors import AnsweredMeanwhile
from registration.models import ColumnMeaning, Delivery, Invitation, NominationFile, Participant
from registration.nominations import actions
from registration.seats import quotas
from tests.effort import effort
from tests.factories import NOON, make_invitation, seats_of
from tests.registration.desk.test_nominations import apply, coordinator, desk, path, quota, row, states, upload, workshop  # noqa: F401
from tests.registration.spreadsheets.workbooks import workbook as made

pytestmark = pytest.mark.django_db

HEAD = ["ลำดับ", "ชื่อ-สกุล", "หน่วยงาน", "โทร", "อีเมลหน่วยงาน", "อีเมลผู้เข้าร่วม", "ขนาดเสื้อ", "เลขประจำตัวประชาชน"]


NAMES = ["พญ.พญาดา ดี", "พ.อ.อ.สมชาย ทดสอบ", "อรทัย ณ ทดสอบ", "น.ส.สมหมาย ทดสอบงาม", "Mr. David Smith-Jones", "คุณากร ทดสอบ"]
IDENTITY = "3550100000001"


def person(number):
    return [number, f"นายสมมุติ{number} ทดสอบดี", "อบต.ตัวอย่าง", "0812345678", "office@example.org", f"p{number}@example.org", "L", IDENTITY]


def only_upload(client, quota, data, name="list.xlsx"):  # noqa: F811
    file = BytesIO(data)
    file.name = name
    response = client.post(path(quota), {"file": file})
    kept = NominationFile.objects.latest("pk")
    assert response.headers["Location"] == path(quota, kept.pk, "columns")
    return kept


def columns_page(client, file):
    return client.get(path(file.quota, file.pk, "columns")).content.decode()


class TestColumns:
    def test_every_column_is_shown_with_three_cells_and_what_is_not_used_is_named(self, desk, quota):  # noqa: F811
        file = only_upload(desk, quota, made(a=[HEAD, *[person(n) for n in range(1, 6)]]))
        page = columns_page(desk, file)
        assert [page.count(f"<li>นายสมมุติ{n} ทดสอบดี") for n in (1, 3, 4)] == [1, 1, 0]
        assert "ไม่ใช้ ๓:</strong> ลำดับ, ขนาดเสื้อ, เลขประจำตัวประชาชน" in page
        assert "ตรวจรายชื่อ ๕ แถว" in page
        assert (file.nominees.count(), file.is_settled) == (0, False)

    def test_numbers_of_identity_cards_are_not_kept(self, desk, quota):  # noqa: F811
        file = only_upload(desk, quota, made(a=[HEAD, person(1)]))
        assert "3550100000001" not in str(file.sheets)
        assert "35501••••••••" in columns_page(desk, file)

    def test_of_two_addresses_one_is_proposed_and_the_other_a_remark(self, desk, quota):  # noqa: F811
        file = only_upload(desk, quota, made(a=[HEAD, person(1), person(2)]))
        assert "มีคอลัมน์ “อีเมล” ๒ คอลัมน์ ใช้คอลัมน์ใด" in columns_page(desk, file)
        desk.post(path(quota, file.pk, "columns"))
        nominee = file.nominees.first()
        assert (nominee.email, nominee.remark) == ("p1@example.org", "อีเมลหน่วยงาน: office@example.org")

    def test_the_other_one_may_be_chosen_and_that_is_remembered(self, desk, quota, coordinator):  # noqa: F811
        data = made(a=[HEAD, person(1)])
        file = only_upload(desk, quota, data)
        desk.post(path(quota, file.pk, "columns"), {"ask0-1-email": "4", "c0-6": "1.note"})
        assert file.nominees.get().email == "office@example.org"
        assert dict(ColumnMeaning.objects.filter(user=coordinator.user).values_list("heading", "meaning")) == {
            "อีเมลหน่วยงาน": "email", "อีเมลผู้เข้าร่วม": "note", "ขนาดเสื้อ": "note",
        }  # fmt: skip
        again = only_upload(desk, quota, data, name="other.xlsx")
        page = columns_page(desk, again)
        assert ("ใช้คอลัมน์ใด" in page, page.count("ตามที่ท่านเลือกครั้งก่อน")) == (False, 1)
        desk.post(path(quota, again.pk, "columns"))
        assert (again.nominees.get().email, "ขนาดเสื้อ: L" in again.nominees.get().remark) == ("office@example.org", True)

    def test_two_columns_that_are_given_one_meaning_by_hand_are_asked_about_first(self, desk, quota):  # noqa: F811
        file = only_upload(desk, quota, made(a=[["ชื่อ-สกุล", "อีเมล", "หน่วยงาน", "อื่น"], ["นายสมมุติ ทดสอบดี", "a@example.org", "ก", "ข"]]))
        page = desk.post(path(quota, file.pk, "columns"), {"c0-3": "1.organisation"}).content.decode()
        assert ("มีคอลัมน์ “หน่วยงาน” ๒ คอลัมน์" in page, file.nominees.count()) == (True, 0)
        desk.post(path(quota, file.pk, "columns"), {"ask0-1-organisation": "3"})
        assert file.nominees.get().values["organisation"] == "ข"

    def test_another_row_of_headings_or_none_may_be_read(self, desk, quota):  # noqa: F811
        file = only_upload(desk, quota, made(a=[["นายสมมุติ ทดสอบดี", "a@example.org"], ["x", "y"], ["นางสมหมาย ทดสอบงาม", "b@example.org"]]))
        assert "ไม่มีหัวตาราง" in columns_page(desk, file)
        desk.post(path(quota, file.pk, "columns"), {"read_again": "1", "head0": "2"})
        desk.post(path(quota, file.pk, "columns"), {"c0-0": "1.full_name", "c0-1": "1.email"})
        assert list(file.nominees.values_list("email", flat=True)) == ["b@example.org"]

    def test_what_is_no_list_is_told_on_the_page_and_nothing_comes_of_it(self, desk, quota):  # noqa: F811
        file = only_upload(desk, quota, made(a=[["สวัสดี"], ["โลก"]]))
        assert "ไม่พบรายชื่อ" in columns_page(desk, file)
        desk.post(path(quota, file.pk, "columns"))
        assert desk.get(path(quota, file.pk)).headers["Location"] == path(quota, file.pk, "columns")

    @pytest.mark.parametrize("code", ["1.day:2000-01-01", "3.email", "1.nonsense", "", "1.full_name'--", "2.day:x"])
    def test_choices_that_nobody_offered_change_nothing(self, desk, quota, code):  # noqa: F811
        file = only_upload(desk, quota, made(a=[["ชื่อ-สกุล", "อีเมล"], ["นายสมมุติ ทดสอบดี", "a@example.org"]]))
        assert desk.post(path(quota, file.pk, "columns"), {"c0-0": code, "head0": "x", "ask0-1-email": "x"}).status_code == 302
        assert file.nominees.get().person["first_name"] == "สมมุติ"

    def test_columns_of_an_applied_list_stay_as_they_are(self, desk, quota):  # noqa: F811
        file = upload(desk, quota, row(1))
        apply(desk, file)
        assert desk.post(path(quota, file.pk, "columns"), {"c0-1": "1.unused"}).headers["Location"] == path(quota, file.pk)
        assert states(file) == ["invited"]

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_page_costs_the_same_for_many_columns_and_rows(self, desk, quota, number, django_assert_num_queries):  # noqa: F811
        file = only_upload(desk, quota, made(a=[HEAD * number, *[person(1) * number] * number]))
        columns_page(desk, file)
        with django_assert_num_queries(8):
            columns_page(desk, file)

    def test_a_newer_try_of_a_file_takes_the_place_of_the_older_in_what_is_to_do(self, desk, quota):  # noqa: F811
        first, second = (only_upload(desk, quota, made(a=[HEAD, person(n)])) for n in (1, 2))
        page = desk.get(f"/desk/{quota.workshop.slug}/55/").content.decode()
        assert page.count("list.xlsx") == 1
        first.refresh_from_db()
        assert (first.is_superseded, second.is_superseded) == (True, False)
        assert "ไฟล์ชื่อเดียวกันที่อัปโหลดก่อนหน้า ๑ ไฟล์" in desk.get(path(quota)).content.decode()


class TestReviewedIsApplied:
    @pytest.mark.parametrize("name", NAMES)
    def test_what_the_page_shows_is_what_is_stored_byte_for_byte(self, desk, quota, name):  # noqa: F811
        data = made(a=[["ชื่อ-สกุล", "ตำแหน่ง/สังกัด", "โทร", "อีเมล"], [name, "ปลัด อบต.ตัวอย่าง", "081-234-5678", "A@Example.org"]])
        file = upload(desk, quota, data=data)
        page = desk.get(path(quota, file.pk), {"show": "all"})
        (shown,) = page.context["review"].rows
        assert shown.name in page.content.decode()
        actions.accept(file=file)
        apply(desk, file)
        invitation = Invitation.objects.get()
        stored = {field: getattr(invitation, field) for field in shown.nominee.person if field != "group"}
        assert stored == {field: value for field, value in shown.nominee.person.items() if field != "group"}
        assert invitation.name == shown.name


class TestManyRows:
    def test_a_group_and_an_organisation_are_set_for_the_ticked_rows(self, desk, quota):  # noqa: F811
        file = upload(desk, quota, row(1), row(2, organisation=""), row(3))
        desk.post(path(quota, file.pk, "rows"), {"place": ["1", "2"], "group": "4.1.1", "organisation": "อบต.ตัวอย่าง", "set": "1"})
        people = file.nominees.order_by("place")
        assert [(n.person["group"], n.person["organisation"], n.is_complete) for n in people] == [
            ("4.1.1", "อบต.ตัวอย่าง", True), ("4.1.1", "อบต.ตัวอย่าง", True), ("4.1.1", row(3)[4], True),
        ]  # fmt: skip

    def test_many_are_left_out_and_taken_in_again(self, desk, quota):  # noqa: F811
        file = upload(desk, quota, row(1), row(2), row(3))
        desk.post(path(quota, file.pk, "rows"), {"place": ["1", "3"], "leave_out": "1"})
        assert states(file) == ["left_out", "ready", "left_out"]
        desk.post(path(quota, file.pk, "rows"), {"place": ["3"], "take_in": "1"})
        assert states(file) == ["left_out", "ready", "ready"]

    @pytest.mark.parametrize("sent", [{}, {"place": "1"}, {"place": "x", "leave_out": "1"}, {"place": "1", "group": "9.9", "set": "1"}])
    def test_without_rows_or_something_to_do_nothing_is_done_and_that_is_said(self, desk, quota, sent):  # noqa: F811
        file = upload(desk, quota, row(1))
        page = desk.post(path(quota, file.pk, "rows"), sent, follow=True).content.decode()
        assert ("ยังไม่มีการเปลี่ยนแปลง" in page, states(file)) == (True, ["ready"])

    def test_everything_that_is_proposed_is_done_at_once(self, desk, quota):  # noqa: F811
        head = ["ชื่อ-สกุล", "อีเมล", "โทร", "หมายเหตุ"]
        rows = [
            ["นายสมมุติ ทดสอบดี", "a@example.org", "0812345678 / 054-710123", None],
            ["นายสมหมาย ทดสอบงาม", "b@example.org", None, "สำรอง"],
            ["นายสมชาย ทดสอบใจ", "c@example.org", None, "ยกเลิก"],
        ]
        file = upload(desk, quota, data=made(a=[head, *rows]))
        assert states(file) == ["doubtful", "doubtful", "left_out"]
        assert apply(desk, file) == ["doubtful", "doubtful", "left_out"], "a row that the file doubts is not ready"
        desk.post(path(quota, file.pk, "rows"), {"accept_all": "1"})
        assert states(file) == ["ready", "reserve", "left_out"]
        assert apply(desk, file) == ["invited", "reserve", "left_out"]

    def test_whom_another_province_has_invited_is_told_with_whom_to_call(self, desk, quota, workshop):  # noqa: F811
        neighbour = seats_of(workshop, "50")
        appoint(quota=neighbour, appointee=Appointee("สมมุติ เหนือดี", "north@example.org", phone="+6653112233"), by=SYSTEM, at=NOON)
        make_invitation(workshop, "50", email="nominee1@example.org")
        file = upload(desk, quota, row(1))
        page = desk.get(path(quota, file.pk), {"show": "ready"}).content.decode()
        assert "โปรดโทรศัพท์ตกลงกับ สมมุติ เหนือดี 053 112 233" in page


class TestTakingBack:
    @pytest.mark.parametrize("mode", ["invite", "register"])
    def test_a_list_that_nobody_has_answered_is_taken_back_as_a_whole(self, desk, quota, mode):  # noqa: F811
        file = upload(desk, quota, row(1), row(2))
        apply(desk, file, mode)
        page = desk.post(path(quota, file.pk, "take-back"), follow=True).content.decode()
        assert "ถอนแล้ว ๒ คน และแจ้งทางอีเมล" in page
        file.refresh_from_db()
        assert (states(file), file.mode, seats_of(quota.workshop).taken, quotas.mismatches()) == (["ready", "ready"], "", 0, [])
        assert Delivery.objects.filter(message__in=["invitation_withdrawn", "cancelled"]).count() == 2
        again = apply(desk, file, mode)
        assert again == [{"invite": "invited", "register": "registered"}[mode]] * 2

    def test_once_somebody_has_answered_nothing_is_taken_back(self, desk, quota):  # noqa: F811
        file = upload(desk, quota, row(1), row(2))
        apply(desk, file, "register")
        Participant.objects.filter(email="nominee1@example.org").update(link_opened_at=NOON)
        assert "นายสมมุติ1 ทดสอบดี ตอบแล้ว" in desk.get(path(quota, file.pk)).content.decode()
        page = desk.post(path(quota, file.pk, "take-back"), follow=True).content.decode()
        assert "มีผู้ตอบแล้วระหว่างนี้" in page
        assert (states(file), seats_of(quota.workshop).taken) == (["registered", "registered"], 2)

    def test_what_was_not_applied_or_is_being_applied_cannot_be_taken_back(self, desk, quota):  # noqa: F811
        file = upload(desk, quota, row(1))
        with pytest.raises(AnsweredMeanwhile):
            actions.take_back(file=file, reason="", by=SYSTEM, at=NOON)
        actions.start(file=file, mode="invite", by=SYSTEM)
        with pytest.raises(AnsweredMeanwhile):
            actions.take_back(file=file, reason="", by=SYSTEM, at=NOON)
        assert states(file) == ["ready"]


def test_days_that_are_ticked_are_the_days_of_who_is_registered_at_once(desk, quota, workshop):  # noqa: F811
    first, second = workshop.days.order_by("date")
    head = ["คำนำหน้า", "ชื่อ", "นามสกุล", "หน่วยงาน", "กลุ่ม", "อีเมล", "โทร", f"{first.date:%d/%m}", f"{second.date:%d/%m}"]
    data = made(a=[head, ["นาย", "สมมุติ", "ทดสอบดี", "อบต.ตัวอย่าง", "4.1.1", "a@example.org", "0812345678", None, "/"]])
    file = upload(desk, quota, data=data)
    assert apply(desk, file, "register") == ["registered"]
    assert [day.date for day in Participant.objects.get().days.all()] == [second.date]


def test_who_looks_only_may_choose_nothing(client, quota):  # noqa: F811
    assert Client().get(path(quota, 1, "columns")).status_code == 302


def test_two_thousand_rows_are_read_up_to_the_page_of_columns_in_little_work(desk, quota):  # noqa: F811
    """The reader's work, in its own process, is counted too: 1.1 seconds where it was measured."""
    data = made(a=[HEAD, *[person(n) for n in range(2000)]])
    with effort() as spent:
        file = only_upload(desk, quota, data)
        page = columns_page(desk, file)
    assert "ตรวจรายชื่อ ๒๐๐๐ แถว" in page
    assert spent.units < 50
