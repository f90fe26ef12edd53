"""From the report of a meeting to a certificate, over the office's pages, the desk's and the person's."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from registration.actor import Actor, ActorKind
from registration.attendance.actions import entries, objections, verdicts
from registration.attendance.of_place import attendance_of
from registration.models import (
    Attendance,
    AttendanceReport,
    AuditEvent,
    Certificate,
    Delivery,
    JoinPress,
    KeptFigures,
    Mailing,
    Participant,
    ReportRow,
    Sighting,
)
from registration.people.filters import filtered
from registration.privacy.own_data import as_data
from sessions.models import AgendaItem
from tests.factories import make_coordinator, make_participant, make_workshop, work_off
from tests.registration.attendance import report_files as files
from tests.visitors import Browser

pytestmark = pytest.mark.django_db

REPORTS_QUERIES, BOARD_QUERIES = 20, 13


@pytest.fixture
def workshop():
    workshop = make_workshop(title_th=files.TOPIC, days=1)
    AgendaItem.objects.create(day=workshop.days.first(), starts_at=dt.time(11), ends_at=dt.time(12), kind="wrap_up", title_th="สรุป")
    return workshop


@pytest.fixture
def day(workshop):
    return workshop.days.first()


@pytest.fixture
def people(workshop):
    return [make_participant(workshop, email=person.email) for person in files.PEOPLE]


@pytest.fixture
def stopped(monkeypatch):
    """What pages remember for some seconds is remembered as long as a test lasts."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def office(client, workshop):
    client.force_login(User.objects.create_superuser("staff", "staff@example.org", "x"))
    return Office(client, workshop)


class Office:
    def __init__(self, client, workshop):
        self.client, self.workshop = client, workshop

    def url(self, page, *args):
        return reverse(f"admin:registration_{page}", args=args)

    def get(self, page, *args, **query):
        """The page as it is a moment after one asked: its numbers are counted by a worker."""
        self.look(page, *args, **query)
        work_off()
        return self.look(page, *args, **query)

    def look(self, page, *args, **query):
        answer = self.client.get(self.url(page, *args), query)
        assert answer.status_code == 200, answer
        return answer

    def post(self, page, *args, **data):
        return self.client.post(self.url(page, *args), data, follow=True)

    def upload(self, *contents):
        many = [SimpleUploadedFile(f"report {n}.csv", data) for n, data in enumerate(contents)]
        answer = self.post("attendancereport_upload", self.workshop.slug, files=many)
        work_off()
        return answer

    def count(self, data=None):
        self.upload(data or files.csv_file(files.webinar_rows()))
        self.post("attendancereport_apply", AttendanceReport.objects.latest("pk").pk)
        work_off()


def text(answer):
    return " ".join(answer.content.decode().split())


class TestReports:
    def test_before_anything_came_in_the_page_says_what_to_do(self, office):
        assert "ยังไม่มีรายงาน" in text(office.get("attendancereport_reports", office.workshop.slug))

    def test_what_was_understood_is_shown_and_nothing_counts(self, office, people):
        office.upload(files.csv_file(files.webinar_rows()))
        page = text(office.get("attendancereport_reports", office.workshop.slug))
        assert "report 0.csv" in page and "Zoom Webinar" in page and "Country/Region Name" in page
        assert Attendance.objects.count() == 0

    def test_while_a_worker_is_at_it_the_page_asks_again(self, office, people):
        answer = office.post("attendancereport_upload", office.workshop.slug, files=SimpleUploadedFile("a.csv", b"x"))
        assert "hx-trigger" in text(answer)

    def test_a_poll_is_counted_beside_a_report_that_is_read(self, office, people):
        office.upload(files.csv_file(files.poll_rows()), files.csv_file(files.webinar_rows()))
        page = office.get("attendancereport_reports", office.workshop.slug)
        assert sorted(card.report.state for card in page.context["cards"]) == ["answers", "read"]
        assert "ท่านพึงพอใจเพียงใด" in text(page) and "มากที่สุด" in text(page)

    def test_what_asks_nobody_is_refused_in_words(self, office, people):
        office.upload(files.csv_file(files.short_poll_rows()))
        assert "ไม่มีผู้ตอบ" in text(office.get("attendancereport_reports", office.workshop.slug))

    def test_the_same_file_again_changes_nothing_and_says_so(self, office, people):
        office.upload(files.csv_file(files.webinar_rows()))
        assert "มีอยู่แล้ว" in text(office.upload(files.csv_file(files.webinar_rows())))
        assert AttendanceReport.objects.count() == 1

    def test_a_file_is_counted_and_taken_back_whole(self, office, people, day):
        office.count()
        assert dict(Attendance.objects.filter(track=None).values_list("participant__email", "minutes")) == files.EXPECTED
        report = AttendanceReport.objects.get()
        office.get("attendancereport_take_back", report.pk)
        office.post("attendancereport_take_back", report.pk)
        work_off()
        assert (Attendance.objects.count(), Sighting.objects.count()) == (0, 0)

    def test_the_clock_goes_on_where_the_worker_died(self, office, people):
        from registration.operations import clock, jobs

        office.client.post(
            office.url("attendancereport_upload", office.workshop.slug),
            {"files": SimpleUploadedFile("a.csv", files.csv_file(files.webinar_rows()))},
        )
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.all().delete()
        assert clock.go_on_with_reports(timezone.now() + jobs.LEASE) == 1
        work_off()
        assert AttendanceReport.objects.get().state == "read"

    def test_an_answer_reads_the_file_anew(self, office, people, day):
        office.upload(files.csv_file(files.webinar_rows(lambda when: files.named_month(when - dt.timedelta(hours=7)))))
        report = AttendanceReport.objects.get()
        assert "shift" in report.questions
        office.post("attendancereport_answer", report.pk, room=f"day-{day.pk}", order="month", shift="7")
        work_off()
        report.refresh_from_db()
        assert (report.questions, report.shift) == ([], 7)

    @pytest.mark.parametrize("data", [{"room": "day-99999", "order": "x", "shift": "x"}, {"shift": "99"}, {}, {"shift": "-0"}])
    def test_answers_that_nobody_offers_are_left_out_of_account(self, office, people, data):
        office.upload(files.csv_file(files.webinar_rows()))
        assert office.post("attendancereport_answer", AttendanceReport.objects.get().pk, **data).status_code == 200

    def test_the_lists_cost_the_same_for_one_and_for_many(self, office, people, stopped, django_assert_num_queries):
        office.count()
        Sighting.objects.update(verdict="open", choices=[people[0].pk])
        office.get("attendancereport_reports", office.workshop.slug)  # what pages remember for some seconds is read
        with django_assert_num_queries(REPORTS_QUERIES):
            office.look("attendancereport_reports", office.workshop.slug)
        more = [files.Somebody(f"คนอื่น {n}", f"x{n}@example.org", [("09:00", "10:00")], "ก", "ข") for n in range(9)]
        office.upload(files.csv_file(files.webinar_rows(people=more, other=False)))
        office.get("attendancereport_reports", office.workshop.slug)
        with django_assert_num_queries(REPORTS_QUERIES):
            office.look("attendancereport_reports", office.workshop.slug)


class TestWhoIsWho:
    @pytest.fixture
    def phone(self, office, people):
        office.count()
        return Sighting.objects.get(verdict="open")

    def test_somebody_is_found_and_confirmed(self, office, workshop, phone):
        person = make_participant(workshop, first_name="สมหญิง", email="new@example.org")
        assert "สมหญิง" in text(office.get("attendancereport_who", phone.pk, q="สมหญิง"))
        office.post("attendancereport_who", phone.pk, deed="person", person=person.pk)
        assert Attendance.objects.get(participant=person, track=None).minutes == 30
        assert "staff" in text(office.get("attendancereport_reports", workshop.slug, show="person"))

    def test_a_whole_province_is_found_and_sits_in_one_room(self, office, workshop, phone):
        sat = [make_participant(workshop, "56", email=f"sat{n}@example.org") for n in range(3)]
        found = office.get("attendancereport_who", phone.pk, q="พะเยา").context["found"]
        assert {person.pk for person in found} == {person.pk for person in sat}
        office.post("attendancereport_who", phone.pk, deed="room", person=[person.pk for person in sat])
        assert set(Attendance.objects.filter(participant__in=sat).values_list("minutes", "source")) == {(30, "room")}

    @pytest.mark.parametrize(("deed", "verdict"), [("guest", "guest"), ("ignore", "ignored")])
    def test_who_does_not_count_is_one_press(self, office, phone, deed, verdict):
        office.post("attendancereport_who", phone.pk, deed=deed)
        phone.refresh_from_db()
        assert phone.verdict == verdict
        office.post("attendancereport_who", phone.pk, deed="reopen")
        phone.refresh_from_db()
        assert phone.verdict == "open"

    def test_those_who_are_ticked_are_confirmed_at_once(self, office, people, phone):
        Sighting.objects.filter(pk=phone.pk).update(suggested=people[3], is_sure=True, reasons=["near_name", "pressed"])
        assert "checked" in text(office.get("attendancereport_reports", office.workshop.slug))
        office.post("attendancereport_confirm", office.workshop.slug, sighting=[phone.pk])
        assert Attendance.objects.get(participant=people[3], track=None).minutes == 60

    @pytest.mark.parametrize(
        "data", [{"deed": "person"}, {"deed": "room", "person": "x"}, {"deed": "what"}, {"deed": "person", "person": "9" * 30}]
    )
    def test_what_names_nobody_changes_nothing(self, office, phone, data):
        assert office.post("attendancereport_who", phone.pk, **data).status_code == 200
        phone.refresh_from_db()
        assert phone.verdict == "open"


class TestBoard:
    @pytest.mark.parametrize(
        "query", [{}, {"by": "group"}, {"by": "track"}, {"by": "place", "sort": "share", "region": "north"}, {"by": "x"}]
    )
    def test_every_way_to_look_at_it(self, office, people, query):
        office.get("attendance_board", office.workshop.slug, **query)
        office.count()
        office.get("attendance_board", office.workshop.slug, **query)

    def test_came_missed_and_besides(self, office, people, workshop, day):
        make_participant(workshop, email="missed@example.org")
        besides = make_participant(workshop, email="besides@example.org", days=[])
        office.count()
        entries.enter_minutes(participant=besides, day=day, minutes=10, reason="x", by=Actor(ActorKind.STAFF))
        Sighting.objects.filter(verdict="open").update(verdict="guest")
        ((_day, turnout),) = office.get("attendance_board", workshop.slug).context["days"]
        assert (turnout.confirmed, turnout.came, turnout.missed, turnout.besides, turnout.guests) == (5, 4, 1, 1, 1)

    def test_it_costs_the_same_for_one_and_for_many(self, office, people, workshop, stopped, django_assert_num_queries):
        office.count()
        office.get("attendance_board", workshop.slug)  # what pages remember for some seconds is read
        with django_assert_num_queries(BOARD_QUERIES):
            office.look("attendance_board", workshop.slug)
        for code in ("50", "56", "central"):
            make_participant(workshop, code)
        with django_assert_num_queries(BOARD_QUERIES):
            office.look("attendance_board", workshop.slug)

    def test_lists_messages_and_exports_know_who_came_and_who_missed(self, office, people, workshop, day):
        missed = make_participant(workshop, email="missed@example.org")
        office.count()
        date = day.date.isoformat()
        assert set(filtered(workshop, {"attendance": f"came-{date}"})) == set(people)
        assert list(filtered(workshop, {"attendance": f"missed-{date}"})) == [missed]
        assert list(filtered(workshop, {"attendance": "x"})) == []
        assert set(Mailing(workshop=workshop, day=day, turnout="came").audience()) == set(people)
        assert list(Mailing(workshop=workshop, day=day, turnout="missed").audience()) == [missed]
        listed = office.client.get(
            reverse("admin:registration_participant_changelist"), {"workshop": workshop.slug, "attendance": f"missed-{date}"}
        )
        assert [person.pk for person in listed.context["cl"].result_list] == [missed.pk]

    def test_minutes_are_entered_and_removed_by_hand(self, office, people, day):
        office.count()
        person = people[0]
        office.get("attendance_entry", person.pk, day.pk)
        office.post("attendance_entry", person.pk, day.pk, minutes="150", reason="นั่งในห้องประชุม")
        row = Attendance.objects.get(participant=person, track=None)
        assert (row.minutes, row.source, row.entered_by.username) == (150, "hand", "staff")
        assert "นั่งในห้องประชุม" in text(office.get("attendance_person", person.pk))
        assert "minutes" in office.client.post(office.url("attendance_entry", person.pk, day.pk), {"minutes": "-1"}).context["form"].errors
        office.post("attendance_entry", person.pk, day.pk, remove="1")
        row.refresh_from_db()
        assert (row.minutes, row.source) == (115, "report")

    def test_settings_count_the_days_anew(self, office, people, workshop, day):
        AgendaItem.objects.create(day=day, starts_at=dt.time(11), ends_at=dt.time(11, 15), kind="break", title_th="พัก")
        office.count()
        assert Attendance.objects.get(participant=people[1], track=None).minutes == 165
        office.get("attendance_settings", workshop.slug)
        office.post("attendance_settings", workshop.slug, counts_breaks="on", file_days="30")
        work_off()
        assert Attendance.objects.get(participant=people[1], track=None).minutes == 180

    def test_the_live_page_shows_who_pressed_today(self, office, people, workshop, day):
        assert "ไม่มีวันประชุม" in text(office.get("attendance_live", workshop.slug))
        type(day).objects.filter(pk=day.pk).update(date=timezone.localdate())
        KeptFigures.objects.all().delete()
        entries.note_press(participant=people[0], day=day)
        page = office.get("attendance_live", workshop.slug)
        assert (page.context["pressed"], page.context["confirmed"]) == (1, 4)

    def test_looking_is_written_down(self, office, people, workshop):
        office.count()
        office.look("attendance_person", people[0].pk)
        assert AuditEvent.objects.filter(what="attendance of a person", participant_key=people[0].pk).count() == 1


LAYOUT = {
    "heading_th": "เกียรติบัตร", "heading_en": "Certificate of Participation", "office_th": "สศช.", "office_en": "NESDC",
    "title_th": "ได้เข้าร่วม\nการประชุม", "title_en": "", "signer_th": "นายสมมุติ ทดสอบ", "signer_en": "", "post_th": "เลขาธิการ", "post_en": "",
    "number_pattern": "สศช. {number:4}/{year}", "number_pattern_en": "NESDC {number:4}/{year}", "given_on": "2027-03-20",
}  # fmt: skip


class TestCertificates:
    @pytest.fixture
    def issued(self, office, people, workshop):
        office.count()
        office.post("certificate_rule", workshop.slug, days="1", percent="60")
        office.post("certificate_layout", workshop.slug, **LAYOUT)
        office.post("certificate_issue", workshop.slug, sure="on")
        work_off()
        return list(Certificate.objects.order_by("number"))

    def test_the_rule_is_tried_on_the_real_numbers_before_it_is_set(self, office, people, workshop):
        office.count()
        page = office.get("certificate_rule", workshop.slug, days="1", percent="60")
        assert (page.context["tried"].fulfil, page.context["tried"].nearly) == (3, 0)
        assert office.get("certificate_rule", workshop.slug, days="1", percent="65").context["tried"].nearly == 1
        assert office.get("certificate_rule", workshop.slug, days="9", percent="x").context["tried"] is None

    def test_the_layout_is_seen_with_a_long_name(self, office, workshop):
        office.get("certificate_layout", workshop.slug)
        office.post("certificate_layout", workshop.slug, **LAYOUT)
        assert office.get("certificate_preview", workshop.slug, "th")["Content-Type"] == "image/png"
        assert office.get("certificate_preview", workshop.slug, "en", pdf="")["Content-Type"] == "application/pdf"
        wrong = office.client.post(office.url("certificate_layout", workshop.slug), LAYOUT | {"number_pattern": "x", "post_th": "1\n2\n3"})
        assert set(wrong.context["form"].errors) == {"number_pattern", "post_th"}

    def test_a_signature_must_be_a_picture(self, office, workshop):
        fake = SimpleUploadedFile("s.png", b"not a picture")
        wrong = office.client.post(office.url("certificate_layout", workshop.slug), LAYOUT | {"signature": fake})
        assert set(wrong.context["form"].errors) == {"signature"}

    def test_nothing_is_issued_without_the_tick(self, office, people, workshop):
        office.count()
        office.post("certificate_rule", workshop.slug, days="1", percent="60")
        office.post("certificate_layout", workshop.slug, **LAYOUT)
        office.get("certificate_issue", workshop.slug)
        office.post("certificate_issue", workshop.slug)
        assert Certificate.objects.count() == 0

    def test_everybody_who_fulfils_it_gets_one_and_a_mail(self, office, issued):
        assert [each.number for each in issued] == [1, 2, 3]
        assert Delivery.objects.filter(message="certificate").count() == 3
        page = text(office.get("certificate_overview", office.workshop.slug))
        assert "สศช. ๐๐๐๑/๒๕๗๐" in page
        assert "สศช. ๐๐๐๒/๒๕๗๐" not in text(office.get("certificate_overview", office.workshop.slug, q="1"))

    def test_one_is_corrected_withdrawn_and_given_back(self, office, issued):
        first = issued[0]
        office.get("certificate_one", first.pk)
        office.post("certificate_one", first.pk, deed="correct", name="นายถูกต้อง ทดสอบ")
        second = Certificate.objects.get(number=1, edition=2)
        assert second.snapshot["name"] == "นายถูกต้อง ทดสอบ"
        office.post("certificate_one", second.pk, deed="withdraw", reason="ออกผิด")
        second.refresh_from_db()
        assert second.withdrawn_reason == "ออกผิด"
        office.post("certificate_one", second.pk, deed="restore")
        second.refresh_from_db()
        assert second.withdrawn_at is None
        assert office.get("certificate_pdf", second.pk)["Content-Type"] == "application/pdf"

    def test_the_person_has_it_on_their_page_and_anybody_may_check_it(self, office, issued, client):
        own = issued[0]
        own.workshop.days.update(date=timezone.localdate())
        browser = Browser(headers={"accept-language": "th"})
        browser.open_page_of(own.participant)
        page = text(browser.get(reverse("participant", args=[own.participant.code])))
        assert "เกียรติบัตร" in page and "นาที" in page
        assert len(PdfReader(BytesIO(browser.get(reverse("certificate", args=[own.participant.code])).content)).pages) == 1
        assert browser.get(reverse("certificate_picture", args=[own.participant.code]))["Content-Type"] == "image/png"
        checked = Browser(headers={"accept-language": "th"}).get(f"/v/{own.token}/")
        assert own.snapshot["name"] in text(checked) and own.participant.email not in text(checked)
        assert (checked["X-Robots-Tag"], checked["Cache-Control"]) == ("noindex, nofollow", "no-store")

    def test_a_token_that_nobody_has_tells_nothing(self, office, issued, client):
        answers = [client.get(f"/v/{token}/") for token in ("x" * 22, "sample", "1", "ก", "%00", "a" * 500)]
        assert {answer.status_code for answer in answers} <= {404, 400}

    def test_a_withdrawn_and_a_replaced_one_say_so(self, office, issued, client):
        office.post("certificate_one", issued[0].pk, deed="correct", name="นายถูกต้อง ทดสอบ")
        office.post("certificate_one", issued[1].pk, deed="withdraw", reason="ลับเฉพาะสำนักงาน")
        assert client.get(f"/v/{issued[0].token}/").context["found"].standing == "replaced"
        withdrawn = text(client.get(f"/v/{issued[1].token}/"))
        assert "ถอน" in withdrawn and "ลับเฉพาะสำนักงาน" not in withdrawn


class TestDesk:
    def test_a_province_sees_its_own_people_by_day_and_takes_their_certificates_along(self, office, people, workshop, client, day):
        other = make_participant(workshop, "56", first_name="พะเยาคน", email="other@example.org")
        missed = make_participant(workshop, first_name="ขาดประชุม", email="missed@example.org")
        office.count()
        entries.enter_minutes(participant=other, day=day, minutes=170, reason="x", by=Actor(ActorKind.STAFF))
        office.post("certificate_rule", workshop.slug, days="1", percent="60")
        office.post("certificate_layout", workshop.slug, **LAYOUT)
        office.post("certificate_issue", workshop.slug, sure="on")
        work_off()
        client.force_login(make_coordinator(workshop).user)
        page = text(client.get(f"/desk/{workshop.slug}/55/attendance/"))
        assert "ขาดประชุม" in page and "พะเยาคน" not in page
        only = client.get(f"/desk/{workshop.slug}/55/attendance/", {"show": f"missed-{day.pk}"}).context["found"]
        assert [row.person for row in only.rows] == [missed]
        sheet = load_workbook(BytesIO(b"".join(client.get(f"/desk/{workshop.slug}/55/attendance/list.xlsx").streaming_content))).active
        assert sheet.max_row == 1 + 5
        assert len(PdfReader(BytesIO(client.get(f"/desk/{workshop.slug}/55/attendance/certificates.pdf").content)).pages) == 3
        assert client.get(f"/desk/{workshop.slug}/56/attendance/").status_code == 404

    def test_before_a_day_is_counted_the_page_says_so(self, workshop, people, client):
        client.force_login(make_coordinator(workshop).user)
        assert "ยังไม่มีวันใด" in text(client.get(f"/desk/{workshop.slug}/55/attendance/"))
        assert client.get(f"/desk/{workshop.slug}/55/attendance/certificates.pdf").status_code == 404


class TestPerson:
    def test_the_button_to_join_notes_that_it_was_pressed_and_leads_on(self, workshop, people, day, client):
        type(day).objects.filter(pk=day.pk).update(join_url="https://zoom.example/j/1", join_opens_at=timezone.now() - dt.timedelta(days=1))
        browser = Browser(headers={"accept-language": "th"})
        browser.open_page_of(people[0])
        address = reverse("join", args=[people[0].code, f"day-{day.pk}"])
        assert address in browser.get(reverse("participant", args=[people[0].code])).content.decode()
        answer = browser.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "https://zoom.example/j/1")
        assert people[0].join_presses.count() == 1
        assert browser.get(reverse("join", args=[people[0].code, "day-99999"])).status_code == 404
        assert client.get(address).status_code == 404

    def test_they_say_that_their_minutes_are_wrong_and_read_the_answer(self, office, people, workshop):
        person = people[0]
        browser = Browser(headers={"accept-language": "th"})
        browser.open_page_of(person)
        assert browser.get(reverse("doubt", args=[person.code])).status_code == 404, "nothing is counted yet"
        office.count()
        workshop.days.update(date=timezone.localdate())
        browser.get(reverse("doubt", args=[person.code]))
        browser.post(reverse("doubt", args=[person.code]), {"text": "ดิฉันนั่งในห้องประชุม"})
        assert "ดิฉันนั่งในห้องประชุม" in text(office.get("attendance_board", workshop.slug))
        office.post("attendance_doubt", person.attendance_doubts.get().pk, answer="แก้ไขให้แล้ว")
        page = text(browser.get(reverse("participant", args=[person.code])))
        assert "<strong>คำตอบ</strong> แก้ไขให้แล้ว</p>" in re.sub(r'<span class="nb">(.*?)</span>', r"\1", page)


class TestPrivacy:
    @pytest.fixture
    def person(self, office, people, workshop):
        office.count()
        office.post("certificate_rule", workshop.slug, days="1", percent="60")
        office.post("certificate_layout", workshop.slug, **LAYOUT)
        office.post("certificate_issue", workshop.slug, sure="on")
        work_off()
        return people[0]

    def test_own_data_holds_minutes_sightings_and_certificates(self, person):
        (found,) = as_data([Participant.objects.get(pk=person.pk)], timezone.now())["registrations"]
        assert (found["attendance"][0]["minutes"], found["seen"][0]["email"]) == ("115", person.email)
        assert found["certificates"][0]["name"] == person.full_name
        assert len(found["report_rows"]) == 2 and found["report_rows"][0]["joined_at"].startswith("2027-02-18T09:05:00")

    def test_own_data_holds_the_room_in_which_they_sat_with_others(self, person, people):
        phone = Sighting.objects.get(verdict="open")
        verdicts.seat(sighting=phone, participants=people[:2], by=Actor(ActorKind.STAFF))
        (found,) = as_data([Participant.objects.get(pk=person.pk)], timezone.now())["registrations"]
        assert [row["name"] for row in found["seen"]] == [files.PEOPLE[0].name, phone.name] and len(found["report_rows"]) == 3

    def test_at_their_wish_nothing_of_their_attendance_is_used_until_they_wish_it_again(self, office, person, people, workshop, day):
        entries.note_press(participant=person, day=day)
        entries.enter_minutes(participant=people[1], day=day, minutes=7, reason="x", by=Actor(ActorKind.STAFF))
        for one in people[:2]:
            office.post("attendance_person", one.pk, deed="stop")
        assert dict(Attendance.objects.came().values_list("participant__email", "minutes")) == {
            "three@example.org": 180,
            "four@example.org": 30,
        }
        assert not JoinPress.objects.exists() and ReportRow.objects.filter(sighting__participant=person).count() == 2
        later = files.csv_file(files.webinar_rows(phone=True))
        office.count(later)
        assert not Attendance.objects.came().filter(participant__in=people[:2]).exists(), "no later file counts them"
        assert not filtered(workshop, {"attendance": f"missed-{day.date.isoformat()}"}).exists(), "and nobody writes that they were missed"
        page = text(office.get("attendance_person", person.pk))
        assert "ตามความประสงค์" in page and "บันทึกเวลาเอง" not in page
        assert "ไม่บันทึก" in text(office.post("attendance_entry", person.pk, day.pk, minutes="9", reason="x"))
        ((_day, turnout),) = office.get("attendance_board", workshop.slug).context["days"]
        assert (turnout.confirmed, turnout.came, turnout.missed) == (2, 2, 0)
        own = as_data([Participant.objects.get(pk=person.pk)], timezone.now())["registrations"][0]
        assert own["registration"]["attendance_stopped_at"] and own["attendance"] == []
        for one in people[:2]:
            office.post("attendance_person", one.pk, deed="again")
        assert list(Attendance.objects.filter(participant__in=people[:2]).order_by("participant").values_list("minutes", flat=True)) == [
            115,
            7,
        ]

    def test_their_page_says_so_and_the_desk_counts_them_neither_way(self, person, workshop, day):
        objections.stop_using(participant=person, by=Actor(ActorKind.STAFF))
        type(day).objects.filter(pk=day.pk).update(date=timezone.localdate() - dt.timedelta(days=1))
        browser = Browser(headers={"accept-language": "th"})
        browser.open_page_of(person)
        page = text(browser.get(reverse("participant", args=[person.code])))
        assert "ท่านขอไม่ให้ใช้ข้อมูลการเข้าร่วม" in re.sub(r'<span class="nb">(.*?)</span>', r"\1", page)
        rows = {row.person.pk: row.cells for row in attendance_of(person.quota).rows}
        assert rows[person.pk] == [None]

    def test_an_erased_person_leaves_a_number_and_nothing_else(self, person, client):
        from registration.actor import PARTICIPANT
        from registration.models import ReportFile
        from registration.privacy.actions.erasure import erase

        token = Certificate.objects.get(participant=person).token
        erase(participant=person, by=PARTICIPANT)
        assert not Sighting.objects.filter(email=person.email).exists()
        assert not ReportFile.objects.exists()
        page = text(client.get(f"/v/{token}/"))
        assert person.full_name not in page and "๐๐๐๑" in page
        assert person.first_name not in str(list(Certificate.objects.values_list("snapshot", flat=True)))

    def test_after_the_time_is_over_minutes_are_numbers_without_names(self, person, workshop):
        from registration.actor import SYSTEM
        from registration.models import AttendanceDoubt, JoinPress
        from registration.privacy.actions.anonymisation import anonymise

        anonymise(workshop=workshop, by=SYSTEM)
        assert Attendance.objects.filter(track=None).count() == 4
        assert (Sighting.objects.count(), JoinPress.objects.count(), AttendanceDoubt.objects.count()) == (0, 0, 0)
        assert {tuple(sorted(snapshot)) for snapshot in Certificate.objects.values_list("snapshot", flat=True)} == {
            ("is_time_over", "lang", "number")
        }
