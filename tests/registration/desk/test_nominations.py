"""A province's spreadsheet, from the upload to what came of each row."""

import datetime as dt
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from registration.actor import SYSTEM, Actor
from registration.coordinators.actions import Appointee, appoint
from registration.desk.forms.nominee import Judge
from registration.exports.nomination_template import HEADING_ROW, write_template
from registration.forms.person import TITLES
from registration.invitations.actions.invitations import Invited, invite
from registration.invitations.actions.substitutes import pass_on
from registration.models import Delivery, Invitation, NominationFile, Nominee, Participant, Quota, Selection
from registration.nominations import actions as nomination_actions
from registration.nominations.layouts import propose_layouts
from registration.nominations.rows import read_people
from registration.operations import jobs, tasks
from registration.operations.clock import tick
from registration.seats import quotas
from registration.seats.groups import groups_of
from registration.selection.actions.drafts import current_plan, save_draft, selection_of
from registration.spreadsheets.files import read
from sessions.models import StakeholderGroup, Workshop
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of
from tests.registration.seats.test_concurrency import at_once
from tests.registration.spreadsheets.workbooks import saved, workbook

pytestmark = pytest.mark.django_db

HEAD = ["คำนำหน้า", "ชื่อ", "นามสกุล", "ตำแหน่ง", "หน่วยงาน", "กลุ่มเป้าหมาย", "อีเมล", "โทรศัพท์"]


def row(number, **cells):
    full = {
        "title": "นาย", "first_name": f"สมมุติ{number}", "last_name": "ทดสอบดี", "position": "ปลัดอำเภอ",
        "organisation": "ที่ทำการปกครองจังหวัดน่าน", "group": "4.1.1", "email": f"nominee{number}@example.org", "phone": 812345678,
    }  # fmt: skip
    return list((full | cells).values())


@pytest.fixture
def workshop(db):
    return make_workshop(registration_opens_at=NOON - dt.timedelta(days=3650), registration_closes_at=NOON + dt.timedelta(days=36500))


@pytest.fixture
def quota(workshop):
    return seats_of(workshop)


@pytest.fixture
def coordinator(quota):
    return appoint(quota=quota, appointee=Appointee("สมมุติ ประสานดี", "coordinator@example.org"), by=SYSTEM, at=NOON)[0]


@pytest.fixture
def desk(coordinator):
    client = Client(headers={"accept-language": "th"})
    client.force_login(coordinator.user)
    return client


def path(quota, *rest):
    return "/".join(["/desk", quota.workshop.slug, quota.code, "nominations", *map(str, rest), ""])


def upload(client, quota, *rows, data=None, name="รายชื่อ.xlsx"):
    """Uploads a file with `rows` beneath the usual headings, and takes its columns as proposed; returns what is kept of it."""
    file = BytesIO(data or workbook(รายชื่อ=[HEAD, *rows]))
    file.name = name
    response = client.post(path(quota), {"file": file})
    assert response.status_code == 302, response.content.decode()
    file = NominationFile.objects.latest("pk")
    client.post(path(quota, file.pk, "columns"))
    file.refresh_from_db()
    return file


def apply(client, file, mode="invite"):
    """As the page is sent when nothing on it is changed."""
    client.post(path(file.quota, file.pk, "apply"), {"mode": mode, "with_reserve": "1"})
    file.refresh_from_db()
    return states(file)


def states(file):
    return [str(nominee.state) for nominee in file.nominees.order_by("place")]


def correct(client, file, place, **values):
    nominee = file.nominees.get(place=place)
    data = {f"row{place}-{name}": value for name, value in (nominee.values | values).items()}
    return client.post(path(file.quota, file.pk, place), data)


class TestLookingThrough:
    def test_uploading_writes_to_nobody_and_takes_no_seat(self, desk, quota):
        file = upload(desk, quota, row(1), row(2))
        assert (states(file), Invitation.objects.count(), Participant.objects.count()) == (["ready", "ready"], 0, 0)
        assert not Delivery.objects.filter(user=None).exists()
        assert quotas.mismatches() == []

    def test_faults_are_named_at_their_row(self, desk, quota):
        file = upload(desk, quota, row(1, email="one@example"), row(2, first_name="<b>"), row(3))
        assert states(file) == ["faulty", "faulty", "ready"]
        page = desk.get(path(quota, file.pk)).content.decode()
        assert page.count("field-error") == 2
        opened = ((1, "email"), (1, "phone"), (2, "first_name"), (2, "email"))
        assert [page.count(f'name="row{place}-{name}"') for place, name in opened] == [1, 0, 1, 0]

    def test_a_number_that_cannot_be_called_and_an_unknown_group_stop_no_invitation_and_are_told(self, desk, quota):
        file = upload(desk, quota, row(1, phone="8.12E+08"), row(2, group="ผู้แทน"))
        assert states(file) == ["ready", "ready"]
        page = desk.get(path(quota, file.pk), {"show": "ready"}).content.decode()
        assert ("“8.12E+08” ไม่ใช่หมายเลขที่โทรได้" in page, "ในไฟล์ระบุว่า “ผู้แทน” ซึ่งไม่ตรงกับกลุ่มใด" in page) == (True, True)
        assert apply(desk, file) == ["invited", "invited"]

    def test_an_address_alone_is_enough_for_an_invitation_but_not_to_register(self, desk, quota):
        file = upload(desk, quota, row(1, title="", organisation="", phone="", group="", position=""))
        nominee = file.nominees.get()
        assert (nominee.state, nominee.is_complete) == ("ready", False)
        page = desk.get(path(quota, file.pk), {"show": "all"}).content.decode()
        assert "คำนำหน้าชื่อ, หน่วยงาน, โทรศัพท์" in page

    def test_a_child_is_invited_so_that_a_guardian_is_asked_and_not_registered_at_once(self, desk, quota, workshop):
        workshop.groups.filter(code="4.1.1").update(needs_guardian=True)
        file = upload(desk, quota, row(1))
        assert "หากจะลงทะเบียนทันทียังขาด: ความยินยอมของบิดามารดาหรือผู้ปกครอง" in desk.get(path(quota, file.pk), {"show": "all"}).content.decode()
        apply(desk, file, "register")
        assert Participant.objects.count() == 0
        assert apply(desk, file) == ["invited"]

    def test_a_group_that_asks_for_a_guardian_since_the_upload_is_not_registered_at_once_either(self, desk, quota, workshop):
        file = upload(desk, quota, row(1))
        workshop.groups.filter(code="4.1.1").update(needs_guardian=True)
        assert (apply(desk, file, "register"), Participant.objects.count()) == (["ready"], 0)
        assert "หากจะลงทะเบียนทันทียังขาด: ความยินยอมของบิดามารดาหรือผู้ปกครอง" in desk.get(path(quota, file.pk), {"show": "all"}).content.decode()
        assert apply(desk, file) == ["invited"]

    def test_a_row_of_another_province_waits_for_a_word(self, desk, quota):
        data = workbook(a=[[*HEAD, "จังหวัด"], [*row(1), "แพร่"], [*row(2), "จ.น่าน"]])
        file = upload(desk, quota, data=data)
        assert states(file) == ["doubtful", "ready"]
        desk.post(path(quota, file.pk, "rows"), {"place": ["1"], "accept": "1"})
        assert states(file) == ["ready", "ready"]

    def test_people_of_other_provinces_are_marked_without_a_word_about_them(self, desk, quota, workshop):
        make_participant(workshop, "50", email="nominee1@example.org", first_name="Secretname", organisation="Secretoffice")
        make_participant(workshop, email="nominee2@example.org", first_name="Ownname")
        make_invitation(workshop, "50", email="nominee3@example.org", first_name="Secretguest")
        file = upload(desk, quota, row(1), row(2), row(3), row(4))
        page = desk.get(path(quota, file.pk), {"show": "all"}).content.decode()
        assert "Secret" not in page
        assert [page.count(words) for words in ("อีเมลนี้ลงทะเบียนแล้ว", "เชิญอีเมลนี้แล้ว", "Ownname")] == [1, 1, 1]
        assert "ส่งคำเชิญทางอีเมล ๑ คน" in page

    def test_an_address_that_stands_twice_in_the_file_is_marked(self, desk, quota):
        file = upload(desk, quota, row(1), row(2, email="NOMINEE1@example.org"))
        page = desk.get(path(quota, file.pk), {"show": "all"}).content.decode()
        assert page.count("อีเมลซ้ำกับแถว ๒") == 1

    def test_more_rows_than_seats_is_said_before(self, desk, quota):
        seats_of(quota.workshop, capacity=1)
        file = upload(desk, quota, row(1), row(2), row(3))
        assert "จะมี ๒ คนที่ไม่มีที่นั่ง" in desk.get(path(quota, file.pk)).content.decode()

    def test_lines_that_are_no_people_are_shown_as_remarks(self, desk, quota):
        file = upload(desk, quota, row(1), ["รวม 1 คน"])
        assert "รวม 1 คน" in desk.get(path(quota, file.pk)).content.decode()

    @pytest.mark.parametrize("data", [b"%PDF-1.7", b"", workbook(a=[[]])])
    def test_what_cannot_be_read_is_refused_in_words_at_the_field(self, desk, quota, data):
        file = BytesIO(data)
        file.name = "x.xlsx"
        response = desk.post(path(quota), {"file": file})
        assert (response.status_code, response.content.decode().count("field-error")) == (200, 1)
        assert NominationFile.objects.count() == 0

    def test_a_file_is_kept_with_its_name_and_who_sent_it(self, desk, quota, coordinator):
        file = upload(desk, quota, row(1), name="nominees.xlsx")
        assert (file.name, file.uploaded_by) == ("nominees.xlsx", coordinator.user)
        long = nomination_actions.keep(quota=quota, name="ก" * 300, sheets=[], layouts=[], by=SYSTEM, at=NOON)
        assert (len(long.name), long.is_settled, long.created_at) == (200, False, NOON)

    def test_names_are_escaped(self, desk, quota):
        file = upload(desk, quota, row(1, first_name="<script>x</script>", organisation="<u>"), name="<i>.xlsx")
        page = desk.get(path(quota, file.pk)).content.decode()
        assert "<script>x" not in page
        assert "<u>" not in page
        assert "<i>" not in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_page_costs_the_same_for_many_rows(self, desk, quota, rows, django_assert_num_queries):
        file = upload(desk, quota, *[row(n, email="" if n % 2 else f"n{n}@example.org") for n in range(rows)])
        desk.get(path(quota, file.pk))
        with django_assert_num_queries(QUERIES):
            desk.get(path(quota, file.pk), {"show": "all"})


QUERIES = 12


class TestCorrecting:
    def test_a_corrected_row_is_ready(self, desk, quota):
        file = upload(desk, quota, row(1, email="one@"))
        response = desk.post(path(quota, file.pk, 1), {"row1-email": "one@example.org"})
        assert response.headers["Location"] == path(quota, file.pk) + "#row-1"
        nominee = file.nominees.get()
        assert (nominee.state, nominee.person["email"], nominee.person["organisation"]) == ("ready", "one@example.org", row(1)[4])

    def test_with_htmx_the_rows_come_back_and_the_next_one_has_the_focus(self, desk, quota):
        file = upload(desk, quota, row(1, email="one@"), row(2, email="two@"), row(3, email="three@"))
        page = desk.post(path(quota, file.pk, 2), {"row2-email": "two@example.org"}, headers={"hx-request": "true"}).content.decode()
        assert (page.count('id="row-1"'), page.count('id="row-2"'), page.count("<html")) == (1, 0, 0)
        assert page.count("autofocus") == 1
        assert page.index('id="row-3"') < page.index("autofocus")

    def test_what_is_still_wrong_stays_beside_the_field(self, desk, quota):
        file = upload(desk, quota, row(1, email="one@"))
        correct(desk, file, 1, email="nine@")
        page = desk.get(path(quota, file.pk)).content.decode()
        assert (states(file), page.count("field-error"), 'value="nine@"' in page) == (["faulty"], 1, True)

    def test_characters_that_no_database_keeps_are_left_out(self, desk, quota):
        file = upload(desk, quota, row(1, email="one@"), name="รายชื่อ\ud800\u200b.xlsx".encode("utf-8", "replace").decode())
        correct(desk, file, 1, first_name="สม\x00มุติ\ufffe", email="one@example.org")
        assert (states(file), file.nominees.get().person["first_name"]) == (["ready"], "สมมุติ")

    def test_a_row_left_out_stays_out_until_it_is_taken_in_again(self, desk, quota):
        file = upload(desk, quota, row(1), row(2, email="two@"))
        for place in (1, 2):
            desk.post(path(quota, file.pk, place), {"leave_out": "1"})
        assert states(file) == ["left_out", "left_out"]
        assert apply(desk, file) == ["left_out", "left_out"]
        for place in (1, 2):
            desk.post(path(quota, file.pk, place), {"take_in": "1"})
        assert states(file) == ["ready", "faulty"]

    def test_a_row_of_which_something_came_is_changed_no_more(self, desk, quota):
        file = upload(desk, quota, row(1))
        apply(desk, file)
        correct(desk, file, 1, email="other@example.org")
        desk.post(path(quota, file.pk, 1), {"leave_out": "1"})
        assert (states(file), file.nominees.get().email) == (["invited"], "nominee1@example.org")

    def test_a_corrected_row_stands_where_it_stood(self, quota):
        nominee = kept(quota, 1).nominees.get()
        before = (nominee.sheet, nominee.line, nominee.place)
        row = nomination_actions.NewNominee("elsewhere", 99, nominee.values, nominee.person, "new@example.org", nominee.state, True)
        assert nomination_actions.correct(nominee=nominee, row=row) is True
        nominee.refresh_from_db()
        assert (nominee.sheet, nominee.line, nominee.place, nominee.email) == (*before, "new@example.org")

    def test_two_who_look_at_a_row_do_not_undo_each_other(self, quota):
        file = kept(quota, 1)
        one, two = file.nominees.get(), file.nominees.get()
        assert [nomination_actions.leave_out(nominee=one), nomination_actions.leave_out(nominee=two)] == [True, False]

    def test_while_the_rows_are_applied_none_is_changed(self, quota):
        file = kept(quota, 1)
        nomination_actions.start(file=file, mode="invite", by=SYSTEM)
        assert nomination_actions.leave_out(nominee=file.nominees.get()) is False
        assert states(file) == ["ready"]


class TestApplying:
    def test_invited_people_hold_seats_with_all_that_is_known(self, desk, quota, coordinator):
        file = upload(desk, quota, row(1), row(2, group="", phone=""))
        assert apply(desk, file) == ["invited", "invited"]
        first = Invitation.objects.get(email="nominee1@example.org")
        assert (first.first_name, first.phone, first.group.code, first.invited_by) == ("สมมุติ1", "+66812345678", "4.1.1", coordinator.user)
        assert Delivery.objects.filter(message="invitation").count() == 2
        assert (seats_of(quota.workshop).taken, quotas.mismatches()) == (2, [])

    def test_registered_people_are_confirmed_for_all_days_with_the_agencys_abbreviation(self, desk, quota):
        file = upload(desk, quota, row(1, organisation="สำนักงานพัฒนาชุมชนจังหวัดน่าน"))
        assert apply(desk, file, "register") == ["registered"]
        participant = Participant.objects.get()
        assert (participant.state, participant.organisation_short, participant.days.count()) == ("confirmed", "พช.", 2)
        assert (participant.consent_version, list(participant.deliveries.values_list("message", flat=True))) == ("", ["confirmed"])

    def test_one_bad_row_stops_no_other(self, desk, quota, workshop):
        make_participant(workshop, "50", email="nominee2@example.org")
        file = upload(desk, quota, row(1), row(2), row(3, email="x"), row(4), row(5, title=""))
        assert apply(desk, file, "register") == ["registered", "known", "faulty", "registered", "ready"]

    def test_without_seats_the_rest_is_not_invited_and_can_be_later(self, desk, quota, workshop):
        seats_of(workshop, capacity=1)
        file = upload(desk, quota, row(1), row(2))
        assert apply(desk, file) == ["invited", "full"]
        seats_of(workshop, capacity=2)
        assert apply(desk, file) == ["invited", "invited"]

    def test_without_seats_the_rest_is_registered_on_the_waiting_list(self, desk, quota, workshop):
        seats_of(workshop, capacity=1)
        file = upload(desk, quota, row(1), row(2))
        assert apply(desk, file, "register") == ["registered", "waiting"]

    @pytest.mark.parametrize("mode", ["invite", "register"])
    def test_the_same_file_twice_adds_nothing(self, desk, quota, mode):
        rows = [row(1), row(2), row(2, first_name="ซ้ำ")]
        assert apply(desk, upload(desk, quota, *rows), mode)[:2] == [{"invite": "invited", "register": "registered"}[mode]] * 2
        before = (Invitation.objects.count(), Participant.objects.count(), Delivery.objects.count(), seats_of(quota.workshop).taken)
        for again in ("invite", "register") if mode == "register" else ("invite",):
            assert apply(desk, upload(desk, quota, *rows), again) == ["known"] * 3
        after = (Invitation.objects.count(), Participant.objects.count(), Delivery.objects.count(), seats_of(quota.workshop).taken)
        assert after == before

    def test_who_is_invited_here_can_still_be_registered_at_once_on_the_same_seat(self, desk, quota):
        apply(desk, upload(desk, quota, row(1)))
        assert apply(desk, upload(desk, quota, row(1)), "register") == ["registered"]
        assert (seats_of(quota.workshop).taken, Invitation.objects.get().state) == (1, "accepted")

    def test_whom_another_province_invited_is_left_to_it(self, desk, quota, workshop):
        make_invitation(workshop, "50", email="nominee1@example.org")
        assert apply(desk, upload(desk, quota, row(1)), "register") == ["known"]
        assert seats_of(workshop).taken == 0

    def test_an_invitation_to_somebody_else_or_to_another_workshop_keeps_nobody_out(self, desk, quota, workshop):
        make_invitation(workshop, "50", email="else@example.org")
        make_invitation(make_workshop(), "50", email="nominee1@example.org")
        assert apply(desk, upload(desk, quota, row(1)), "register") == ["registered"]
        assert Participant.objects.get().language == "th"

    def test_without_a_choice_nothing_is_done(self, desk, quota):
        file = upload(desk, quota, row(1))
        assert apply(desk, file, "drop") == ["ready"]

    def test_what_takes_long_is_done_by_workers_in_portions(self, quota, coordinator):
        file = kept(quota, 5)
        nomination_actions.start(file=file, mode="invite", by=Actor("coordinator", coordinator.user))
        assert nomination_actions.apply_rows(file_id=file.pk, seconds=0) is False
        assert states(file) == ["ready"] * 5
        assert tasks.apply_nominations.call(file.pk) is True
        file.refresh_from_db()
        assert (states(file), file.is_being_applied) == (["invited"] * 5, False)

    def test_who_began_is_written_down_and_what_nobody_began_is_not_applied(self, quota, coordinator):
        file = kept(quota, 1)
        assert [nomination_actions.apply_rows(file_id=pk, seconds=30) for pk in (file.pk, 999_999)] == [True, True]
        assert states(file) == ["ready"]
        nomination_actions.start(file=file, mode="invite", by=Actor("coordinator", coordinator.user), at=NOON)
        file.refresh_from_db()
        begun = (file.mode, file.applied_by, file.applied_as, file.leased_until)
        assert begun == ("invite", coordinator.user, "coordinator", NOON + jobs.LEASE)

    def test_a_worker_whose_time_is_over_has_a_new_lease_for_the_next(self, quota):
        file, other = kept(quota, 1), kept(quota, 1)
        nomination_actions.start(file=file, mode="invite", by=SYSTEM, at=NOON - dt.timedelta(days=3650))
        assert nomination_actions.apply_rows(file_id=file.pk, seconds=0) is False
        for each in (file, other):
            each.refresh_from_db()
        left = file.leased_until - timezone.now()
        assert jobs.LEASE - dt.timedelta(seconds=60) < left <= jobs.LEASE
        assert other.leased_until is None

    def test_the_clock_goes_on_where_a_worker_has_died(self, quota, coordinator, monkeypatch):
        asked = []
        monkeypatch.setattr(tasks.apply_nominations.__class__, "enqueue", lambda self, *args: asked.append((self.name, args)))
        file = kept(quota, 1)
        nomination_actions.start(file=file, mode="invite", by=Actor("coordinator", coordinator.user), at=NOON)
        tick(NOON + dt.timedelta(minutes=1))
        assert [name for name, _args in asked if name == "apply_nominations"] == []
        tick(NOON + dt.timedelta(minutes=3))
        tick(NOON + dt.timedelta(minutes=4))
        assert [args for name, args in asked if name == "apply_nominations"] == [(file.pk,)]

    def test_only_a_dead_workers_file_is_passed_on_and_only_once(self, quota):
        dead, too, alive, idle = (kept(quota, 1) for _file in range(4))
        nomination_actions.start(file=dead, mode="invite", by=SYSTEM, at=NOON)
        nomination_actions.start(file=too, mode="invite", by=SYSTEM, at=NOON)
        nomination_actions.start(file=alive, mode="invite", by=SYSTEM, at=NOON + dt.timedelta(minutes=1))
        at = NOON + jobs.LEASE
        assert [sorted(nomination_actions.left_by_workers(at)) for _twice in range(2)] == [[dead.pk, too.pk], []]
        ends = [NominationFile.objects.get(pk=file.pk).leased_until for file in (dead, too, alive, idle)]
        assert ends == [at + jobs.LEASE, at + jobs.LEASE, at + dt.timedelta(minutes=1), None]

    def test_the_central_desk_registers_its_people_too(self, workshop):
        quota = seats_of(workshop, "central")
        judged = Judge(quota).judge(dict.fromkeys(("organisation_short", "province"), "") | {
            "title": "นาย", "first_name": "สมมุติ", "last_name": "ทดสอบดี", "position": "นักวิเคราะห์", "organisation": "กรมการพัฒนาชุมชน",
            "email": "central@example.org", "phone": "0812345678", "group": "4.2",
        })  # fmt: skip
        rows = [nomination_actions.NewNominee("", 2, judged.values, judged.person, judged.email, judged.state, judged.is_complete)]
        file = settled(quota, rows)
        nomination_actions.start(file=file, mode="register", by=SYSTEM)
        nomination_actions.apply_rows(file_id=file.pk, seconds=30)
        assert (states(file), Participant.objects.get().group.code) == (["registered"], "4.2")

    def test_progress_is_asked_for_and_at_the_end_the_page_is_read_anew(self, desk, quota, coordinator):
        file = kept(quota, 2)
        nomination_actions.start(file=file, mode="invite", by=Actor("coordinator", coordinator.user))
        ask = {"hx-request": "true", "hx-target": "progress"}
        page = desk.get(path(quota, file.pk), headers=ask).content.decode()
        assert ('hx-trigger="every 2s"' in page, "๐ จาก ๒" in page, "<html" in page) == (True, True, False)
        nomination_actions.apply_rows(file_id=file.pk, seconds=30)
        assert desk.get(path(quota, file.pk), headers=ask).headers["HX-Refresh"] == "true"

    def test_a_file_is_begun_once(self, quota, coordinator):
        file, by = kept(quota, 1), Actor("coordinator", coordinator.user)
        assert [nomination_actions.start(file=file, mode="invite", by=by) for _i in range(2)] == [True, False]

    def test_two_thousand_rows_are_kept_and_looked_through(self, desk, quota):
        file = upload(desk, quota, *[row(n) for n in range(2000)])
        page = desk.get(path(quota, file.pk), {"show": "all", "page": 80}).content.decode()
        assert (file.nominees.count(), page.count("nominee1999@example.org")) == (2000, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_file_do_each_row_once():
    quota = seats_of(make_workshop())
    file = kept(quota, 8)
    nomination_actions.start(file=file, mode="invite", by=SYSTEM)
    at_once(*[lambda: nomination_actions.apply_rows(file_id=file.pk, seconds=30)] * 2)
    assert sorted(set(states(file))) == ["invited"]
    assert (Invitation.objects.count(), quotas.mismatches()) == (8, [])


def kept(quota, count):
    """A file of `count` rows that are ready."""
    judge, sheets = Judge(quota), read(workbook(a=[HEAD, *[row(n) for n in range(count)]]))
    return settled(quota, [judge.row(nominee) for nominee in read_people(sheets, propose_layouts(sheets), groups=judge.groups).nominees])


def settled(quota, rows):
    """A file whose columns are settled, with `rows`."""
    file = nomination_actions.keep(quota=quota, name="list.xlsx", sheets=[], layouts=[], by=SYSTEM, at=NOON)
    assert nomination_actions.settle(file=file, layouts=[], rows=rows, remarks=[], chosen={}, by=SYSTEM)
    return file


class TestForgetting:
    def test_a_file_is_deleted_after_two_weeks_and_what_came_of_it_stays(self, desk, quota):
        file = upload(desk, quota, row(1))
        apply(desk, file)
        NominationFile.objects.update(created_at=NOON)
        tick(NOON + dt.timedelta(days=14))
        assert Nominee.objects.count() == 1
        tick(NOON + dt.timedelta(days=14, seconds=1))
        assert (Nominee.objects.count(), Invitation.objects.count()) == (0, 1)

    def test_what_a_worker_is_at_is_kept_however_old(self, quota):
        files = [kept(quota, 1) for _file in range(3)]
        nomination_actions.start(file=files[0], mode="invite", by=SYSTEM, at=NOON)
        assert nomination_actions.forget_nominations(at=NOON + nomination_actions.KEPT + dt.timedelta(seconds=1)) == 2
        assert list(NominationFile.objects.all()) == files[:1]

    def test_a_coordinator_deletes_a_file_themselves(self, desk, quota):
        file = upload(desk, quota, row(1))
        desk.post(path(quota, file.pk, "discard"))
        assert NominationFile.objects.count() == 0


class TestAccess:
    @pytest.fixture
    def elsewhere(self, workshop):
        neighbour = appoint(quota=seats_of(workshop, "50"), appointee=Appointee("อื่น", "other@example.org"), by=SYSTEM, at=NOON)[0]
        client = Client()
        client.force_login(neighbour.user)
        return client

    def test_another_province_finds_nothing(self, desk, quota, elsewhere):
        file = upload(desk, quota, row(1))
        other = seats_of(quota.workshop, "50")
        gets = [path(quota), path(quota, file.pk), path(other, file.pk), path(quota, "template.xlsx")[:-1]]
        assert [elsewhere.get(address).status_code for address in gets] == [404] * 4
        posts = [(*base, *rest) for base in ((quota, file.pk), (other, file.pk)) for rest in ((1,), ("apply",), ("discard",))]
        assert [elsewhere.post(path(*post), {"mode": "invite", "leave_out": "1"}).status_code for post in posts] == [404] * 6
        assert states(file) == ["ready"]

    def test_who_has_not_signed_in_is_asked_to(self, quota, client):
        assert client.get(path(quota)).headers["Location"].startswith("/desk/sign-in/")


class TestTemplate:
    def filled_in(self, quota, **cells):
        file = BytesIO()
        write_template(file, quota, titles=TITLES, groups=groups_of(quota))
        book = load_workbook(file)
        sheet = book["รายชื่อ"]
        for column, value in enumerate(
            [1, "นาย", "สมมุติ", "ทดสอบดี", "ปลัด", "อบต.ตัวอย่าง", "อบต.", cells["group"], "one@example.org", "0812345678"], 1
        ):
            sheet.cell(HEADING_ROW + 1, column, value)
        return book

    def test_what_is_filled_into_it_is_understood(self, quota):
        StakeholderGroup.objects.create(workshop=quota.workshop, code="4.1.7", name_th="ผู้แทนจากภาคการศึกษา")
        sheets = read(saved(self.filled_in(quota, group="๔.๑.๗ ผู้แทนจากภาคการศึกษา")))
        found = read_people(sheets, propose_layouts(sheets))
        (nominee,) = found.nominees
        judged = Judge(quota).judge(nominee.values)
        assert (judged.is_complete, judged.person["group"], judged.person["organisation_short"]) == (True, "4.1.7", "อบต.")
        assert [line for _sheet, line, _text in found.remarks] == [1, 2, 3]  # what stands above the headings

    def test_title_and_group_are_chosen_from_lists(self, quota):
        book = self.filled_in(quota, group="")
        rules = [(str(rule.sqref), rule.formula1) for rule in book["รายชื่อ"].data_validations.dataValidation]
        assert rules == [("B5:B2004", f"'ตัวเลือก'!$A$1:$A${len(TITLES)}"), ("H5:H2004", "'ตัวเลือก'!$B$1:$B$1")]
        assert (book["ตัวเลือก"].sheet_state, book["ตัวเลือก"]["B1"].value) == ("hidden", "๔.๑.๑ สำนักงานจังหวัด")

    def test_it_is_downloaded_at_the_desk(self, desk, quota):
        response = desk.get(path(quota, "template.xlsx")[:-1])
        assert load_workbook(BytesIO(b"".join(response.streaming_content))).sheetnames == ["รายชื่อ", "ตัวเลือก"]


class TestReserveOfASelection:
    """Where the province selects, whom its list puts in reserve stands on the waiting list of the selection, in that order."""

    @pytest.fixture
    def quota(self, workshop):
        Workshop.objects.filter(pk=workshop.pk).update(decision=Workshop.Decision.SELECTION)
        workshop.refresh_from_db()
        return seats_of(workshop)

    def listed(self, desk, quota):
        rows = [[*row(number), "สำรอง" if number in (2, 4) else ""] for number in (4, 1, 2, 3)]
        file = upload(desk, quota, data=workbook(a=[[*HEAD, "หมายเหตุ"], *rows]))
        desk.post(path(quota, file.pk, "rows"), {"accept_all": "1"})
        assert states(file) == ["reserve", "ready", "reserve", "ready"]
        return file

    def reserve(self, quota):
        plan = current_plan(quota, selection_of(quota))
        return [person.first_name for person in plan.reserve]

    def test_it_is_told_before_and_they_stand_there_in_the_order_of_the_file(self, desk, quota):
        file = self.listed(desk, quota)
        page = desk.get(path(quota, file.pk)).content.decode()
        assert "รวมผู้มีชื่อสำรอง ๒ คน" in page and "ลงทะเบียนทันที ๒ คน" in page
        assert apply(desk, file, "register") == ["registered"] * 4
        assert self.reserve(quota) == ["สมมุติ4", "สมมุติ2", "สมมุติ1", "สมมุติ3"]
        selection = desk.get(f"/desk/{quota.workshop.slug}/{quota.code}/selection/").content.decode()
        assert selection.count("สมมุติ4") >= 1

    def test_who_of_them_accepts_an_invitation_stands_there_in_the_order_of_the_file(self, desk, quota):
        assert apply(desk, self.listed(desk, quota), "invite") == ["invited"] * 4
        assert set(Invitation.objects.values_list("email", "in_reserve", "holds_seat")) == {
            (f"nominee{number}@example.org", number in (2, 4), False) for number in (1, 2, 3, 4)
        }
        for number in (3, 2, 1, 4):  # in which order they answer does not matter
            make_participant(quota.workshop, email=f"nominee{number}@example.org", first_name=f"สมมุติ{number}", at=timezone.now())
        make_participant(quota.workshop, email="other@example.org", first_name="อื่น")
        assert self.reserve(quota) == ["สมมุติ4", "สมมุติ2", "สมมุติ3", "สมมุติ1", "อื่น"]
        people = {person.first_name: person.pk for person in Participant.objects.all()}
        save_draft(quota=quota, version=0, picked={people["สมมุติ1"]}, wanted={people["สมมุติ1"]: "", people["อื่น"]: "1"}, by=SYSTEM)
        assert self.reserve(quota) == ["อื่น", "สมมุติ4", "สมมุติ2", "สมมุติ3"], "the draft says more than the file"

    @pytest.mark.parametrize("mode", ["invite", "register"])
    def test_without_the_tick_they_stay_in_the_file(self, desk, quota, mode):
        came = {"invite": "invited", "register": "registered"}[mode]
        file = self.listed(desk, quota)
        desk.post(path(quota, file.pk, "apply"), {"mode": mode})
        assert states(file) == ["reserve", came, "reserve", came]
        assert apply(desk, file, mode) == [came] * 4, "with it they come after all"

    @pytest.mark.parametrize("mode", ["invite", "register"])
    def test_once_it_is_announced_they_stay_in_the_file(self, desk, quota, mode):
        file = self.listed(desk, quota)
        Selection.objects.update_or_create(quota=quota, defaults={"announced_at": NOON})
        assert apply(desk, file, mode)[0] == "reserve"

    def test_one_who_is_invited_while_it_is_announced_takes_no_seat(self, quota):
        Quota.objects.filter(pk=quota.pk).update(announced_at=NOON)
        invitation = invite(quota=quota, invited=Invited("late@example.org"), group=None, in_reserve=True, by=SYSTEM, at=NOON)
        assert (invitation.holds_seat, seats_of(quota.workshop).taken) == (False, 0)

    def test_whom_one_in_reserve_sends_is_in_reserve(self, quota):
        invitation = invite(quota=quota, invited=Invited("one@example.org"), group=None, in_reserve=True, by=SYSTEM, at=NOON)
        assert pass_on(invitation=invitation, email="two@example.org", by=SYSTEM, at=NOON).in_reserve

    @pytest.mark.parametrize("mode", ["invite", "register"])
    def test_a_list_that_is_taken_back_has_its_reserve_again(self, desk, quota, mode):
        file = self.listed(desk, quota)
        apply(desk, file, mode)
        desk.post(path(quota, file.pk, "take-back"))
        assert (states(file), self.reserve(quota)) == (["reserve", "ready", "reserve", "ready"], [])

    def test_correcting_a_row_leaves_it_in_reserve(self, desk, quota):
        file = self.listed(desk, quota)
        correct(desk, file, 1, position="นักวิชาการ")
        assert (states(file)[0], file.nominees.get(place=1).values["position"]) == ("reserve", "นักวิชาการ")

    def test_a_colleague_who_has_the_draft_open_is_told(self, desk, quota):
        file, version = self.listed(desk, quota), selection_of(quota).version
        apply(desk, file, "register")
        assert selection_of(quota).version == version + 2
