"""The page behind a personal link: state, name, code, next steps, days, Open Chat."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar

from registration.choices import State
from registration.links.qr import qr_svg
from registration.models import Participant
from registration.participant.next_steps import next_steps
from sessions.models import WorkshopDay
from tests.factories import make_participant, make_workshop, seats_of, tracks_of
from tests.visitors import Browser

pytestmark = pytest.mark.django_db

CHAT = {"chat_name": "SDG ตัวอย่าง", "chat_url": "https://example.org/chat", "chat_passcode": "sample"}


def path(participant, language="") -> str:
    return f"{language}/p/{participant.code}/"


def page_of(participant, language="") -> str:
    """The page as it is read: what keeps words in one line is left out."""
    page = Browser().open_page_of(participant, language=language).content.decode()
    return re.sub(r'<span class="nb">([^<]*)</span>', r"\1", page)


def words_of(participant, language="") -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_of(participant, language)))


def steps_of(participant) -> list[tuple[str, str]]:
    return re.findall(r"<li><b>([^<]+)</b> ([^<]+)</li>", page_of(participant))


def in_state(state, workshop=None, **fields) -> Participant:
    participant = make_participant(workshop or make_workshop(**CHAT), tracks=fields.pop("tracks", ()))
    Participant.objects.filter(pk=participant.pk).update(state=state, **fields)
    participant.refresh_from_db()
    return participant


@pytest.mark.parametrize(
    ("state", "fields", "heading"),
    [
        (State.CONFIRMED, {}, "ยืนยันแล้ว"),
        (State.PENDING, {}, "จังหวัดกำลังพิจารณาการลงทะเบียนของท่าน"),
        (State.WAITLISTED, {"ticket": 1}, "ท่านอยู่ในรายชื่อสำรองลำดับที่ ๑"),
        (State.OFFERED, {"offer_expires_at": dt.datetime(2027, 1, 20, 5, 0, tzinfo=dt.UTC)}, "มีที่นั่งว่างสำหรับท่านแล้ว"),
        (State.DECLINED, {"decision_reason": "ครบจำนวนแล้ว"}, "ท่านไม่ได้รับการคัดเลือกในครั้งนี้"),
        (State.CANCELLED, {}, "ยกเลิกการลงทะเบียนแล้ว"),
    ],
)
def test_the_state_is_said_in_words_and_for_programs(state, fields, heading):
    participant = in_state(state, **fields)
    page = page_of(participant)
    assert re.findall(r'data-state="(\w+)" data-code="(\w+)"', page) == [(state.value, participant.code)]
    assert re.findall(r'<h1 class="pass-person" id="state">([^<]+)</h1>', page) == [participant.full_name]
    assert heading in words_of(participant)


def test_a_confirmed_person_finds_everything_they_need():
    workshop = make_workshop(**CHAT)
    participant = make_participant(workshop, first_name="มั่งมี", tracks=tracks_of(workshop)[:1])
    page, words = page_of(participant), words_of(participant)
    assert re.search(r'<p class="pass-name" id="zoom-name" translate="no">น่าน พช.\s+นายมั่งมี</p>', page)
    assert re.search(rf"<span>{participant.code[:3]}</span>\s*<span>{participant.code[3:]}</span>", page)
    assert "จังหวัดน่าน" in words
    assert "๑๘ ก.พ. ๗๐ ครั้งที่ ๑ · พฤหัสบดี ๐๙.๐๐ – ๑๑.๐๐ น." in words
    assert "หัวข้อที่ ๑ หัวข้อที่ 1" in words
    assert participant.email in words and "081 234 5678" in words
    assert f'href="{path(participant)}calendar.ics"' in page
    assert f'src="{path(participant)}qr.svg"' in page


def test_the_page_is_complete_in_english():
    participant = make_participant(make_workshop(**CHAT), first_name="มั่งมี", organisation_short="พช.")
    words = words_of(participant, "/en")
    assert "Confirmed" in words
    assert "18 Feb 2027 Day 1 · Thursday 09:00–11:00" in words
    assert "Your name in Zoom น่าน พช. นายมั่งมี" in words


def test_the_next_step_has_its_date_and_the_days_stand_once():
    workshop = make_workshop(**CHAT)
    participant = make_participant(workshop, first_name="มั่งมี", tracks=tracks_of(workshop)[:1])
    assert steps_of(participant) == [
        (
            "วันพุธที่ ๑๗ กุมภาพันธ์ ๒๕๗๐ เวลา ๐๙.๐๐ น.",
            f"ลิงก์เข้าประชุมวันพฤหัสบดีที่ ๑๘ กุมภาพันธ์ ๒๕๗๐ จะแสดงที่หน้านี้ และส่งไปที่ {participant.email}",
        )
    ]
    assert words_of(participant).count("๐๙.๐๐ – ๑๑.๐๐ น.") == 1


@pytest.mark.parametrize(
    ("state", "fields", "whens"),
    [
        (State.PENDING, {}, ["ขณะนี้", "เมื่อทราบผลการพิจารณา"]),
        (State.WAITLISTED, {"ticket": 1}, ["ขณะนี้", "เมื่อมีที่นั่งว่าง"]),
        (
            State.OFFERED,
            {"offer_expires_at": dt.datetime(2027, 1, 20, 5, 0, tzinfo=dt.UTC)},
            ["ภายในวันพุธที่ ๒๐ มกราคม ๒๕๗๐ เวลา ๑๒.๐๐ น."],
        ),
        (State.DECLINED, {}, []),
        (State.CANCELLED, {}, []),
    ],
)
def test_what_comes_next_depends_on_the_state(state, fields, whens):
    assert [when for when, _what in steps_of(in_state(state, **fields))] == whens


class TestAsTimePasses:
    """The days are 18 and 25 February 2027, from nine o'clock."""

    def steps(self, participant, *moment):
        own = Participant.objects.with_choices().prefetch_related("days__items").get(pk=participant.pk)
        with override("en"):
            found = next_steps(own, at=timezone.make_aware(dt.datetime(2027, *moment)))
        return [(step.when, step.what) for step in found]

    LINK = "The meeting link for Thursday 25 February 2027 appears on this page and is sent to me@example.org."

    @pytest.fixture
    def participant(self):
        return make_participant(make_workshop(), email="me@example.org")

    def test_the_next_link_that_is_not_here_yet_is_announced(self, participant):
        WorkshopDay.objects.update(join_url="https://zoom.example.org/j/1")
        assert self.steps(participant, 2, 18, 10, 59) == [("Wednesday 24 February 2027, 09:00", self.LINK)]
        assert self.steps(participant, 2, 24, 9, 0) == []

    def test_a_link_that_is_late_is_announced_for_before_the_meeting(self, participant):
        assert self.steps(participant, 2, 24, 15, 0) == [("Before the meeting begins", self.LINK)]

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (State.CONFIRMED, "Your meeting days are over. Thank you for taking part."),
            (State.PENDING, "Your meeting days are over. Thank you for your interest."),
            (State.WAITLISTED, "Your meeting days are over. Thank you for your interest."),
        ],
    )
    def test_afterwards_nothing_is_announced(self, participant, state, words):
        Participant.objects.update(state=state)
        own = Participant.objects.with_choices().prefetch_related("days__items").get()
        with override("en"):
            found = next_steps(own, at=timezone.make_aware(dt.datetime(2027, 2, 25, 10)))
        assert [(step.when, step.what) for step in found] == [("Now", words)]

    def test_who_registered_afterwards_is_not_thanked_for_taking_part(self, participant):
        Participant.objects.update(registered_at=timezone.make_aware(dt.datetime(2027, 2, 25, 12)))
        own = Participant.objects.with_choices().prefetch_related("days__items").get()
        with override("en"):
            found = next_steps(own, at=timezone.make_aware(dt.datetime(2027, 2, 26, 10)))
        assert [step.what for step in found] == ["Your meeting days are over. Thank you for your interest."]

    def test_days_that_are_over_say_so_and_give_no_link(self, participant):
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        WorkshopDay.objects.filter(date=dt.date(2027, 2, 18)).update(date=yesterday, join_url="https://zoom.example.org/j/1")
        assert "zoom.example.org" not in page_of(participant)
        words = words_of(participant, "/en")
        assert words.count(" Over ") == 1
        assert "Cancel the registration" in words

    def test_when_all_is_over_there_is_nothing_to_cancel_nor_to_put_into_a_calendar(self, participant):
        for day in WorkshopDay.objects.all():
            WorkshopDay.objects.filter(pk=day.pk).update(date=day.date - dt.timedelta(days=3650))
        words = words_of(participant, "/en")
        assert ("Cancel the registration" in words, "my calendar" in words) == (False, False)
        assert words.count(" Over ") == 2


def test_after_the_deadline_the_page_says_until_when_details_could_be_changed_and_whom_to_ask():
    participant = make_participant(make_workshop())
    assert "ท่านแก้ไขข้อมูลและวันประชุมด้วยตนเองได้ถึง" not in page_of(participant)
    participant.workshop.changes_close_at = timezone.make_aware(dt.datetime(2026, 1, 5, 16, 30))
    participant.workshop.save()
    words = words_of(participant, "/en")
    assert "Change your details" not in words
    assert (
        "You could change your details and days yourself until Monday 5 January 2026, 16:30. "
        "If anything still has to be changed, please contact NESDC (details below)."
    ) in words


def test_a_cancelled_day_is_no_next_step_and_says_so_among_the_days():
    participant = make_participant(make_workshop())
    participant.workshop.days.filter(date=dt.date(2027, 2, 18)).update(is_cancelled=True)
    assert ["๑๘ กุมภาพันธ์" in what for _when, what in steps_of(participant)] == [False]
    assert words_of(participant).count("งดการประชุมวันนี้") == 1


def test_the_open_chat_is_for_those_with_a_sure_seat_only():
    shown = {state: CHAT["chat_url"] in page_of(in_state(state, ticket=1)) for state in State if state != State.OFFERED}
    assert shown == {state: state == State.CONFIRMED for state in shown}
    confirmed = in_state(State.CONFIRMED)
    page = page_of(confirmed)
    assert '<span class="code" id="chat-passcode" translate="no">sample</span>' in page
    chat_name = re.search(r'id="chat-name" translate="no">([^<]+)<', page)[1]
    assert len(chat_name) <= 20
    pending = in_state(State.PENDING)
    assert Browser().open_page_of(pending, "chat-qr.svg").status_code == 404
    assert Browser().open_page_of(confirmed, "chat-qr.svg").content == qr_svg(CHAT["chat_url"])


def test_without_an_open_chat_there_is_none():
    participant = make_participant(make_workshop())
    assert "Open Chat" not in words_of(participant)
    assert Browser().open_page_of(participant, "chat-qr.svg").status_code == 404


def test_a_name_for_zoom_is_shown_to_those_who_hold_a_seat_only():
    named = {state: 'id="zoom-name"' in page_of(in_state(state, ticket=1, offer_expires_at=timezone.now())) for state in State}
    assert named == {state: state in (State.CONFIRMED, State.PENDING, State.OFFERED) for state in State}


def test_the_place_in_line_moves_up():
    workshop = make_workshop()
    seats_of(workshop, capacity=0)
    first, second = make_participant(workshop), make_participant(workshop)
    assert "ท่านอยู่ในรายชื่อสำรองลำดับที่ ๒" in words_of(second)
    Participant.objects.filter(pk=first.pk).update(state=State.CANCELLED)
    assert "ท่านอยู่ในรายชื่อสำรองลำดับที่ ๑" in words_of(second)


def test_the_code_is_a_picture_for_cameras(client):
    participant = make_participant(make_workshop())
    response = client.open_page_of(participant, "qr.svg")
    assert (response["Content-Type"], response.content) == ("image/svg+xml", qr_svg(participant.code))


def test_the_calendar_has_the_chosen_days_and_the_name(client):
    workshop = make_workshop()
    participant = make_participant(workshop, first_name="มั่งมี", days=[workshop.days.last()])
    response = client.open_page_of(participant, "calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{workshop.slug}.ics"'
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [event["DTSTART"].dt.date() for event in events] == [dt.date(2027, 2, 25)]
    assert "น่าน พช. นายมั่งมี" in events[0]["DESCRIPTION"]


def test_what_was_declined_says_why():
    words = words_of(in_state(State.DECLINED, decision_reason="ครบจำนวนแล้ว <b>"))
    assert "เหตุผล: ครบจำนวนแล้ว &lt;b&gt;" in words


def test_who_cancelled_may_register_again_while_registration_is_open():
    workshop = make_workshop()
    cancelled = in_state(State.CANCELLED, workshop)
    assert f'href="/w/{workshop.slug}/register/"' in page_of(cancelled)
    workshop.registration_closes_at = timezone.now() - dt.timedelta(days=1)
    workshop.save()
    assert f'href="/w/{workshop.slug}/register/"' not in page_of(cancelled)


@pytest.mark.parametrize("end", ["", "qr.svg", "chat-qr.svg", "calendar.ics"])
def test_nothing_behind_the_link_is_kept_listed_or_told_to_others(client, end):
    response = client.open_page_of(make_participant(make_workshop(**CHAT)), end)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    # A browser that tells where its forms come from gets the stricter one: see tests/test_headers.py.
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("end", ["", "qr.svg", "chat-qr.svg", "calendar.ics"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_forged_link_opens_nothing_and_says_how_to_get_one(client, end, language):
    make_participant(make_workshop())
    response = client.get(f"{language}/p/AAAAAAA.1.forged/{end}")
    assert response.status_code == 404
    assert ("This link does not work" if language else "ลิงก์นี้ใช้ไม่ได้") in response.content.decode()


def test_the_link_of_one_shows_nothing_of_another():
    workshop = make_workshop()
    mine = make_participant(workshop, email="mine@example.org", first_name="ของฉัน")
    yours = make_participant(workshop, email="yours@example.org", first_name="ของเธอ")
    page = page_of(mine)
    assert [secret for secret in (yours.email, yours.first_name, yours.code) if secret in page] == []


def test_what_a_person_typed_is_text_and_never_markup():
    participant = make_participant(make_workshop(), organisation="a & b", organisation_short="&")
    Participant.objects.filter(pk=participant.pk).update(first_name="<i>ก</i>")  # refused at every door; old rows are data
    participant.refresh_from_db()
    page = page_of(participant)
    assert "<i>ก</i>" not in page
    assert "&lt;i&gt;ก&lt;/i&gt;" in page


@pytest.mark.parametrize(("waiting", "alike", "first", "then"), [(False, 3, 11, 5), (False, 1, 10, 4), (True, 3, 9, 4)])
def test_the_page_takes_few_queries_and_mostly_four(client, waiting, alike, first, then, django_assert_num_queries):
    """One more where others are called alike."""
    workshop = make_workshop(days=3, **CHAT)
    if waiting:
        seats_of(workshop, capacity=0)
    for _person in range(alike):
        participant = make_participant(workshop, tracks=tracks_of(workshop)[:1], first_name="สมชาย")
    client.open_page_of(participant)
    cache.clear()
    with django_assert_num_queries(first):
        client.get(path(participant))
    with django_assert_num_queries(then):  # what all pages share is kept for some seconds
        client.get(path(participant))


def test_only_reading_is_possible(client):
    participant = make_participant(make_workshop())
    client.open_page_of(participant)
    assert client.post(path(participant)).status_code == 405


def test_on_whom_no_province_sends_the_organisers_decide():
    participant = make_participant(make_workshop(), "central")
    Participant.objects.update(state=State.PENDING)
    page = words_of(participant)
    assert ("รอ สศช. พิจารณา" in page, "รอจังหวัดพิจารณา" in page) == (True, False)


def test_whose_topic_was_full_is_asked_to_choose_another():
    workshop = make_workshop()
    participant = make_participant(workshop, tracks=[])
    words = words_of(participant)
    assert ("ยังไม่ได้เลือกหัวข้อบรรยาย" in words, " เลือกหัวข้อบรรยาย " in words) == (True, True)
    chosen = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    assert "เลือกหัวข้อบรรยาย" not in words_of(chosen)


def test_choosing_a_topic_is_the_first_step_for_whom_their_province_registered():
    participant = make_participant(make_workshop(), tracks=[])
    Participant.objects.update(consent_version="")
    words = words_of(participant)
    assert "จังหวัดของท่านได้เสนอชื่อและลงทะเบียนให้ท่าน การคุ้มครองข้อมูลส่วนบุคคล" in words
    assert re.findall(r'class="btn btn-primary[^"]*"\s+href="([^"]+)"', page_of(participant)) == [f"{path(participant)}edit/"]


def test_a_meeting_link_that_is_here_is_not_promised():
    participant = make_participant(make_workshop())
    WorkshopDay.objects.filter(date="2027-02-18").update(
        join_url="https://zoom.example.org/1", join_opens_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    words = words_of(participant)
    assert "วันพุธที่ ๑๗ กุมภาพันธ์ ๒๕๗๐ เวลา ๐๙.๐๐ น." not in words
    assert "วันพุธที่ ๒๔ กุมภาพันธ์ ๒๕๗๐ เวลา ๐๙.๐๐ น. ลิงก์เข้าประชุมวันพฤหัสบดีที่ ๒๕ กุมภาพันธ์ ๒๕๗๐ จะแสดงที่หน้านี้" in words


def test_a_meeting_link_and_a_cancelled_day_are_seen_at_once(client):
    workshop = make_workshop(days=1, tracks=0)
    participant = make_participant(workshop)
    WorkshopDay.objects.update(join_url="https://zoom.example.org/old", join_opens_at=timezone.now())
    button = reverse("join", args=[participant.code, f"day-{workshop.days.get().pk}"])
    assert button in client.open_page_of(participant).content.decode()
    assert client.get(button)["Location"] == "https://zoom.example.org/old"
    WorkshopDay.objects.update(join_url="https://zoom.example.org/new")
    assert client.get(button)["Location"] == "https://zoom.example.org/new"
    WorkshopDay.objects.update(is_cancelled=True)
    assert button not in client.get(path(participant)).content.decode()
    assert client.get(button).status_code == 404


def test_another_s_days_and_choices_are_not_shown(client):
    workshop = make_workshop()
    mine, yours = make_participant(workshop, tracks=tracks_of(workshop)[:1]), make_participant(workshop)
    yours.days.set(list(workshop.days.all())[1:])
    shown = client.open_page_of(yours).context["days"]
    assert [(own.day, own.number, own.tracks) for own in shown] == [(workshop.days.last(), 2, [])]
    assert [own.tracks for own in Browser().open_page_of(mine).context["days"]] == [[tracks_of(workshop)[0]], []]
