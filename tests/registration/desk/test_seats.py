"""A province's free seats at its desk: kept, given up, taken back."""

import datetime as dt
import re

import pytest

from registration.models import SeatIntent, SeatPool
from registration.notices.matters import matters_of
from registration.seats.actions import pool as verbs
from tests.factories import NOON, make_coordinator, make_workshop, seats_of
from tests.registration.seats.test_pool import DATE, STAFF, make_pool, wait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def workshop(client):
    workshop = make_workshop(tracks=0)
    client.force_login(make_coordinator(workshop).user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "th"
    return workshop


def page(workshop, code="55") -> str:
    return f"/desk/{workshop.slug}/{code}/seats/"


def test_there_is_no_page_where_the_office_has_not_turned_it_on(client, workshop):
    assert client.get(page(workshop)).status_code == 404
    make_pool(workshop, is_on=False)
    assert client.get(page(workshop)).status_code == 404


def test_a_province_says_that_it_keeps_its_seats_and_no_longer(client, workshop):
    make_pool(workshop)
    shown = re.sub(r"<[^>]+>", "", client.get(page(workshop)).content.decode())
    assert "๒๕ จาก ๒๕" in shown
    client.post(page(workshop), {"keep": "", "until": "2027-02-05"})
    assert SeatIntent.objects.get().keeps_until == dt.date(2027, 2, 5)
    client.post(page(workshop), {"not_kept": ""})
    assert SeatIntent.objects.get().keeps_until is None


@pytest.mark.parametrize("until", ["2027-01-14", "2027-02-18", "2570-01-20", "x", ""])
def test_not_until_a_day_that_is_past_or_too_late(client, workshop, until):
    make_pool(workshop)
    assert "error-summary" in client.post(page(workshop), {"keep": "", "until": until}).content.decode()
    assert not SeatIntent.objects.filter(keeps_until__isnull=False).exists()


def test_seats_are_given_up_after_a_tick_and_taken_back_while_nobody_has_them(client, workshop):
    make_pool(workshop)
    for values in ({"seats": "2"}, {"seats": "26", "sure": "on"}, {"seats": "0", "sure": "on"}, {"seats": "x", "sure": "on"}):
        client.post(page(workshop), {"give_up": "", **values})
    assert SeatPool.objects.get().free == 0
    client.post(page(workshop), {"give_up": "", "seats": "2", "sure": "on"})
    assert (SeatPool.objects.get().free, seats_of(workshop).capacity) == (2, 23)
    verbs.give(pool=SeatPool.objects.get(), gifts=[verbs.Gift(seats_of(workshop, "56"), (wait(workshop, "56")[0].pk,))], by=STAFF, at=NOON)
    client.post(page(workshop), {"back": ""})
    client.post(page(workshop), {"back": ""})
    assert (SeatPool.objects.get().free, seats_of(workshop).capacity) == (0, 24)


def test_the_desk_shows_it_in_time(workshop):
    make_pool(workshop)
    quota = seats_of(workshop)
    kinds = [
        [matter.kind for matter in matters_of(quota, at=at)] for at in (DATE - dt.timedelta(days=15), DATE - dt.timedelta(days=9), DATE)
    ]
    assert kinds == [[], ["release"], []]
    verbs.keep(quota=quota, until=(DATE + dt.timedelta(days=9)).date(), by=STAFF, at=NOON)
    assert matters_of(quota, at=DATE - dt.timedelta(days=9)) == []
