import datetime as dt
import socket
import threading
from email import message_from_bytes
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend
from django.db import OperationalError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration.mail import outbox
from registration.models import Delivery, MailFlow, Participant
from tests.factories import NOON, make_invitation, make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

#: When things are due: long ago, whatever the clock of this machine says.
AT = timezone.make_aware(dt.datetime(2020, 1, 15, 12, 0))

Q, SENDING, SENT, FAILED, UNKNOWN, OBSOLETE = "queued", "sending", "sent", "failed", "unknown", "obsolete"


@pytest.fixture
def participant():
    """Somebody to whom nothing is queued."""
    participant = make_participant(make_workshop())
    Delivery.objects.all().delete()
    return participant


def post(participant, *, occasion="1", message="link", at=AT, **kwargs):
    outbox.post(message, participant, occasion=occasion, at=at, **kwargs)
    return Delivery.objects.latest("pk")


def post_many(participant, count, at=AT):
    for number in range(count):
        post(participant, occasion=str(number), at=at)


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def refused_with(error, monkeypatch):
    """The mail server answers every mail with `error`."""

    def send_messages(self, messages):
        raise error

    monkeypatch.setattr(LocmemBackend, "send_messages", send_messages)


# Posting


def test_what_is_posted_twice_is_sent_once(participant):
    post(participant)
    post(participant)
    assert outbox.send_due("w", seconds=5) == 1
    assert outbox.send_due("w", seconds=5) == 0
    assert len(mail.outbox) == 1


def test_another_occasion_is_another_mail(participant):
    post(participant, occasion="1")
    post(participant, occasion="2")
    assert outbox.send_due("w", seconds=5) == 2


def test_a_rollback_posts_nothing(participant):
    with pytest.raises(RuntimeError), transaction.atomic():
        post(participant)
        raise RuntimeError
    assert states() == []


def test_a_mail_for_elsewhere_goes_elsewhere(participant):
    post(participant, email="elsewhere@example.org")
    outbox.send_due("w", seconds=5)
    assert mail.outbox[0].to == ["elsewhere@example.org"]


def test_what_is_posted_says_to_whom_what_and_when(participant):
    invitation, user = make_invitation(participant.workshop), User.objects.create_user("somebody", email="user@example.org")
    Delivery.objects.all().delete()
    for _twice in range(2):
        post(participant, occasion=7, details={"reason": "x"})
        post(participant, occasion=8)
        outbox.post_to_invitation("invitation", invitation, at=AT)
        outbox.post_to_invitation("invitation", invitation, occasion="again", at=AT, details={"reason": "y"})
        outbox.post_to_user("coordinator_sign_in", user, occasion=9, at=AT, details={"language": "en"})
    rows = Delivery.objects.order_by("pk").values_list("key", "message", "participant", "invitation", "user", "email", "details")
    assert list(rows) == [
        (f"link:{participant.pk}:7", "link", participant.pk, None, None, participant.email, {"state": participant.state, "reason": "x"}),
        (f"link:{participant.pk}:8", "link", participant.pk, None, None, participant.email, {"state": participant.state}),
        (f"invitation:invitation-{invitation.pk}:", "invitation", None, invitation.pk, None, invitation.email, {}),
        (f"invitation:invitation-{invitation.pk}:again", "invitation", None, invitation.pk, None, invitation.email, {"reason": "y"}),
        (f"coordinator_sign_in:user-{user.pk}:9", "coordinator_sign_in", None, None, user.pk, "user@example.org", {"language": "en"}),
    ]
    assert set(Delivery.objects.values_list("created_at", "due_at", "state", "mailing")) == {(AT, AT, Q, None)}


# Claiming


def test_no_worker_gets_what_another_has(participant):
    post_many(participant, 5)
    first = outbox.claim("a", at=AT, limit=3)
    second = outbox.claim("b", at=AT, limit=3)
    assert [len(first), len(second)] == [3, 2]
    assert {delivery.pk for delivery in first} & {delivery.pk for delivery in second} == set()


def test_the_eldest_go_first_and_none_before_its_time(participant):
    late = post(participant, occasion="late", at=AT + dt.timedelta(minutes=5))
    early = post(participant, occasion="early", at=AT)
    assert outbox.claim("w", at=AT) == [early]
    assert outbox.claim("w", at=AT + dt.timedelta(minutes=5)) == [late]


def test_no_minute_sees_more_than_its_allowance_however_many_workers_ask(participant, settings):
    settings.MAILS_PER_MINUTE = 4
    post_many(participant, 10)
    claimed = [len(outbox.claim(worker, at=AT + dt.timedelta(seconds=s), limit=3)) for s, worker in enumerate("abcd")]
    assert claimed == [3, 1, 0, 0]
    assert len(outbox.claim("a", at=AT + dt.timedelta(minutes=1), limit=10)) == 4


def test_who_is_due_first_goes_first_whenever_it_was_written(participant):
    third, first, second = (post(participant, occasion=str(minutes), at=AT + dt.timedelta(minutes=minutes)) for minutes in (2, 0, 1))
    later = AT + dt.timedelta(minutes=5)
    assert outbox.claim("w", at=later, limit=2) == [first, second]
    assert outbox.claim("w", at=later, limit=2) == [third]


def test_a_minute_is_one_from_its_first_moment_to_its_last(participant, settings):
    settings.MAILS_PER_MINUTE = 4
    post_many(participant, 20)
    moments = [(0, 100), (0, 200), (59, 999), (60, 0), (60, 1), (119, 0), (120, 0)]
    claimed = [outbox.claim("w", at=AT + dt.timedelta(seconds=second, milliseconds=milli), limit=3) for second, milli in moments]
    assert [len(batch) for batch in claimed] == [3, 1, 0, 3, 1, 0, 3]


def test_a_worker_whose_clock_is_behind_does_not_open_the_last_minute_again(participant, settings):
    settings.MAILS_PER_MINUTE = 2
    post_many(participant, 6)
    assert len(outbox.claim("ahead", at=AT + dt.timedelta(minutes=1))) == 2
    assert len(outbox.claim("behind", at=AT + dt.timedelta(seconds=59))) == 0
    assert len(outbox.claim("ahead", at=AT + dt.timedelta(minutes=1, seconds=1))) == 0


def test_what_somebody_waits_for_goes_before_what_goes_to_many(participant):
    for number in range(30):
        post(participant, message="reminder", occasion=str(number), at=AT)
    event = post(participant, message="confirmed", at=AT + dt.timedelta(seconds=1))
    asked = post(participant, message="fresh_link", at=AT + dt.timedelta(seconds=2))
    batch = outbox.claim("w", at=AT + dt.timedelta(seconds=3))
    assert (batch[:2], len(batch)) == ([asked, event], 10)


def test_a_fifth_of_every_minute_is_kept_for_what_somebody_waits_for(participant, settings):
    settings.MAILS_PER_MINUTE = 10
    for number in range(20):
        post(participant, message="reminder", occasion=str(number), at=AT)
    assert [len(outbox.claim("w", at=AT)) for _i in range(2)] == [8, 0]
    asked = post(participant, message="link", at=AT)
    assert outbox.claim("w", at=AT + dt.timedelta(seconds=20)) == [asked]
    assert len(outbox.claim("w", at=AT + dt.timedelta(minutes=1))) == 8


@pytest.mark.parametrize(
    ("ceiling", "later"), [("MAILS_PER_HOUR", dt.timedelta(minutes=59)), ("MAILS_PER_DAY", dt.timedelta(hours=11, minutes=30))]
)
def test_the_ceilings_of_the_hour_and_the_day_hold_over_its_minutes(participant, settings, ceiling, later):
    setattr(settings, ceiling, 3)
    post_many(participant, 9)
    claimed = [len(outbox.claim("w", at=NOON + passed)) for passed in (dt.timedelta(), dt.timedelta(minutes=1), later, 2 * later)]
    assert claimed == [3, 0, 0, 3]


def test_while_the_mail_is_paused_nothing_is_claimed(participant):
    post(participant)
    MailFlow.objects.create(pk=1, is_paused=True)
    assert outbox.claim("w", at=AT) == []
    MailFlow.objects.update(is_paused=False)
    assert len(outbox.claim("w", at=AT)) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_workers_at_once_claim_each_delivery_once_and_keep_to_the_minute(settings):
    settings.MAILS_PER_MINUTE = 25
    participant = make_participant(make_workshop())
    Delivery.objects.all().delete()
    post_many(participant, 40)
    claimed, together = [], threading.Barrier(4)

    def work(name):
        together.wait()
        try:
            while batch := outbox.claim(name, at=AT, limit=4):
                claimed.extend(delivery.pk for delivery in batch)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[name]) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(claimed) == len(set(claimed)) == 25
    assert MailFlow.objects.get().sent_in_minute == 25


# Sending


def test_a_sent_mail_is_written_down_as_sent(participant):
    delivery = post(participant)
    assert outbox.send_due("w", seconds=5) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == (SENT, 1, "")
    assert delivery.attempted_at <= delivery.finished_at


def test_most_of_what_mails_say_is_read_once_for_their_batch():
    def queries_of(number):
        Delivery.objects.all().delete()
        outbox.post_many("confirmed", people[:number], at=AT)
        with CaptureQueriesContext(connection) as queries:
            assert outbox.send_due("worker", seconds=20) == number
        return len(queries)

    workshop = make_workshop()
    people = [make_participant(workshop, tracks=tracks_of(workshop)[:1]) for _i in range(outbox.BATCH)]
    assert (queries_of(10) - queries_of(5)) / 5 <= 8


def test_what_changed_while_a_slow_batch_is_sent_stands_in_its_later_mails(monkeypatch):
    workshop = make_workshop()
    people = [make_participant(workshop) for _i in range(3)]
    Delivery.objects.all().delete()
    outbox.post_many("link", people, at=AT)
    monkeypatch.setattr(outbox, "FRESH_FOR", -1)
    genuine = outbox._send

    def renamed_after(delivery, *args):
        sent = genuine(delivery, *args)
        Participant.objects.update(last_name="นามสกุลใหม่")
        return sent

    monkeypatch.setattr(outbox, "_send", renamed_after)
    assert outbox.send_due("worker", seconds=20) == 3
    assert ["นามสกุลใหม่" in sent.body for sent in mail.outbox] == [False, True, True]


def test_an_unknown_message_fails_alone_and_the_worker_goes_on(participant):
    post(participant, message="no_such_message")
    post(participant)
    assert outbox.send_due("w", seconds=5) == 1
    assert states() == [FAILED, SENT]
    assert Delivery.objects.filter(state=FAILED).get().error == "KeyError('no_such_message')"


@pytest.mark.parametrize("email", ["one@example.org, two@example.org", "one@example.org\nBcc: two@example.org"])
def test_what_is_not_one_address_is_sent_to_nobody(participant, email):
    post(participant, email=email)
    assert outbox.send_due("w", seconds=5) == 0
    assert (states(), mail.outbox) == ([FAILED], [])


def test_a_database_that_does_not_answer_is_not_the_messages_fault(participant, monkeypatch):
    post(participant)

    def compose(delivery, **_people):
        raise OperationalError("database is locked")

    monkeypatch.setattr(outbox.compose, "compose", compose)
    with pytest.raises(OperationalError):
        outbox.send_due("w", seconds=5)
    assert states() == [SENDING]
    assert outbox.reap(timezone.now() + outbox.LEASE + dt.timedelta(seconds=1)) == (1, 0)
    assert states() == [Q]


def test_a_reminder_of_a_day_that_is_over_is_not_sent(participant):
    day = participant.days.first()
    post(participant, message="reminder", details={"day": day.pk})
    day.date = dt.date(2020, 1, 1)
    day.save()
    assert outbox.send_due("w", seconds=5) == 0
    assert (states(), mail.outbox) == ([OBSOLETE], [])
    assert Delivery.objects.get().error == ""


def test_each_refusal_for_now_makes_the_next_pause_longer_until_it_fails(participant, monkeypatch):
    refused_with(SMTPRecipientsRefused({"x@example.org": (451, b"4.7.1 Greylisted")}), monkeypatch)
    delivery = post(participant)
    pauses = []
    for _try in range(len(outbox.PAUSES)):
        before = timezone.now()
        outbox.send_due("w", seconds=5)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.error) == (Q, "451 4.7.1 Greylisted")
        pauses.append(round((delivery.due_at - before) / dt.timedelta(minutes=1)))
        Delivery.objects.update(due_at=before)
    assert pauses == [1, 5, 15, 60, 180, 360, 720]
    outbox.send_due("w", seconds=5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (FAILED, 8)


def test_a_refusal_for_good_fails_with_the_servers_words(participant, monkeypatch):
    refused_with(SMTPDataError(554, "5.7.1 ไม่รับ".encode()), monkeypatch)
    delivery = post(participant)
    assert outbox.send_due("w", seconds=5) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error, delivery.attempts) == (FAILED, "554 5.7.1 ไม่รับ", 1)


@pytest.mark.parametrize(("code", "state"), [(499, Q), (500, FAILED), (599, FAILED), (600, Q)])
def test_only_what_begins_with_five_is_for_good(participant, monkeypatch, code, state):
    refused_with(SMTPDataError(code, b"words"), monkeypatch)
    post(participant)
    outbox.send_due("w", seconds=5)
    assert states() == [state]


def test_of_several_answers_the_worst_counts_and_all_are_written_down(participant, monkeypatch):
    refused_with(SMTPRecipientsRefused({"a@example.org": (550, b"No such user"), "b@example.org": (450, "Busy")}), monkeypatch)
    delivery = post(participant)
    outbox.send_due("w", seconds=5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (FAILED, "550 No such user; 450 Busy")


def test_words_in_no_known_writing_are_kept_as_far_as_they_go(participant, monkeypatch):
    refused_with(SMTPDataError(554, b"\xff Not wanted"), monkeypatch)
    delivery = post(participant)
    outbox.send_due("w", seconds=5)
    delivery.refresh_from_db()
    assert delivery.error == "554 \ufffd Not wanted"


def test_silence_from_a_connection_that_says_nothing_of_doubt_is_unknown(participant, monkeypatch):
    refused_with(ConnectionResetError("gone"), monkeypatch)
    delivery = post(participant)
    outbox.send_due("w", seconds=5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (UNKNOWN, "ConnectionResetError: gone")


def test_a_refusal_is_that_of_one_mail_and_the_next_is_sent(participant, monkeypatch):
    send = LocmemBackend.send_messages

    def refuse_the_first(self, messages):
        if Delivery.objects.aggregate(Sum("attempts"))["attempts__sum"] == 1:
            raise SMTPDataError(451, b"Not now")
        return send(self, messages)

    monkeypatch.setattr(LocmemBackend, "send_messages", refuse_the_first)
    post_many(participant, 2)
    assert outbox.send_due("w", seconds=5) == 1
    rows = Delivery.objects.order_by("pk").values_list("state", "attempts", "leased_until", "error")
    assert list(rows) == [(Q, 1, None, "451 Not now"), (SENT, 1, None, "")]


@pytest.mark.parametrize("answer", [None, SMTPDataError(451, b"Not now"), SMTPDataError(554, b"Not wanted")])
@pytest.mark.parametrize("meanwhile", [{"state": SENT}, {"claimed_by": "other"}])
def test_no_answer_changes_what_was_sent_or_belongs_to_another(participant, monkeypatch, answer, meanwhile):
    def slowly(self, messages):
        Delivery.objects.update(**meanwhile, error="as it is")
        if answer:
            raise answer

    monkeypatch.setattr(LocmemBackend, "send_messages", slowly)
    delivery = post(participant)
    outbox.send_due("w", seconds=5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.claimed_by, delivery.error) == tuple(
        ({"state": SENDING, "claimed_by": "w"} | meanwhile | {"error": "as it is"}).values()
    )


@pytest.mark.parametrize("meanwhile", [{"state": "stopped"}, {"attempted_at": AT}])
def test_what_was_stopped_or_attempted_meanwhile_is_not_sent(participant, monkeypatch, meanwhile):
    post(participant)
    compose = outbox.compose.compose

    def slowly(delivery, **people):
        Delivery.objects.update(**meanwhile)
        return compose(delivery, **people)

    monkeypatch.setattr(outbox.compose, "compose", slowly)
    assert outbox.send_due("w", seconds=5) == 0
    assert (mail.outbox, Delivery.objects.get().attempts) == ([], 0)


def test_what_the_library_cannot_put_into_a_mail_is_not_tried_for_a_day(participant, monkeypatch):
    monkeypatch.setattr(LocmemBackend, "in_doubt", False, raising=False)
    refused_with(ValueError("no such header"), monkeypatch)
    post(participant)
    outbox.send_due("w", seconds=5)
    assert states() == [FAILED]


def test_a_mail_server_that_cannot_be_reached_costs_no_attempt(participant, monkeypatch):
    def refuse(self):
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(LocmemBackend, "open", refuse)
    post_many(participant, 3)
    before = timezone.now()
    assert outbox.send_due("w", seconds=5) == 0
    assert states() == [Q, Q, Q]
    assert set(Delivery.objects.values_list("attempts", "error")) == {(0, "ConnectionRefusedError: nobody listens")}
    assert all(delivery.due_at - before >= outbox.PAUSES[0] for delivery in Delivery.objects.all())


def test_who_loses_the_mail_server_gives_back_only_what_they_have_not_begun(participant, monkeypatch):
    opened = []

    def refuse_the_second(self):
        opened.append(self)
        if len(opened) == 2:
            raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(LocmemBackend, "open", refuse_the_second)
    post_many(participant, 2)
    outbox.claim("other", at=AT, limit=1)
    begun = outbox.claim("w", at=AT, limit=1)[0]
    Delivery.objects.filter(pk=begun.pk).update(attempted_at=AT)
    stopped = post(participant, occasion="stopped")
    Delivery.objects.filter(pk=stopped.pk).update(state="stopped", claimed_by="w")
    post(participant, occasion="sent")
    post(participant, occasion="back")
    before = timezone.now()
    assert outbox.send_due("w", seconds=5) == 1
    assert states() == [SENDING, SENDING, "stopped", SENT, Q]
    back = Delivery.objects.get(state=Q)
    assert back.leased_until is None
    assert dt.timedelta(minutes=1) <= back.due_at - before < dt.timedelta(minutes=2)


def test_an_attempt_has_the_whole_lease_before_it(participant, monkeypatch):
    post(participant)
    compose, left = outbox.compose.compose, []

    def slowly(delivery, **people):
        Delivery.objects.update(leased_until=timezone.now() + dt.timedelta(seconds=9))
        return compose(delivery, **people)

    monkeypatch.setattr(outbox.compose, "compose", slowly)
    monkeypatch.setattr(
        LocmemBackend, "send_messages", lambda self, messages: left.append(Delivery.objects.get().leased_until - timezone.now())
    )
    outbox.send_due("w", seconds=5)
    assert outbox.LEASE - dt.timedelta(seconds=60) < left[0] <= outbox.LEASE


# What dead workers leave


def test_what_a_worker_left_before_its_attempt_goes_back_to_the_queue(participant):
    post(participant)
    outbox.claim("dead", at=AT)
    assert outbox.reap(AT + outbox.LEASE) == (0, 0)
    assert outbox.reap(AT + outbox.LEASE + dt.timedelta(seconds=1)) == (1, 0)
    assert states() == [Q]


def test_what_a_worker_left_in_its_attempt_is_unknown_and_never_sent_by_itself(participant):
    post(participant)
    outbox.claim("dead", at=AT)
    Delivery.objects.update(attempted_at=AT)
    assert outbox.reap(AT + outbox.LEASE + dt.timedelta(seconds=1)) == (0, 1)
    assert outbox.send_due("w", seconds=5) == 0
    assert states() == [UNKNOWN]
    assert Delivery.objects.get().error == "The worker stopped while it was sending."


def test_what_was_reaped_belongs_to_nobody_and_has_its_end(participant):
    post_many(participant, 2)
    first, _second = outbox.claim("dead", at=AT)
    Delivery.objects.filter(pk=first.pk).update(attempted_at=AT)
    later = AT + outbox.LEASE + dt.timedelta(seconds=1)
    assert outbox.reap(later) == (1, 1)
    rows = Delivery.objects.order_by("pk").values_list("state", "claimed_by", "leased_until", "finished_at")
    assert list(rows) == [(UNKNOWN, "dead", None, later), (Q, "", None, None)]


def test_only_what_is_being_sent_can_be_left(participant):
    post(participant)
    outbox.claim("w", at=AT)
    Delivery.objects.update(state="stopped")
    assert outbox.reap(AT + dt.timedelta(days=1)) == (0, 0)
    assert states() == ["stopped"]


def test_a_worker_that_lost_its_lease_does_not_send(participant, monkeypatch):
    """It was slow to compose; meanwhile its delivery went back to the queue and to somebody else."""
    post(participant)
    compose = outbox.compose.compose

    def slowly(delivery, **people):
        Delivery.objects.update(state=Q, claimed_by="")
        outbox.claim("other", at=timezone.now())
        return compose(delivery, **people)

    monkeypatch.setattr(outbox.compose, "compose", slowly)
    assert outbox.send_due("slow", seconds=5) == 0
    assert mail.outbox == []
    assert (states(), Delivery.objects.get().claimed_by) == ([SENDING], "other")


def test_a_worker_whose_lease_has_run_out_leaves_its_delivery_to_the_reaper(participant, monkeypatch):
    post(participant)
    compose = outbox.compose.compose

    def slowly(delivery, **people):
        Delivery.objects.update(leased_until=timezone.now())
        return compose(delivery, **people)

    monkeypatch.setattr(outbox.compose, "compose", slowly)
    assert outbox.send_due("slow", seconds=5) == 0
    assert (states(), mail.outbox) == ([SENDING], [])


def test_a_late_answer_corrects_what_the_reaper_called_unknown(participant, monkeypatch):
    post(participant)
    send = LocmemBackend.send_messages

    def slowly(self, messages):
        outbox.reap(timezone.now() + outbox.LEASE + dt.timedelta(seconds=1))
        assert states() == [UNKNOWN]
        return send(self, messages)

    monkeypatch.setattr(LocmemBackend, "send_messages", slowly)
    assert outbox.send_due("w", seconds=5) == 1
    assert states() == [SENT]


# A real mail server on loopback


class Handler:
    """Takes every mail, unless told to answer something else."""

    def __init__(self):
        self.taken, self.to_recipient, self.to_text = [], "250 OK", "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server, session, envelope):
        if self.to_text.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content))
        return self.to_text


class HangsUpBeforeText(SMTP):
    async def smtp_DATA(self, arg):
        self.transport.abort()


class HangsUpDuringText(SMTP):
    async def smtp_DATA(self, arg):
        await self.push("354 Go on")
        self.transport.abort()


@pytest.fixture
def mail_server(settings):
    """Starts a mail server of a class and makes the portal use it. Returns its handler."""
    running = []

    def start(server_class=SMTP):
        handler = Handler()

        class OfThisClass(Controller):
            def factory(self):
                return server_class(self.handler, hostname="localhost")

        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = OfThisClass(handler, hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        settings.EMAIL_BACKEND = "registration.mail.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        return handler

    yield start
    for controller in running:
        controller.stop()


def test_a_mail_server_gets_each_mail_once_with_the_same_id_at_every_try(participant, mail_server):
    handler = mail_server()
    delivery = post(participant)
    handler.to_text = "451 4.3.0 Not now"
    outbox.send_due("w", seconds=5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (Q, "451 4.3.0 Not now")
    handler.to_text = "250 OK"
    Delivery.objects.update(due_at=AT)
    assert outbox.send_due("w", seconds=5) == 1
    assert [message["Message-ID"] for message in handler.taken] == [f"<delivery-{delivery.pk}@localhost>"]


def test_many_mails_go_through_one_connection(participant, mail_server, monkeypatch):
    handler = mail_server()
    opened = []
    made = SMTP.connection_made
    monkeypatch.setattr(SMTP, "connection_made", lambda self, transport: (opened.append(1), made(self, transport))[1])
    post_many(participant, 12)
    assert outbox.send_due("w", seconds=20) == 12
    assert (len(handler.taken), len(opened)) == (12, 1)


@pytest.mark.parametrize(("answer", "state"), [("450 4.2.1 Busy", Q), ("550 5.1.1 No such user", FAILED)])
def test_the_servers_answer_to_a_recipient_decides(participant, mail_server, answer, state):
    mail_server().to_recipient = answer
    post(participant)
    outbox.send_due("w", seconds=5)
    assert (states(), Delivery.objects.get().error) == ([state], answer)


@pytest.mark.parametrize(("answer", "state"), [("452 4.2.2 Full", Q), ("554 5.6.0 Not wanted", FAILED)])
def test_the_servers_answer_to_the_text_decides(participant, mail_server, answer, state):
    mail_server().to_text = answer
    post(participant)
    outbox.send_due("w", seconds=5)
    assert (states(), Delivery.objects.get().error) == ([state], answer)


def test_one_refusal_does_not_keep_the_next_mail(participant, mail_server):
    handler = mail_server()
    handler.to_recipient = "550 5.1.1 No such user"
    post(participant, occasion="1")
    outbox.send_due("w", seconds=5)
    handler.to_recipient = "250 OK"
    post(participant, occasion="2")
    assert outbox.send_due("w", seconds=5) == 1
    assert states() == [FAILED, SENT]


def test_a_server_that_hangs_up_before_the_text_had_no_mail(participant, mail_server):
    mail_server(HangsUpBeforeText)
    post(participant)
    outbox.send_due("w", seconds=5)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (Q, 1)
    assert delivery.error.startswith(SMTPServerDisconnected.__name__)


def test_a_server_that_hangs_up_during_the_text_may_have_it(participant, mail_server):
    mail_server(HangsUpDuringText)
    post_many(participant, 2)
    outbox.send_due("w", seconds=5)
    assert states() == [UNKNOWN, UNKNOWN]
    Delivery.objects.update(due_at=AT)
    assert outbox.send_due("w", seconds=5) == 0


def test_nobody_listening_puts_everything_back(participant, mail_server, settings):
    mail_server()
    settings.EMAIL_PORT = 1
    post_many(participant, 2)
    assert outbox.send_due("w", seconds=5) == 0
    assert set(Delivery.objects.values_list("state", "attempts")) == {(Q, 0)}
