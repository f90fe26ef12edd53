import re

import pytest
from django.contrib.auth.models import Permission, User

from registration.actor import PARTICIPANT
from registration.models import Delivery, Event, Participant
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

PEOPLE = "/en/admin/registration/participant/"
VERBS = ["approve", "decline", "cancel", "move_up", "put_back", "send_link"]


def sign_in(client, *permissions):
    user = User.objects.create_user("staff", "staff@example.org", "plainly-invented", is_staff=True, first_name="สมศรี")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_participant", "change_participant")


def choose(client, verb, people, query=""):
    """What is answered when `people` are ticked in the list and `verb` is chosen."""
    return client.post(PEOPLE + query, {"action": f"{verb}_them", "_selected_action": [p.pk for p in people], "index": "0"}, follow=True)


def confirm(client, verb, people, query="", **answers):
    """What is answered when the page that asks is confirmed, `people` being as they were shown."""
    shown = [f"{p.code}:{p.state}" for p in people]
    keys = [p.pk for p in people]
    sent = {"action": f"{verb}_them", "_selected_action": keys, "people": shown, "confirmed": "1", **answers}
    return client.post(PEOPLE + query, sent, follow=True)


def states(*people):
    found = dict(Participant.objects.values_list("pk", "state"))
    return [found[person.pk] for person in people]


def told(response):
    return [str(message) for message in response.context["messages"]]


def mails():
    return [delivery.message for delivery in Delivery.objects.order_by("pk")]


@pytest.fixture
def workshop():
    return make_workshop(decision="province_first")


def test_the_page_says_how_many_and_who_before_anything_happens(staff, workshop):
    pending = make_participant(workshop, first_name="รอ")
    ended = make_participant(workshop, "50", first_name="เลิก")
    cancel(participant=ended, by=PARTICIPANT, at=NOON)
    page = choose(staff, "approve", [pending, ended]).content.decode()
    cells = re.findall(r'<tr><th scope="row">(.*?)</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>\s*</tr>', page, re.S)
    rows = [tuple(" ".join(cell.split()) for cell in row) for row in cells]
    assert rows == [
        ("นายรอ ทดสอบดี", "Nan", "Waiting for the province&#x27;s decision"),
        ("นายเลิก ทดสอบดี", "Chiang Mai", "Cancelled – stays as it is"),
    ]
    assert "This will be done to 1 person." in page
    assert states(pending, ended) == ["pending", "cancelled"]


def test_seats_are_confirmed(staff, workshop):
    people = [make_participant(workshop), make_participant(workshop, "50")]
    response = confirm(staff, "approve", people)
    assert states(*people) == ["confirmed", "confirmed"]
    assert told(response) == [f"Approved: {people[0].full_name}, {people[1].full_name}"]
    assert Event.objects.filter(verb="approved", actor_kind="staff", actor__username="staff").count() == 2


def test_declining_needs_a_reason_and_tells_it(staff, workshop):
    person = make_participant(workshop)
    page = confirm(staff, "decline", [person])
    assert "Choose a reason or write one: it is sent to the person." in page.content.decode()
    assert states(person) == ["pending"]
    confirm(staff, "decline", [person], words="ส่งผู้แทนท่านอื่น")
    person.refresh_from_db()
    assert (person.state, person.decision_reason) == ("declined", "ส่งผู้แทนท่านอื่น")


def test_who_was_decided_about_meanwhile_is_told_of_and_the_others_are_done(staff, workshop):
    first, second = make_participant(workshop, first_name="หนึ่ง"), make_participant(workshop, first_name="สอง")
    cancel(participant=Participant.objects.get(pk=first.pk), by=PARTICIPANT, at=NOON)
    response = confirm(staff, "decline", [first, second], "?state__exact=pending", reason="twice")
    assert states(first, second) == ["cancelled", "declined"]
    assert [text.split(":")[0] for text in told(response)] == ["Not selected, and told by e-mail", first.full_name]
    assert "not done, because something else happened first" in told(response)[1]


def test_a_freed_seat_goes_to_nobody_who_is_cancelled_with_it(staff):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    holder, next_in_line, last = [make_participant(workshop) for _i in range(3)]
    response = confirm(staff, "cancel", [holder, next_in_line])
    assert states(holder, next_in_line, last) == ["cancelled", "cancelled", "confirmed"]
    assert told(response) == ["2 registrations were cancelled.", f"Moved up from the waiting list: {last.full_name}"]


def test_who_waits_moves_up_while_there_is_room(staff):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    _holder, first, second = [make_participant(workshop) for _i in range(3)]
    seats_of(workshop, capacity=2)
    response = confirm(staff, "move_up", [second, first])
    assert states(first, second) == ["confirmed", "waitlisted"]
    assert told(response)[1] == f"{second.full_name}: no seat is free"


def test_who_cancelled_is_put_back(staff):
    person = make_participant(make_workshop())
    cancel(participant=person, by=PARTICIPANT, at=NOON)
    confirm(staff, "put_back", [person])
    assert states(person) == ["confirmed"]


def test_the_link_goes_to_those_whose_registration_has_not_ended(staff):
    workshop = make_workshop()
    person, ended = make_participant(workshop), make_participant(workshop)
    cancel(participant=ended, by=PARTICIPANT, at=NOON)
    Delivery.objects.all().delete()
    response = confirm(staff, "send_link", [person, ended])
    assert (mails(), Delivery.objects.get().email) == (["link"], person.email)
    assert told(response) == ["1 personal link is on its way.", f"{ended.full_name}: the registration has ended"]


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_decide_is_offered_every_decision(staff, workshop, verb):
    make_participant(workshop)
    assert f'value="{verb}_them"' in staff.get(PEOPLE).content.decode()


def test_where_nobody_fits_no_page_is_shown(staff, workshop):
    person = make_participant(workshop)
    assert told(choose(staff, "put_back", [person])) == ["This cannot be done for any of the people you selected."]


def test_no_more_are_decided_about_than_one_answer_can_take(staff, workshop, monkeypatch):
    monkeypatch.setattr("registration.office.participants.commands.MAX_PEOPLE", 1)
    people = [make_participant(workshop), make_participant(workshop)]
    assert told(choose(staff, "approve", people)) == ["Choose at most 1 people at a time."]
    assert states(*people) == ["pending", "pending"]


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_only_read_is_offered_nothing_and_does_nothing(client, workshop, verb):
    sign_in(client, "view_participant")
    person = make_participant(workshop)
    Delivery.objects.all().delete()
    page = client.get(PEOPLE).content.decode()
    assert (page.count(person.full_name), f"{verb}_them" in page) == (1, False)
    confirm(client, verb, [person], reason="twice")
    assert (states(person), mails()) == (["pending"], [])
