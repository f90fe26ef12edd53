"""Handing people over to Zoom: the file, who is in it, and the page where staff take it."""

import csv
import re
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.models import AuditEvent, Participant, ZoomHandover
from registration.people.display_names import DisplayName
from registration.seats.actions.decisions import cancel
from registration.zoom.actions import Coming, coming_to_days, coming_to_tracks, hand_over
from registration.zoom.registrants import Registrant, registrant_files
from sessions.models import WorkshopDay
from tests.factories import make_participant, make_workshop, seats_of, tracks_of


def lines(data):
    """The lines of a file, read strictly: UTF-8 with a byte order mark, the header, three filled fields in each line."""
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n") and data.count(b"\n") == data.count(b"\r\n")
    header, *rows = csv.reader(StringIO(data[3:].decode("utf-8"), newline=""), strict=True)
    assert header == ["email", "first_name", "last_name"]
    assert [row for row in rows if len(row) != 3 or not all(row)] == []
    return [tuple(row) for row in rows]


def registrant(number, first="นครปฐม พช.", last="นายมั่งมั่ง"):
    return Registrant(f"person{number}@example.org", DisplayName(first, last))


class TestFile:
    def test_it_has_one_header_and_a_line_for_each(self):
        (file,) = registrant_files([registrant(1), registrant(2, "IPPD", "Mr.David")])
        assert file.decode("utf-8-sig") == (
            "email,first_name,last_name\r\nperson1@example.org,นครปฐม พช.,นายมั่งมั่ง\r\nperson2@example.org,IPPD,Mr.David\r\n"
        )

    def test_commas_and_quotation_marks_stay_in_their_field(self):
        (file,) = registrant_files([registrant(1, 'สำนัก "ก", ข', "Mr.O'Neil")])
        assert lines(file) == [("person1@example.org", 'สำนัก "ก", ข', "Mr.O'Neil")]

    @pytest.mark.parametrize("sign", "=+-@")
    def test_nothing_is_put_before_a_name(self, sign):
        (file,) = registrant_files([registrant(1, f"{sign}ABC", "นายสมมุติ")])
        assert lines(file)[0][1] == f"{sign}ABC"

    def test_many_people_become_several_files_of_less_than_two_megabytes(self):
        people = [registrant(number) for number in range(30_000)]
        files = list(registrant_files(people))
        assert len(files) == 2
        assert max(map(len, files)) < 2_000_000
        assert [line for file in files for line in lines(file)] == [(p.email, p.name.first, p.name.last) for p in people]

    def test_a_file_is_filled_up_to_one_byte_below_the_limit(self):
        (whole,) = registrant_files([registrant(1), registrant(2)])
        assert len(list(registrant_files([registrant(1), registrant(2)], len(whole) + 1))) == 1
        assert len(list(registrant_files([registrant(1), registrant(2)], len(whole)))) == 2

    def test_without_people_there_is_no_file(self):
        assert list(registrant_files([])) == []


@pytest.fixture
def workshop(db):
    return make_workshop()


@pytest.fixture
def day(workshop):
    return workshop.days.first()


def named(registrants):
    return [str(registrant.name) for registrant in registrants]


def emails(registrants):
    return sorted(registrant.email for registrant in registrants)


class TestHandingOver:
    def test_names_are_split_as_the_rule_says(self, workshop, day):
        make_participant(workshop, "73", title="นาย", first_name="มั่งมั่ง", organisation_short="พช.", email="a@example.org")
        central = {"title": "นาย", "first_name": "ยินดี", "email": "b@example.org"}
        make_participant(workshop, "central", organisation="สำนักงานสภาพัฒนาการเศรษฐกิจ", organisation_short="สศช.", **central)
        without = {"title": "Mr.", "first_name": "David", "email": "c@example.org"}
        make_participant(workshop, "central", organisation="International Institute", organisation_short="", **without)
        names = {registrant.email: registrant.name for registrant in hand_over(day=day, by=SYSTEM)}
        assert names == {
            "a@example.org": DisplayName("นครปฐม พช.", "นายมั่งมั่ง"),
            "b@example.org": DisplayName("สศช.", "นายยินดี"),
            "c@example.org": DisplayName("International Institute", "Mr.David"),
        }

    def test_namesakes_are_told_apart_even_where_only_one_is_new(self, workshop, day):
        make_participant(workshop, first_name="สมชาย", last_name="กล้าหาญ")
        hand_over(day=day, by=SYSTEM)
        make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
        assert named(hand_over(day=day, by=SYSTEM)) == ["น่าน พช. นายสมชาย จ."]

    def test_only_who_is_confirmed_and_comes_that_day_is_in_it(self, workshop, day):
        comes = make_participant(workshop, days=[day])
        make_participant(workshop, days=[workshop.days.last()])
        cancel(participant=make_participant(workshop, days=[day]), by=PARTICIPANT)
        seats_of(workshop, "56", capacity=0)
        waits = make_participant(workshop, "56", days=[day])
        make_participant(make_workshop())
        assert waits.state == "waitlisted"
        assert emails(hand_over(day=day, by=SYSTEM)) == [comes.email]

    def test_a_track_has_those_who_chose_it_and_come_on_its_day(self, workshop, day):
        first, second = tracks_of(workshop)
        chose = make_participant(workshop, tracks=[first])
        make_participant(workshop, tracks=[second])
        stays_away = make_participant(workshop, tracks=[first])
        stays_away.days.remove(day)
        assert emails(hand_over(day=day, track=first, by=SYSTEM)) == [chose.email]

    def test_the_second_time_there_are_only_those_who_came_since(self, workshop, day):
        make_participant(workshop)
        hand_over(day=day, by=SYSTEM)
        assert hand_over(day=day, by=SYSTEM) == []
        late = make_participant(workshop)
        assert emails(hand_over(day=day, by=SYSTEM)) == [late.email]

    def test_another_meeting_has_handovers_of_its_own(self, workshop, day):
        track = tracks_of(workshop)[0]
        person = make_participant(workshop, tracks=[track])
        hand_over(day=day, by=SYSTEM)
        assert emails(hand_over(day=workshop.days.last(), by=SYSTEM)) == [person.email]
        assert emails(hand_over(day=day, track=track, by=SYSTEM)) == [person.email]

    def test_all_of_them_can_be_taken_again_and_are_still_noted_once(self, workshop, day):
        people = [make_participant(workshop) for _i in range(3)]
        hand_over(day=day, by=SYSTEM)
        assert emails(hand_over(day=day, again=True, by=SYSTEM)) == sorted(person.email for person in people)
        assert ZoomHandover.objects.count() == 3
        assert hand_over(day=day, by=SYSTEM) == []

    def test_who_changes_his_address_is_new_to_zoom(self, workshop, day):
        person = make_participant(workshop)
        hand_over(day=day, by=SYSTEM)
        Participant.objects.filter(pk=person.pk).update(email="changed@example.org")
        assert emails(hand_over(day=day, by=SYSTEM)) == ["changed@example.org"]

    def test_who_cancels_and_comes_back_is_not_registered_twice(self, workshop, day):
        cancel(participant=make_participant(workshop, email="back@example.org"), by=PARTICIPANT)
        hand_over(day=day, by=SYSTEM)
        first = make_participant(workshop, email="back@example.org")
        hand_over(day=day, by=SYSTEM)
        cancel(participant=first, by=PARTICIPANT)
        make_participant(workshop, email="back@example.org")
        assert hand_over(day=day, by=SYSTEM) == []

    def test_the_numbers_say_what_the_files_will_hold(self, workshop, day):
        first, second = tracks_of(workshop)
        make_participant(workshop, tracks=[first])
        hand_over(day=day, track=first, by=SYSTEM)
        hand_over(day=day, by=SYSTEM)
        make_participant(workshop, tracks=[second], days=[day])
        other = workshop.days.last()
        assert coming_to_days(workshop) == {day.pk: Coming(2, 1), other.pk: Coming(1, 1)}
        assert coming_to_tracks(workshop) == {first.pk: Coming(1, 0), second.pk: Coming(1, 1)}

    def test_it_takes_the_same_queries_for_many_as_for_one(self, workshop, day, django_assert_num_queries):
        make_participant(workshop)
        with django_assert_num_queries(7):  # savepoint, lock, people, handovers, audit trail, names, savepoint
            hand_over(day=day, by=SYSTEM)
        for _i in range(8):
            make_participant(workshop)
        day = WorkshopDay.objects.select_related("workshop").get(pk=day.pk)
        with django_assert_num_queries(7):
            hand_over(day=day, by=SYSTEM)


#: What somebody's name may end in and a file might trip over.
SUFFIX = ("", ", Jr.", ' "x"', "'", ";")


class TestWholeDay:
    """A day with everybody who may be on it, in one file, read back by a strict parser."""

    def test_every_line_has_three_fields_the_name_of_the_rule_and_nobody_is_there_twice(self, workshop, day):
        expected, numbers = {}, iter(range(1, 1000))
        for code, province in (("55", "น่าน"), ("50", "เชียงใหม่"), ("10", "กรุงเทพมหานคร")):
            for short, agency in (("พช.", "สำนักงานพัฒนาชุมชนจังหวัด"), ("", 'โรงเรียน "ตัวอย่าง", สาขา ๑')):
                for sign in SUFFIX:
                    number = next(numbers)
                    person = {"title": "นาย", "first_name": f"สมมุติ{number}{sign}", "email": f"p{number}@example.org"}
                    make_participant(workshop, code, organisation=agency, organisation_short=short, **person)
                    expected[person["email"]] = (f"{province} {short or agency}", f"นายสมมุติ{number}{sign}")
        for short, agency in (("สศช.", "สำนักงานสภาพัฒนาการเศรษฐกิจและสังคมแห่งชาติ"), ("", "International Institute, Bangkok")):
            number = next(numbers)
            person = {"title": "Mr.", "first_name": "David", "email": f"c{number}@example.org"}
            make_participant(workshop, "central", organisation=agency, organisation_short=short, **person)
            expected[person["email"]] = (short or agency, "Mr.David")
        (file,) = registrant_files(hand_over(day=day, by=SYSTEM))
        found = lines(file)
        assert {email: (first, last) for email, first, last in found} == expected
        assert len(found) == len({email.casefold() for email, _first, _last in found}) == len(expected)
        assert len(file) < 2_000_000

    def test_no_two_people_of_a_day_have_one_name(self, workshop, day):
        for last_name in ("ใจดี", "กล้าหาญ", "กล้าแข็ง", "เจริญ"):
            make_participant(workshop, title="นาย", first_name="สมชาย", last_name=last_name)
        names = [(first, last) for _email, first, last in lines(next(registrant_files(hand_over(day=day, by=SYSTEM))))]
        assert len(set(names)) == len(names) == 4

    def test_who_takes_them_is_written_into_the_audit_trail_with_the_meeting(self, workshop, day):
        track = tracks_of(workshop)[0]
        make_participant(workshop, tracks=[track])
        staff = Actor("staff", User.objects.create_user("staff"))
        hand_over(day=day, by=staff)
        hand_over(day=day, track=track, by=staff)
        assert list(AuditEvent.objects.filter(verb="taken").order_by("pk").values_list("actor__username", "what", "count", "filters")) == [
            ("staff", "zoom", 1, {"day": "2027-02-18"}),
            ("staff", "zoom", 1, {"day": "2027-02-18", "track": str(track.pk)}),
        ]


@pytest.fixture
def staff(client, workshop):
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_participant", "export_participant"]))
    client.force_login(user)
    return client


def page_of(workshop):
    return f"/en/admin/registration/participant/zoom/{workshop.slug}/"


def file_of(day):
    return f"/en/admin/registration/participant/zoom/{day.pk}/file/"


class TestPages:
    def test_each_meeting_stands_there_with_its_numbers(self, staff, workshop, day):
        make_participant(workshop, tracks=tracks_of(workshop)[:1], days=[day])
        rows = re.findall(r"<tr>(.*?)</tr>", staff.get(page_of(workshop)).content.decode().split("<tbody>")[1], re.S)
        cells = [re.sub(r"<[^>]+>", "", " | ".join(re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)[:3])) for row in rows]
        assert cells == [
            "Thursday 18 February 2027 | 1 | 1",
            "1. Track 1 | 1 | 1",
            "2. Track 2 | 0 | 0",
            "Thursday 25 February 2027 | 0 | 0",
        ]

    def test_a_cancelled_day_is_not_offered(self, staff, workshop, day):
        make_participant(workshop)
        WorkshopDay.objects.filter(pk=day.pk).update(is_cancelled=True)
        assert [row["day"] for row in staff.get(page_of(workshop)).context["days"]] == [workshop.days.last()]
        assert staff.post(file_of(day)).status_code == 404

    def test_the_file_of_a_day_comes_with_a_name_that_says_so(self, staff, workshop, day):
        person = make_participant(workshop, title="นาย", first_name="สมมุติ")
        response = staff.post(file_of(day))
        assert response.headers["Content-Disposition"] == f'attachment; filename="zoom-{workshop.slug}-2027-02-18.csv"'
        assert lines(response.content) == [(person.email, "น่าน พช.", "นายสมมุติ")]

    def test_the_file_of_a_track_holds_the_people_of_the_track(self, staff, workshop, day):
        first, second = tracks_of(workshop)
        person = make_participant(workshop, tracks=[first])
        make_participant(workshop, tracks=[second])
        response = staff.post(file_of(day), {"track": first.pk})
        assert response.headers["Content-Disposition"] == f'attachment; filename="zoom-{workshop.slug}-2027-02-18-1000-track-1.csv"'
        assert [line[0] for line in lines(response.content)] == [person.email]

    def test_the_second_press_says_that_nobody_is_new(self, staff, workshop, day):
        make_participant(workshop)
        staff.post(file_of(day))
        response = staff.post(file_of(day), follow=True)
        assert response.redirect_chain == [(page_of(workshop), 302)]
        said = [str(message) for message in response.context["messages"]]
        assert said == ["Nobody is new since the last file, so there is nothing to take along."]

    def test_all_of_them_can_be_taken_again(self, staff, workshop, day):
        person = make_participant(workshop)
        staff.post(file_of(day))
        assert [line[0] for line in lines(staff.post(file_of(day), {"again": "1"}).content)] == [person.email]

    def test_several_files_come_in_an_archive(self, staff, workshop, day, monkeypatch):
        monkeypatch.setattr("registration.office.zoom.registrant_files", lambda people: registrant_files(people, 150))
        for _i in range(2):
            make_participant(workshop)
        response = staff.post(file_of(day))
        assert response.headers["Content-Disposition"] == f'attachment; filename="zoom-{workshop.slug}-2027-02-18.zip"'
        with ZipFile(BytesIO(response.content)) as archive:
            assert archive.namelist() == [f"zoom-{workshop.slug}-2027-02-18-{number}.csv" for number in (1, 2)]
            assert [len(lines(archive.read(name))) for name in archive.namelist()] == [1, 1]

    def test_the_history_of_the_workshop_says_who_took_how_many(self, staff, workshop, day):
        make_participant(workshop)
        staff.post(file_of(day))
        staff.post(file_of(day))
        (entry,) = LogEntry.objects.filter(object_id=str(workshop.pk))
        assert (entry.user.username, entry.get_change_message()) == ("staff", "People taken along for Zoom, 18 Feb 2027: 1")

    @pytest.mark.parametrize("track", ["0", "nonsense", "99999999999999999999"])
    def test_a_track_of_another_day_or_none_at_all_is_not_found(self, staff, workshop, day, track):
        make_participant(workshop)
        assert staff.post(file_of(day), {"track": track}).status_code == 404
        other = tracks_of(make_workshop())[0]
        assert staff.post(file_of(day), {"track": other.pk}).status_code == 404
        assert ZoomHandover.objects.count() == 0

    def test_a_link_to_the_file_takes_nobody_along(self, staff, workshop, day):
        make_participant(workshop)
        assert staff.get(file_of(day)).status_code == 405
        assert ZoomHandover.objects.count() == 0

    def test_who_may_only_see_people_is_refused(self, client, workshop, day):
        user = User.objects.create_user("reader", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_participant"))
        client.force_login(user)
        assert [client.get(page_of(workshop)).status_code, client.post(file_of(day)).status_code] == [403, 403]
        assert ZoomHandover.objects.count() == 0
