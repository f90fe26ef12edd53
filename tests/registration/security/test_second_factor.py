"""A code from the phone besides the password; who must give it, and where."""

import datetime as dt
import re
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from registration.models import Delivery
from registration.security import second_factor
from registration.security.actions.second_factor import ask_for_link, give_word, new_recovery_codes, reset, set_up
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
        give_word(user=clerk)
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

    def test_after_a_wrong_one_even_the_right_one_must_wait(self, client, enrolled, monkeypatch):
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)
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


class TestTheFirstApp:
    """Who knows a password alone, perhaps a stolen one, sets up nothing."""

    @pytest.fixture(autouse=True)
    def production(self, settings, clerk):
        settings.STAFF_SECOND_FACTOR = True
        User.objects.filter(pk=clerk.pk).update(email="clerk@example.org")
        clerk.refresh_from_db()

    def link(self, clerk):
        return second_factor.link_url(clerk).removeprefix("http://localhost:8000").removeprefix("http://testserver")

    def test_a_password_alone_shows_no_secret_and_takes_no_code(self, client, clerk):
        page = sign_in(client)
        assert page.request["PATH_INFO"] == "/second-factor/new/"
        assert "second_factor_key" not in client.session
        assert client.get("/second-factor/new/qr.svg").status_code == 404
        client.post("/second-factor/new/", {"code": code_of()})
        assert not second_factor.is_set_up(clerk)

    def test_the_mailed_link_opens_it_once(self, client, clerk):
        sign_in(client)
        assert "clerk@example.org" in client.post("/second-factor/new/").content.decode()
        assert list(Delivery.objects.values_list("message", "email", "rank")) == [("second_factor_link", "clerk@example.org", 0)]
        link = self.link(clerk)
        assert client.get(link).status_code == 200
        assert "second_factor_key" not in client.session, "mail scanners open links"
        assert client.post(link)["Location"] == "/second-factor/new/"
        client.get("/second-factor/new/")
        assert "second_factor_key" in client.session
        other = Client()
        sign_in(other)
        other.post(link)
        other.get("/second-factor/new/")
        assert "second_factor_key" not in other.session

    def test_a_link_of_another_or_an_old_or_a_forged_one_opens_nothing(self, client, clerk, monkeypatch):
        other = User.objects.create_user("other", password="plainly-invented-words", is_staff=True, email="other@example.org")
        ask_for_link(user=other, language="th")
        ask_for_link(user=clerk, language="th")
        sign_in(client)
        theirs = second_factor.link_url(other).partition("8000")[2] or self.link(other)
        for link in (theirs, self.link(clerk)[:-3] + "x/"):
            client.post(link)
            client.get("/second-factor/new/")
            assert "second_factor_key" not in client.session
        link = self.link(clerk)
        monkeypatch.setattr(second_factor, "LINK_AGE", dt.timedelta(seconds=-1))
        assert "ลิงก์นี้ใช้ไปแล้วหรือพ้นกำหนด" in " ".join(client.post(link).content.decode().split())

    def test_asking_again_at_once_sends_one_mail_whose_link_works(self, client, clerk):
        sign_in(client)
        for _i in range(3):
            client.post("/second-factor/new/")
        assert Delivery.objects.count() == 1
        client.post(self.link(clerk))
        client.get("/second-factor/new/")
        assert "second_factor_key" in client.session

    def test_an_administrators_word_is_as_good_for_a_week(self, client, clerk, admin_client):
        admin_client.session.save()
        session = admin_client.session
        session[second_factor.KEY] = second_factor.GIVEN
        session.save()
        data = {"action": "let_set_up_second_factor", "_selected_action": [clerk.pk]}
        admin_client.post("/admin/auth/user/", data, follow=True)
        sign_in(client)
        assert "second_factor_key" in client.session
        TOTPDevice.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
        late = Client()
        sign_in(late)
        assert "second_factor_key" not in late.session

    def test_who_has_no_mailbox_is_told_whom_to_ask(self, client, clerk):
        User.objects.update(email="")
        page = " ".join(sign_in(client).content.decode().split())
        assert "ผู้ดูแลระบบที่รู้จักท่าน" in page
        client.post("/second-factor/new/")
        assert Delivery.objects.count() == 0

    def test_the_owner_is_told_and_other_sign_ins_end(self, clerk):
        give_word(user=clerk)
        here, elsewhere = Client(), Client()
        sign_in(here)
        elsewhere.force_login(clerk)
        assert here.post("/second-factor/new/", {"code": code_of(here.session["second_factor_key"])}).status_code == 200
        assert list(Delivery.objects.values_list("message", "details__what")) == [("second_factor_changed", "set_up")]
        assert here.get("/admin/").status_code == 200
        assert elsewhere.get("/second-factor/")["Location"].startswith("/admin/login/")

    def test_another_app_asks_for_the_present_one(self, client, clerk):
        set_up(user=clerk, key=KEY, code=code_of())
        TOTPDevice.objects.update(last_t=-1)
        sign_in(client)
        client.post("/second-factor/", {"code": code_of()})
        client.get("/second-factor/new/")
        new = client.session["second_factor_key"]
        for present in ("", "000000", code_of(new)):
            TOTPDevice.objects.update(throttling_failure_count=0)
            page = client.post("/second-factor/new/", {"code": code_of(new), "present": present})
            assert 'id="present_error"' in page.content.decode()
        TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
        client.post("/second-factor/new/", {"code": code_of(new), "present": code_of()})
        assert TOTPDevice.objects.get().key == new

    def test_the_command_speaks_the_word_on_the_server(self, clerk):
        call_command("allow_second_factor", "clerk", stdout=StringIO())
        assert second_factor.may_set_up(clerk, {})
        with pytest.raises(CommandError, match="No member of staff is called nobody"):
            call_command("allow_second_factor", "nobody")


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
