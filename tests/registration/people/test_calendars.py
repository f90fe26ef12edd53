"""The calendar of one person through everything that happens to them, and every file as a second program reads it."""

import datetime as dt

import pytest
import vobject
from icalendar import Calendar

from registration.actor import PARTICIPANT, SYSTEM
from registration.links import signed
from registration.mail import compose
from registration.models import Delivery, Participant
from registration.people.actions.details import change_details
from registration.people.applications import Person
from registration.people.calendars import personal_calendar
from registration.seats.actions.moves import cancel, decline, put_back
from sessions import changes, ical
from sessions.models import AgendaItem, WorkshopDay
from tests.factories import NOON, make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

#: More than one line of a calendar file, with everything that such a file has to escape.
LONG = "การประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนเชิงพื้นที่, ครั้งพิเศษ; กรุงเทพฯ\\น่าน"


def as_now(participant):
    return Participant.objects.with_choices().get(pk=participant.pk)


def states(participant, **options):
    """What each event of their calendar says: which it is, how new, and whether it takes place."""
    events = Calendar.from_ical(personal_calendar(as_now(participant), NOON, **options)).events
    return [(str(event["uid"]), event["sequence"], str(event["status"])) for event in events]


def sequences(participant):
    return [sequence for _uid, sequence, _status in states(participant)]


def drop_first_day(participant):
    person = Person(**{name: getattr(participant, name) for name in Person.__dataclass_fields__})
    change_details(participant=participant, person=person, days=list(participant.days.all())[1:], tracks=[], by=PARTICIPANT, at=NOON)


class TestSequence:
    def test_a_cancelled_persons_events_are_newer_than_those_that_they_have(self):
        participant = make_participant(make_workshop())
        before = states(participant)
        cancel(participant=participant, by=PARTICIPANT, at=NOON)
        assert states(participant) == [(uid, sequence + 1, "CANCELLED") for uid, sequence, _confirmed in before]

    def test_it_grows_with_every_turn_and_never_falls(self):
        participant = make_participant(make_workshop())
        seen = [sequences(participant)]
        for turn in (
            lambda: decline(participant=as_now(participant), reason="", by=SYSTEM, at=NOON),
            lambda: put_back(participant=as_now(participant), by=SYSTEM, at=NOON),
            lambda: self.move_the_agenda(participant.workshop),
            lambda: cancel(participant=as_now(participant), by=PARTICIPANT, at=NOON),
        ):
            turn()
            seen.append(sequences(participant))
        first = [numbers[0] for numbers in seen]
        assert first == sorted(set(first))

    def move_the_agenda(self, workshop):
        changes.after_change(workshop, at=NOON)  # which only notes how it is
        AgendaItem.objects.filter(day__workshop=workshop).update(title_th="อื่น")
        changes.after_change(workshop, at=NOON)

    def test_the_feed_and_the_file_say_the_same(self):
        participant = make_participant(make_workshop())
        cancel(participant=participant, by=PARTICIPANT, at=NOON)
        assert states(participant, is_feed=True) == states(participant)

    def test_whoever_registers_again_gets_the_same_events_and_newer_ones(self):
        workshop = make_workshop()
        first = make_participant(workshop, email="same@example.org")
        cancel(participant=first, by=PARTICIPANT, at=NOON)
        second = make_participant(workshop, email="same@example.org")
        assert states(second) == [(uid, sequence + 1, "CONFIRMED") for uid, sequence, _cancelled in states(first)]

    def test_the_history_of_others_counts_for_nobody(self):
        workshop = make_workshop()
        cancel(participant=make_participant(workshop), by=PARTICIPANT, at=NOON)
        cancel(participant=make_participant(make_workshop(), email="same@example.org"), by=PARTICIPANT, at=NOON)
        assert set(sequences(make_participant(workshop, email="same@example.org"))) == {1}

    def test_the_days_of_both_calendars_are_one_event_each(self):
        workshop = make_workshop(days=4)
        public = Calendar.from_ical(ical.programme_calendar(workshop, language="th", url="https://portal.example.org/")).events
        own = Calendar.from_ical(personal_calendar(make_participant(workshop), NOON)).events
        assert len(public + own) == 8
        assert len({str(event["uid"]) for event in public + own}) == 4


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("confirmed", "CONFIRMED"),
        ("pending", "TENTATIVE"),
        ("offered", "TENTATIVE"),
        ("waitlisted", "TENTATIVE"),
        ("declined", "CANCELLED"),
        ("cancelled", "CANCELLED"),
    ],
)
def test_an_event_says_how_sure_it_is(state, status):
    participant = make_participant(make_workshop())
    Participant.objects.update(state=state)
    assert [said for _uid, _sequence, said in states(participant)] == [status, status]


class TestDroppedDays:
    def test_the_mail_about_it_strikes_the_dropped_day_out(self):
        participant = make_participant(make_workshop())
        drop_first_day(participant)
        (file,) = compose.compose(Delivery.objects.get(message="changed"), at=NOON).attachments
        events = Calendar.from_ical(file.get_payload(decode=True)).events
        assert [str(event["status"]) for event in events] == ["CANCELLED", "CONFIRMED"]

    def test_a_day_that_was_chosen_again_before_the_mail_went_out_stays(self):
        participant = make_participant(make_workshop())
        drop_first_day(participant)
        participant.days.set(participant.workshop.days.all())
        (file,) = compose.compose(Delivery.objects.get(message="changed"), at=NOON).attachments
        assert {str(event["status"]) for event in Calendar.from_ical(file.get_payload(decode=True)).events} == {"CONFIRMED"}

    def test_otherwise_it_is_no_longer_in_their_calendar(self):
        participant = make_participant(make_workshop())
        drop_first_day(participant)
        assert len(states(participant)) == 1


class TestSecondReader:
    """`vobject` shares no line of code with the library that writes the files."""

    @pytest.fixture
    def participant(self):
        workshop = make_workshop(title_th=LONG, title_en=LONG)
        WorkshopDay.objects.update(title_th="ภัยพิบัติ", join_url="https://zoom.example.org/j/1?pwd=a&b=c")
        return as_now(make_participant(workshop, tracks=tracks_of(workshop)[:1]))

    def files(self, participant):
        """Every kind of calendar file that the portal hands out, by a name for it."""
        opens_at = participant.days.first().join_link_opens_at()
        made = {
            "public": ical.programme_calendar(participant.workshop, language="th", url="https://portal.example.org/"),
            "early": personal_calendar(participant, NOON),
            "open": personal_calendar(participant, opens_at),
            "feed": personal_calendar(participant, opens_at, is_feed=True),
        }
        cancel(participant=participant, by=PARTICIPANT, at=NOON)
        return made | {"cancelled": personal_calendar(as_now(participant), NOON)}

    @pytest.mark.parametrize("language", ["th", "en"])
    def test_every_file_is_valid_and_every_event_complete(self, participant, language):
        participant.language = language
        for name, file in self.files(participant).items():
            calendar = vobject.readOne(file.decode())
            assert calendar.validate(raiseException=True), name
            uids = [event.uid.value for event in calendar.vevent_list]
            assert len(set(uids)) == len(uids) == 2, name
            assert (calendar.version.value, calendar.method.value) == ("2.0", "PUBLISH"), name

    def test_it_reads_bangkoks_hours_and_the_words_as_they_were_written(self, participant):
        for name, file in self.files(participant).items():
            event = vobject.readOne(file.decode()).vevent
            assert event.dtstart.value.astimezone(dt.UTC) == dt.datetime(2027, 2, 18, 2, 0, tzinfo=dt.UTC), name
            assert event.dtstart.value.utcoffset() == dt.timedelta(hours=7), name
            assert event.summary.value.removeprefix("ยกเลิก: ") == f"{LONG} ครั้งที่ ๑ – ภัยพิบัติ", name

    def test_no_line_is_longer_than_75_octets_and_every_one_ends_with_cr_lf(self, participant):
        for name, file in self.files(participant).items():
            lines = file.removesuffix(b"\r\n").split(b"\r\n")
            assert 73 <= max(map(len, lines)) <= 75, name  # they are folded, between two letters
            assert {b"\n" in line or b"\r" in line for line in lines} == {False}, name
            assert [line.decode() for line in lines][-1] == "END:VCALENDAR", name  # no letter is cut in two

    def test_a_day_without_hours_is_valid_too(self):
        participant = make_participant(make_workshop(tracks=0))
        AgendaItem.objects.all().delete()
        calendar = vobject.readOne(personal_calendar(as_now(participant), NOON).decode())
        assert calendar.validate(raiseException=True)
        assert calendar.vevent.dtstart.value == dt.date(2027, 2, 18)


def test_a_file_leads_to_their_own_page_and_a_feed_which_others_servers_read_does_not():
    participant = as_now(make_participant(make_workshop()))
    led_to = [
        {str(event["url"]) for event in Calendar.from_ical(personal_calendar(participant, NOON, is_feed=is_feed)).events}
        for is_feed in (False, True)
    ]
    assert led_to[1] == {signed.workshop_url(participant)}
    assert [participant.code in url for url in led_to[0]] == [True]
