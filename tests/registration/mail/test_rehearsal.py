import pytest
from django.contrib.auth.models import User
from django.core import mail

from registration.coordinators.actions import invite
from registration.mail import compose, outbox
from registration.models import Delivery, Mailing
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop

pytestmark = pytest.mark.django_db


def test_every_mail_of_a_rehearsal_goes_to_its_address_alone_and_says_so():
    workshop = make_workshop(rehearsal_email="rehearsal@example.org")
    make_participant(workshop)
    make_participant(workshop, language="en")
    make_invitation(workshop)
    invite(coordinator=make_coordinator(workshop), at=NOON)
    Delivery.objects.update(due_at="2020-01-01T00:00Z")
    outbox.send_due("worker", seconds=30)
    assert [sent.recipients() for sent in mail.outbox] == [["rehearsal@example.org"]] * 4
    assert sorted(sent.subject.split("]")[0] for sent in mail.outbox) == ["[Rehearsal", "[ซ้อม", "[ซ้อม", "[ซ้อม"]


def test_other_workshops_write_to_their_people():
    make_workshop(rehearsal_email="rehearsal@example.org")
    person = make_participant(make_workshop())
    written = compose.compose(Delivery.objects.get(participant=person))
    assert (written.to, "ซ้อม" in written.subject) == ([person.email], False)


def test_after_the_rehearsal_mail_goes_to_people_again():
    workshop = make_workshop(rehearsal_email="rehearsal@example.org")
    person = make_participant(workshop)
    workshop.rehearsal_email = ""
    workshop.save()
    assert compose.compose(Delivery.objects.get(participant=person)).to == [person.email]


def test_staff_see_that_a_message_to_many_is_rehearsed(client):
    client.force_login(User.objects.create_superuser("staff", "staff@example.org", "plainly-invented"))
    workshop = make_workshop(rehearsal_email="rehearsal@example.org")
    mailing = Mailing.objects.create(workshop=workshop, subject_th="เรื่อง", body_th="ข้อความ", created_at=NOON)
    page = client.get(f"/en/admin/registration/mailing/{mailing.pk}/review/").content.decode()
    assert "Every e-mail goes to rehearsal@example.org and to nobody else." in page
