"""The date by which a province announces."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User

from registration.actor import SYSTEM
from registration.choices import State
from registration.mail import compose
from registration.models import Delivery, Participant
from registration.selection.actions.announcements import announce
from registration.selection.actions.drafts import selection_of
from registration.selection.actions.reminders import announce_overdue, remind_to_announce
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def selecting(**fields):
    workshop = make_workshop(decision="selection", decision_minutes=5, announce_by=NOON + 10 * DAY, **fields)
    make_coordinator(workshop, "55", email="nan@example.org")
    make_coordinator(workshop, "56", email="phayao@example.org")
    return workshop, [make_participant(workshop, code) for code in ("55", "55", "56")]


def mails(message):
    return list(Delivery.objects.filter(message=message).order_by("pk").values_list("email", flat=True))


def test_a_desk_is_reminded_twice_however_often_the_clock_runs():
    workshop, _people = selecting()
    counts = [remind_to_announce(at=NOON + hours * DAY / 24) for hours in (0, 24 * 7 - 1, 24 * 7, 24 * 7 + 1, 24 * 9, 24 * 9 + 1, 24 * 11)]
    assert counts == [0, 0, 2, 0, 2, 0, 0]
    assert mails("selection_reminder") == ["nan@example.org", "phayao@example.org"] * 2
    mail = compose.compose(Delivery.objects.filter(message="selection_reminder", email="nan@example.org").first(), at=NOON)
    assert "๒ คน" in mail.body and f"/desk/{workshop.slug}/55/" in mail.body


def test_who_has_announced_or_has_nobody_is_not_reminded():
    workshop, _people = selecting()
    make_coordinator(workshop, "57", email="empty@example.org")
    quota = seats_of(workshop, "55")
    announce(quota=quota, version=selection_of(quota).version, by=SYSTEM, at=NOON)
    assert remind_to_announce(at=NOON + 9 * DAY) == 1
    assert mails("selection_reminder") == ["phayao@example.org"]


def test_staff_are_told_once_of_all_that_are_overdue():
    workshop, people = selecting()
    for name, allowed in (("boss", True), ("reader", False)):
        user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
        if allowed:
            user.user_permissions.add(Permission.objects.get(codename="change_participant"))
    assert [announce_overdue(at=NOON + days * DAY) for days in (9, 10, 11)] == [0, 2, 0]
    assert mails("selection_overdue") == ["boss@example.org"]
    mail = compose.compose(Delivery.objects.get(message="selection_overdue"), at=NOON)
    for place, code in (("จังหวัดน่าน", "55"), ("จังหวัดพะเยา", "56")):
        assert f"{place} http://localhost:8000/desk/{workshop.slug}/{code}/" in mail.body
    assert set(Participant.objects.values_list("state", flat=True)) == {State.APPLIED}
    assert people


def test_where_the_workshop_says_so_the_order_of_arrival_is_announced():
    workshop, people = selecting(unannounced="arrival")
    seats_of(workshop, "55", capacity=1)
    assert [announce_overdue(at=NOON + days * DAY) for days in (10, 11)] == [2, 0]
    now = Participant.objects.in_bulk()
    assert [now[person.pk].state for person in people] == [State.CONFIRMED, State.WAITLISTED, State.CONFIRMED]
