"""A report from its upload to its end, in the database: nothing counts before it is applied, and taking it back leaves nothing."""

import datetime as dt
import random
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registration.actor import Actor, ActorKind
from registration.attendance.actions import entries, reports, verdicts
from registration.attendance.actions import settings as reports_settings
from registration.models import Attendance, AttendanceReport, AttendanceSettings, ReportFile, ReportRow, Sighting, ZoomHandover
from registration.people.display_names import zoom_names_in
from sessions.models import AgendaItem
from sessions.schedule import BANGKOK
from tests.effort import effort
from tests.factories import make_participant, make_workshop, tracks_of
from tests.registration.attendance import report_files as files
from tests.registration.attendance.report_files import Somebody

STAFF = Actor(ActorKind.STAFF)


@pytest.fixture
def workshop(db):
    """Its first day is 18 February 2027, 09:00 to 12:00."""
    workshop = make_workshop(title_th=files.TOPIC)
    AgendaItem.objects.create(day=workshop.days.first(), starts_at=dt.time(11), ends_at=dt.time(12), kind="wrap_up", title_th="สรุป")
    return workshop


@pytest.fixture
def day(workshop):
    return workshop.days.first()


@pytest.fixture
def people(workshop, day):
    """Those of the files, registered and handed over for the day."""
    found = []
    for somebody in files.PEOPLE:
        person = make_participant(workshop, email=somebody.email)
        ZoomHandover.objects.create(participant=person, email=person.email, day=day, at=person.registered_at)
        found.append(person)
    return found


def given_file(workshop, rows, name="report.csv"):
    report, _new = reports.take_in(workshop=workshop, name=name, data=files.csv_file(rows), by=STAFF)
    assert reports.work(report_id=report.pk)
    report.refresh_from_db()
    return report


def applied(workshop, rows, name="report.csv", said=None):
    report = given_file(workshop, rows, name)
    if said:
        reports.answer(report=report, said=said, by=STAFF)
        reports.work(report_id=report.pk)
    reports.apply(report=report, by=STAFF)
    assert reports.work(report_id=report.pk)
    report.refresh_from_db()
    return report


def taken_back(report):
    reports.take_back(report=report, by=STAFF)
    assert reports.work(report_id=report.pk)


def minutes(day, track=None):
    return dict(Attendance.objects.filter(day=day, track=track).values_list("participant__email", "minutes"))


class TestReading:
    def test_what_was_understood_is_told(self, workshop, day, people):
        report = given_file(workshop, files.webinar_rows())
        assert (report.state, report.kind, report.day, report.track, report.questions) == ("read", "zoom_webinar", day, None, [])
        assert (report.people, report.hosts, report.no_shows, report.known_share) == (5, 2, 1, 1.0)
        assert report.reasons == ["date", "topic", "people"]
        hours = [moment.astimezone(BANGKOK).strftime("%H.%M") for moment in (report.first_joined_at, report.last_left_at)]
        assert hours == ["08.41", "12.19"]

    def test_nothing_counts_before_it_is_applied(self, workshop, day, people):
        given_file(workshop, files.webinar_rows())
        assert minutes(day) == {}

    def test_who_is_known_and_who_is_to_be_decided(self, workshop, day, people):
        given_file(workshop, files.webinar_rows())
        found = dict(Sighting.objects.values_list("key", "verdict"))
        assert found == dict.fromkeys(files.EXPECTED, "address") | {
            "host@example.org": "staff", "speaker@example.org": "staff", "name:66812345678": "open",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("rows", "refusal"), [(files.short_poll_rows(), "poll"), ([["ก", "ข"]], "unknown"), (files.flat_rows()[:1], "nobody")]
    )
    def test_a_file_without_people_is_refused_with_its_reason(self, workshop, rows, refusal):
        report = given_file(workshop, rows)
        assert (report.state, report.refusal) == ("refused", refusal)
        with pytest.raises(reports.ReportNotReady):
            reports.apply(report=report, by=STAFF)

    def test_the_same_file_again_is_the_same_report(self, workshop, day, people):
        first = applied(workshop, files.webinar_rows())
        again, is_new = reports.take_in(workshop=workshop, name="x.csv", data=files.csv_file(files.webinar_rows()), by=STAFF)
        assert (again, is_new) == (first, False)

    def test_an_open_question_keeps_it_from_counting_until_it_is_answered(self, workshop, day, people):
        late = [[cell.replace("Feb 18", "Jun 18") if isinstance(cell, str) else cell for cell in row] for row in files.webinar_rows()]
        report = given_file(workshop, late)
        assert (report.day, "room" in report.questions) == (None, True)
        with pytest.raises(reports.ReportNotReady):
            reports.apply(report=report, by=STAFF)
        reports.answer(report=report, said={"room": f"day-{day.pk}", "shift": 0}, by=STAFF)
        reports.work(report_id=report.pk)
        report.refresh_from_db()
        assert (report.day, report.questions) == (day, [])

    def test_hours_are_shifted_by_who_says_so(self, workshop, day, people):
        utc = files.webinar_rows(lambda when: files.named_month(when - dt.timedelta(hours=7)))
        report = given_file(workshop, utc)
        assert (report.day, report.shift, report.questions) == (day, 7, ["room", "shift"])
        reports.answer(report=report, said={"room": f"day-{day.pk}", "shift": 7}, by=STAFF)
        reports.work(report_id=report.pk)
        reports.apply(report=report, by=STAFF)
        reports.work(report_id=report.pk)
        assert minutes(day) == files.EXPECTED

    def test_a_tracks_report_counts_for_the_track_and_for_its_day(self, workshop, day):
        track = tracks_of(workshop)[0]
        person = make_participant(workshop, email="one@example.org", tracks=[track])
        ZoomHandover.objects.create(participant=person, email=person.email, track=track, at=person.registered_at)
        report = given_file(workshop, files.webinar_rows(people=files.PEOPLE[:1], other=False))
        reports.answer(report=report, said={"room": f"track-{track.pk}"}, by=STAFF)
        reports.work(report_id=report.pk)
        reports.apply(report=report, by=STAFF)
        reports.work(report_id=report.pk)
        assert (minutes(day, track), minutes(day)) == ({"one@example.org": 30}, {"one@example.org": 115})

    def test_what_several_workers_died_of_is_refused(self, workshop):
        report, _new = reports.take_in(workshop=workshop, name="x", data=b"x", by=STAFF)
        now = report.leased_until
        AttendanceReport.objects.update(attempts=reports.MAX_ATTEMPTS)
        assert reports.left_by_workers(now) == []
        report.refresh_from_db()
        assert (report.state, report.refusal) == ("refused", "too_much")


class TestCounting:
    def test_everybody_known_gets_their_minutes(self, workshop, day, people):
        applied(workshop, files.webinar_rows())
        assert minutes(day) == files.EXPECTED

    def test_a_break_does_not_count_unless_the_office_says_so(self, workshop, day, people):
        AgendaItem.objects.create(day=day, starts_at=dt.time(11), ends_at=dt.time(11, 15), kind="break", title_th="พัก")
        report = applied(workshop, files.webinar_rows())
        assert minutes(day)["two@example.org"] == 165
        AttendanceSettings.objects.create(workshop=workshop, counts_breaks=True)
        reports.take_back(report=report, by=STAFF)
        reports.work(report_id=report.pk)
        applied(workshop, files.webinar_rows())
        assert minutes(day)["two@example.org"] == 180

    def test_taking_a_file_back_leaves_nothing_of_it(self, workshop, day, people):
        report = applied(workshop, files.webinar_rows())
        reports.take_back(report=report, by=STAFF)
        reports.work(report_id=report.pk)
        assert (minutes(day), ReportRow.objects.count(), Sighting.objects.count(), ReportFile.objects.count()) == ({}, 0, 0, 0)
        assert applied(workshop, files.webinar_rows()).pk != report.pk, "it may be uploaded again"

    def test_a_speaker_who_is_registered_counts(self, workshop, day):
        make_participant(workshop, email=files.SPEAKER.email)
        applied(workshop, files.webinar_rows(people=files.PEOPLE[:1]))
        assert minutes(day) == {files.SPEAKER.email: 60}

    def test_a_worker_that_comes_twice_changes_nothing(self, workshop, day, people):
        report = applied(workshop, files.webinar_rows())
        assert reports.work(report_id=report.pk) is False
        AttendanceReport.objects.update(state="applying", claim="", leased_until=None)
        assert reports.work(report_id=report.pk)
        assert minutes(day) == files.EXPECTED

    @settings(max_examples=12)
    @given(st.integers(0, 2**32))
    def test_however_the_stays_are_cut_into_files_the_minutes_are_the_same(self, workshop, day, people, seed):
        chance = random.Random(seed)
        AttendanceReport.objects.all().delete()
        Attendance.objects.all().delete()
        pieces = [[], [], []]
        for somebody in files.PEOPLE:
            for stay in [*somebody.stays, *chance.sample(somebody.stays, 1)]:
                for piece in chance.sample(pieces, chance.randint(1, 3)) if stay in somebody.stays[:1] else [chance.choice(pieces)]:
                    piece.append(Somebody(somebody.name, somebody.email, [stay], somebody.first, somebody.last))
        whole = list({str(sorted(map(str, piece))): piece for piece in pieces if piece}.values())
        chance.shuffle(whole)
        made = []
        for number, piece in enumerate(whole):
            chance.shuffle(piece)
            report = given_file(workshop, files.webinar_rows(people=piece, other=False), f"{number}.csv")
            made.append(report)
            reports.answer(report=report, said={"room": f"day-{day.pk}", "shift": 0, "order": "month"}, by=STAFF)
            reports.work(report_id=report.pk)
            before = minutes(day)
            reports.apply(report=report, by=STAFF)
            reports.work(report_id=report.pk)
        after = minutes(day)
        assert after == files.EXPECTED
        reports.take_back(report=made[-1], by=STAFF)
        reports.work(report_id=made[-1].pk)
        assert minutes(day) == before


class TestTakingBack:
    """What stands there is what the files say that count now, whatever came and went before."""

    @pytest.fixture
    def pieces(self, workshop, day):
        """Three files in which devices are called alike: who was registered by that name, the first and the last say differently."""
        one, two = make_participant(workshop, first_name="สมมุติ"), make_participant(workshop, first_name="ทดสอบ")
        names = [str(zoom_names_in(workshop)[person.pk]).rsplit(" ", 1) for person in (one, two)]
        known, other = Somebody("iPhone", "", [("09:00", "09:30")], *names[0]), Somebody("iPhone", "", [("11:00", "11:20")], *names[1])
        again = Somebody("iPhone", "", [("10:00", "10:30")])
        addressed = Somebody("ใครก็ได้", two.email, [("09:00", "09:10")])
        return [
            files.webinar_rows(people=[known, addressed], other=False),
            files.flat_rows(files.us_no_seconds, people=[again]),
            files.webinar_rows(people=[other], other=False),
        ]

    @pytest.fixture
    def said(self, day):
        return {"room": f"day-{day.pk}", "order": "month", "shift": 0}

    def test_a_name_alone_is_nobody_again_once_the_file_that_knew_it_is_gone(self, workshop, day, pieces, said):
        applied(workshop, pieces[1], said=said)
        before = minutes(day), set(Sighting.objects.values_list("key", "verdict", "participant", "came_at", "connected_minutes"))
        later = applied(workshop, pieces[0], said=said)
        assert sorted(minutes(day).values()) == [10, 60], "the stay of the earlier file is known now too"
        taken_back(later)
        assert before == (minutes(day), set(Sighting.objects.values_list("key", "verdict", "participant", "came_at", "connected_minutes")))

    def test_a_file_that_does_not_count_yet_tells_nobody_apart(self, workshop, day, pieces, said):
        applied(workshop, pieces[0], said=said)
        before = minutes(day)
        given_file(workshop, pieces[2])
        reports_settings.count_anew(day_id=day.pk)
        assert minutes(day) == before

    @settings(max_examples=5)
    @given(st.lists(st.integers(0, 2), min_size=4, max_size=8))
    def test_the_same_files_always_say_the_same(self, workshop, day, pieces, said, turns):
        AttendanceReport.objects.all().delete()
        Sighting.objects.all().delete()
        Attendance.objects.all().delete()
        standing, seen = {}, {}
        for number in turns:
            if number in standing:
                taken_back(standing.pop(number))
            else:
                standing[number] = applied(workshop, pieces[number], f"{number}.csv", said)
            found = minutes(day), sorted(Sighting.objects.values_list("key", "verdict", "participant__email"))
            assert seen.setdefault(frozenset(standing), found) == found
        if {0, 2} <= standing.keys():
            assert Sighting.objects.get(key="name:iphone").verdict == "open", "two whom one name could mean"


class TestVerdicts:
    @pytest.fixture
    def phone(self, workshop, day, people):
        applied(workshop, files.webinar_rows())
        return Sighting.objects.get(verdict="open")

    def test_who_a_human_says_it_was_gets_the_minutes_at_once(self, workshop, day, people, phone):
        person = make_participant(workshop, email="new@example.org")
        verdicts.confirm(sighting=phone, participant=person, by=STAFF)
        assert minutes(day)["new@example.org"] == 30

    def test_minutes_of_a_second_device_are_united_with_the_first(self, workshop, day, people, phone):
        verdicts.confirm(sighting=phone, participant=people[3], by=STAFF)  # 11:00 to 11:30, and now 09:10 to 09:40
        assert minutes(day)["four@example.org"] == 60
        verdicts.reopen(sighting=phone, by=STAFF)
        assert minutes(day)["four@example.org"] == 30

    def test_a_room_gives_each_its_minutes_and_says_so(self, workshop, day, people, phone):
        sat = [make_participant(workshop, email=f"sat{number}@example.org") for number in range(3)]
        verdicts.seat(sighting=phone, participants=sat, by=STAFF)
        rows = Attendance.objects.filter(participant__in=sat, day=day)
        assert [(row.minutes, row.source) for row in rows] == [(30, "room")] * 3
        verdicts.seat(sighting=phone, participants=sat[:1], by=STAFF)
        assert Attendance.objects.filter(participant__in=sat, day=day).count() == 1

    @pytest.mark.parametrize("verdict", [verdicts.ignore, verdicts.keep_as_guest])
    def test_who_does_not_count_gives_nobody_minutes(self, workshop, day, people, phone, verdict):
        person = make_participant(workshop, email="new@example.org")
        verdicts.confirm(sighting=phone, participant=person, by=STAFF)
        verdict(sighting=phone, by=STAFF)
        assert minutes(day) == files.EXPECTED

    def test_what_a_human_said_stands_whatever_a_later_file_says(self, workshop, day, people):
        applied(workshop, files.webinar_rows())
        known = Sighting.objects.get(key="one@example.org")
        verdicts.ignore(sighting=known, by=STAFF)
        applied(workshop, files.webinar_rows(phone=True), "later.csv")
        known.refresh_from_db()
        assert (known.verdict, minutes(day).get("one@example.org")) == ("ignored", None)

    def test_what_a_human_left_open_stays_open(self, workshop, day, people):
        applied(workshop, files.webinar_rows())
        verdicts.reopen(sighting=Sighting.objects.get(key="one@example.org"), by=STAFF)
        later = applied(workshop, files.webinar_rows(phone=True), "later.csv")
        taken_back(later)
        assert (Sighting.objects.get(key="one@example.org").verdict, minutes(day).get("one@example.org")) == ("open", None)

    def test_suggestions_are_confirmed_many_at_once_but_only_those_still_open(self, workshop, day, people, phone):
        other = make_participant(workshop, email="new@example.org")
        Sighting.objects.filter(pk=phone.pk).update(suggested=other)
        open_ = list(Sighting.objects.filter(verdict="open").select_related("suggested", "day__workshop"))
        assert verdicts.confirm_suggested(sightings=open_, by=STAFF) == 1
        assert verdicts.confirm_suggested(sightings=open_, by=STAFF) == 0
        assert minutes(day)["new@example.org"] == 30


class TestByHand:
    def test_what_a_human_entered_stands_before_any_file_and_can_be_taken_away(self, workshop, day, people):
        entries.enter_minutes(participant=people[0], day=day, minutes=150, reason="นั่งในห้องประชุม", by=STAFF)
        applied(workshop, files.webinar_rows())
        row = Attendance.objects.get(participant=people[0], day=day, track=None)
        assert (row.minutes, row.source, row.seen_minutes) == (150, "hand", 115)
        entries.remove_entry(participant=people[0], day=day, by=STAFF)
        row.refresh_from_db()
        assert (row.minutes, row.source, row.entered_reason) == (115, "report", "")

    def test_an_entry_outlives_the_file(self, workshop, day, people):
        report = applied(workshop, files.webinar_rows())
        entries.enter_minutes(participant=people[0], day=day, minutes=150, reason="x", by=STAFF)
        reports.take_back(report=report, by=STAFF)
        reports.work(report_id=report.pk)
        assert minutes(day) == {"one@example.org": 150}

    def test_presses_within_a_minute_are_one(self, workshop, day, people):
        for seconds in (0, 59, 61):
            entries.note_press(participant=people[0], day=day, at=people[0].registered_at + dt.timedelta(seconds=seconds))
        assert people[0].join_presses.count() == 2

    def test_a_doubt_waits_for_one_answer(self, workshop, people):
        assert entries.doubt(participant=people[0], text="ดิฉันอยู่จนจบ")
        assert not entries.doubt(participant=people[0], text="อีกครั้ง")
        doubt = people[0].attendance_doubts.get()
        assert entries.settle_doubt(doubt=doubt, answer="แก้ไขแล้ว", by=STAFF)
        assert not entries.settle_doubt(doubt=doubt, answer="อีกคน", by=STAFF)
        assert entries.doubt(participant=people[0], text="อีกครั้ง")


def test_files_are_deleted_after_the_days_that_the_office_set(workshop, day, people):
    report = given_file(workshop, files.webinar_rows())
    AttendanceSettings.objects.create(workshop=workshop, file_days=5)
    assert reports.forget_files(at=report.uploaded_at + dt.timedelta(days=4)) == 0
    assert reports.forget_files(at=report.uploaded_at + dt.timedelta(days=5)) == 1
    assert ReportRow.objects.exists()


def test_a_day_of_1975_people_with_three_joins_each_is_little_work(workshop, day):
    """Read, matched and applied, as one worker does it: 3 seconds where it was measured."""
    one = make_participant(workshop)
    fields = [field.attname for field in one._meta.concrete_fields if field.attname not in ("id", "code", "submission", "email")]
    same = {name: getattr(one, name) for name in fields}
    crowd = type(one).objects.bulk_create([type(one)(**same, submission=uuid.UUID(int=n), email=f"p{n}@example.org") for n in range(1_974)])
    ZoomHandover.objects.bulk_create([ZoomHandover(participant=p, email=p.email, day=day, at=p.registered_at) for p in crowd])
    stays = [("09:00", "09:50"), ("10:00", "10:50"), ("11:00", "11:50")]
    rows = files.webinar_rows(people=[Somebody(f"คนที่ {n}", f"p{n}@example.org", stays, "ก", f"ข{n}") for n in range(1_974)])
    with effort() as spent:
        applied(workshop, rows)
    assert spent.units < 100
    assert len(minutes(day)) == 1_974 and set(minutes(day).values()) == {150}
