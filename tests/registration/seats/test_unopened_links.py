"""A seat whose holder never opened their mail goes on while others wait; nobody loses one whose mail did not reach them."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from registration.actor import PARTICIPANT, Actor
from registration.links import fresh, signed
from registration.links.actions.personal_links import note_opened
from registration.mail import compose
from registration.models import Delivery, Participant
from registration.operations import clock
from registration.people.history import in_words
from registration.seats import quotas
from registration.seats.actions import unopened_links
from registration.seats.actions.moves import approve, cancel
from registration.seats.actions.unopened_links import ask_to_open, pass_on_unopened
from registration.seats.working_days import a_working_day_after
from sessions.schedule import BANGKOK
from tests.factories import apply_for, make_coordinator, make_invitation, make_participant, make_person, make_workshop, seats_of

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
#: A Monday.
START = dt.datetime(2027, 1, 11, 10, 0, tzinfo=BANGKOK)


def full(*, seats=1, waiting=1, **fields):
    """A workshop whose Nan is full: the holders, and those who wait."""
    workshop = make_workshop(**fields)
    seats_of(workshop, capacity=seats)
    people = [make_participant(workshop, at=START) for _i in range(seats + waiting)]
    return workshop, people[:seats], people[seats:]


def deliver(at, **conditions):
    """The mail server takes what is queued."""
    Delivery.objects.filter(state="queued", **conditions).update(state="sent", finished_at=at)


def round_at(at, **conditions):
    """A round of the clock; what it writes is taken by the mail server at once."""
    counted = ask_to_open(at=at), pass_on_unopened(at=at)
    deliver(at, **conditions)
    return counted


def states(*people):
    return [str(Participant.objects.get(pk=person.pk).state) for person in people]


def messages_to(person):
    return list(Delivery.objects.filter(participant=person).order_by("pk").values_list("message", flat=True))


def verbs_of(person):
    return list(person.events.order_by("pk").values_list("verb", flat=True))


class TestTheWay:
    def test_they_are_asked_after_a_day_and_passed_over_after_another(self):
        workshop, [holder], [first] = full()
        deliver(START)
        assert round_at(START + 23 * HOUR) == (0, 0)
        assert round_at(START + 24 * HOUR) == (1, 0)
        assert round_at(START + 47 * HOUR) == (0, 0)
        assert round_at(START + 48 * HOUR) == (0, 1)
        assert states(holder, first) == ["cancelled", "confirmed"]
        assert messages_to(holder) == ["confirmed", "open_link", "gave_way"]
        assert messages_to(first) == ["waiting", "moved_up"]
        assert verbs_of(holder) == ["registered", "asked_to_open", "gave_way"]
        assert "ที่นั่งเป็นของผู้รอลำดับถัดไป" in in_words(holder.events.last())
        assert (seats_of(workshop).taken, quotas.mismatches()) == (1, [])

    def test_the_clock_does_it_and_twice_is_once(self):
        _workshop, [holder], [first] = full()
        deliver(START)
        for at in (START + 24 * HOUR, START + 48 * HOUR):
            clock.tick(at)
            clock.tick(at)
            deliver(at)
        assert messages_to(holder) == ["confirmed", "open_link", "gave_way"]
        assert states(first) == ["confirmed"]

    def test_opening_the_link_in_the_mail_keeps_the_seat(self, client):
        _workshop, [holder], [first] = full()
        deliver(START)
        round_at(START + 24 * HOUR)
        assert client.get(signed.personal_link(holder)).status_code == 302
        assert round_at(START + 90 * HOUR) == (0, 0)
        assert states(holder, first) == ["confirmed", "waitlisted"]
        assert verbs_of(holder) == ["registered", "asked_to_open", "link_opened"]

    def test_opening_it_again_writes_nothing(self, client):
        _workshop, [holder], _waiting = full()
        client.get(signed.personal_link(holder))
        opened = Participant.objects.get(pk=holder.pk).link_opened_at
        client.get(signed.personal_link(holder))
        assert (Participant.objects.get(pk=holder.pk).link_opened_at, verbs_of(holder)) == (opened, ["registered", "link_opened"])

    def test_the_page_that_follows_the_form_and_the_calendar_are_no_mail(self, client):
        """Whoever registered has both without any mailbox."""
        _workshop, [holder], _waiting = full()
        page = reverse("personal_link", args=[signed.page_token(holder), ""])
        assert client.get(page).headers["Location"] == signed.personal_path(holder)
        assert Participant.objects.get(pk=holder.pk).link_opened_at is None

    def test_a_link_that_is_good_for_some_minutes_proves_the_mailbox_as_well(self, client):
        _workshop, [holder], _waiting = full()
        client.get(reverse("fresh_link", args=["new_email", fresh.token(holder, "new_email")]))
        assert Participant.objects.get(pk=holder.pk).link_opened_at is not None

    def test_nobody_is_asked_while_nobody_waits(self):
        _workshop, [holder], [first] = full()
        deliver(START)
        cancel(participant=first, by=PARTICIPANT, at=START)
        assert round_at(START + 240 * HOUR) == (0, 0)
        assert states(holder) == ["confirmed"]

    def test_nor_passed_over_once_nobody_waits_any_more(self):
        _workshop, [holder], [first] = full()
        deliver(START)
        round_at(START + 24 * HOUR)
        cancel(participant=first, by=PARTICIPANT, at=START + 25 * HOUR)
        assert round_at(START + 48 * HOUR) == (0, 0)
        assert states(holder) == ["confirmed"]

    def test_nobody_loses_their_seat_once_the_last_day_has_come(self):
        """They may sit in the meeting, by a link that a colleague passed on."""
        workshop, [holder], _line = full()
        deliver(START)
        assert round_at(START + 24 * HOUR) == (1, 0)
        workshop.days.order_by("date").last().delete()
        workshop.days.update(date=(START + 48 * HOUR).date())
        assert round_at(START + 48 * HOUR) == (0, 0)
        assert states(holder) == ["confirmed"]

    def test_no_more_are_asked_than_wait_and_the_longest_seated_first(self):
        _workshop, holders, _waiting = full(seats=3, waiting=2)
        deliver(START)
        assert round_at(START + 24 * HOUR) == (2, 0)
        assert [messages_to(holder)[-1] for holder in holders] == ["open_link", "open_link", "confirmed"]
        assert round_at(START + 48 * HOUR) == (0, 2)
        assert states(*holders) == ["cancelled", "cancelled", "confirmed"]

    def test_who_moved_up_is_looked_at_from_then_on(self):
        _workshop, [_holder], [first, _second] = full(waiting=2)
        deliver(START)
        round_at(START + 24 * HOUR)
        assert round_at(START + 48 * HOUR) == (0, 1)
        assert round_at(START + 71 * HOUR) == (0, 0)
        assert round_at(START + 72 * HOUR) == (1, 0)
        assert messages_to(first)[-1] == "open_link"

    def test_a_pending_seat_that_nobody_decided_on_goes_on_too(self):
        _workshop, [holder], [first] = full(decision="province_first")
        deliver(START)
        round_at(START + 24 * HOUR)
        round_at(START + 48 * HOUR)
        assert states(holder, first) == ["cancelled", "pending"]

    def test_the_workshop_says_after_how_long_and_whether_at_all(self):
        _workshop, _holders, _waiting = full(unopened_hours=5)
        deliver(START)
        assert round_at(START + 5 * HOUR) == (1, 0)
        _workshop, _holders, _waiting = full(unopened_hours=0, slug="never")
        deliver(START)
        assert round_at(START + 5 * HOUR)[0] == 0


class TestWhoKeepsHisSeat:
    def passed_on(self, workshop, holder) -> bool:
        for days in range(1, 6):
            round_at(START + days * 24 * HOUR)
        return states(holder) == ["cancelled"]

    def test_without_proof_it_goes(self):
        workshop, [holder], _waiting = full()
        deliver(START)
        assert self.passed_on(workshop, holder)

    def test_who_was_approved(self):
        workshop, [holder], _waiting = full(decision="province_first")
        deliver(START)
        approve(participant=holder, by=Actor("coordinator", make_coordinator(workshop).user), at=START)
        assert not self.passed_on(workshop, holder)

    def test_who_was_invited(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop, at=START, email="invited@example.org")
        holder = make_participant(workshop, at=START, email="invited@example.org")
        assert holder.invitation == invitation
        make_participant(workshop, at=START)
        deliver(START)
        assert not self.passed_on(workshop, holder)

    def test_whom_their_office_registered(self):
        workshop = make_workshop()
        quota = seats_of(workshop, capacity=1)
        holder = apply_for(
            workshop=workshop, quota=quota, group=workshop.groups.first(), person=make_person(), days=[], tracks=[], waitlist_ok=False,
            submission="00000000-0000-0000-0000-000000000001", language="th", notice_version="1", by=Actor("staff"), at=START,
        )  # fmt: skip
        make_participant(workshop, at=START)
        deliver(START)
        assert not self.passed_on(workshop, holder)

    def test_who_confirmed_a_new_address(self, client):
        workshop, [holder], _waiting = full()
        deliver(START)
        client.post(reverse("confirm_new_email", args=[signed.new_email_token(holder, "new@example.org")]))
        assert verbs_of(holder)[-1] == "email_changed"
        assert not self.passed_on(workshop, holder)

    def test_everybody_where_only_the_provinces_links_lead_in(self):
        workshop, [holder], _waiting = full()
        workshop.entry = "province_link"
        workshop.save()
        deliver(START)
        assert not self.passed_on(workshop, holder)

    @pytest.mark.parametrize("state", ["queued", "failed", "unknown", "stopped", "sending"])
    def test_whose_confirmation_did_not_go_out(self, state):
        workshop, [holder], _waiting = full()
        Delivery.objects.filter(participant=holder).update(state=state, finished_at=START)
        for days in range(1, 6):
            assert (ask_to_open(at=START + days * 24 * HOUR), pass_on_unopened(at=START + days * 24 * HOUR)) == (0, 0)
        assert states(holder) == ["confirmed"]

    @pytest.mark.parametrize("state", ["queued", "failed", "unknown", "stopped", "sending"])
    def test_whom_the_question_did_not_reach(self, state):
        workshop, [holder], _waiting = full()
        deliver(START)
        assert ask_to_open(at=START + 24 * HOUR) == 1
        Delivery.objects.filter(message="open_link").update(state=state, finished_at=START + 24 * HOUR)
        assert pass_on_unopened(at=START + 240 * HOUR) == 0
        assert states(holder) == ["confirmed"]

    def test_another_is_asked_where_the_question_cannot_be_delivered(self):
        _workshop, [first, second], _waiting = full(seats=2)
        deliver(START)
        ask_to_open(at=START + 24 * HOUR)
        Delivery.objects.filter(message="open_link").update(state="failed", finished_at=START + 24 * HOUR)
        assert round_at(START + 25 * HOUR) == (1, 0)
        assert [messages_to(person)[-1] for person in (first, second)] == ["open_link", "open_link"]

    def test_who_opens_it_at_the_last_moment(self, monkeypatch):
        """Between finding them and locking their seat."""
        _workshop, [holder], _waiting = full()
        deliver(START)
        round_at(START + 24 * HOUR)
        genuine = quotas.lock

        def lock(*arguments):
            note_opened(participant=Participant.objects.get(pk=holder.pk), at=START + 48 * HOUR)
            return genuine(*arguments)

        monkeypatch.setattr(unopened_links.quotas, "lock", lock)
        assert pass_on_unopened(at=START + 48 * HOUR) == 0
        assert states(holder) == ["confirmed"]


@pytest.mark.django_db(transaction=True)
def test_many_clocks_at_once_and_somebody_who_opens_their_link_agree():
    workshop, holders, waiting = full(seats=6, waiting=6)
    deliver(START)
    round_at(START + 24 * HOUR)
    at = START + 48 * HOUR

    def one(number: int) -> int:
        try:
            if number == 0:
                note_opened(participant=Participant.objects.get(pk=holders[-1].pk), at=at)
                return 0
            return pass_on_unopened(at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        passed = sum(pool.map(one, range(5)))
    opened_first = states(holders[-1]) == ["confirmed"]
    assert passed == 6 - opened_first
    assert states(*waiting) == ["confirmed"] * passed + ["waitlisted"] * opened_first
    assert [messages_to(person).count("gave_way") for person in holders] == [1] * 5 + [1 - opened_first]
    assert (seats_of(workshop).taken, quotas.mismatches()) == (6, [])


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("sent", "until"),
        [
            ("2027-01-11 10:00", "2027-01-12 10:00"),  # Monday
            ("2027-01-14 16:00", "2027-01-15 16:00"),  # Thursday
            ("2027-01-15 16:00", "2027-01-18 16:00"),  # Friday
            ("2027-01-16 09:00", "2027-01-19 00:00"),  # Saturday
            ("2027-01-17 23:59", "2027-01-19 00:00"),  # Sunday
        ],
    )
    def test_a_weekend_does_not_count(self, sent, until):
        sent, until = (dt.datetime.fromisoformat(text).replace(tzinfo=BANGKOK) for text in (sent, until))
        assert a_working_day_after(sent) == until
        assert a_working_day_after(sent.astimezone(dt.UTC)) == until


class TestMails:
    def test_it_says_until_when_and_leads_to_the_page(self):
        _workshop, [holder], _waiting = full()
        deliver(START)
        ask_to_open(at=START + 24 * HOUR)
        delivery = Delivery.objects.get(message="open_link")
        assert compose.is_needed(delivery, START)
        mail = compose.compose(delivery, at=START + 24 * HOUR)
        assert "ภายในวันพุธที่ ๑๓ มกราคม ๒๕๗๐ เวลา ๑๐.๐๐ น." in mail.body
        assert signed.personal_url(holder) in mail.body

    def test_it_is_not_sent_to_who_opened_the_link_meanwhile(self):
        _workshop, [holder], _waiting = full()
        deliver(START)
        ask_to_open(at=START + 24 * HOUR)
        note_opened(participant=holder, at=START + 25 * HOUR)
        assert not compose.is_needed(Delivery.objects.get(message="open_link"), START + 25 * HOUR)


def test_a_round_costs_the_same_for_many_provinces(django_assert_num_queries):
    workshop = make_workshop()
    for code in ("55", "56", "50"):
        seats_of(workshop, code, capacity=1)
        for _i in range(3):
            make_participant(workshop, code, at=START)
    with django_assert_num_queries(5):
        assert (ask_to_open(at=START), pass_on_unopened(at=START)) == (0, 0)
