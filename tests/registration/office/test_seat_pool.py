"""The office's page of seats that nobody uses: whether and when, a look ahead, one act, and a way back."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from registration.models import AuditEvent, Participant, Quota, SeatPool
from registration.seats.actions import pool as verbs
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of
from tests.registration.seats.test_pool import DATE, STAFF, make_pool, wait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    client.force_login(User.objects.create_superuser("boss"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "th"


@pytest.fixture
def workshop():
    return make_workshop(tracks=0)


def together(response) -> str:
    """Words that a line must not divide have an element of their own."""
    return "".join(words_of(response).split())


def page(workshop, rest="") -> str:
    return f"/admin/registration/quota/pool/{workshop.slug}/{rest}"


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("moment", "status"), [("2027-01-29T12:00", 302), ("2027-01-18T12:00", 200), ("2027-02-18T09:00", 200), ("yesterday", 200), ("", 302)]
)
def test_the_date_leaves_time_to_tell_desks_and_comes_before_the_first_day(client, workshop, moment, status):
    assert client.post(page(workshop), {"is_on": "on", "releases_at": moment, "rule": "most_waiting"}).status_code == status
    assert SeatPool.objects.exists() == (status == 302)


def test_a_date_that_was_set_can_be_saved_again_when_it_is_near(client, workshop):
    make_pool(workshop, releases_at=NOON + dt.timedelta(days=2))
    moment = timezone.localtime(NOON + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(page(workshop), {"releases_at": moment, "rule": "by_hand"}).status_code == 302
    assert (SeatPool.objects.get().is_on, SeatPool.objects.get().rule) == (False, "by_hand")


def test_of_two_who_set_it_at_once_the_second_is_told(client, workshop):
    make_pool(workshop, releases_at=None)
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(page(workshop)).content.decode())[1]
    sent = {"is_on": "on", "releases_at": "", "rule": "by_hand", "seen": seen}
    SeatPool.objects.update(rule="missing_groups")
    assert "มีผู้แก้ไข" in words_of(client.post(page(workshop), sent, follow=True))
    assert SeatPool.objects.get().rule == "missing_groups"
    SeatPool.objects.update(rule="most_waiting")
    client.post(page(workshop), sent)
    assert SeatPool.objects.get().rule == "by_hand"


class TestGiving:
    @pytest.fixture
    def pool(self, workshop):
        pool = make_pool(workshop)
        verbs.give_up(pool=pool, quota=seats_of(workshop, "55"), seats=2, by=STAFF, at=NOON)
        return pool

    def ahead(self, client, workshop, **query):
        response = client.get(page(workshop, "give/"), {"province": ["56"], "rule": "most_waiting"} | query)
        return response, re.findall(r'name="person" value="([^"]+)"', response.content.decode())

    def test_who_was_seen_moves_up(self, client, workshop, pool):
        people = wait(workshop, "56", 3)
        response, seen = self.ahead(client, workshop)
        assert seen == [f"{person.quota_id}-{person.pk}" for person in people[:2]]
        assert people[0].first_name in words_of(response)
        assert AuditEvent.objects.filter(what="released seats", count=2).exists()
        client.post(page(workshop, "give/"), {"person": seen})
        client.post(page(workshop, "give/"), {"person": seen})
        assert list(Participant.objects.waiting()) == [people[2]]

    def test_names_are_for_those_who_may_see_people(self, client, workshop, pool):
        wait(workshop, "56")
        member = User.objects.create_user("seats", is_staff=True)
        member.user_permissions.set(Permission.objects.filter(codename__in=["view_quota", "change_quota"]))
        client.force_login(member)
        answers = [client.get(page(workshop)), client.get(page(workshop, "give/")), client.post(page(workshop, "give/"), {"person": []})]
        assert [answer.status_code for answer in answers] == [200, 403, 403]
        assert "give/" not in answers[0].content.decode()

    def test_numbers_are_typed_by_hand(self, client, workshop, pool):
        wait(workshop, "56", 3)
        assert len(self.ahead(client, workshop, **{"rule": "by_hand", "seats-56": "1"})[1]) == 1
        by_rule = self.ahead(client, workshop, **{"rule": "most_waiting", "seats-56": "1"})[0]
        assert by_rule.context["are_typed_unused"], "what was typed is not dropped without a word"
        response, seen = self.ahead(client, workshop, **{"rule": "by_hand", "seats-56": "3"})
        assert seen == [] and "กรอกไว้" in words_of(response)

    @pytest.mark.parametrize("typed", ["-1", "x", "٣", "9" * 30, ""])
    def test_nonsense_gives_nothing(self, client, workshop, pool, typed):
        wait(workshop, "56")
        assert self.ahead(client, workshop, **{"rule": "by_hand", "seats-56": typed})[0].status_code == 200
        assert client.post(page(workshop, "give/"), {"person": [typed, f"{typed}-{typed}", f"1-{typed}"]}).status_code == 302
        assert client.post(page(workshop, "back/"), {"province": "55", "seats": typed}).status_code == 302
        assert client.post(page(workshop, "back/"), {"province": f"{typed}\x00", "seats": "1"}).status_code == 404
        assert SeatPool.objects.get().free == 2

    def test_whom_the_line_has_lost_since_stops_it_all(self, client, workshop, pool):
        people = wait(workshop, "56", 2)
        seen = self.ahead(client, workshop)[1]
        cancel(participant=people[0], by=STAFF, at=NOON)
        client.post(page(workshop, "give/"), {"person": seen})
        assert (list(Participant.objects.waiting()), SeatPool.objects.get().free) == ([people[1]], 2)

    def test_a_province_of_another_workshop_gets_nothing(self, client, workshop, pool):
        (stranger,) = wait(make_workshop(tracks=0), "56")
        client.post(page(workshop, "give/"), {"person": [f"{stranger.quota_id}-{stranger.pk}"]})
        stranger.refresh_from_db()
        assert stranger.state == "waitlisted"

    def test_seats_are_taken_back_and_the_front_page_counts_them(self, client, workshop, pool):
        assert "ที่นั่งคืนส่วนกลาง" in words_of(client.get("/admin/"))
        client.post(page(workshop, "back/"), {"province": "55", "seats": "2"})
        assert (SeatPool.objects.get().free, seats_of(workshop, "55").capacity) == (0, 25)
        assert "ที่นั่งคืนส่วนกลาง" not in words_of(client.get("/admin/"))


def test_where_nobody_could_be_told_staff_are_and_release_by_a_press(client, workshop, monkeypatch):
    Quota.objects.filter(workshop=workshop, kind="province").update(capacity=0)
    for code in ("55", "56"):
        seats_of(workshop, code, capacity=3)
    make_coordinator(workshop, "56", email="phayao@example.org")
    make_pool(workshop)
    said = "มีที่นั่งว่างที่ระบบไม่คืนให้เอง"
    for at, is_near in ((NOON, False), (DATE - dt.timedelta(days=6), True)):
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        client.force_login(User.objects.get(username="boss"))  # the first session has timed out by then
        assert (said in together(client.get("/admin/")), "pool/release" in client.get(page(workshop)).content.decode()) == (is_near, False)
    monkeypatch.setattr("django.utils.timezone.now", lambda: DATE)
    client.force_login(User.objects.get(username="boss"))
    shown = client.get(page(workshop))
    assert shown.content.decode().count(f"{workshop.slug}/release/") == 1
    assert "คืน๓ที่นั่งเข้าส่วนกลาง" in together(shown)
    for code, seats, free in (("56", "3", 0), ("55", "2", 0), ("55", "٣", 0), ("55", "3", 3), ("55", "3", 3)):
        assert client.post(page(workshop, "release/"), {"province": code, "seats": seats}).status_code == 302
        assert SeatPool.objects.get().free == free
    assert client.post(page(workshop, "release/"), {"province": "55\x00", "seats": "3"}).status_code == 404
    assert said not in together(client.get("/admin/"))


def test_an_empty_workshop_has_a_page(client, workshop):
    assert client.get(page(workshop)).status_code == 200
    assert client.get(page(workshop, "give/")).status_code == 302
    make_participant(workshop)
    make_pool(workshop)
    assert client.get(page(workshop)).status_code == 200
