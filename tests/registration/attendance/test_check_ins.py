"""Checking people in at the door: who may come in, once, as early as anybody noted it, and what it counts as."""

import datetime as dt

import pytest
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.attendance.actions import entries, objections
from registration.attendance.actions.check_ins import check_in, take_back
from registration.attendance.check_in import CheckInOutcome, code_in, stay_of
from registration.attendance.figures import by_day, counted_days
from registration.attendance.own import own_attendance
from registration.choices import State
from registration.models import Attendance, AuditEvent, CheckIn, Event, Participant
from registration.privacy.actions.anonymisation import anonymise
from registration.privacy.own_data import sections
from sessions.models import WorkshopDay
from tests.factories import make_participant, make_workshop
from tests.registration.attendance import report_files as files
from tests.registration.attendance.report_files import Somebody
from tests.registration.attendance.test_report_actions import applied

pytestmark = pytest.mark.django_db
STAFF = Actor(ActorKind.STAFF)
Outcome = CheckInOutcome


@pytest.fixture
def workshop():
    """Its first day, 18 February 2027, has a room and goes from 9 to 11."""
    workshop = make_workshop(title_th=files.TOPIC)
    workshop.days.filter(pk=workshop.days.first().pk).update(room_th="ห้องประชุม ๕๑๑")
    return workshop


@pytest.fixture
def day(workshop):
    return WorkshopDay.objects.with_hours().select_related("workshop").filter(workshop=workshop).first()


@pytest.fixture
def person(workshop):
    return make_participant(workshop, email="nan@example.org")


def at(hour: int, minute: int = 0, day: int = 18) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2027, 2, day, hour, minute))


def came(day, person, when=None, **more):
    code = person if isinstance(person, str) else person.code
    return check_in(day=day, code=code, people=Participant.objects.known(), by=STAFF, at=when or at(8, 50), **more)


def outcome(day, person, when=None, **more) -> str:
    return came(day, person, when, **more).outcome


def minutes(person, day) -> tuple[int, str] | None:
    return Attendance.objects.filter(participant=person, day=day, track=None).values_list("minutes", "source").first()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("abc-d23f", ""), ("2345 67a", "234567A"), ("๒๓๔๕๖๗a", "234567A"), ("2345678B", ""), ("https://example.org/", ""), ("", "")],
)
def test_a_code_is_understood_however_it_is_spaced_and_else_not(typed, code):
    assert code_in(typed) == code


def test_who_is_checked_in_is_there_from_the_beginning_and_a_second_time_changes_nothing(day, person):
    assert outcome(day, person) == Outcome.CHECKED_IN
    assert minutes(person, day) == (120, "check_in")
    again = came(day, person, at(9, 40))
    assert (again.outcome, again.at) == (Outcome.ALREADY, at(8, 50))
    assert CheckIn.objects.get().at == at(8, 50)
    assert list(Event.objects.filter(participant=person).values_list("verb", flat=True))[-1] == "checked_in"
    assert AuditEvent.objects.filter(what="checked_in", participant_key=person.pk).count() == 1


def test_of_several_phones_the_earliest_time_stays(day, person):
    came(day, person, at(10), received_at=at(10))
    late = came(day, person, at(9, 45), received_at=at(10, 30))
    assert (late.outcome, late.at) == (Outcome.ALREADY, at(9, 45))
    assert minutes(person, day) == (75, "check_in")


@pytest.mark.parametrize(
    ("arrives", "expected"),
    [(at(7), 120), (at(9, 30), 120), (at(9, 31), 89), (at(10, 59), 1)],
)
def test_half_an_hour_in_the_line_costs_nobody_a_minute(day, person, arrives, expected):
    came(day, person, arrives)
    assert minutes(person, day) == (expected, "check_in")


def test_nobody_was_there_after_the_end(day):
    assert stay_of(day, at(23)) == (at(11), at(11))


@pytest.mark.parametrize("when", [at(23, 59, 17), at(11), at(9, 0, 19)])
def test_before_and_after_the_day_the_door_is_closed(day, person, when):
    assert outcome(day, person, when) == Outcome.NOT_TODAY
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.PENDING, Outcome.PENDING),
        (State.APPLIED, Outcome.PENDING),
        (State.WAITLISTED, Outcome.RESERVE),
        (State.OFFERED, Outcome.RESERVE),
        (State.DECLINED, Outcome.DECLINED),
        (State.CANCELLED, Outcome.CANCELLED),
    ],
)
def test_without_a_sure_seat_nobody_is_checked_in_silently(day, person, state, expected):
    Participant.objects.filter(pk=person.pk).update(state=state)
    assert outcome(day, person) == expected
    assert minutes(person, day) is None
    waived = expected in (Outcome.PENDING, Outcome.RESERVE)
    assert outcome(day, person, all_the_same=True) == (Outcome.CHECKED_IN if waived else expected)
    if waived:
        assert Event.objects.latest("pk").details == {"day": "2027-02-18", "waived": expected}


def test_another_day_another_workshop_and_a_code_of_nobody_are_told_apart(workshop, day, person):
    person.days.remove(day)
    other = make_participant(make_workshop())
    assert [outcome(day, one) for one in (person, other, "2345678", "nonsense \x00")] == [
        Outcome.OTHER_DAY, Outcome.OTHER_WORKSHOP, Outcome.UNKNOWN, Outcome.UNKNOWN,
    ]  # fmt: skip
    assert outcome(day, person, all_the_same=True) == Outcome.CHECKED_IN
    assert outcome(day, other, all_the_same=True) == Outcome.OTHER_WORKSHOP


def test_a_slip_is_taken_back_and_a_phone_that_sends_late_does_not_bring_it_back(day, person):
    came(day, person, at(9))
    assert take_back(day=day, person=person, by=STAFF, at=at(9, 5))
    assert not take_back(day=day, person=person, by=STAFF, at=at(9, 6))
    assert minutes(person, day) is None
    assert outcome(day, person, at(9), received_at=at(9, 20)) == Outcome.TAKEN_BACK
    assert outcome(day, person, at(9, 25)) == Outcome.CHECKED_IN
    assert minutes(person, day) == (120, "check_in")


def test_whose_attendance_is_not_used_comes_in_and_nothing_is_kept(day, person):
    objections.stop_using(participant=person, by=STAFF)
    assert outcome(day, person) == Outcome.STOPPED
    assert not CheckIn.objects.exists()


def test_what_staff_enter_stands_before_the_door(day, person):
    came(day, person, at(10))
    entries.enter_minutes(participant=person, day=day, minutes=15, reason="ออกก่อน", by=STAFF)
    came(day, person, at(9))
    assert minutes(person, day) == (15, "hand")
    entries.remove_entry(participant=person, day=day, by=STAFF)
    assert minutes(person, day) == (120, "check_in")


def test_a_report_of_the_same_day_and_the_door_count_no_minute_twice(workshop, day):
    both = make_participant(workshop, email="both@example.org")
    door = make_participant(workshop, email="door@example.org")
    came(day, both, at(10))
    came(day, door, at(10))
    applied(workshop, files.webinar_rows(people=[Somebody("นายสองทาง", "both@example.org", [("09:30", "10:30")])], other=False))
    assert minutes(both, day) == (90, "report")
    assert minutes(door, day) == (60, "check_in")
    assert day.pk in counted_days(workshop, at(9))


def test_a_day_without_a_meeting_is_counted_by_its_door_when_it_is_over(workshop, day, person):
    came(day, person)
    assert (counted_days(workshop, at(10)), counted_days(workshop, at(11))) == (set(), {day.pk})
    WorkshopDay.objects.filter(pk=day.pk).update(join_url="https://zoom.example.org/j/1")
    assert counted_days(workshop, at(11)) == set()  # who came by Zoom is not known before its report
    assert by_day(workshop)[day.pk].came == 1


def test_a_person_reads_when_they_came_and_their_minutes_once_the_day_is_over(day, person):
    came(day, person, at(9, 12))
    during, after = (own_attendance(person, when).days[0] for when in (at(10), at(11)))
    assert (during.minutes, during.came_at) == (None, at(9, 12))
    assert (after.minutes, after.source) == (120, "check_in")


def test_what_is_held_about_a_person_names_it_and_it_goes_with_the_names(workshop, day, person):
    came(day, person)
    held = next(section for section in sections(person) if section.key == "checked_in")
    assert len(held.entries) == 1
    anonymise(workshop=workshop, by=STAFF)
    assert not CheckIn.objects.exists()
    assert Attendance.objects.get().minutes == 120
