import datetime as dt
import re
from email import message_from_bytes
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from icalendar import Calendar

from registration.actor import PARTICIPANT
from registration.links import signed
from registration.mail import compose as mail_compose
from registration.models import Certificate, Delivery, Document, Participant
from registration.people.display_names import namesakes, zoom_name
from registration.seats.actions.moves import cancel
from sessions import formats
from sessions.models import Contact, Workshop
from tests.factories import NOON, make_participant, make_workshop, tracks_of
from tests.registration.evaluation.answering import CLOSES, EVENING, make_evaluation
from tests.registration.materials.making import make_document

pytestmark = pytest.mark.django_db

#: The first day of the sample workshop is 18 February 2027; this is the afternoon before.
DAY_BEFORE = timezone.make_aware(dt.datetime(2027, 2, 17, 15, 0))

#: Every message to somebody who registered, and the state in which they get it.
STATES = {
    "confirmed": "confirmed",
    "pending": "pending",
    "waiting": "waitlisted",
    "applied": "applied",
    "reserve": "waitlisted",
    "substituted": "cancelled",
    "substitute_ended": "confirmed",
    "moved_up": "confirmed",
    "offered": "offered",
    "offer_expired": "cancelled",
    "open_link": "confirmed",
    "gave_way": "cancelled",
    "declined": "declined",
    "cancelled": "cancelled",
    "changed": "confirmed",
    "link": "confirmed",
    "reminder": "confirmed",
    "meeting_link": "confirmed",
    "fresh_link": "confirmed",
    "confirm_email": "confirmed",
    "email_changed": "confirmed",
    "objection_answered": "confirmed",
    "guardian_told": "confirmed",
    "renamed": "confirmed",
}
#: These go to an address that is not, or no longer, known to be theirs.
TO_ELSEWHERE = {"confirm_email", "email_changed", "guardian_told"}


def delivery_of(message, participant, email="", **details):
    """A delivery of `message`, with what its event would write down, to somebody in the state that goes with it."""
    expires = DAY_BEFORE if message == "offered" else None
    Participant.objects.filter(pk=participant.pk).update(state=STATES.get(message, "confirmed"), offer_expires_at=expires)
    details = {
        "waiting": {"place": 3},
        "reserve": {"place": 3},
        "substitute_ended": {"why": "desk", "invitation": 0},
        "moved_up": {"tracks_full": []},
        "offered": {"tracks_full": []},
        "declined": {"reason": "หน่วยงานส่งผู้แทนแล้ว"},
        "objection_answered": {"answer": "นำชื่อออกแล้ว", "objected_on": "2027-01-15"},
        "fresh_link": {"purpose": "new_email"},
        "changed": {"fields": ["days", "first_name", "phone", "phone_extension", "tracks"]},
        "reminder": {"day": participant.days.first().pk},
        "meeting_link": {"day": participant.days.first().pk, "links": "x"},
    }.get(message, {}) | details
    return Delivery.objects.create(
        key=f"{message}-{Delivery.objects.count()}",
        message=message,
        participant=participant,
        email=email or participant.email,
        details=details,
        created_at=NOON,
        due_at=NOON,
    )


def compose(message, participant, email="", **details):
    at = NOON if message == "fresh_link" else DAY_BEFORE  # which says so when it comes late
    return mail_compose.compose(delivery_of(message, participant, email, **details), at=at)


def html_of(mail):
    ((html, kind),) = mail.alternatives
    assert kind == "text/html"
    return re.sub(r'<span style="white-space:nowrap">(.*?)</span>', r"\1", html)


class Reader(HTMLParser):
    """What a reader sees of a mail, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links = [], []
        self.feed(html)

    def handle_data(self, data):
        self.words.append(data)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def seen(mail):
    return Reader(html_of(mail)).text


def links_of(mail):
    return Reader(html_of(mail)).links


def add_contact(workshop):
    names = {"name_th": "นางสาวตัวอย่าง สมมุติ", "name_en": "Ms Sample"}
    Contact.objects.create(workshop=workshop, phone="02 000 0000", email="ask@example.org", **names)


def make_english(code="55", **fields):
    workshop = make_workshop()
    Contact.objects.create(
        workshop=workshop, name_th="นางสาวตัวอย่าง สมมุติ", name_en="Ms Sample", phone="02 000 0000", email="ask@example.org"
    )
    fields = {"title": "Ms", "first_name": "Malee", "last_name": "Example", "organisation_short": "ABC"} | fields
    return make_participant(workshop, code, language="en", tracks=tracks_of(workshop)[:1], **fields)


# Every message


def test_the_list_of_messages_here_is_the_portals():
    own = {name for name, function in mail_compose.MESSAGES.items() if function.__module__.endswith("messages.participants")}
    assert own == set(STATES) | {
        "agenda_changed",  # which needs a release: see test_releases.py
        "certificate",  # which needs a certificate: see below
        "evaluation",  # which needs an evaluation: see below
        "thanks",  # which needs a document: see below
    }


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_certificate_is_told_with_its_number_and_the_name_on_it(language):
    person = make_participant(make_workshop(), language=language)
    printed = {"number": "สศช. ๐๐๐๑/๒๕๗๐", "name": "นายสมมุติ บนกระดาษ", "lang": language}
    Certificate.objects.create(workshop=person.workshop, participant=person, number=1, snapshot=printed, issued_at=NOON)
    mail = compose("certificate", person)
    for said in (mail.body, seen(mail)):
        assert "สศช. ๐๐๐๑/๒๕๗๐" in said and "นายสมมุติ บนกระดาษ" in said
    Certificate.objects.update(withdrawn_at=NOON)
    assert not mail_compose.CONDITIONS["certificate"](delivery_of("certificate", person), NOON), "nothing is said of one that is withdrawn"


@pytest.mark.parametrize("language", ["th", "en"])
def test_an_evaluation_is_told_of_with_its_link_and_only_while_it_is_open(language):
    person = make_participant(make_workshop(tracks=0), language=language)
    evaluation = make_evaluation(person.workshop)
    mail = compose("evaluation", person, evaluation=evaluation.pk)
    url = f"{signed.personal_url(person)}evaluation/{evaluation.pk}/"
    assert url in mail.body and url in links_of(mail)
    needed = mail_compose.CONDITIONS["evaluation"]
    delivery = Delivery.objects.get(message="evaluation")
    assert (needed(delivery, EVENING), needed(delivery, CLOSES)) == (True, False)


#: To people who hold no seat: a name for Zoom would promise one.
WITHOUT_A_SEAT = {"applied", "cancelled", "declined", "gave_way", "offer_expired", "reserve", "substituted", "waiting"}


@pytest.mark.parametrize("code", ["55", "central"])
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("message", STATES)
def test_every_message_says_who_when_and_where(message, language, code):
    workshop = make_workshop()
    Contact.objects.create(
        workshop=workshop, name_th="นางสาวตัวอย่าง สมมุติ", name_en="Ms Sample", phone="02 000 0000", email="ask@example.org"
    )
    participant = make_participant(workshop, code, language=language, tracks=tracks_of(workshop)[:1])
    mail = compose(message, participant)
    meeting = [
        formats.format_date(dt.date(2027, 2, 18), language),
        formats.format_date(dt.date(2027, 2, 25), language),
        "หัวข้อที่ 1" if language == "th" else "Track 1",
    ]
    expected = [
        participant.code,
        "นางสาวตัวอย่าง สมมุติ" if language == "th" else "Ms Sample",
        "02 000 0000",
        "ask@example.org",
    ]
    if message != "confirm_email":
        expected += meeting
    called = str(zoom_name(participant, namesakes(participant)))
    if message not in TO_ELSEWHERE | {"fresh_link"}:
        expected += [signed.personal_url(participant)] + ([called] if message not in WITHOUT_A_SEAT else [])
    for text in (mail.body, seen(mail)):
        assert [words for words in expected if words not in text] == []
        assert message != "confirm_email" or [words for words in meeting if words in text] == []
        assert message not in WITHOUT_A_SEAT or called not in text
        assert [sign for sign in ("None", "{{", "{%", "%(", "&lt;", "&#x", "&amp;") if sign in text] == []
    assert len(mail.subject) <= 78
    assert mail.subject == mail.subject.strip() != ""


@pytest.mark.parametrize("message", STATES)
def test_text_and_html_say_the_same(message):
    mail = compose(message, make_english())
    html = seen(mail)
    said = [line.removeprefix("- ").strip() for paragraph in mail.body.split("----")[0].split("\n\n") for line in paragraph.splitlines()]
    assert [line for line in said if line.rstrip(":") not in html and "http" not in line] == []


@pytest.mark.parametrize("message", sorted(TO_ELSEWHERE))
def test_an_address_that_may_be_a_strangers_learns_nothing_that_opens_their_page(message):
    participant = make_english()
    mail = compose(message, participant, "stranger@example.org")
    everything = mail.body + html_of(mail)
    assert signed.personal_token(participant) not in everything
    assert str(zoom_name(participant, [])) not in everything
    assert participant.email not in everything


@pytest.mark.parametrize(
    ("message", "thai_subject", "english_subject"),
    [
        ("confirmed", "ยืนยันการลงทะเบียนประชุม – การประชุมตัวอย่าง (รหัส {code})", "Your seat is confirmed – Sample workshop (code {code})"),
        (
            "waiting",
            "ท่านอยู่ในรายชื่อสำรอง ลำดับที่ ๓ – การประชุมตัวอย่าง (รหัส {code})",
            "You are number 3 on the waiting list – Sample workshop (code {code})",
        ),
        (
            "pending",
            "ได้รับการลงทะเบียนแล้ว รอจังหวัดพิจารณา – การประชุมตัวอย่าง (รหัส {code})",
            "Received, awaiting the province's decision – Sample workshop (code {code})",
        ),
        (
            "offered",
            "มีที่นั่งสำหรับท่าน โปรดตอบรับภายใน ๑๗ ก.พ. ๒๕๗๐ ๑๕.๐๐ น. – การประชุมตัวอย่าง",
            "A seat is held for you until 17 Feb 2027 15:00 – Sample workshop",
        ),
        (
            "reminder",
            "เตือนการประชุม ๑๘ ก.พ. ๒๕๗๐ ๐๙.๐๐ น. – การประชุมตัวอย่าง",
            "Reminder: meeting on 18 Feb 2027 09:00 – Sample workshop",
        ),
        (
            "declined",
            "ท่านไม่ได้รับการคัดเลือกในครั้งนี้ – การประชุมตัวอย่าง (รหัส {code})",
            "You were not selected this time – Sample workshop (code {code})",
        ),
    ],
)
def test_the_subject_begins_with_what_matters(message, thai_subject, english_subject):
    workshop = make_workshop()
    for language, subject in [("th", thai_subject), ("en", english_subject)]:
        participant = make_participant(workshop, language=language)
        assert compose(message, participant).subject == subject.format(code=participant.code)


def test_no_mail_program_divides_a_word_of_the_office():
    ((html, _kind),) = compose("offer_expired", make_participant(make_workshop())).alternatives
    unbroken = re.findall('<span style="white-space:nowrap">(.*?)</span>', html)
    assert ("ลงทะเบียน" in " ".join(unbroken), 'class="nb"' in html, "<span" in html.partition("</title>")[0]) == (True, False, False)


def test_the_name_for_zoom_begins_a_line_of_its_own_rather_than_being_divided():
    person = make_participant(make_workshop())
    ((html, _kind),) = compose("confirmed", person).alternatives
    assert re.findall('<span style="display:inline-block;max-width:100%">(.*?)</span>', html) == ["น่าน พช.", f"นาย{person.first_name}"]


# What is typed stays text


def test_markup_in_a_name_is_shown_as_it_was_typed():
    participant = make_english()
    participant.first_name, participant.organisation_short = "<b>มั่ง</b>", "<img src=x>"  # refused at every door; old rows are data
    participant.save(update_fields=["first_name", "organisation_short"])
    mail = compose("confirmed", participant)
    assert "<b>" not in html_of(mail) and "<img" not in html_of(mail)
    assert "Dear Ms <b>มั่ง</b> Example," in mail.body
    assert "Dear Ms <b>มั่ง</b> Example," in seen(mail)


def test_nothing_that_was_typed_becomes_a_link():
    participant = make_english(first_name="http://evil.example/x", last_name="evil.example", organisation_short="www.evil.example")
    mail = compose("declined", participant, reason="see evil.example")
    assert "evil.example" not in mail.body + html_of(mail)
    assert mail.body.replace("\u200b", "").count("evil.example") == 3
    assert [link for link in links_of(mail) if not link.startswith(("http://localhost:8000/", "mailto:ask@"))] == []


def test_no_line_break_gets_into_a_header():
    participant = make_english(first_name="Malee\r\nBcc: stranger@example.org")
    workshop = participant.workshop
    workshop.title_en = "Sample\r\nBcc: stranger@example.org"
    workshop.save()
    read = message_from_bytes(compose("confirmed", participant).message().as_bytes())
    assert read["Bcc"] is None
    (lines,) = [value.splitlines() for name, value in read.items() if name == "Subject"]
    assert {line[0] for line in lines[1:]} == {" "}  # what is long is folded, and begins no header


@pytest.mark.parametrize("email", ["one@example.org,two@example.org", "one@example.org\nBcc: two@example.org", ""])
def test_what_is_not_one_address_is_refused(email):
    delivery = delivery_of("link", make_english())
    delivery.email = email
    with pytest.raises(ValidationError):
        mail_compose.compose(delivery)


# Headers and language


def test_a_mail_can_be_sorted_answered_and_recognised(settings):
    settings.SITE_URL = "https://sdg.example.org"
    participant = make_english()
    delivery = delivery_of("confirmed", participant)
    mail = mail_compose.compose(delivery)
    headers = mail.message()
    assert headers["Message-ID"] == f"<delivery-{delivery.pk}@sdg.example.org>"
    assert headers["List-Id"] == f"<{participant.workshop.slug}.sdg.example.org>"
    assert headers["Reply-To"] == "ask@example.org"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert [link for link in links_of(mail) if link.startswith("https://sdg.example.org/en/p/")] == [signed.personal_url(participant)] * 2


def test_links_lead_to_the_portals_own_address_in_the_readers_language(settings):
    settings.SITE_URL = "https://sdg.example.org"
    workshop = make_workshop()
    mail = compose("confirmed", make_participant(workshop, language="th"))
    assert {link.split("/p/")[0] for link in links_of(mail)} == {"https://sdg.example.org"}


def test_the_new_address_gets_the_link_that_confirms_it():
    participant = make_english()
    mail = compose("confirm_email", participant, "new@example.org")
    (url,) = re.findall(r"http://localhost:8000/en/email/(\S+)/", mail.body)
    assert signed.new_email_of_token(url) == (participant, "new@example.org")


def test_the_old_address_learns_hardly_more_than_that_there_is_a_new_one():
    participant = make_english(email="somebody@example.org")
    assert "go to s•••@example.org, and" in compose("email_changed", participant, "old@example.org").body


def test_a_mail_for_show_opens_nothing():
    participant = make_english()
    for message in ("confirmed", "confirm_email"):
        shown = mail_compose.compose(delivery_of(message, participant), for_show=True)
        tokens = re.findall(r"http://localhost:8000/en/(?:p|email)/([^/]+)/", shown.body)
        assert len(tokens) == 1
        assert signed.participant_of_token(tokens[0]) is None
        assert signed.new_email_of_token(tokens[0]) is None


def test_composing_takes_the_same_queries_for_one_day_as_for_four(django_assert_num_queries):
    for days in (1, 4):
        delivery = delivery_of("confirmed", make_participant(make_workshop(days=days)))
        with django_assert_num_queries(12):
            mail_compose.compose(delivery)


# What is in single messages


@pytest.mark.parametrize("language", ["th", "en"])
def test_thanks_name_what_their_reader_may_open_and_nothing_else(language):
    workshop = make_workshop(tracks=0)
    day, other = workshop.days.all()
    person = make_participant(workshop, language=language)
    for title, place in {"ของวัน": {"day": day}, "ของโครงการ": {}, "ลับเฉพาะ": {"audience": "attended"}, "อีกวัน": {"day": other}}.items():
        make_document(workshop, **{"title_th": title, "title_en": "", "audience": "confirmed"} | place)
    mail = compose("thanks", person, day=day.pk)
    for text in (mail.body, seen(mail)):
        assert [title in text for title in ("ของวัน", "ของโครงการ", "ลับเฉพาะ", "อีกวัน")] == [True, True, False, False]
    assert f"{signed.personal_url(person)}#documents" in links_of(mail)
    delivery = Delivery.objects.get(message="thanks")
    Document.objects.update(published_at=None)
    assert not mail_compose.CONDITIONS["thanks"](delivery, NOON), "there is nothing left to name"


def test_whom_their_province_registered_is_told_what_is_left_to_do():
    participant = make_english()
    Participant.objects.filter(pk=participant.pk).update(consent_version="")
    chosen = participant.choices.get()
    chosen.delete()
    mail = compose("confirmed", Participant.objects.get(pk=participant.pk))
    assert "Nan province has nominated you and registered you. Your seat is confirmed." in mail.body
    assert "- choose the topic you would like to hear;\n" in mail.body
    assert "/en/privacy/" in mail.body
    chosen.save()
    assert "choose the topic" not in compose("confirmed", Participant.objects.get(pk=participant.pk)).body
    waiting = compose("waiting", Participant.objects.get(pk=participant.pk), place=2)
    assert "has nominated you and registered you. All its seats are taken; you are number 2 on the waiting list." in waiting.body


def test_whoever_moves_up_is_told_which_topic_is_full():
    participant = make_english()
    track = tracks_of(participant.workshop)[1]
    mail = compose("moved_up", participant, tracks_full=[track.pk])
    assert "The topic that you chose is now full:\n- Topic 2: Track 2\n\nYour seat is not affected." in mail.body
    assert "now full" not in compose("moved_up", participant).body


def test_whoever_moves_up_to_a_pending_seat_is_not_told_that_it_is_sure():
    participant = make_english()
    delivery = delivery_of("moved_up", participant)
    Participant.objects.update(state="pending")
    mail = mail_compose.compose(delivery)
    assert "It still has to be approved" in mail.body
    assert "confirmed" not in mail.body.lower()


def test_an_approval_that_was_taken_back_is_not_called_a_new_registration():
    mail = compose("pending", make_english(), again=True)
    assert mail.subject.startswith("Your registration is being considered again")
    assert "Nan province is considering your registration again. Your seat is held until a decision is made." in mail.body
    assert "We have received your registration" not in mail.body


def test_a_mail_about_waiting_that_leaves_late_names_no_zoom_name():
    participant = make_english()
    late = delivery_of("waiting", participant, state="waitlisted")
    Participant.objects.filter(pk=participant.pk).update(state="confirmed")
    assert "Your name in Zoom" not in mail_compose.compose(late, at=DAY_BEFORE).body


def test_an_offer_says_until_when_and_how():
    mail = compose("offered", make_english())
    assert "We are holding it for you until Wednesday 17 February 2027, 15:00." in mail.body
    assert "Accept the seat on your personal page" in seen(mail)


def test_a_refusal_gives_its_reason_and_a_cancellation_none_where_there_is_none():
    participant = make_english()
    assert "Reason: หน่วยงานส่งผู้แทนแล้ว" in compose("declined", participant).body
    assert "Reason:" not in compose("cancelled", participant).body


def test_whoever_only_waited_is_told_that_they_left_the_line():
    mail = compose("cancelled", make_english(), waited=True)
    assert mail.subject.startswith("You have left the waiting list – ")
    assert "You have left the waiting list. You will get no more e-mails about a free seat." in mail.body
    assert "cancelled." not in mail.body + seen(mail)


@pytest.mark.parametrize(("state", "left"), [("confirmed", False), ("pending", False), ("waitlisted", True)])
def test_giving_up_is_named_after_what_was_given_up(state, left):
    participant = make_english()
    Participant.objects.update(state=state, ticket=1)
    participant.refresh_from_db()
    cancel(participant=participant, by=PARTICIPANT, at=NOON)
    subject = mail_compose.compose(Delivery.objects.get(message="cancelled")).subject
    assert subject.startswith("You have left the waiting list" if left else "Your registration is cancelled")


@pytest.mark.parametrize("message", ["cancelled", "declined", "offer_expired"])
def test_the_link_of_an_ended_registration_does_not_promise_that_it_can_be_changed(message):
    body = compose(message, make_english()).body
    assert "This link is for you alone. Please do not pass it on." in body
    assert "change or cancel" not in body


def test_whoever_moves_up_learns_as_much_as_who_is_confirmed_at_once():
    participant = make_english()
    Workshop.objects.update(chat_name="Sample chat", chat_url="https://line.example.org/chat")
    after = [compose(message, participant).body.partition("Before each")[2].partition("----")[0] for message in ("confirmed", "moved_up")]
    assert after[0] == after[1]
    assert "Open Chat “Sample chat”" in after[0]


def test_what_was_changed_is_named_once():
    body = compose("changed", make_english()).body
    assert "- Days\n- First name\n- Phone\n- Topics\n" in body


@pytest.mark.parametrize(("choice", "words"), [("offer", "for 48 hours"), ("at_once", "you move up automatically")])
def test_whoever_waits_is_told_how_the_line_moves(choice, words):
    participant = make_english()
    participant.workshop.waiting_list = choice
    participant.workshop.save()
    assert words in compose("waiting", participant).body


# The meeting links


def with_link(participant, url="https://zoom.example.org/j/1?pwd=a&b=c"):
    day = participant.days.first()
    day.join_url = url
    day.save()
    return day


@pytest.mark.parametrize("message", ["reminder", "meeting_link"])
def test_the_way_into_the_meeting_is_in_the_mails_of_its_day(message):
    participant = make_english()
    day = with_link(participant)
    track = tracks_of(participant.workshop)[0]
    track.join_url = "https://zoom.example.org/j/track"
    track.save()
    mail = compose(message, participant)
    assert [link for link in links_of(mail) if "zoom" in link] == [day.join_url, day.join_url, track.join_url, track.join_url]
    assert mail.body.count(day.join_url) == mail.body.count(track.join_url) == 1
    assert "10:00–11:00" in mail.body


def test_before_its_time_a_reminder_has_no_link():
    participant = make_english()
    day = with_link(participant)
    day.join_opens_at = DAY_BEFORE + dt.timedelta(minutes=1)
    day.save()
    mail = compose("reminder", participant)
    assert "zoom" not in mail.body + html_of(mail)
    assert "The link to the meeting will be on your personal page from Wednesday 17 February 2027, 15:01." in mail.body


def test_a_reminder_of_a_day_with_a_room_says_where_and_brings_the_code():
    person = make_english()
    person.workshop.days.update(room_en="Room 511", room_th="ห้อง ๕๑๑")
    mail = compose("reminder", person)
    assert "Room: Room 511\nAt the door, please show the QR code that is attached" in mail.body
    assert f"or say your reference code {person.code}." in mail.body
    assert "The link to the meeting" not in mail.body
    assert set(files_of(mail)) == {f"{person.workshop.slug}.ics", f"{person.code}.png"}


def test_a_reminder_without_any_link_promises_one():
    assert "The link to the meeting will be on your personal page before the meeting begins." in compose("reminder", make_english()).body


@pytest.mark.parametrize("message", sorted(set(STATES) - {"reminder", "meeting_link"}))
def test_no_other_mail_shows_a_meeting_link(message):
    participant = make_english()
    with_link(participant)
    mail = compose(message, participant)
    assert "zoom" not in mail.body + html_of(mail)


# Attached files


def files_of(mail):
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.message().walk() if part.get_filename()}


@pytest.mark.parametrize("message", STATES)
def test_a_calendar_goes_along_where_there_is_something_to_attend(message):
    participant = make_english()
    with_calendar = {"confirmed", "moved_up", "changed", "reminder", "meeting_link", "renamed"}
    names = {f"{participant.workshop.slug}.ics"} if message in with_calendar else set()
    if message in {"confirmed", "moved_up"}:
        names.add(f"{participant.code}.png")
    assert set(files_of(compose(message, participant))) == names


def test_the_calendar_has_the_days_in_bangkoks_time():
    participant = make_english()
    (part,) = [part for part in compose("confirmed", participant).message().walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "PUBLISH"
    events = Calendar.from_ical(part.get_payload(decode=True)).events
    assert [event.decoded("dtstart").isoformat() for event in events] == ["2027-02-18T09:00:00+07:00", "2027-02-25T09:00:00+07:00"]
    assert {str(event["status"]) for event in events} == {"CONFIRMED"}


def test_a_code_goes_along_as_a_picture():
    participant = make_english()
    assert files_of(compose("confirmed", participant))[f"{participant.code}.png"].startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize(
    ("message", "status"), [("cancelled", "CANCELLED"), ("declined", "CANCELLED"), ("gave_way", "CANCELLED"), ("pending", "TENTATIVE")]
)
def test_whose_calendar_has_the_days_gets_one_that_takes_them_back(message, status):
    participant = make_english()
    assert files_of(compose(message, participant)) == {}
    sent = delivery_of("confirmed", participant)
    Delivery.objects.filter(pk=sent.pk).update(state="sent")
    (file,) = files_of(compose(message, participant)).values()
    assert {str(event["status"]) for event in Calendar.from_ical(file).events} == {status}


def test_a_changed_registration_that_is_not_confirmed_has_nothing_to_attend():
    delivery = delivery_of("changed", make_english())
    Participant.objects.update(state="waitlisted")
    assert mail_compose.compose(delivery).attachments == []


# Whether there is still something to say


@pytest.mark.parametrize(
    ("message", "state", "needed"),
    [
        ("offered", "offered", True),
        ("offered", "confirmed", False),
        ("reminder", "confirmed", True),
        ("reminder", "cancelled", False),
        ("meeting_link", "confirmed", True),
        ("meeting_link", "cancelled", False),
        ("confirmed", "confirmed", True),
        ("confirmed", "cancelled", False),
        ("confirmed", "pending", False),
        ("pending", "pending", True),
        ("pending", "declined", False),
        ("waiting", "waitlisted", True),
        ("waiting", "cancelled", False),
        ("moved_up", "confirmed", True),
        ("moved_up", "cancelled", False),
        ("cancelled", "cancelled", True),
    ],
)
def test_a_mail_whose_matter_has_passed_is_not_needed(message, state, needed):
    participant = make_english()
    with_link(participant)
    delivery = delivery_of(message, participant)
    Participant.objects.update(state=state)
    assert mail_compose.is_needed(delivery, DAY_BEFORE) is needed


def test_a_reminder_is_needed_until_its_day_is_over_for_who_still_comes():
    participant = make_english()
    day = participant.days.first()
    delivery = delivery_of("reminder", participant)
    assert mail_compose.is_needed(delivery, day.ends_at() - dt.timedelta(seconds=1)) is True
    assert mail_compose.is_needed(delivery, day.ends_at()) is False
    participant.days.remove(day)
    assert mail_compose.is_needed(delivery, DAY_BEFORE) is False


def test_a_link_that_closed_again_is_not_sent():
    participant = make_english()
    day = with_link(participant)
    delivery = delivery_of("meeting_link", participant)
    day.join_opens_at = DAY_BEFORE + dt.timedelta(hours=1)
    day.save()
    assert mail_compose.is_needed(delivery, DAY_BEFORE) is False


# Mail programs


@pytest.mark.parametrize("message", STATES)
def test_html_asks_nothing_of_other_hosts_and_fits_small_screens(message):
    html = html_of(compose(message, make_english()))
    assert re.findall(r"<(script|img|link|iframe|form|style)\b", html) == []
    assert re.findall(r"url\(", html) == []
    assert re.findall(r"<(?:svg|video|button|section|main)\b|display:\s*(?:flex|grid)|position:|float:|var\(|rem\b", html) == []
    assert html.count("mso-padding-alt") == html.count("display:block;padding")  # Outlook pads cells, not links
    assert 'name="viewport"' in html and "max-width:600px" in html
    assert '<html lang="en">' in html


def test_who_registers_after_the_last_day_is_promised_no_link():
    participant = make_english()
    promise = "Before each of your meeting days we send you the meeting link"
    assert promise in compose("confirmed", participant).body
    for day in participant.workshop.days.all():
        type(day).objects.filter(pk=day.pk).update(date=day.date.replace(year=2022))
    mail = compose("confirmed", Participant.objects.get(pk=participant.pk))
    assert [promise in text for text in (mail.body, html_of(mail))] == [False, False]
