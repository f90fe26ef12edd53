"""Calendar files, read back as a calendar program reads them."""

import datetime as dt
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from sessions import changes, ical
from sessions.models import AgendaItem, Contact, Track, Workshop, WorkshopDay
from sessions.schedule import BANGKOK
from tests.factories import NOON, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

PAGE = "https://portal.example.org/w/sample/agenda/"


@pytest.fixture
def workshop() -> Workshop:
    """18 February 2027 from 9 to 11 with two tracks, and 25 February from 9 to 10."""
    workshop = make_workshop()
    changes.after_change(workshop, at=NOON)
    return workshop


def file_of(workshop: Workshop, **options) -> bytes:
    return ical.programme_calendar(Workshop.objects.get(pk=workshop.pk), **{"language": "th", "url": PAGE} | options)


def events_of(workshop: Workshop, **options) -> list:
    return Calendar.from_ical(file_of(workshop, **options)).walk("VEVENT")


def first_event(workshop: Workshop, **options):
    return events_of(workshop, **options)[0]


def description(workshop: Workshop, **options) -> list[str]:
    return str(first_event(workshop, **options)["description"]).split("\n")


def choice_of(workshop: Workshop, **options) -> ical.Choice:
    """Somebody's both days and second track."""
    days = {day.pk for day in workshop.days.all()}
    return ical.Choice(**{"revision": 1, "days": days, "tracks": {tracks_of(workshop)[1].pk}} | options)


def identities(workshop: Workshop, **options) -> list[tuple[str, int]]:
    return [(str(event["uid"]), event["sequence"]) for event in events_of(workshop, **options)]


def test_every_day_is_one_event_from_its_first_item_to_its_last_in_bangkok(workshop):
    hours = [(event["dtstart"].dt, event["dtend"].dt) for event in events_of(workshop)]
    assert hours == [
        (dt.datetime(2027, 2, 18, 9, tzinfo=BANGKOK), dt.datetime(2027, 2, 18, 11, tzinfo=BANGKOK)),
        (dt.datetime(2027, 2, 25, 9, tzinfo=BANGKOK), dt.datetime(2027, 2, 25, 10, tzinfo=BANGKOK)),
    ]


def test_a_calendar_elsewhere_shows_the_right_local_time(workshop):
    start = first_event(workshop)["dtstart"]
    assert start.params["TZID"] == "Asia/Bangkok"
    assert start.dt.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%H:%M") == "11:00"
    assert start.dt.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M") == "2027-02-18 02:00"


def test_the_file_brings_its_time_zone_along(workshop):
    zones = Calendar.from_ical(file_of(workshop)).walk("VTIMEZONE")
    assert [(str(zone["tzid"]), zone.to_tz().utcoffset(dt.datetime(2027, 2, 18, 9))) for zone in zones] == [
        ("Asia/Bangkok", dt.timedelta(hours=7))
    ]


def test_the_file_says_what_it_is(workshop):
    head = file_of(workshop).decode().split("BEGIN:VTIMEZONE")[0].split("\r\n")
    assert sorted(head[1:-1]) == [
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "PRODID:-//SDG workshop portal//sessions//TH",
        "VERSION:2.0",
        "X-WR-TIMEZONE:Asia/Bangkok",
    ]


def test_only_a_feed_has_a_name_and_says_when_to_look_again(workshop):
    Workshop.objects.update(short_name_th="ตัวอย่าง")
    once = set(file_of(workshop).decode().split("BEGIN:VTIMEZONE")[0].split("\r\n"))
    feed = set(file_of(workshop, is_feed=True).decode().split("BEGIN:VTIMEZONE")[0].split("\r\n"))
    assert feed - once == {"NAME:ตัวอย่าง", "X-WR-CALNAME:ตัวอย่าง", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"}
    assert once - feed == set()


def test_lines_are_short_and_ended_as_the_standard_wants(workshop):
    text = file_of(workshop)
    assert text.endswith(b"END:VCALENDAR\r\n")
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert text.decode().replace("\r\n ", "").count("SUMMARY:การประชุมตัวอย่าง") == 2


def test_an_event_tells_which_half_day_of_what_it_is(workshop):
    assert [str(event["summary"]) for event in events_of(workshop)] == ["การประชุมตัวอย่าง ครั้งที่ ๑", "การประชุมตัวอย่าง ครั้งที่ ๒"]
    assert [str(event["summary"]) for event in events_of(workshop, language="en")] == ["Sample workshop, day 1", "Sample workshop, day 2"]


def test_a_day_with_a_title_of_its_own_says_it(workshop):
    WorkshopDay.objects.update(title_th="ภัยพิบัติ")
    assert str(first_event(workshop)["summary"]) == "การประชุมตัวอย่าง ครั้งที่ ๑ – ภัยพิบัติ"


def test_the_programme_lists_every_timed_line_and_every_track(workshop):
    AgendaItem.objects.filter(kind="opening").update(speaker_th="ผู้แทน สศช.", speaker_en="Representative of NESDC")
    Track.objects.filter(number=2).update(speaker_th="ดร.สมมุติ", speaker_en="Dr Sommut", speaker_confirmed=False)
    assert description(workshop) == [
        "๐๙.๐๐ – ๑๐.๐๐ น. พิธีเปิด โดย ผู้แทน สศช.",
        "๑๐.๐๐ – ๑๑.๐๐ น. หัวข้อคู่ขนาน",
        "(๑) หัวข้อที่ 1",
        "(๒) หัวข้อที่ 2 โดย ดร.สมมุติ (รอยืนยัน)",
    ]
    assert description(workshop, language="en") == [
        "09:00–10:00 Opening – Representative of NESDC",
        "10:00–11:00 Parallel tracks",
        "(1) Track 1",
        "(2) Track 2 – Dr Sommut (to be confirmed)",
    ]


def test_an_event_is_at_the_platform_and_leads_to_the_page(workshop):
    event = first_event(workshop)
    assert (str(event["location"]), str(event["url"]), str(event["status"])) == ("Zoom Webinar", PAGE, "CONFIRMED")


def test_a_phone_shows_the_short_name_first(workshop):
    Workshop.objects.update(short_name_th="SDG Localisation", short_name_en="")
    WorkshopDay.objects.update(title_th="ภัยพิบัติ", title_en="Disasters")
    assert str(first_event(workshop)["summary"]) == "SDG Localisation ครั้งที่ ๑ – ภัยพิบัติ"
    assert str(first_event(workshop, language="en")["summary"]) == "SDG Localisation, day 1 – Disasters"


def test_half_an_hour_before_an_event_the_phone_rings(workshop):
    (alarm,) = first_event(workshop).walk("VALARM")
    assert (alarm["trigger"].dt, str(alarm["action"])) == (dt.timedelta(minutes=-30), "DISPLAY")
    assert str(alarm["description"]) == "การประชุมตัวอย่าง ครั้งที่ ๑"


def test_what_is_cancelled_or_has_no_hours_rings_no_phone(workshop):
    first, second = workshop.days.all()
    WorkshopDay.objects.filter(pk=first.pk).update(is_cancelled=True)
    second.items.all().delete()
    assert [event.walk("VALARM") for event in events_of(workshop)] == [[], []]


def test_the_office_is_the_organizer_by_the_first_contact_with_an_address(workshop, settings):
    settings.DEFAULT_FROM_EMAIL = "SDG Workshop <portal@example.org>"
    assert str(first_event(workshop)["organizer"]) == "MAILTO:portal@example.org"
    Workshop.objects.update(responsible_th='กอง "สมมุติ"')
    for position, email in enumerate(["", "office@example.org", "other@example.org"]):
        Contact.objects.create(workshop=workshop, position=position, name_th="นายสมมุติ", email=email)
    organizer = first_event(workshop)["organizer"]
    assert (str(organizer), str(organizer.params["CN"])) == ("MAILTO:office@example.org", "กอง 'สมมุติ'")


class TestGoogle:
    def query(self, workshop: Workshop, **options) -> dict[str, str]:
        day = WorkshopDay.objects.with_hours().select_related("workshop").get(date=dt.date(2027, 2, 18))
        return dict(parse_qsl(urlsplit(ical.google_url(day, 1, "th", url=PAGE)).query))

    def test_a_day_is_offered_with_its_hours(self, workshop):
        assert self.query(workshop) == {
            "action": "TEMPLATE",
            "text": "การประชุมตัวอย่าง ครั้งที่ ๑",
            "dates": "20270218T020000Z/20270218T040000Z",
            "ctz": "Asia/Bangkok",
            "details": PAGE,
            "location": "Zoom Webinar",
        }

    def test_a_day_whose_hours_are_not_known_is_offered_as_its_whole_date(self, workshop):
        AgendaItem.objects.all().delete()
        assert self.query(workshop)["dates"] == "20270218/20270219"


def test_the_language_of_the_page_stays_what_it_was(workshop):
    file_of(workshop, language="en")
    assert str(workshop) == "การประชุมตัวอย่าง"


class TestRevision:
    def test_an_event_keeps_its_identity_when_the_agenda_moves(self, workshop):
        before = [str(event["uid"]) for event in events_of(workshop)]
        AgendaItem.objects.update(title_th="อื่น")
        changes.after_change(workshop)
        assert [str(event["uid"]) for event in events_of(workshop)] == before == [str(day.uid) for day in workshop.days.all()]

    def test_its_sequence_grows_when_the_agenda_moves(self, workshop):
        moved_at = NOON + dt.timedelta(days=3)
        AgendaItem.objects.filter(kind="parallel").update(ends_at=dt.time(11, 30))
        changes.after_change(workshop, at=moved_at)
        revisions = [(event["sequence"], event["last-modified"].dt, event["dtend"].dt.strftime("%H:%M")) for event in events_of(workshop)]
        assert revisions == [(1, moved_at, "11:30"), (0, NOON, "10:00")]

    def test_the_same_programme_makes_the_same_bytes(self, workshop):
        assert file_of(workshop) == file_of(workshop)
        assert first_event(workshop)["dtstamp"].dt == NOON

    def test_a_file_made_for_somebody_is_stamped_with_its_moment(self, workshop):
        made_at = NOON + dt.timedelta(hours=2)
        assert first_event(workshop, made_at=made_at)["dtstamp"].dt == made_at

    def test_a_cancelled_day_is_struck_out_and_the_other_is_not(self, workshop):
        WorkshopDay.objects.filter(date=dt.date(2027, 2, 18)).update(is_cancelled=True)
        assert [(str(event["status"]), str(event["summary"])) for event in events_of(workshop)] == [
            ("CANCELLED", "ยกเลิก: การประชุมตัวอย่าง ครั้งที่ ๑"),
            ("CONFIRMED", "การประชุมตัวอย่าง ครั้งที่ ๒"),
        ]

    def test_a_day_whose_hours_are_not_known_takes_its_whole_date(self, workshop):
        AgendaItem.objects.all().delete()
        event = first_event(workshop)
        assert (event["dtstart"].dt, event["dtend"].dt) == (dt.date(2027, 2, 18), dt.date(2027, 2, 19))


class TestChoice:
    """What one person gets: their days, their tracks, their name, and links only when they are theirs to see."""

    def test_only_the_chosen_days_are_in_it_with_the_numbers_that_they_have_for_everybody(self, workshop):
        events = events_of(workshop, choice=choice_of(workshop, days=[workshop.days.last().pk]))
        assert [str(event["summary"]) for event in events] == ["การประชุมตัวอย่าง ครั้งที่ ๒"]

    def test_a_day_is_the_same_event_in_everybodys_file(self, workshop):
        everybodys = [uid for uid, _sequence in identities(workshop)]
        assert len(set(everybodys)) == 2
        assert [uid for uid, _sequence in identities(workshop, choice=choice_of(workshop))] == everybodys
        assert [uid for uid, _sequence in identities(workshop, choice=choice_of(workshop, revision=7, cancelled=True))] == everybodys

    def test_their_sequence_follows_the_agenda_and_their_own_changes(self, workshop):
        AgendaItem.objects.filter(kind="parallel").update(ends_at=dt.time(11, 30))
        changes.after_change(workshop, at=NOON)
        assert [sequence for _uid, sequence in identities(workshop, choice=choice_of(workshop, revision=3))] == [4, 3]
        assert [sequence for _uid, sequence in identities(workshop)] == [1, 0]

    def test_a_day_that_they_dropped_is_struck_out_and_the_other_is_not(self, workshop):
        first, second = workshop.days.all()
        events = events_of(workshop, choice=choice_of(workshop, days=[second.pk], dropped=[first.pk]))
        assert [(event["dtstart"].dt.date(), str(event["status"])) for event in events] == [
            (first.date, "CANCELLED"),
            (second.date, "CONFIRMED"),
        ]

    def test_only_the_chosen_track_is_named_and_the_name_for_the_meeting(self, workshop):
        assert description(workshop, choice=choice_of(workshop, name="น่าน พช. นายสมมุติ")) == [
            "๐๙.๐๐ – ๑๐.๐๐ น. พิธีเปิด",
            "๑๐.๐๐ – ๑๑.๐๐ น. หัวข้อคู่ขนาน",
            "(๒) หัวข้อที่ 2",
            "",
            "ชื่อที่ใช้ในการประชุม: น่าน พช. นายสมมุติ",
        ]

    def test_links_are_in_it_for_open_days_only(self, workshop):
        WorkshopDay.objects.update(join_url="https://zoom.example.org/day")
        Track.objects.filter(number=1).update(join_url="https://zoom.example.org/one")
        Track.objects.filter(number=2).update(join_url="https://zoom.example.org/two")
        one, two = tracks_of(workshop)
        links = {f"day-{workshop.days.first().pk}": "https://zoom.example.org/day", f"track-{two.pk}": "https://zoom.example.org/two"}
        links[f"track-{one.pk}"] = "https://zoom.example.org/one"
        closed, opened = choice_of(workshop), choice_of(workshop, links=links)
        assert b"zoom.example.org" not in file_of(workshop).replace(b"\r\n ", b"")
        assert b"zoom.example.org" not in file_of(workshop, choice=closed).replace(b"\r\n ", b"")
        assert [str(event["url"]) for event in events_of(workshop, choice=opened)] == ["https://zoom.example.org/day", PAGE]
        assert description(workshop, choice=opened)[-2:] == [
            "ลิงก์เข้าประชุม: https://zoom.example.org/day",
            "ลิงก์เข้าหัวข้อ (๒): https://zoom.example.org/two",
        ]
        assert b"zoom.example.org/one" not in file_of(workshop, choice=opened).replace(b"\r\n ", b"")

    def test_a_cancelled_day_gives_no_link(self, workshop):
        WorkshopDay.objects.update(join_url="https://zoom.example.org/day", is_cancelled=True)
        opened = choice_of(workshop, links={f"day-{day.pk}": day.join_url for day in workshop.days.all()})
        assert b"zoom.example.org" not in file_of(workshop, choice=opened).replace(b"\r\n ", b"")

    def test_somebody_who_no_longer_comes_has_their_days_struck_out(self, workshop):
        gone = events_of(workshop, choice=choice_of(workshop, cancelled=True))
        assert [str(event["status"]) for event in gone] == ["CANCELLED", "CANCELLED"]


class TestForeignText:
    """Texts and names from outside cannot become lines of the file."""

    EVIL = "ก\r\nATTENDEE:mailto:someone@example.org\r\nBEGIN:VALARM\nX\x0bY\u2028Z\x85\x07"

    def names(self, text: bytes) -> set[str]:
        return {line.split(":")[0].split(";")[0] for line in text.decode().replace("\r\n ", "").split("\r\n")}

    def test_a_line_break_in_a_text_makes_no_line(self, workshop):
        honest = self.names(file_of(workshop, choice=choice_of(workshop, name="ข")))
        Workshop.objects.update(title_th=self.EVIL, platform=self.EVIL)
        WorkshopDay.objects.update(title_th=self.EVIL)
        AgendaItem.objects.update(title_th=self.EVIL, speaker_th=self.EVIL)
        Track.objects.update(title_th=self.EVIL)
        evil = file_of(workshop, choice=choice_of(workshop, name=self.EVIL))
        assert self.names(evil) == honest
        assert len(Calendar.from_ical(evil).walk("VEVENT")) == 2
        assert len(Calendar.from_ical(evil).walk("VALARM")) == 2

    def test_of_a_name_in_many_lines_one_is_left(self, workshop):
        Workshop.objects.update(title_th="ก\r\nข\nค")
        assert str(first_event(workshop)["summary"]) == "ก ข ค ครั้งที่ ๑"

    def test_commas_semicolons_and_backslashes_are_read_back(self, workshop):
        Workshop.objects.update(title_th=r"ก, ข; ค\n")
        assert str(first_event(workshop)["summary"]) == r"ก, ข; ค\n ครั้งที่ ๑"

    def test_a_link_that_would_break_out_of_its_line_is_refused(self, workshop):
        with pytest.raises(ValueError, match="CR or LF"):
            file_of(workshop, url="https://example.org\r\nATTENDEE:mailto:someone@example.org")


def test_a_file_takes_five_queries_however_many_days_there_are(django_assert_num_queries):
    make_workshop(days=1, tracks=0)
    long = make_workshop(days=6, tracks=5)
    with django_assert_num_queries(5):
        file_of(long)
