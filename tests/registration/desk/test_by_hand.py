"""A coordinator registers somebody: who telephones, or has no mailbox of their own."""

import pytest
from django.urls import reverse

from registration.models import AuditEvent, Delivery, Participant
from sessions.models import Workshop
from tests.factories import make_answers, make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def coordinator(client, workshop):
    coordinator = make_coordinator(workshop)
    client.force_login(coordinator.user)
    return coordinator


@pytest.fixture
def send(client, workshop, coordinator):
    def sent(**changes):
        answers = make_answers(workshop, **{"language": "th", "consent": "on", "province": "56", **changes})
        return client.post(reverse("desk_register", args=[workshop.slug, "55"]), answers)

    return sent


def faults(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_somebody_is_registered_for_this_place_whatever_is_sent(send, coordinator):
    response = send(email="phoned@example.org")
    person = Participant.objects.get()
    event = person.events.get()
    assert response.url.endswith(f"/55/people/{person.code}/")
    assert (person.quota.code, person.state, person.email, person.has_contact_address) == ("55", "confirmed", "phoned@example.org", False)
    assert (event.actor, event.actor_kind, event.details["notice_read_out"]) == (coordinator.user, "coordinator", True)
    assert AuditEvent.objects.filter(verb="decided", actor=coordinator.user, participant_key=person.pk).count() == 1
    assert list(Delivery.objects.values_list("message", "email")) == [("confirmed", "phoned@example.org")]


def test_people_without_a_mailbox_share_that_of_who_passes_mail_on(send):
    for name in ("กำนัน", "ผู้ใหญ่"):
        assert send(email="office@example.org", by_contact="on", first_name=name).status_code == 302
    assert list(Participant.objects.values_list("email", "has_contact_address")) == [("office@example.org", True)] * 2


def test_the_same_name_at_the_same_contact_is_one_person(send):
    send(email="office@example.org", by_contact="on", first_name="กำนัน")
    again = send(email="office@example.org", by_contact="on", first_name="กำนัน")
    assert (list(faults(again)), Participant.objects.count()) == (["first_name"], 1)


def test_sent_twice_is_registered_once(send):
    submission = "00000000-0000-4000-8000-000000000001"
    for _i in range(2):
        assert send(email="office@example.org", by_contact="on", submission=submission).status_code == 302
    assert Participant.objects.count() == 1


def test_an_address_that_is_registered_leads_to_their_page_and_nowhere_in_another_province(send, workshop):
    known = make_participant(workshop, email="known@example.org")
    other = make_participant(workshop, "56", email="other@example.org", first_name="ลับเฉพาะ")
    assert f"/people/{known.code}/" in faults(send(email="known@example.org"))["email"][0]
    page = send(email="other@example.org")
    assert faults(page)["email"] == ["มีผู้ลงทะเบียนด้วยอีเมลนี้แล้ว"]
    assert "ลับเฉพาะ" not in page.content.decode() and other.code not in page.content.decode()


def test_a_full_place_offers_the_reserve(send, workshop):
    seats_of(workshop, capacity=1)
    make_participant(workshop)
    assert list(faults(send())) == ["waitlist_ok"]
    assert send(waitlist_ok="on").status_code == 302
    assert Participant.objects.latest("pk").state == "waitlisted"


def test_without_the_notice_read_out_nobody_is_registered(send):
    assert (list(faults(send(consent=None))), Participant.objects.count()) == (["consent"], 0)


@pytest.mark.parametrize(
    "fields", [{"registration_closes_at": "2020-01-01T00:00+07:00"}, {"registration_opens_at": "2999-01-01T00:00+07:00"}]
)
def test_when_registration_is_closed_there_is_no_form(client, send, workshop, fields):
    Workshop.objects.update(**fields)
    path = reverse("desk_register", args=[workshop.slug, "55"])
    assert client.get(path).context["may_register"] is False
    assert 'name="submission"' not in client.get(path).content.decode()
    assert (send().status_code, Participant.objects.count()) == (200, 0)


def test_who_may_only_read_registers_nobody(client, workshop):
    from django.contrib.auth.models import Permission, User

    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_participant"))
    client.force_login(reader)
    assert client.get(reverse("desk_register", args=[workshop.slug, "55"])).status_code == 403
