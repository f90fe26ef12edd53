"""What Zoom knows of those who come: the file, the three lists, what staff say was done, and the pages."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission, User

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.models import AuditEvent, Participant, ZoomFile
from registration.people.display_names import DisplayName
from registration.seats.actions.moves import cancel
from registration.zoom.actions.lists import mark_done, take_all, take_back, take_list
from registration.zoom.ledger import DeedKind
from registration.zoom.meetings import ledgers_of, meetings_of
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
    return make_workshop(links_by="zoom")


@pytest.fixture
def day(workshop):
    return workshop.days.first()


def meeting_on(day, track=None):
    return next(one for one in meetings_of(day.workshop) if one.day == day and one.track == track)


def left(day, track=None):
    """What is to be done in the meeting, as addresses: to add, to remove, to change."""
    found = ledgers_of(day.workshop, [meeting_on(day, track)])[0].left
    changed = [(each.before.email, each.after.email, " ".join(each.after.name)) for each in found.change]
    return sorted(one.email for one in found.add), sorted(one.email for one in found.remove), changed


def done(day, kind=DeedKind.ADD, track=None, by=SYSTEM):
    """Takes a list and says that it was worked off."""
    file = take_list(meeting=meeting_on(day, track), kind=kind, by=by)
    if file:
        mark_done(file=file, by=by)
    return file


def people_in(file):
    return {line.email: DisplayName(line.first_name, line.last_name) for line in file.lines.all()}


class TestTheLists:
    def test_names_are_split_as_the_rule_says(self, workshop, day):
        make_participant(workshop, "73", title="นาย", first_name="มั่งมั่ง", organisation_short="พช.", email="a@example.org")
        central = {"title": "นาย", "first_name": "ยินดี", "email": "b@example.org"}
        make_participant(workshop, "central", organisation="สำนักงานสภาพัฒนาการเศรษฐกิจ", organisation_short="สศช.", **central)
        without = {"title": "Mr.", "first_name": "David", "email": "c@example.org"}
        make_participant(workshop, "central", organisation="International Institute", organisation_short="", **without)
        assert people_in(done(day)) == {
            "a@example.org": DisplayName("นครปฐม พช.", "นายมั่งมั่ง"),
            "b@example.org": DisplayName("สศช.", "นายยินดี"),
            "c@example.org": DisplayName("International Institute", "Mr.David"),
        }

    def test_namesakes_are_told_apart_and_the_one_who_is_in_is_renamed(self, workshop, day):
        first = make_participant(workshop, first_name="สมชาย", last_name="กล้าหาญ")
        done(day)
        second = make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
        assert left(day) == ([second.email], [], [(first.email, first.email, "น่าน พช. นายสมชาย ก.")])

    def test_only_who_is_confirmed_and_comes_that_day_is_in_it(self, workshop, day):
        comes = make_participant(workshop, days=[day])
        make_participant(workshop, days=[workshop.days.last()])
        cancel(participant=make_participant(workshop, days=[day]), by=PARTICIPANT)
        seats_of(workshop, "56", capacity=0)
        waits = make_participant(workshop, "56", days=[day])
        make_participant(make_workshop())
        assert waits.state == "waitlisted"
        assert left(day) == ([comes.email], [], [])

    def test_a_track_has_those_who_chose_it_and_come_on_its_day(self, workshop, day):
        first, second = tracks_of(workshop)
        chose = make_participant(workshop, tracks=[first])
        make_participant(workshop, tracks=[second])
        stays_away = make_participant(workshop, tracks=[first])
        stays_away.days.remove(day)
        assert left(day, first) == ([chose.email], [], [])

    def test_who_came_since_is_to_be_added(self, workshop, day):
        make_participant(workshop)
        done(day)
        assert left(day) == ([], [], [])
        late = make_participant(workshop)
        assert left(day) == ([late.email], [], [])

    def test_another_meeting_has_a_ledger_of_its_own(self, workshop, day):
        track = tracks_of(workshop)[0]
        person = make_participant(workshop, tracks=[track])
        done(day)
        assert left(workshop.days.last()) == left(day, track) == ([person.email], [], [])

    def test_who_changes_their_address_is_changed(self, workshop, day):
        person = make_participant(workshop, title="นาย", first_name="สมมุติ", email="old@example.org")
        done(day)
        Participant.objects.filter(pk=person.pk).update(email="changed@example.org")
        assert left(day) == ([], [], [("old@example.org", "changed@example.org", "น่าน พช. นายสมมุติ")])
        done(day, DeedKind.CHANGE)
        assert left(day) == ([], [], [])

    def test_who_cancels_is_removed_and_who_comes_back_is_added_again(self, workshop, day):
        first = make_participant(workshop, email="back@example.org")
        done(day)
        cancel(participant=first, by=PARTICIPANT)
        assert left(day) == ([], ["back@example.org"], [])
        done(day, DeedKind.REMOVE)
        assert left(day) == ([], [], [])
        make_participant(workshop, email="back@example.org")
        assert left(day) == (["back@example.org"], [], [])

    def test_who_comes_back_before_they_were_removed_stays(self, workshop, day):
        known = {"email": "back@example.org", "first_name": "สมมุติ"}
        first = make_participant(workshop, **known)
        done(day)
        cancel(participant=first, by=PARTICIPANT)
        make_participant(workshop, **known)
        assert left(day) == ([], [], [])

    def test_who_switches_the_track_and_back(self, workshop, day):
        first, second = tracks_of(workshop)
        person = make_participant(workshop, tracks=[first])
        done(day, track=first)
        person.choices.update(track=second)
        assert (left(day, first), left(day, second)) == (([], [person.email], []), ([person.email], [], []))
        person.choices.update(track=first)
        assert (left(day, first), left(day, second)) == (([], [], []), ([], [], []))

    def test_who_drops_the_day_is_removed(self, workshop, day):
        person = make_participant(workshop)
        done(day)
        person.days.remove(day)
        assert left(day) == ([], [person.email], [])

    def test_downloading_says_nothing_about_zoom(self, workshop, day):
        person = make_participant(workshop)
        take_list(meeting=meeting_on(day), kind=DeedKind.ADD, by=SYSTEM)
        assert left(day) == ([person.email], [], [])

    def test_the_same_list_taken_twice_is_one_file(self, workshop, day):
        make_participant(workshop)
        first, again = (take_list(meeting=meeting_on(day), kind=DeedKind.ADD, by=SYSTEM) for _i in range(2))
        assert first == again
        make_participant(workshop)
        assert take_list(meeting=meeting_on(day), kind=DeedKind.ADD, by=SYSTEM) != first

    def test_an_empty_list_is_no_file(self, workshop, day):
        assert take_list(meeting=meeting_on(day), kind=DeedKind.ADD, by=SYSTEM) is None
        assert ZoomFile.objects.count() == 0

    def test_a_mark_is_set_once_and_taken_back_once(self, workshop, day):
        person = make_participant(workshop)
        file = take_list(meeting=meeting_on(day), kind=DeedKind.ADD, by=SYSTEM)
        assert [mark_done(file=file, by=SYSTEM), mark_done(file=file, by=SYSTEM)] == [True, False]
        assert left(day) == ([], [], [])
        assert [take_back(file=file, by=SYSTEM), take_back(file=file, by=SYSTEM)] == [True, False]
        assert left(day) == ([person.email], [], [])

    def test_a_name_that_nobody_kept_is_not_called_changed(self, workshop, day):
        make_participant(workshop)
        file = done(day)
        file.lines.update(first_name="", last_name="")
        assert left(day) == ([], [], [])

    def test_all_lists_to_import_at_once(self, workshop, day):
        make_participant(workshop, tracks=tracks_of(workshop)[:1])
        taken = take_all(workshop=workshop, meetings=meetings_of(workshop), by=SYSTEM)
        assert [meeting.key for meeting, _file in taken] == [
            one.key for one in meetings_of(workshop) if one.track is None or one.track.number == 1
        ]

    @pytest.mark.parametrize("people", [1, 9])
    def test_the_ledgers_cost_the_same_queries_for_one_and_for_nine(self, workshop, day, people, django_assert_num_queries):
        for _i in range(people):
            make_participant(workshop, tracks=tracks_of(workshop)[:1])
            done(day)
        with django_assert_num_queries(10):  # days, items, tracks, names, people, their days, their tracks, files, lines, webinars
            ledgers_of(workshop)


def registrants(file):
    return [Registrant(email, name) for email, name in people_in(file).items()]


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
        (file,) = registrant_files(registrants(done(day)))
        found = lines(file)
        assert {email: (first, last) for email, first, last in found} == expected
        assert len(found) == len({email.casefold() for email, _first, _last in found}) == len(expected)
        assert len(file) < 2_000_000

    def test_no_two_people_of_a_day_have_one_name(self, workshop, day):
        for last_name in ("ใจดี", "กล้าหาญ", "กล้าแข็ง", "เจริญ"):
            make_participant(workshop, title="นาย", first_name="สมชาย", last_name=last_name)
        names = [(first, last) for _email, first, last in lines(next(registrant_files(registrants(done(day)))))]
        assert len(set(names)) == len(names) == 4

    def test_who_takes_them_is_written_into_the_audit_trail_with_the_meeting(self, workshop, day):
        track = tracks_of(workshop)[0]
        make_participant(workshop, tracks=[track])
        staff = Actor("staff", User.objects.create_user("staff"))
        done(day, by=staff)
        done(day, track=track, by=staff)
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


def page_of(workshop, rest=""):
    return f"/en/admin/registration/participant/zoom/{workshop.slug}/{rest}"


def take(client, day, kind="add", track=None):
    return client.post(page_of(day.workshop, "list/"), {"meeting": meeting_on(day, track).key, "kind": kind})


class TestPages:
    def test_each_meeting_stands_there_with_its_numbers(self, staff, workshop, day):
        make_participant(workshop, tracks=tracks_of(workshop)[:1], days=[day])
        ledgers = staff.get(page_of(workshop)).context["ledgers"]
        numbers = [
            (one.meeting.day.date.day, one.meeting.track and one.meeting.track.number, one.expected, len(one.left.add)) for one in ledgers
        ]
        assert numbers == [(18, None, 1, 1), (18, 1, 1, 1), (18, 2, 0, 0), (25, None, 0, 0)]

    def test_a_cancelled_day_is_not_offered(self, staff, workshop, day):
        make_participant(workshop)
        key = meeting_on(day).key
        WorkshopDay.objects.filter(pk=day.pk).update(is_cancelled=True)
        assert [one.meeting.day for one in staff.get(page_of(workshop)).context["ledgers"]] == [workshop.days.last()]
        assert staff.post(page_of(workshop, "list/"), {"meeting": key, "kind": "add"}).status_code == 404

    def test_the_file_of_a_day_comes_with_a_name_that_says_so(self, staff, workshop, day):
        person = make_participant(workshop, title="นาย", first_name="สมมุติ")
        response = take(staff, day)
        assert response.headers["Content-Disposition"] == f'attachment; filename="zoom-{workshop.slug}-2027-02-18-add.csv"'
        assert lines(response.content) == [(person.email, "น่าน พช.", "นายสมมุติ")]

    def test_the_file_of_a_track_holds_the_people_of_the_track(self, staff, workshop, day):
        first, second = tracks_of(workshop)
        person = make_participant(workshop, tracks=[first])
        make_participant(workshop, tracks=[second])
        response = take(staff, day, track=first)
        assert response.headers["Content-Disposition"] == f'attachment; filename="zoom-{workshop.slug}-2027-02-18-1000-track-1-add.csv"'
        assert [line[0] for line in lines(response.content)] == [person.email]

    def test_a_list_that_became_empty_is_told(self, staff, workshop, day):
        person = make_participant(workshop)
        cancel(participant=person, by=PARTICIPANT)
        response = staff.post(page_of(workshop, "list/"), {"meeting": meeting_on(day).key, "kind": "add"}, follow=True)
        assert [str(message) for message in response.context["messages"]] == ["This list is empty by now."]

    def test_a_past_file_is_had_again_with_the_same_bytes(self, staff, workshop, day):
        person = make_participant(workshop)
        first = take(staff, day)
        staff.post(f"/en/admin/registration/participant/zoom/file/{ZoomFile.objects.get().pk}/mark/")
        Participant.objects.filter(pk=person.pk).update(first_name="อื่น")
        make_participant(workshop)
        again = staff.get(f"/en/admin/registration/participant/zoom/file/{ZoomFile.objects.get().pk}/")
        assert again.content == first.content

    def test_the_mark_is_set_and_taken_back_on_the_page(self, staff, workshop, day):
        person = make_participant(workshop)
        take(staff, day)
        mark = f"/en/admin/registration/participant/zoom/file/{ZoomFile.objects.get().pk}/mark/"
        staff.post(mark)
        assert left(day) == ([], [], [])
        staff.post(mark, {"undo": "1"})
        assert left(day) == ([person.email], [], [])

    def test_addresses_to_remove_come_as_text(self, staff, workshop, day):
        person = make_participant(workshop)
        done(day)
        cancel(participant=person, by=PARTICIPANT)
        response = take(staff, day, "remove")
        assert (response.content.decode(), response.headers["Content-Type"]) == (f"{person.email}\r\n", "text/plain; charset=utf-8")

    def test_a_change_comes_with_what_to_remove_and_what_to_import(self, staff, workshop, day):
        person = make_participant(workshop, email="old@example.org")
        done(day)
        Participant.objects.filter(pk=person.pk).update(email="new@example.org")
        with ZipFile(BytesIO(take(staff, day, "change").content)) as archive:
            name = f"zoom-{workshop.slug}-2027-02-18"
            assert archive.namelist() == [f"{name}-remove.txt", f"{name}-change.csv"]
            assert archive.read(archive.namelist()[0]) == b"old@example.org\r\n"
            assert [line[0] for line in lines(archive.read(archive.namelist()[1]))] == ["new@example.org"]

    def test_several_files_come_in_an_archive(self, staff, workshop, day, monkeypatch):
        monkeypatch.setattr("registration.office.zoom.registrant_files", lambda people: registrant_files(people, 150))
        for _i in range(2):
            make_participant(workshop)
        response = take(staff, day)
        assert response.headers["Content-Disposition"] == f'attachment; filename="zoom-{workshop.slug}-2027-02-18.zip"'
        with ZipFile(BytesIO(response.content)) as archive:
            assert archive.namelist() == [f"zoom-{workshop.slug}-2027-02-18-add-{number}.csv" for number in (1, 2)]
            assert [len(lines(archive.read(name))) for name in archive.namelist()] == [1, 1]

    def test_all_meetings_come_as_one_zip(self, staff, workshop, day):
        make_participant(workshop, tracks=tracks_of(workshop)[:1])
        with ZipFile(BytesIO(staff.post(page_of(workshop, "all/")).content)) as archive:
            assert len(archive.namelist()) == 3

    def test_people_whose_mail_is_passed_on_stand_apart(self, staff, workshop, day):
        for name in ("หนึ่ง", "สอง"):
            make_participant(workshop, first_name=name, email="office@example.org", by_contact=True)
        own = make_participant(workshop, first_name="สาม", email="office@example.org")
        page = staff.get(page_of(workshop))
        left = page.context["chosen"].left
        assert ([person.name[1] for person in left.apart], [person.key for person in left.add]) == (["นายสอง", "นายหนึ่ง"], [own.pk])
        assert "Without a mailbox of their own" in page.content.decode()

    @pytest.mark.parametrize("meeting", ["track-0", "nonsense", "day-99999999999999999999", ""])
    def test_a_meeting_of_another_workshop_or_none_at_all_is_not_found(self, staff, workshop, day, meeting):
        make_participant(workshop)
        assert staff.post(page_of(workshop, "list/"), {"meeting": meeting, "kind": "add"}).status_code == 404
        other = f"track-{tracks_of(make_workshop())[0].pk}"
        assert staff.post(page_of(workshop, "list/"), {"meeting": other, "kind": "add"}).status_code == 404
        assert staff.post(page_of(workshop, "list/"), {"meeting": meeting_on(day).key, "kind": "x"}).status_code == 404
        assert ZoomFile.objects.count() == 0

    def test_a_link_to_the_file_takes_nothing(self, staff, workshop, day):
        make_participant(workshop)
        assert staff.get(page_of(workshop, "list/")).status_code == 405
        assert ZoomFile.objects.count() == 0

    def test_who_may_only_see_people_is_refused(self, client, workshop, day):
        user = User.objects.create_user("reader", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_participant"))
        client.force_login(user)
        assert [client.get(page_of(workshop)).status_code, take(client, day).status_code] == [403, 403]
        assert ZoomFile.objects.count() == 0


class TestTheOtherWay:
    """Where the portal gives the meeting's link, nobody is taken to Zoom."""

    @pytest.fixture
    def workshop(self, db):
        return make_workshop()

    def test_the_page_says_so_and_offers_nothing(self, staff, workshop, day):
        make_participant(workshop)
        page = staff.get(page_of(workshop)).content.decode()
        assert "the portal gives the meeting’s link" in page
        assert ("zoom/" + workshop.slug + "/list/" in page, "zoom/" + workshop.slug + "/all/" in page) == (False, False)

    def test_no_list_is_given_out(self, staff, workshop, day):
        make_participant(workshop)
        assert (take(staff, day).status_code, staff.post(page_of(workshop, "all/")).status_code) == (302, 302)
        assert ZoomFile.objects.count() == 0

    def test_what_was_done_before_stays_to_be_seen(self, staff, workshop, day):
        make_participant(workshop)
        done(day)
        assert staff.get(page_of(workshop)).context["has_ledger"]

    def test_the_menu_leads_to_the_way_of_the_workshop(self, staff, workshop):
        zoom = make_workshop(links_by="zoom")
        address = "/en/admin/registration/participant/?workshop="
        assert page_of(workshop) not in staff.get(address + workshop.slug).content.decode()
        assert page_of(zoom) in staff.get(address + zoom.slug).content.decode()
