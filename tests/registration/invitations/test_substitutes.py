"""Who cannot come says so, or sends somebody: a seat passes in one act, and never to two."""

import datetime as dt

import pytest

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import State
from registration.errors import AlreadyInvited, IllegalMove, InvitationOver, OtherAddress, SameAddress
from registration.invitations.actions.invitations import expire_invitations, refuse, remind_invited, resend, withdraw
from registration.invitations.actions.substitutes import name_substitute, pass_on, take_substitute_back
from registration.mail import compose as emails
from registration.models import Delivery, Invitation, Participant
from registration.seats import quotas
from registration.seats.actions.moves import decline
from tests.factories import NOON, make_invitation, make_participant, make_workshop, register_invited, seats_of, tracks_of
from tests.registration.mail.test_messages import html_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def workshop():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    return workshop


def states(*people):
    now = Participant.objects.in_bulk([person.pk for person in people])
    return [now[person.pk].state for person in people]


def mails(person):
    return list(Delivery.objects.filter(participant=person).order_by("pk").values_list("message", flat=True))


def test_the_seat_passes_when_the_substitute_registers_and_not_before(workshop):
    track = tracks_of(workshop)[0]
    person, waiting = make_participant(workshop, tracks=[track]), make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    assert states(person, waiting) == [State.CONFIRMED, State.WAITLISTED]
    substitute = register_invited(asked, tracks=[track])
    assert states(person, waiting, substitute) == [State.CANCELLED, State.WAITLISTED, State.CONFIRMED]
    assert (substitute.email, mails(person), mails(substitute)) == (
        "substitute@example.org",
        ["confirmed", "substituted"],
        ["confirmed"],
    )
    assert (seats_of(workshop).taken, quotas.mismatches()) == (1, [])


def test_of_two_who_answer_for_one_seat_the_second_is_told(workshop):
    person = make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    with pytest.raises(AlreadyInvited):
        name_substitute(participant=person, email="other@example.org", by=PARTICIPANT, at=NOON)
    register_invited(asked)
    with pytest.raises(OtherAddress):
        register_invited(asked, email="forwarded@example.org")
    assert Participant.objects.filter(state=State.CONFIRMED).count() == 1


def test_a_link_registers_nobody_under_another_address(workshop):
    invitation = make_invitation(workshop, email="invited@example.org")
    asked = pass_on(invitation=invitation, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    for answered in (invitation, asked):
        with pytest.raises(OtherAddress):
            register_invited(answered, email="forwarded@example.org")
    assert Participant.objects.count() == 0


def test_a_person_who_was_declined_meanwhile_passes_nothing_on(workshop):
    person, waiting = make_participant(workshop), make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    decline(participant=person, reason="ทดสอบ", by=SYSTEM, at=NOON)
    with pytest.raises(InvitationOver):
        register_invited(asked)
    assert states(person, waiting) == [State.DECLINED, State.CONFIRMED]
    assert (Participant.objects.count(), quotas.mismatches()) == (2, [])


def test_the_desk_may_refuse_a_substitute_and_the_seat_stays_where_it_is(workshop):
    person = make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    assert withdraw(invitation=asked, by=SYSTEM, at=NOON) == []
    assert (states(person), quotas.mismatches()) == ([State.CONFIRMED], [])
    assert mails(person)[-1] == "substitute_ended"
    assert Delivery.objects.get(message="invitation_withdrawn").email == "substitute@example.org"
    name_substitute(participant=person, email="other@example.org", by=PARTICIPANT, at=NOON)


def test_who_takes_it_back_is_not_told_what_they_did(workshop):
    person = make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    take_substitute_back(invitation=asked, by=PARTICIPANT, at=NOON)
    assert (mails(person), Delivery.objects.filter(message="invitation_withdrawn").count()) == (["confirmed"], 1)
    with pytest.raises(InvitationOver):
        take_substitute_back(invitation=asked, by=PARTICIPANT, at=NOON)


def test_a_substitute_whom_a_participant_named_passes_nothing_on(workshop):
    asked = name_substitute(participant=make_participant(workshop), email="substitute@example.org", by=PARTICIPANT, at=NOON)
    with pytest.raises(InvitationOver):
        pass_on(invitation=asked, email="third@example.org", by=PARTICIPANT, at=NOON)
    assert list(Invitation.objects.values_list("state", flat=True)) == ["open"]


def test_a_substitute_who_cannot_come_leaves_the_seat_where_it_is(workshop):
    person, waiting = make_participant(workshop), make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    assert refuse(invitation=asked, by=PARTICIPANT, at=NOON) == []
    assert (states(person, waiting), mails(person)[-1]) == ([State.CONFIRMED, State.WAITLISTED], "substitute_ended")


def test_nobody_is_their_own_substitute_and_who_waits_has_none(workshop):
    person, waiting = make_participant(workshop, email="own@example.org"), make_participant(workshop)
    with pytest.raises(SameAddress):
        name_substitute(participant=person, email="own@example.org", by=PARTICIPANT, at=NOON)
    with pytest.raises(IllegalMove):
        name_substitute(participant=waiting, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    with pytest.raises(IllegalMove):
        name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON + 90 * DAY)
    assert Invitation.objects.count() == 0


def test_a_substitute_who_does_not_answer_changes_nothing(workshop):
    person = make_participant(workshop)
    name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    assert [expire_invitations(at=NOON + 8 * DAY) for _i in range(2)] == [1, 0]
    assert mails(person) == ["confirmed", "substitute_ended"]
    assert (states(person), quotas.mismatches()) == ([State.CONFIRMED], [])


def test_a_substitute_has_no_seat_without_the_link(workshop):
    """Whoever knows the address alone registers like anybody else."""
    person = make_participant(workshop)
    name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    other = make_participant(workshop, email="substitute@example.org")
    assert states(person, other) == [State.CONFIRMED, State.WAITLISTED]


def test_who_is_invited_and_cannot_come_frees_the_seat_at_once(workshop):
    invitation = make_invitation(workshop)
    waiting = make_participant(workshop)
    assert refuse(invitation=invitation, reason="ติดราชการ", by=PARTICIPANT, at=NOON) == [waiting]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answer) == ("refused", "ติดราชการ")
    assert (states(waiting), quotas.mismatches()) == ([State.CONFIRMED], [])
    with pytest.raises(InvitationOver):
        refuse(invitation=invitation, by=PARTICIPANT, at=NOON)


def test_who_is_invited_passes_the_invitation_on_with_its_seat(workshop):
    invitation = make_invitation(workshop, email="invited@example.org")
    waiting = make_participant(workshop)
    substitute = pass_on(invitation=invitation, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    assert (substitute.expires_at, seats_of(workshop).taken, quotas.mismatches()) == (invitation.expires_at, 1, [])
    with pytest.raises(InvitationOver):
        register_invited(invitation)
    person = register_invited(substitute)
    assert (person.email, person.state) == ("substitute@example.org", State.CONFIRMED)
    assert states(waiting) == [State.WAITLISTED]
    with pytest.raises(SameAddress):
        pass_on(invitation=make_invitation(make_workshop(), email="a@example.org"), email="a@example.org", by=PARTICIPANT, at=NOON)


def test_a_substitute_is_reminded_and_written_to_again_as_one(workshop):
    name_substitute(participant=make_participant(workshop), email="substitute@example.org", by=PARTICIPANT, at=NOON)
    asked = Invitation.objects.get()
    resend(invitation=asked, by=SYSTEM, at=NOON + DAY)
    assert [remind_invited(at=NOON + 6 * DAY) for _i in range(2)] == [1, 0]
    assert list(asked.deliveries.values_list("message", flat=True)) == ["substitute_asked"] * 3


@pytest.mark.parametrize(("why", "words"), [("desk", "จังหวัดน่านไม่รับผู้แทน"), ("refused", "เข้าร่วมไม่ได้"), ("expired", "ไม่ได้รับช่วงที่นั่ง")])
def test_whoever_named_a_substitute_reads_why_they_do_not_come(workshop, why, words):
    person = make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    details = {"why": why, "invitation": asked.pk}
    delivery = Delivery.objects.create(
        key="x", message="substitute_ended", participant=person, email=person.email, details=details, created_at=NOON, due_at=NOON
    )
    mail = emails.compose(delivery, at=NOON)
    assert [words in text.replace("\u200b", "") for text in (mail.body, html_of(mail))] == [True, True]


@pytest.mark.parametrize("language", ["th", "en"])
def test_whoever_was_invited_is_told_whom_the_invitation_went_to(workshop, language):
    invitation = make_invitation(workshop, email="invited@example.org", language=language)
    pass_on(invitation=invitation, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    mail = emails.compose(Delivery.objects.get(message="invitation_passed_on"), at=NOON)
    assert (mail.to, "substitute" in mail.body, "/i/" in mail.body) == (["invited@example.org"], True, False)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_mails_say_whose_place_it_is(workshop, language):
    person = make_participant(workshop, language=language, first_name="สมมุติผู้หนึ่ง")
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    delivery = Delivery.objects.get(message="substitute_asked")
    assert delivery.email == "substitute@example.org"
    assert "สมมุติผู้หนึ่ง" in emails.compose(delivery, at=NOON).body
    register_invited(asked)
    assert emails.compose(Delivery.objects.get(message="substituted"), at=NOON).subject
