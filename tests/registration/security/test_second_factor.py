"""A code from the phone besides the password; who must give it, and where."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from registration.security import second_factor
from registration.security.actions.second_factor import new_recovery_codes, reset, set_up
from tests.factories import make_coordinator, make_workshop

pytestmark = pytest.mark.django_db

KEY = "31" * 20


def code_of(key=KEY, steps=0) -> str:
    """What the app shows now, or so many half minutes later."""
    import time

    return f"{totp(bytes.fromhex(key), t0=int(time.time()) % 30 - steps * 30 - int(time.time()) % 30):06d}"


@pytest.fixture
def clerk():
    user = User.objects.create_user("clerk", password="plainly-invented-words", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="registration"))
    return user


@pytest.fixture
def enrolled(clerk):
    set_up(user=clerk, key=KEY, code=code_of())
    TOTPDevice.objects.update(last_t=-1)  # as if that were long ago
    return clerk


def sign_in(client, user="clerk"):
    return client.post("/admin/login/", {"username": user, "password": "plainly-invented-words", "next": "/admin/"}, follow=True)


class TestDemanded:
    @pytest.fixture(autouse=True)
    def production(self, settings):
        settings.STAFF_SECOND_FACTOR = True

    @pytest.mark.parametrize("path", ["/admin/", "/en/admin/registration/participant/", "/desk/", "/admin/password_change/"])
    def test_staff_go_nowhere_before_they_have_one(self, client, clerk, path):
        client.force_login(clerk)
        response = client.get(path)
        prefix = "/en" if path.startswith("/en") else ""
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, f"{prefix}/second-factor/")
        assert client.get(response["Location"])["Location"] == f"{prefix}/second-factor/new/"

    def test_a_form_of_the_admin_is_not_taken_either(self, client, clerk):
        clerk.is_superuser = True
        clerk.save()
        client.force_login(clerk)
        client.post("/admin/auth/group/add/", {"name": "sneaked in"})
        assert "sneaked in" not in client.get("/admin/auth/group/", follow=True).content.decode()

    def test_coordinators_and_visitors_are_not_asked(self, client):
        coordinator = make_coordinator(make_workshop())
        client.force_login(coordinator.user)
        assert client.get(f"/desk/{coordinator.quota.workshop.slug}/55/").status_code == 200
        assert Client().get("/").status_code == 200

    def test_from_the_password_to_the_page_that_was_wanted(self, client, clerk):
        page = sign_in(client)
        assert page.request["PATH_INFO"] == "/second-factor/new/"
        key = client.session["second_factor_key"]
        assert second_factor.as_typed(key) in page.content.decode()
        assert client.get("/second-factor/new/qr.svg")["Content-Type"] == "image/svg+xml"
        codes = client.post("/second-factor/new/", {"code": code_of(key)})
        assert len(re.findall(r"<li>\w{4} \w{4}</li>", codes.content.decode())) == 8
        assert client.get("/admin/").status_code == 200
        assert client.get("/second-factor/new/qr.svg").status_code == 404


class TestOffered:
    def test_who_has_none_is_not_asked(self, client, clerk):
        assert sign_in(client).request["PATH_INFO"] == "/admin/"

    def test_who_has_one_is(self, client, enrolled):
        assert sign_in(client).request["PATH_INFO"] == "/second-factor/"
        assert client.post("/second-factor/?next=/admin/registration/", {"code": code_of()})["Location"] == "/admin/registration/"
        assert client.get("/admin/").status_code == 200


class TestTheCode:
    def test_a_wrong_one_opens_nothing(self, client, enrolled):
        sign_in(client)
        for wrong in ("", "000000x", "ก", "1" * 300, code_of(steps=20)):
            assert client.post("/second-factor/", {"code": wrong}).status_code == 200
        assert client.get("/admin/").status_code == 302

    def test_after_a_wrong_one_even_the_right_one_must_wait(self, client, enrolled):
        sign_in(client)
        client.post("/second-factor/", {"code": "000000"})
        assert client.post("/second-factor/", {"code": code_of()}).status_code == 200

    def test_spaces_and_thai_digits_are_understood(self, enrolled):
        code = code_of()
        thai = code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
        assert second_factor.matches(enrolled, f" {thai[:3]} {thai[3:]} ")

    def test_it_opens_once(self, enrolled):
        code = code_of()
        assert [second_factor.matches(enrolled, code) for _i in range(2)] == [True, False]

    def test_a_recovery_code_opens_once_and_new_ones_kill_it(self, enrolled):
        first, second, *_rest = new_recovery_codes(user=enrolled)
        assert second_factor.matches(enrolled, f"{first[:4]} {first[4:].upper()}")
        TOTPDevice.objects.update(throttling_failure_count=0)
        assert not second_factor.matches(enrolled, first)
        new_recovery_codes(user=enrolled)
        enrolled.staticdevice_set.update(throttling_failure_count=0)
        assert not second_factor.matches(enrolled, second)

    def test_the_code_of_one_is_not_anothers(self, enrolled):
        other = User.objects.create_user("other", is_staff=True)
        assert not second_factor.matches(other, code_of())

    def test_it_leads_to_no_other_site(self, client, enrolled):
        sign_in(client)
        assert client.post("/second-factor/?next=https://evil.example.org/", {"code": code_of()})["Location"] == "/admin/"


class TestAnotherApp:
    def test_only_who_gave_a_code_sets_up_another_or_sees_new_recovery_codes(self, client, enrolled):
        sign_in(client)
        assert client.get("/second-factor/new/")["Location"] == "/second-factor/"
        assert client.post("/second-factor/recovery-codes/")["Location"] == "/second-factor/"
        client.post("/second-factor/", {"code": code_of()})
        assert client.get("/second-factor/new/").status_code == 200
        assert client.post("/second-factor/recovery-codes/").status_code == 200

    def test_a_wrong_code_sets_up_nothing(self, clerk):
        assert set_up(user=clerk, key=KEY, code="000000") is None
        assert not second_factor.is_set_up(clerk)


class TestReset:
    def test_an_administrator_takes_it_away_and_signs_them_out(self, client, admin_client, admin_user, enrolled):
        sign_in(client)
        data = {"action": "reset_second_factor", "_selected_action": [enrolled.pk]}
        admin_client.post("/admin/auth/user/", data, follow=True)
        assert not second_factor.is_set_up(enrolled)
        assert client.get("/second-factor/")["Location"].startswith("/admin/login/")
        assert LogEntry.objects.filter(object_id=str(enrolled.pk), user=admin_user).count() == 1

    def test_who_may_not_change_users_may_not(self, client, enrolled):
        clerk = User.objects.create_user("reader", is_staff=True)
        clerk.user_permissions.set(Permission.objects.filter(codename="view_user"))
        client.force_login(clerk)
        client.post("/admin/auth/user/", {"action": "reset_second_factor", "_selected_action": [enrolled.pk]}, follow=True)
        assert second_factor.is_set_up(enrolled)

    def test_their_old_app_and_codes_are_dead(self, admin_user, enrolled):
        (code, *_rest) = new_recovery_codes(user=enrolled)
        reset(user=enrolled, by=admin_user)
        assert [second_factor.matches(enrolled, known) for known in (code, code_of())] == [False, False]


def test_nobody_reads_secrets_in_the_admin(admin_client):
    paths = [f"/admin/otp_{kind}/{kind}device/" for kind in ("totp", "static")]
    assert [admin_client.get(path).status_code for path in paths] == [404, 404]

    def test_the_address_of_recovery_codes_leads_to_where_they_are_made_and_makes_none(self, client, enrolled):
        sign_in(client)
        client.post("/second-factor/", {"code": code_of()})
        kept = new_recovery_codes(user=enrolled)
        page = client.get("/second-factor/recovery-codes/", follow=True)
        assert page.redirect_chain == [("/second-factor/new/", 302)]
        assert '<form method="post" action="/second-factor/recovery-codes/">' in page.content.decode()
        assert second_factor.matches(enrolled, kept[0])
