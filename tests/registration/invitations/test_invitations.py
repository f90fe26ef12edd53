"""An open invitation holds one seat: for who is invited, and for nobody after that."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.errors import AlreadyInvited, AlreadyRegistered, InvitationOver, LinkNeeded, QuotaFull, WindowClosed
from registration.invitations.actions.invitations import expire_invitations, remind_invited, renew_general_link, resend, withdraw
from registration.links import signed
from registration.models import Delivery, Invitation, Participant
from registration.operations.clock import tick
from registration.seats import quotas
from registration.seats.actions.moves import cancel
from tests.factories import NOON, apply_for, make_invitation, make_participant, make_person, make_workshop, seats_of, tracks_of
from tests.registration.seats.test_concurrency import at_once, kinds

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def accept(invitation, *, at=NOON, tracks=(), submission=None, **fields):
    """Answers `invitation` as its page does."""
    workshop = invitation.workshop
    return apply_for(
        workshop=workshop,
        quota=invitation.quota,
        group=invitation.group or workshop.groups.get(scope="province"),
        person=make_person(email=invitation.email, **fields),
        days=workshop.days.all(),
        tracks=tracks,
        waitlist_ok=False,
        submission=submission or uuid4(),
        language="th",
        notice_version="1",
        by=PARTICIPANT,
        invitation=invitation,
        at=at,
    )


def taken(workshop, code="55"):
    assert quotas.mismatches() == []
    return seats_of(workshop, code).taken


def state(model):
    model.refresh_from_db()
    return str(model.state)


def mails(invitation):
    return list(Delivery.objects.filter(invitation=invitation).order_by("pk").values_list("message", flat=True))


class TestInviting:
    def test_an_invitation_holds_a_seat_for_seven_days_and_is_mailed(self):
        workshop = make_workshop()
        invitation = make_invitation(workshop, email="one@example.org")
        assert (taken(workshop), invitation.expires_at, mails(invitation)) == (1, NOON + 7 * DAY, ["invitation"])
        assert Delivery.objects.get().email == "one@example.org"

    def test_staff_set_how_long_it_holds(self):
        assert make_invitation(make_workshop(invitation_days=3)).expires_at == NOON + 3 * DAY

    def test_it_does_not_hold_beyond_the_closing_date(self):
        workshop = make_workshop(registration_closes_at=NOON + 2 * DAY)
        assert make_invitation(workshop).expires_at == NOON + 2 * DAY

    def test_nobody_is_invited_after_the_closing_date(self):
        workshop = make_workshop(registration_closes_at=NOON - DAY)
        with pytest.raises(WindowClosed):
            make_invitation(workshop)

    def test_nobody_is_invited_without_a_seat(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        make_invitation(workshop)
        with pytest.raises(QuotaFull):
            make_invitation(workshop)
        assert (taken(workshop), Invitation.objects.count()) == (1, 1)

    def test_a_held_seat_is_given_to_nobody_else(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        make_invitation(workshop)
        assert make_participant(workshop).state == "waitlisted"

    def test_an_address_is_invited_once_whatever_the_province(self):
        workshop = make_workshop()
        make_invitation(workshop, email="one@example.org")
        for code in ("55", "50"):
            with pytest.raises(AlreadyInvited):
                make_invitation(workshop, code, email="one@example.org")
        assert (taken(workshop), taken(workshop, "50")) == (1, 0)

    def test_who_is_registered_is_not_invited_even_when_the_seats_are_full(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        participant = make_participant(workshop, "50")
        make_participant(workshop)
        with pytest.raises(AlreadyRegistered):
            make_invitation(workshop, email=participant.email)

    def test_who_cancelled_can_be_invited_again(self):
        workshop = make_workshop()
        participant = make_participant(workshop)
        cancel(participant=participant, by=PARTICIPANT, at=NOON)
        make_invitation(workshop, email=participant.email)
        assert taken(workshop) == 1


class TestAccepting:
    @pytest.mark.parametrize("decision", ["at_once", "province_first"])
    def test_who_accepts_is_confirmed_on_the_seat_that_was_held(self, decision):
        workshop = make_workshop(decision=decision)
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop)
        participant = accept(invitation)
        assert (state(participant), state(invitation), taken(workshop)) == ("confirmed", "accepted", 1)
        assert (invitation.participant, participant.quota) == (participant, seats_of(workshop))
        assert list(participant.deliveries.values_list("message", flat=True)) == ["confirmed"]

    def test_track_places_are_taken_as_for_everybody(self):
        workshop = make_workshop()
        track = tracks_of(workshop)[0]
        track.quota.capacity = 1
        track.quota.save()
        accept(make_invitation(workshop), tracks=[track])
        second = make_invitation(workshop)
        with pytest.raises(QuotaFull):
            accept(second, tracks=[track])
        assert (state(second), taken(workshop)) == ("open", 2)

    def test_the_same_answer_twice_is_one_registration(self):
        invitation = make_invitation(make_workshop())
        submission = uuid4()
        assert accept(invitation, submission=submission) == accept(invitation, submission=submission)
        assert taken(invitation.workshop) == 1

    def test_another_answer_later_is_told_that_they_are_registered(self):
        invitation = make_invitation(make_workshop())
        accept(invitation)
        with pytest.raises(AlreadyRegistered):
            accept(invitation)
        assert taken(invitation.workshop) == 1

    def test_it_can_be_accepted_up_to_its_last_moment(self):
        workshop = make_workshop()
        assert accept(make_invitation(workshop), at=NOON + 7 * DAY - dt.timedelta(seconds=1)).state == "confirmed"
        with pytest.raises(InvitationOver):
            accept(make_invitation(workshop), at=NOON + 7 * DAY)

    def test_a_withdrawn_one_cannot_be_accepted(self):
        invitation = make_invitation(make_workshop())
        withdraw(invitation=invitation, by=SYSTEM, at=NOON)
        with pytest.raises(InvitationOver):
            accept(invitation)
        assert taken(invitation.workshop) == 0

    def test_before_registration_opens_an_invitation_is_the_way_in(self):
        workshop = make_workshop(registration_opens_at=NOON + DAY)
        with pytest.raises(WindowClosed):
            make_participant(workshop)
        assert accept(make_invitation(workshop)).state == "confirmed"

    def test_who_fills_in_the_general_form_instead_takes_the_seat_that_is_held_for_them(self):
        workshop = make_workshop(decision="province_first")
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop, email="one@example.org")
        participant = make_participant(workshop, email="one@example.org")
        assert (state(participant), state(invitation), taken(workshop)) == ("confirmed", "accepted", 1)

    def test_who_registers_elsewhere_frees_the_seat_for_the_next_in_line(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop, email="one@example.org")
        waiting = make_participant(workshop)
        make_participant(workshop, "50", email="one@example.org")
        assert (state(invitation), state(waiting), taken(workshop), taken(workshop, "50")) == ("withdrawn", "confirmed", 1, 1)

    def test_who_could_not_register_elsewhere_keeps_the_seat_that_is_held(self):
        workshop = make_workshop()
        seats_of(workshop, "50", capacity=0)
        invitation = make_invitation(workshop, email="one@example.org")
        with pytest.raises(QuotaFull):
            make_participant(workshop, "50", email="one@example.org", waitlist_ok=False)
        assert (state(invitation), taken(workshop)) == ("open", 1)

    def test_what_a_killed_process_left_open_the_clock_ends(self, monkeypatch):
        workshop = make_workshop()
        invitation = make_invitation(workshop, email="one@example.org")
        monkeypatch.setattr("registration.people.actions.registrations.end_if_open", lambda *_: 0)
        make_participant(workshop, "50", email="one@example.org")
        assert state(invitation) == "open"
        tick(NOON)
        assert (state(invitation), taken(workshop), taken(workshop, "50")) == ("withdrawn", 0, 1)


class TestEnding:
    def test_a_withdrawn_seat_goes_to_the_next_in_line_and_the_person_is_told(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop)
        waiting = make_participant(workshop)
        assert withdraw(invitation=invitation, by=SYSTEM, at=NOON) == [waiting]
        assert (state(invitation), state(waiting), taken(workshop)) == ("withdrawn", "confirmed", 1)
        assert mails(invitation) == ["invitation", "invitation_withdrawn"]

    def test_an_expired_seat_goes_to_the_next_in_line_by_the_clock(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop)
        waiting = make_participant(workshop)
        tick(NOON + 7 * DAY - dt.timedelta(seconds=1))
        assert (state(invitation), state(waiting)) == ("open", "waitlisted")
        tick(NOON + 7 * DAY)
        assert (state(invitation), state(waiting), taken(workshop)) == ("expired", "confirmed", 1)
        tick(NOON + 8 * DAY)
        assert taken(workshop) == 1

    def test_what_is_answered_is_not_withdrawn(self):
        invitation = make_invitation(make_workshop())
        accept(invitation)
        with pytest.raises(InvitationOver):
            withdraw(invitation=invitation, by=SYSTEM, at=NOON)
        assert (expire_invitations(at=NOON + 30 * DAY), taken(invitation.workshop)) == (0, 1)

    def test_a_withdrawn_address_can_be_invited_anew(self):
        workshop = make_workshop()
        withdraw(invitation=make_invitation(workshop, email="one@example.org"), by=SYSTEM, at=NOON)
        make_invitation(workshop, email="one@example.org")
        assert taken(workshop) == 1


class TestReminding:
    @pytest.mark.parametrize(("days", "due"), [(7, 5 * DAY), (4, 2 * DAY), (1, DAY / 2)])
    def test_a_reminder_goes_out_once_two_days_before_or_at_half_time(self, days, due):
        invitation = make_invitation(make_workshop(invitation_days=days))
        assert remind_invited(at=NOON + due - dt.timedelta(seconds=1)) == 0
        assert remind_invited(at=NOON + due) == 1
        assert remind_invited(at=NOON + due) == 0
        assert mails(invitation) == ["invitation", "invitation_reminder"]

    def test_nobody_is_reminded_of_what_is_answered_or_over(self):
        workshop = make_workshop()
        accept(make_invitation(workshop))
        assert remind_invited(at=NOON + 6 * DAY) == 0
        make_invitation(workshop)
        assert remind_invited(at=NOON + 7 * DAY) == 0

    def test_sending_again_sends_once_in_ten_minutes(self):
        invitation = make_invitation(make_workshop())
        for minutes in (1, 2, 11):
            resend(invitation=invitation, by=SYSTEM, at=NOON + dt.timedelta(minutes=minutes))
        assert mails(invitation) == ["invitation"] * 3

    def test_what_is_over_is_not_sent_again(self):
        invitation = make_invitation(make_workshop())
        with pytest.raises(InvitationOver):
            resend(invitation=invitation, by=SYSTEM, at=invitation.expires_at)


class TestTheGeneralLink:
    def test_its_token_leads_to_the_province_until_it_is_renewed(self):
        quota = seats_of(make_workshop())
        token = signed.invitation_token(quota)
        assert signed.quota_of_token(token) == quota
        renew_general_link(quota=quota)
        assert signed.quota_of_token(token) is None
        assert signed.quota_of_token(signed.invitation_token(quota)) == quota

    @pytest.mark.parametrize("token", ["", "x", "1.1", "1.1.signature", "\x00"])
    def test_a_forged_token_leads_nowhere(self, token):
        make_workshop()
        assert signed.quota_of_token(token) is None
        assert signed.invitation_of_token(token) is None

    def test_where_the_link_is_needed_only_that_of_the_own_province_lets_in(self):
        workshop = make_workshop(entry="province_link")
        nan, chiang_mai = seats_of(workshop), seats_of(workshop, "50")
        for link in (None, chiang_mai):
            with pytest.raises(LinkNeeded):
                register_at(nan, link=link)
        assert register_at(nan, link=nan).state == "confirmed"
        assert taken(workshop) == 1

    def test_coordinators_and_who_is_invited_need_no_link(self):
        workshop = make_workshop(entry="province_link")
        assert register_at(seats_of(workshop), by=Actor("coordinator")).state == "confirmed"
        assert accept(make_invitation(workshop)).state == "confirmed"


def register_at(quota, **options):
    workshop = quota.workshop
    return apply_for(
        **{
            "workshop": workshop,
            "quota": quota,
            "group": workshop.groups.get(scope="province"),
            "person": make_person(),
            "days": workshop.days.all(),
            "tracks": [],
            "waitlist_ok": False,
            "submission": uuid4(),
            "language": "th",
            "notice_version": "1",
            "by": PARTICIPANT,
            "at": NOON,
        }
        | options
    )


def test_whom_the_coordinator_registers_the_province_has_decided_on():
    workshop = make_workshop(decision="province_first")
    assert register_at(seats_of(workshop), by=Actor("coordinator")).state == "confirmed"
    assert register_at(seats_of(workshop)).state == "pending"


def test_the_recount_sees_a_seat_that_no_open_invitation_holds():
    workshop = make_workshop()
    invitation = make_invitation(workshop)
    Invitation.objects.filter(pk=invitation.pk).update(state="expired")
    assert quotas.mismatches() == [(seats_of(workshop), 0)]


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_clicks_on_accept_are_one_registration(self):
        invitation = make_invitation(make_workshop())
        submission = uuid4()
        first, second = at_once(*[lambda: accept(invitation, submission=submission)] * 2)
        assert first == second
        assert taken(invitation.workshop) == 1

    def test_two_answers_from_two_windows_are_one_registration(self):
        invitation = make_invitation(make_workshop())
        outcomes = at_once(*[lambda: accept(invitation)] * 2)
        assert kinds(outcomes) == {"Participant": 1, "AlreadyRegistered": 1}
        assert taken(invitation.workshop) == 1

    def test_accepting_and_withdrawing_one_of_the_two(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop)
        accepted, withdrawn = at_once(lambda: accept(invitation), lambda: withdraw(invitation=invitation, by=SYSTEM, at=NOON))
        assert isinstance(accepted, InvitationOver) != isinstance(withdrawn, InvitationOver)
        assert taken(workshop) == Participant.objects.confirmed().count()

    def test_accepting_in_the_last_moment_and_expiring_one_of_the_two(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop)
        waiting = make_participant(workshop)
        last = NOON + 7 * DAY
        accepted, _ended = at_once(lambda: accept(invitation, at=last - dt.timedelta(seconds=1)), lambda: expire_invitations(at=last))
        if isinstance(accepted, InvitationOver):
            assert (state(invitation), state(waiting)) == ("expired", "confirmed")
        else:
            assert (state(invitation), state(waiting)) == ("accepted", "waitlisted")
        assert taken(workshop) == 1

    def test_the_last_seat_is_held_for_one_of_two(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        assert kinds(at_once(*[lambda: make_invitation(workshop)] * 2)) == {"Invitation": 1, "QuotaFull": 1}
        assert taken(workshop) == 1

    def test_one_address_invited_by_two_provinces_is_invited_by_one(self):
        workshop = make_workshop()
        outcomes = at_once(*[lambda code=code: make_invitation(workshop, code, email="one@example.org") for code in ("55", "50")])
        assert kinds(outcomes) == {"Invitation": 1, "AlreadyInvited": 1}
        assert taken(workshop) + taken(workshop, "50") == 1

    def test_inviting_and_registering_on_the_last_seat_give_it_to_one(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        outcomes = at_once(lambda: make_invitation(workshop), lambda: make_participant(workshop, waitlist_ok=False))
        assert kinds(outcomes)["QuotaFull"] == 1
        assert taken(workshop) == 1

    def test_withdrawing_twice_frees_one_seat(self):
        workshop = make_workshop()
        make_participant(workshop)
        invitation = make_invitation(workshop)
        outcomes = at_once(*[lambda: withdraw(invitation=invitation, by=SYSTEM, at=NOON)] * 2)
        assert kinds(outcomes) == {"list": 1, "InvitationOver": 1}
        assert taken(workshop) == 1

    def test_without_the_condition_both_would_free_the_seat(self, monkeypatch):
        """The race is real: an invitation that is closed without looking frees its seat twice."""
        workshop = make_workshop()
        make_participant(workshop)
        invitation = make_invitation(workshop)
        monkeypatch.setattr("registration.invitations.actions.invitations.close_invitation", lambda *args, **options: None)
        at_once(*[lambda: withdraw(invitation=invitation, by=SYSTEM, at=NOON)] * 2)
        connection.close()
        assert seats_of(workshop).taken == 0
