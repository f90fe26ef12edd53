"""When somebody is signed out without having asked for it."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from registration.actor import SYSTEM
from registration.coordinators.actions import switch_off
from registration.office.rights import to_give
from registration.security import session_timeout
from registration.security.actions.sign_ins import end_sign_ins
from tests.factories import make_coordinator, make_workshop
from tests.visitors import Browser

pytestmark = pytest.mark.django_db

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def clerk():
    return User.objects.create_user("clerk", is_staff=True)


@pytest.fixture
def later(monkeypatch):
    """Moves the clock that timeouts are measured by."""
    passed = dt.timedelta()

    class Clock:
        @staticmethod
        def now():
            return timezone.now() + passed

    def move(by):
        nonlocal passed
        passed += by

    monkeypatch.setattr(session_timeout, "timezone", Clock)
    return move


def is_in(client, path="/admin/"):
    return client.get(path).status_code == 200


def test_two_hours_without_a_sign_end_it(client, clerk, later):
    client.force_login(clerk)
    later(2 * HOUR - MINUTE)
    assert is_in(client)
    later(2 * HOUR + MINUTE)
    assert not is_in(client)
    assert "ท่านไม่ได้ใช้งานเป็นเวลานาน" in client.get("/desk/sign-in/").content.decode()


def test_who_works_on_stays_in_but_no_longer_than_twelve_hours(client, clerk, later):
    client.force_login(clerk)
    stayed = []
    for _hour in range(13):
        later(HOUR)
        stayed.append(is_in(client))
    assert stayed == [True] * 11 + [False] * 2


def test_the_desk_has_the_same_rule(client, later):
    coordinator = make_coordinator(make_workshop())
    client.force_login(coordinator.user)
    path = f"/desk/{coordinator.quota.workshop.slug}/55/"
    assert is_in(client, path)
    later(2 * HOUR + MINUTE)
    assert not is_in(client, path)


def test_a_sign_in_from_before_this_rule_ends(client, clerk):
    client.force_login(clerk)
    session = client.session
    del session["sign_in_began"]
    session.save()
    assert not is_in(client)


def test_the_session_is_not_written_at_every_click(client, clerk, later):
    client.force_login(clerk)
    client.get("/admin/")
    seen = client.session["sign_in_seen"]
    later(MINUTE)
    client.get("/admin/")
    assert client.session["sign_in_seen"] == seen


def test_switching_a_coordinator_off_signs_them_out_and_nobody_else():
    workshop = make_workshop()
    coordinators = [make_coordinator(workshop, code) for code in ("55", "56")]
    browsers = [Browser() for _coordinator in coordinators]
    for browser, coordinator in zip(browsers, coordinators, strict=True):
        browser.force_login(coordinator.user)
    switch_off(coordinator=coordinators[0], by=SYSTEM)
    assert ["_auth_user_id" in browser.session for browser in browsers] == [False, True]


def test_every_browser_of_theirs_is_signed_out(clerk):
    browsers = [Browser(), Browser()]
    for browser in browsers:
        browser.force_login(clerk)
    assert (end_sign_ins([clerk.pk]), [is_in(browser) for browser in browsers]) == (2, [False, False])


class TestRights:
    """What an administrator changes in the admin."""

    def form(self, user, **changes):
        joined = timezone.localtime(user.date_joined)
        data = {
            "username": user.username,
            "date_joined_0": joined.strftime("%Y-%m-%d"),
            "date_joined_1": joined.strftime("%H:%M:%S"),
            "initial-date_joined_0": joined.strftime("%Y-%m-%d"),
            "initial-date_joined_1": joined.strftime("%H:%M:%S"),
            "is_active": "on",
            "is_staff": "on",
            "first_name": user.first_name,
        }
        return {name: value for name, value in (data | changes).items() if value is not None}

    def save(self, admin_client, user, **changes):
        response = admin_client.post(f"/en/admin/auth/user/{user.pk}/change/", self.form(user, **changes))
        assert response.status_code == 302, response.context["errors"]

    @pytest.mark.parametrize("changes", [{"is_staff": None}, {"is_superuser": "on"}, {"groups": "first"}, {"user_permissions": "first"}])
    def test_other_rights_sign_them_out(self, client, admin_client, clerk, changes):
        first = {"groups": Group.objects.first().pk, "user_permissions": to_give().first().pk}
        client.force_login(clerk)
        self.save(admin_client, clerk, **{name: first[name] if value == "first" else value for name, value in changes.items()})
        assert "_auth_user_id" not in client.session

    def test_another_name_does_not(self, client, admin_client, clerk):
        client.force_login(clerk)
        self.save(admin_client, clerk, first_name="สมมุติ")
        assert is_in(client)

    def test_another_role_signs_its_members_out(self, client, admin_client, clerk):
        group = Group.objects.create(name="sample")
        clerk.groups.add(group)
        client.force_login(clerk)
        admin_client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "renamed"})
        assert is_in(client)
        admin_client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "sample", "permissions": to_give().first().pk})
        assert not is_in(client)

    def test_a_role_that_is_gone_too(self, client, admin_client, clerk):
        group = Group.objects.create(name="sample")
        clerk.groups.add(group)
        client.force_login(clerk)
        admin_client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})
        assert not is_in(client)
