"""People without a mailbox of their own: somebody passes their mail on, and is not taken for them."""

import pytest
from django.db import IntegrityError, transaction

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import MessageName, State
from registration.errors import AlreadyRegistered
from registration.invitations.actions.invitations import expire_invitations
from registration.links.actions.personal_links import registered_as
from registration.mail import compose
from registration.models import Delivery, Invitation, Participant
from registration.nominations.known import known_addresses
from registration.operations.tasks import send_personal_link
from registration.people.actions.details import change_email
from registration.privacy.actions.erasure import erase
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

OFFICE = "office@example.org"


@pytest.fixture
def workshop():
    return make_workshop()


def passed_on(workshop, **fields):
    return make_participant(workshop, email=OFFICE, by_contact=True, **fields)


def test_five_of_one_office_and_who_owns_the_mailbox_are_six_people(workshop):
    five = [passed_on(workshop) for _i in range(5)]
    owner = make_participant(workshop, email=OFFICE)
    assert {person.state for person in (*five, owner)} == {State.CONFIRMED}
    assert list(Participant.objects.with_own_address()) == [owner]


def test_the_mailbox_itself_registers_once(workshop):
    make_participant(workshop, email=OFFICE)
    passed_on(workshop)
    with pytest.raises(AlreadyRegistered) as known:
        make_participant(workshop, email=OFFICE)
    assert not known.value.participant.has_contact_address
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.update(has_contact_address=False)


def test_nobody_says_of_themselves_that_mail_is_passed_on(workshop):
    from tests.factories import apply_for, make_person

    with pytest.raises(ValueError, match="passes their mail on"):
        apply_for(
            workshop=workshop, quota=seats_of(workshop), group=workshop.groups.first(), person=make_person(),
            days=workshop.days.all(), by_contact=True, by=PARTICIPANT, at=NOON,
        )  # fmt: skip


def test_the_invitation_of_who_passes_mail_on_stays_theirs(workshop):
    invitation = make_invitation(workshop, email=OFFICE)
    passed_on(workshop)
    expire_invitations(at=NOON)
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.OPEN
    assert make_participant(workshop, email=OFFICE).invitation == invitation


def test_a_list_of_nominees_does_not_take_them_for_the_owner(workshop):
    passed_on(workshop)
    assert known_addresses(seats_of(workshop), [OFFICE]) == {}


def test_who_asks_for_the_link_gets_that_of_everybody_at_the_address(workshop):
    people = [passed_on(workshop), make_participant(workshop, email=OFFICE), passed_on(workshop)]
    make_participant(workshop)
    assert registered_as(workshop, OFFICE) == people[1].pk
    send_personal_link.call(people[1].pk)
    linked = Delivery.objects.filter(message=MessageName.LINK).values_list("participant", "email")
    assert sorted(linked) == [(person.pk, OFFICE) for person in people]


def test_every_mail_says_for_whom_it_is(workshop):
    mails = [compose.compose(person.deliveries.get()) for person in (passed_on(workshop, first_name="กำนัน"), make_participant(workshop))]
    words = "อีเมลฉบับนี้ถึง นายกำนัน ทดสอบดี ซึ่งไม่มีอีเมลของตนเอง โปรดส่งต่อให้ผู้นั้นด้วย"
    assert [(words in mail.body, words in str(mail.alternatives[0][0])) for mail in mails] == [(True, True), (False, False)]


def test_an_address_of_their_own_ends_it(workshop):
    person = passed_on(workshop)
    passed_on(workshop)
    change_email(participant=person, email="own@example.org", by=PARTICIPANT)
    person.refresh_from_db()
    assert (person.email, person.has_contact_address) == ("own@example.org", False)


def test_erasing_one_leaves_the_others_and_who_passes_mail_on(workshop):
    owner, first, second = make_participant(workshop, email=OFFICE), passed_on(workshop), passed_on(workshop)
    assert erase(participant=first, by=SYSTEM) == 1
    assert set(Participant.objects.all()) == {owner, second}
    assert set(Delivery.objects.values_list("participant", flat=True)) == {owner.pk, second.pk}
    assert erase(participant=owner, by=SYSTEM) == 1
    assert (list(Participant.objects.all()), Delivery.objects.filter(participant=second).count()) == ([second], 1)
