"""The office corrects the e-mail address of somebody who telephones."""

import pytest
from django.contrib.auth.models import Permission, User

from registration.models import Delivery, Event
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db
LIST = "/en/admin/registration/participant/"


@pytest.fixture
def staff(client):
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_participant", "change_participant"]))
    client.force_login(user)
    return client


@pytest.fixture
def person():
    return make_participant(make_workshop(), email="mistyped@example.org")


def ask(client, *people, **fields):
    return client.post(LIST, {"action": "correct_email", "_selected_action": [person.pk for person in people], **fields})


def test_the_old_address_is_told_and_the_new_one_gets_the_link(staff, person):
    page = ask(staff, person)
    assert (page.status_code, "mistyped@example.org" in page.content.decode()) == (200, True)
    assert ask(staff, person, confirmed="yes", email=" Right@Example.org ").status_code == 302
    person.refresh_from_db()
    assert person.email == "right@example.org"
    told = Delivery.objects.filter(message__in=["email_changed", "link"]).values_list("message", "email").order_by("message")
    assert list(told) == [("email_changed", "mistyped@example.org"), ("link", "right@example.org")]
    assert Event.objects.get(verb="email_changed").actor == User.objects.get()


@pytest.mark.parametrize("email", ["", "no address", "mistyped@example.org", "taken@example.org"])
def test_an_address_that_will_not_do_is_said_and_kept_in_its_field(staff, person, email):
    make_participant(person.workshop, email="taken@example.org")
    page = ask(staff, person, confirmed="yes", email=email)
    assert page.status_code == 200
    assert (len(page.context["form"].errors["email"]), page.context["form"]["email"].value()) == (1, email)
    person.refresh_from_db()
    assert person.email == "mistyped@example.org"


def test_it_is_for_one_living_registration_at_a_time(staff, person):
    other = make_participant(person.workshop)
    assert ask(staff, person, other, confirmed="yes", email="right@example.org").status_code == 302
    person.refresh_from_db()
    assert person.email == "mistyped@example.org"


def test_who_may_only_read_is_not_offered_it(client, person):
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_participant"))
    client.force_login(user)
    assert "correct_email" not in client.get(LIST).content.decode()
    ask(client, person, confirmed="yes", email="right@example.org")
    person.refresh_from_db()
    assert person.email == "mistyped@example.org"
