import datetime as dt
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission, User
from openpyxl import load_workbook

from registration.actor import Actor
from registration.audit import trail as audit_trail
from registration.exports import affected
from registration.exports.affected import Breach, write_affected
from registration.exports.audience import audience
from registration.models import AttendanceReport, AuditEvent, Export, Quota, ReportRow, Sighting
from tests.factories import NOON, make_participant, make_workshop, seats_of, work_off
from tests.registration.certificates.test_actions import issued, workshop_with

pytestmark = pytest.mark.django_db

PAGE = "/admin/registration/auditevent/affected/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def workshop():
    return make_workshop(slug="w")


def sheets(breach, language="en", report=lambda done: None):
    file = BytesIO()
    count = write_affected(file, breach, language=language, report=report)
    people, _seen, trail = ([list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in load_workbook(file).worksheets)
    return count, people, trail


def breach(workshop, **more):
    return Breach(**{"workshop": workshop, "since": NOON, "until": NOON + HOUR} | more)


def test_everybody_known_by_then_is_in_it_with_how_to_reach_them(workshop):
    make_participant(workshop, email="in@example.org", phone="+66812345678", at=NOON)
    make_participant(workshop, at=NOON + HOUR)
    make_participant(make_workshop(), at=NOON)
    count, people, _trail = sheets(breach(workshop))
    assert (count, [row[2:4] for row in people]) == (1, [["in@example.org", "081 234 5678"]])


def test_a_province_narrows_it_down(workshop):
    make_participant(workshop, "55", email="nan@example.org")
    make_participant(workshop, "56")
    _count, people, _trail = sheets(breach(workshop, quota=seats_of(workshop)))
    assert [row[2] for row in people] == ["nan@example.org"]


def test_beside_each_stands_how_many_lines_may_have_shown_them(workshop):
    nan, other = make_participant(workshop, "55"), make_participant(workshop, "56")
    by = Actor("staff", User.objects.create_user("thief"))
    audit_trail.record_view(by=by, what="participant list", count=2, workshop=workshop, at=NOON)
    audit_trail.record_view(by=by, what="desk", count=1, quota=nan.quota, at=NOON)
    audit_trail.record_view(by=by, what="participant", count=1, participant=nan, at=NOON)
    audit_trail.record_view(by=by, what="participant", count=1, participant=other, at=NOON - HOUR)
    _count, people, trail = sheets(breach(workshop))
    assert {row[2]: row[8] for row in people} == {nan.email: 3, other.email: 1}
    assert [row[4] for row in trail] == ["List of participants", "List of a desk", "A participant"]


def test_an_account_narrows_the_lines_down(workshop):
    make_participant(workshop)
    thief, honest = User.objects.create_user("thief"), User.objects.create_user("honest")
    for user in (thief, honest):
        audit_trail.record_view(by=Actor("staff", user), what="participant list", count=1, workshop=workshop, at=NOON)
    _count, people, trail = sheets(breach(workshop, account=thief.pk))
    assert (people[0][8], [row[1] for row in trail]) == (1, ["thief"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["NESDC staff", "Decided", "Approved"]),
        ("th", ["เจ้าหน้าที่ สศช.", "พิจารณา", "อนุมัติ"]),
    ],
)
def test_a_line_says_in_the_language_of_the_file_who_did_what(workshop, language, words):
    by = Actor("staff", User.objects.create_user("boss"))
    audit_trail.record_decision(by=by, what="approved", participant=make_participant(workshop), at=NOON)
    _count, _people, trail = sheets(breach(workshop), language)
    assert trail[0][2:5] == words


def test_it_says_how_far_it_is_also_while_it_writes_the_lines(workshop, monkeypatch):
    monkeypatch.setattr(affected, "PORTION", 2)
    by = Actor("staff", User.objects.create_user("boss"))
    for person in [make_participant(workshop) for _i in range(5)]:
        audit_trail.record_view(by=by, what="participant", count=1, participant=person, at=NOON)
    told = []
    count, people, trail = sheets(breach(workshop), report=told.append)
    assert (count, len(people), len(trail), told) == (5, 5, 5, [2, 4, 5, 5])


SENT = {"code": "55", "since": "2020-01-01T00:00", "until": "2040-01-01T00:00", "account": ""}


def test_a_worker_makes_the_file_and_who_takes_it_is_written_down(workshop, admin_client):
    make_participant(workshop)
    make_participant(workshop, "50")
    progress = admin_client.post(PAGE, SENT | {"workshop": workshop.pk})["Location"]
    again = admin_client.post(PAGE, SENT | {"workshop": workshop.pk})["Location"]
    export = Export.objects.get()
    assert (progress, again) == (f"/admin/registration/export/{export.pk}/change/", progress)
    assert admin_client.get(progress).context["filters"] == ["น่าน", "๑ ม.ค. ๒๕๖๓ ๐๐.๐๐ น. – ๑ ม.ค. ๒๕๘๓ ๐๐.๐๐ น.", "ทุกบัญชี"]
    assert AuditEvent.objects.count() == 0
    assert work_off() == ["make_export"]
    response = admin_client.post(f"/admin/registration/export/{export.pk}/file/")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).worksheets[0]
    assert (response["Content-Disposition"].split("-w-")[0], sheet.max_row) == ('attachment; filename="affected', 2)
    line = AuditEvent.objects.get()
    assert (line.verb, line.what, line.count, line.workshop, line.quota) == ("taken", "affected", 1, workshop, seats_of(workshop))
    assert line.filters["since"].startswith("2020-01-01")


def test_what_failed_leads_back_to_the_questions(workshop, admin_client):
    make_participant(workshop)
    progress = admin_client.post(PAGE, SENT | {"workshop": workshop.pk})["Location"]
    Export.objects.update(state="failed")
    assert f'href="{PAGE}"' in admin_client.get(progress, headers={"HX-Request": "true"}).content.decode()


def test_where_nobody_was_known_no_file_is_made(workshop, admin_client):
    response = admin_client.post(PAGE, SENT | {"workshop": workshop.pk})
    assert [str(message) for message in response.context["messages"]] == ["ไม่มีผู้ใดอยู่ในไฟล์นี้ จึงไม่ได้จัดทำ"]
    assert Export.objects.count() == 0


def test_a_file_of_a_place_that_is_gone_is_not_made_of_all_places(workshop):
    make_participant(workshop, "50")
    quota = seats_of(workshop)
    export = Export(workshop=workshop, kind="affected", options=breach(workshop, quota=quota).options("th"))
    quota.delete()
    with pytest.raises(Quota.DoesNotExist):
        audience(export)


@pytest.mark.parametrize(
    ("rights", "page", "file"),
    [
        (["view_auditevent", "oversee_exports"], 200, 200),
        (["export_participant", "oversee_exports"], 404, 404),
        (["view_auditevent", "export_participant"], 404, 404),  # not their own
        (["oversee_exports"], 403, 403),
    ],
)
def test_only_who_may_read_the_trail_sees_and_takes_it(workshop, admin_client, client, rights, page, file):
    make_participant(workshop)
    progress = admin_client.post(PAGE, SENT | {"workshop": workshop.pk})["Location"]
    work_off()
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    answers = [client.get(progress), client.post(progress.replace("change", "file"))]
    assert [answer.status_code for answer in answers] == [page, file]
    client.post(progress.replace("change", "delete"), {"post": "yes"})
    assert Export.objects.exists() == (page != 200)


def test_who_may_only_read_the_trail_takes_no_list_of_attendees(workshop, admin_client, client):
    make_participant(workshop)
    admin_client.post("/admin/registration/export/add/", {"make": "list", "list-kind": "csv"})
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_auditevent", "oversee_exports"]))
    client.force_login(user)
    addresses = [f"/admin/registration/export/{Export.objects.get().pk}/change/", "/admin/registration/export/add/"]
    assert [client.get(address).status_code for address in addresses] == [404, 403]


def test_an_end_before_the_beginning_is_refused(workshop, admin_client):
    sent = {"workshop": workshop.pk, "code": "", "since": "2040-01-01T00:00", "until": "2020-01-01T00:00", "account": ""}
    assert set(admin_client.post(PAGE, sent).context["form"].errors) == {"until"}


def test_who_may_not_read_the_trail_gets_no_file(client, workshop):
    client.force_login(User.objects.create_user("bare", is_staff=True))
    assert client.get(PAGE).status_code == 403


class TestMeetings:
    """What meetings left behind: rows of reports, minutes, certificates, and those who are no participants."""

    @pytest.fixture
    def workshop(self):
        workshop, people = workshop_with(1)
        issued(workshop)
        day, person = workshop.days.first(), people[0]
        report = AttendanceReport.objects.create(workshop=workshop, name="x.csv", digest="x", uploaded_at=NOON, state="applied", day=day)
        seen = [
            Sighting.objects.create(day=day, key="own", name="x", email=person.email, verdict="address", participant=person),
            Sighting.objects.create(day=day, key="guest", name="คุณแขก สมมุติ", email="guest@example.org", verdict="guest"),
            Sighting.objects.create(day=day, key="hall", name="ห้องประชุมจังหวัดน่าน", verdict="open"),
        ]
        ReportRow.objects.bulk_create(ReportRow(report=report, sighting=each) for each in [*seen, seen[0]])
        return workshop

    def written(self, workshop, **more):
        file = BytesIO()
        day = workshop.days.last()
        until = dt.datetime.combine(day.date + dt.timedelta(days=1), dt.time(12), dt.UTC)
        write_affected(file, breach(workshop, until=until, **more), language="en", report=lambda done: None)
        return [[list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in load_workbook(file).worksheets]

    def test_beside_each_stand_rows_minutes_and_the_number_of_the_certificate(self, workshop):
        people, _seen, _trail = self.written(workshop)
        assert [row[-3:] for row in people] == [[2, 120, "สศช. ๐๐๐๑/๒๕๗๐"]]

    def test_guests_and_whoever_is_not_known_yet_are_in_it_with_their_addresses(self, workshop):
        _people, seen, _trail = self.written(workshop)
        assert [(row[1], row[2], row[4]) for row in seen] == [("คุณแขก สมมุติ", "guest@example.org", 1), ("ห้องประชุมจังหวัดน่าน", None, 1)]

    def test_of_one_province_those_who_bear_its_name(self, workshop):
        _people, seen, _trail = self.written(workshop, quota=seats_of(workshop, "55"))
        assert [row[1] for row in seen] == ["ห้องประชุมจังหวัดน่าน"]

    def test_nobody_of_a_later_day(self, workshop):
        file = BytesIO()
        write_affected(file, breach(workshop), language="en", report=lambda done: None)
        assert load_workbook(file).worksheets[1].max_row == 1
