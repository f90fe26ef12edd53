import datetime as dt
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from registration.actor import SYSTEM, Actor
from registration.coordinators.actions import invite
from registration.links import signed
from registration.mail import files as mail_files
from registration.mail import outbox
from registration.mail.actions.deliveries import pause_mail, resume_mail, send_again
from registration.models import Delivery, MailFlow
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, work_off

pytestmark = pytest.mark.django_db

LIST = "/en/admin/registration/delivery/"
FILES = "/en/admin/registration/delivery/mailbox/"
LINKS = "/en/admin/registration/delivery/meeting-links/"
EVERYTHING = ["view_delivery", "change_delivery", "add_delivery", "change_mailflow", "view_participant"]


def sign_in(client, *permissions):
    user = User.objects.create_user("staff", "staff@example.org", "plainly-invented", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, *EVERYTHING)


@pytest.fixture
def delivery():
    """The mail that confirms an English-speaking participant, still in the queue."""
    return make_participant(make_workshop(), language="en", title="Ms", first_name="Malee").deliveries.get()


def put(delivery, state, error=""):
    Delivery.objects.filter(pk=delivery.pk).update(state=state, error=error, finished_at=NOON, attempts=1)
    delivery.refresh_from_db()
    return delivery


def another(delivery, number=1, state="queued"):
    outbox.post("link", delivery.participant, occasion=f"another-{number}", at=NOON)
    return put(Delivery.objects.latest("pk"), state)


def said(response):
    return [str(message) for message in response.context["messages"]]


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


# Sending again


def test_only_what_failed_or_is_unknown_goes_back_to_the_queue(delivery):
    for number, state in enumerate(Delivery.State):
        another(delivery, number, state)
    before = states()
    again = send_again(deliveries=Delivery.objects.all(), by=SYSTEM, at=NOON + dt.timedelta(days=1))
    assert {Delivery.objects.get(pk=one.pk).state for one in again} == {"queued"}
    assert {one.pk for one in again} == {one.pk for one in Delivery.objects.filter(due_at__gt=NOON)}
    assert len(again) == 2
    assert states() == ["queued" if state in ("failed", "unknown") else state for state in before]


def test_what_was_tried_stays_counted(delivery):
    put(delivery, "failed", "550 No such user")
    send_again(deliveries=[delivery], by=SYSTEM, at=NOON)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.finished_at, delivery.attempted_at) == ("queued", 1, None, None)


def test_pressed_twice_it_is_sent_once_more(delivery):
    put(delivery, "failed")
    assert len(send_again(deliveries=[delivery], by=SYSTEM, at=NOON)) == 1
    assert len(send_again(deliveries=[delivery], by=SYSTEM, at=NOON)) == 0


def test_what_the_last_worker_sent_after_all_is_not_sent_again(delivery):
    """It was silent for long; staff put its mail back; then it heard that the server had taken it."""
    claimed_at = timezone.now()
    Delivery.objects.update(due_at=claimed_at)
    (claimed,) = outbox.claim("slow", at=claimed_at)
    Delivery.objects.update(attempted_at=claimed_at)
    outbox.reap(claimed_at + outbox.LEASE * 2)
    send_again(deliveries=[claimed], by=SYSTEM, at=claimed_at)
    assert states() == ["queued"]
    outbox._finish(claimed, "slow", Delivery.State.SENT, "")
    assert states() == ["sent"]


def test_who_sent_again_is_written_down(delivery):
    user = User.objects.create_user("staff")
    send_again(deliveries=[put(delivery, "failed"), another(delivery, state="sent")], by=Actor("staff", user))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (user, str(delivery.pk))


# The tap


def test_paused_mail_stays_and_runs_again_when_it_may(delivery):
    Delivery.objects.update(due_at=NOON)
    user = User.objects.create_user("staff")
    pause_mail(by=Actor("staff", user))
    assert outbox.claim("w", at=NOON) == []
    resume_mail(by=Actor("staff", user))
    assert outbox.claim("w", at=NOON) == [delivery]
    assert LogEntry.objects.filter(user=user).count() == 2


def test_a_pause_takes_back_what_workers_hold_but_not_what_they_are_handing_over(delivery):
    in_hand = another(delivery)
    outbox.claim("w", at=NOON)
    Delivery.objects.filter(pk=in_hand.pk).update(attempted_at=NOON)
    pause_mail(by=SYSTEM)
    assert states() == ["queued", "sending"]
    assert outbox._mark_attempt(delivery, "w") is False


def test_pausing_twice_is_pausing_once(delivery):
    user = User.objects.create_user("staff")
    pause_mail(by=Actor("staff", user))
    pause_mail(by=Actor("staff", user))
    assert MailFlow.objects.get().is_paused
    assert LogEntry.objects.count() == 1


# The list


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_of_any_length_takes_the_same_queries(staff, delivery, rows, django_assert_num_queries):
    for number in range(rows - 1):
        another(delivery, number)
    with django_assert_num_queries(20):
        response = staff.get(LIST)
    assert len(response.context["cl"].result_list) == rows


def test_the_numbers_above_the_list_are_those_of_the_database(staff, delivery):
    for number, state in enumerate(["sent", "sent", "failed", "obsolete"]):
        another(delivery, number, state)
    counts = {str(count["state"]): count["n"] for count in staff.get(LIST).context["counts"]}
    assert counts == {"queued": 1, "sent": 2, "failed": 1, "unknown": 0, "obsolete": 1}


def test_mails_are_found_by_address_name_code_and_answer(staff, delivery):
    put(delivery, "failed", "550 Mailbox unavailable")
    other = make_participant(make_workshop())
    for words in (delivery.email, "Malee", delivery.participant.code, "unavailable"):
        assert list(staff.get(LIST, {"q": words}).context["cl"].result_list) == [delivery]
    assert delivery not in staff.get(LIST, {"q": other.code}).context["cl"].result_list


def test_mails_are_filtered_by_state_and_message(staff, delivery):
    link = another(delivery, state="failed")
    assert list(staff.get(LIST, {"state__exact": "failed"}).context["cl"].result_list) == [link]
    assert list(staff.get(LIST, {"message": "confirmed"}).context["cl"].result_list) == [delivery]


def test_what_the_portal_itself_wrote_is_in_the_readers_language(staff, delivery):
    put(delivery, "unknown", outbox.WORKER_STOPPED)
    thai = staff.get(LIST.removeprefix("/en")).content.decode()
    assert outbox.WORKER_STOPPED not in thai
    assert outbox.WORKER_STOPPED in staff.get(LIST).content.decode()


# One mail


def page_of(delivery):
    return f"{LIST}{delivery.pk}/change/"


def test_a_mail_is_shown_as_it_would_be_written_but_opens_nothing(staff, delivery):
    response = staff.get(page_of(delivery))
    assert response.context["preview"]["subject"] == f"Your seat is confirmed – Sample workshop (code {delivery.participant.code})"
    assert "Dear Ms Malee" in response.context["preview"]["text"]
    html = staff.get(f"{LIST}{delivery.pk}/html/").content.decode()
    tokens = re.findall(r"/p/([^/]+)/", html + response.content.decode())
    assert len(tokens) >= 3
    assert [signed.participant_of_token(token) for token in set(tokens)] == [None]


def test_mails_to_coordinators_and_invited_people_are_shown_too(staff):
    workshop = make_workshop()
    invite(coordinator=make_coordinator(workshop), at=NOON)
    make_invitation(workshop)
    shown = [staff.get(page_of(delivery)).context["preview"] for delivery in Delivery.objects.all()]
    assert len(shown) == 2
    assert None not in shown


def test_a_mail_in_its_frame_may_have_styles_and_nothing_else(staff, delivery):
    framed = staff.get(f"{LIST}{delivery.pk}/html/")
    assert framed["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    around = staff.get(page_of(delivery))
    policy = dict(part.strip().split(" ", 1) for part in around["Content-Security-Policy"].split(";"))
    assert (policy["frame-src"], policy["frame-ancestors"], policy["style-src"]) == ("'self'", "'none'", "'self'")
    assert around["X-Frame-Options"] == "DENY"
    assert "frame-src" not in staff.get(LIST)["Content-Security-Policy"]


def test_a_mail_that_cannot_be_written_says_why(staff, delivery):
    Delivery.objects.update(message="no_such_message")
    response = staff.get(page_of(delivery))
    assert "KeyError(&#x27;no_such_message&#x27;)" in response.content.decode()
    assert staff.get(f"{LIST}{delivery.pk}/html/").status_code == 404


def test_nothing_can_be_edited_added_or_deleted(staff, delivery):
    staff.post(page_of(delivery), {"email": "stranger@example.org"})
    delivery.refresh_from_db()
    assert delivery.email != "stranger@example.org"
    assert staff.get(f"{LIST}add/").status_code == 403
    assert staff.get(f"{LIST}{delivery.pk}/delete/").status_code == 403


# Sending again, in the list


def choose(client, *deliveries, **data):
    return client.post(LIST, {"action": "ask_to_send_again", "_selected_action": [one.pk for one in deliveries], **data}, follow=True)


def test_staff_are_asked_with_numbers_before_anything_is_sent_again(staff, delivery):
    failed, unknown = another(delivery, 1, "failed"), another(delivery, 2, "unknown")
    response = choose(staff, delivery, failed, unknown)
    text = " ".join(response.content.decode().split())
    assert "2 e-mails are queued again. 1 has an unknown delivery status and may arrive twice." in text
    assert states() == ["queued", "failed", "unknown"]


def test_after_the_answer_they_are_in_the_queue(staff, delivery):
    failed, unknown = another(delivery, 1, "failed"), another(delivery, 2, "unknown")
    response = choose(staff, failed, unknown, confirmed="yes")
    assert said(response) == ["2 e-mails have been queued again."]
    assert states() == ["queued"] * 3


def test_where_none_of_the_chosen_needs_it_staff_are_told(staff, delivery):
    assert said(choose(staff, put(delivery, "sent"))) == ["None of these failed or has an unknown status, so none is sent again."]


def test_one_mails_own_page_offers_it_only_where_it_helps(staff, delivery):
    assert staff.get(page_of(delivery)).context["may_send_again"] is False
    put(delivery, "failed")
    assert staff.get(page_of(delivery)).context["may_send_again"] is True


# Who may what


@pytest.mark.parametrize(
    ("permissions", "allowed"),
    [
        ([], set()),
        (["view_delivery"], {"list", "page", "html", "mailbox"}),
        (["view_delivery", "change_delivery"], {"list", "page", "html", "mailbox", "again"}),
        (["view_delivery", "change_mailflow"], {"list", "page", "html", "mailbox", "pause", "resume"}),
        (["view_delivery", "add_delivery"], {"list", "page", "html", "mailbox", "links", "send links"}),
    ],
)
def test_every_page_asks_for_its_permission(client, delivery, permissions, allowed, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "registration.mail.files.EmailBackend", tmp_path
    sign_in(client, *permissions)
    put(delivery, "failed")
    day = delivery.participant.days.first()
    day.join_url, day.join_opens_at = "https://zoom.example.org/j/1", NOON - dt.timedelta(days=4000)
    day.save()
    answers = {
        "list": client.get(LIST),
        "page": client.get(page_of(delivery)),
        "html": client.get(f"{LIST}{delivery.pk}/html/"),
        "mailbox": client.get(FILES),
        "links": client.get(LINKS),
        "send links": client.get(f"{LINKS}{day.pk}/"),
        "pause": client.post(f"{LIST}pause/"),
        "resume": client.post(f"{LIST}resume/"),
    }
    may = {name for name, response in answers.items() if response.status_code in (200, 302)}
    choose(client, delivery, confirmed="yes")
    delivery.refresh_from_db()
    assert may | ({"again"} if delivery.state == "queued" else set()) == allowed
    assert {response.status_code for name, response in answers.items() if name not in may} <= {403}


def test_strangers_are_asked_to_sign_in(client, delivery):
    for url in (LIST, page_of(delivery), f"{LIST}{delivery.pk}/html/", FILES, LINKS):
        assert client.get(url)["Location"].startswith(f"{reverse('admin:login')}?next=")


def test_the_tap_is_turned_by_post_alone(staff, delivery):
    assert staff.get(f"{LIST}pause/").status_code == 405
    assert said(staff.post(f"{LIST}pause/", follow=True)) == ["E-mails are paused. Nothing leaves until you let them run again."]
    assert MailFlow.objects.get().is_paused
    assert staff.get(LIST).context["is_paused"] is True
    assert said(staff.post(f"{LIST}resume/", follow=True)) == ["E-mails are going out again."]
    assert not MailFlow.objects.get().is_paused


# Mail in files


@pytest.fixture
def files(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "registration.mail.files.EmailBackend", tmp_path / "mail"
    return tmp_path / "mail"


def test_every_mail_is_a_file_of_its_own(files, delivery):
    Delivery.objects.update(due_at=NOON - dt.timedelta(days=4000))
    link = another(delivery)
    Delivery.objects.update(due_at=NOON - dt.timedelta(days=4000))
    assert outbox.send_due("w", seconds=5) == 2
    assert states() == ["sent", "sent"]
    assert len(mail_files.names()) == len(list(files.iterdir())) == 2
    # A link that was asked for goes out first; the newest file stands first.
    numbers = [mail_files.read(name)["Message-ID"] for name in mail_files.names()]
    assert numbers == [f"<delivery-{delivery.pk}@localhost>", f"<delivery-{link.pk}@localhost>"]


def test_a_file_that_cannot_be_written_is_no_mail_sent(files, delivery):
    files.write_text("in the way")
    Delivery.objects.update(due_at=NOON - dt.timedelta(days=4000))
    assert outbox.send_due("w", seconds=5) == 0
    assert states() == ["queued"]


def test_staff_read_the_files_and_follow_their_links(files, staff, delivery):
    Delivery.objects.update(due_at=NOON - dt.timedelta(days=4000))
    outbox.send_due("w", seconds=5)
    (name,) = mail_files.names()
    assert [shown for shown, _mail in staff.get(FILES).context["mails"]] == [name]
    page = staff.get(f"{FILES}{name}/")
    url = signed.personal_url(delivery.participant)
    assert f'<a href="{url}"' in page.content.decode()
    framed = staff.get(f"{FILES}{name}/html/")
    assert f'href="{url}"' in framed.content.decode()
    assert framed["Content-Security-Policy"].endswith("sandbox allow-popups allow-popups-to-escape-sandbox")
    assert staff.get(f"{FILES}{name}/files/0/").content.startswith(b"BEGIN:VCALENDAR")
    assert staff.get(f"{FILES}{name}/files/1/").content.startswith(b"\x89PNG")
    assert staff.get(f"{FILES}{name}/files/2/").status_code == 404


def test_the_newest_is_first_and_a_page_opens_only_its_own(files, staff, monkeypatch):
    for number in range(53):
        EmailMultiAlternatives(f"Mail {number}", "text", to=["a@example.org"]).send()
    subjects = [mail["Subject"] for _name, mail in staff.get(FILES).context["mails"]]
    assert subjects == [f"Mail {number}" for number in range(52, 2, -1)]
    assert [mail["Subject"] for _name, mail in staff.get(FILES, {"page": 2}).context["mails"]] == ["Mail 2", "Mail 1", "Mail 0"]


@pytest.mark.parametrize(
    "name",
    [
        "..%2Fsecret",
        "..",
        "....//secret",
        "secret.eml",
        "%00",
        "20260101-000000-000000-00000000.eml",
        ".20260101-000000-000000-00000000.eml",
    ],
)
def test_no_other_file_is_ever_read(files, staff, name):
    files.mkdir()
    (files.parent / "secret").write_text("Subject: treasure\n\ntreasure")
    (files / "secret.eml").write_text("Subject: treasure\n\ntreasure")
    response = staff.get(f"{FILES}{name}/")
    assert response.status_code in (302, 400, 404)
    assert "treasure" not in response.content.decode()


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "x/../../secret", "20260101-000000-000000-00000000.eml\n"])
def test_a_name_that_is_none_is_no_file(files, name):
    with pytest.raises(FileNotFoundError):
        mail_files.read(name)


def test_where_a_server_sends_the_mail_there_is_no_mailbox(staff):
    assert staff.get(FILES).status_code == 404
    assert staff.get(LIST).context["has_mailbox"] is False


# Sending the meeting links


@pytest.fixture
def day(delivery):
    """The first day, with a link that may be seen already."""
    day = delivery.participant.days.first()
    day.join_url, day.join_opens_at = "https://zoom.example.org/j/98765?pwd=secret1234", NOON - dt.timedelta(days=4000)
    day.save()
    return day


def test_the_links_are_sent_on_post_once(staff, delivery, day):
    asked = staff.get(f"{LINKS}{day.pk}/")
    assert [person.pk for person in asked.context["people"]] == [delivery.participant_id]
    assert not Delivery.objects.filter(message="meeting_link").exists()
    for _press in range(2):
        words = said(staff.post(f"{LINKS}{day.pk}/", follow=True))
        assert words == ["The e-mails are being queued for everybody who has not received these links yet."]
    assert work_off() == ["send_meeting_link"] * 2
    assert Delivery.objects.filter(message="meeting_link").count() == 1


def test_links_are_shown_masked(staff, day):
    for url in (LINKS, f"{LINKS}{day.pk}/"):
        text = staff.get(url).content.decode()
        assert "zoom.example.org/…1234" in text
        assert "secret" not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"join_url": ""}, "This day has no meeting link yet. Enter it with the day, or with its tracks."),
        ({"is_cancelled": True}, "This day is cancelled, so no links are sent."),
        (
            {"join_opens_at": timezone.make_aware(dt.datetime(2127, 2, 17, 9, 0))},
            "Participants may see the links from Monday 17 February 2127, 09:00. Send them then, or enter an earlier time with the day.",
        ),
    ],
)
def test_staff_are_told_why_no_links_can_be_sent(staff, day, fields, words):
    type(day).objects.filter(pk=day.pk).update(**fields)
    for ask in (staff.get, staff.post):
        assert said(ask(f"{LINKS}{day.pk}/", follow=True)) == [words]
    assert not Delivery.objects.filter(message="meeting_link").exists()


@pytest.mark.parametrize("workshops", [1, 3])
def test_the_page_of_days_takes_the_same_queries_for_one_workshop_as_for_three(staff, workshops, django_assert_num_queries):
    for _number in range(workshops):
        make_participant(make_workshop())
    with django_assert_num_queries(17):
        response = staff.get(LINKS)
    assert [row["day"].come for row in response.context["days"]] == [1, 1] * workshops
