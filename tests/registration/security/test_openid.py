"""Signing in by OpenID Connect: with whom, for whom, and what is refused.

The provider is `oidc-provider-mock`, another one's work; what it never sends (a forged token, a late one) is signed here.
"""

import datetime as dt
import json
import logging
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from oidc_provider_mock import run_server_in_thread

from registration.actor import SYSTEM
from registration.coordinators.actions import switch_off
from registration.models import AuditEvent, Delivery, LinkedIdentity
from registration.security import openid, rate_limits, second_factor, sign_in
from registration.security.actions import identities
from registration.security.actions.second_factor import set_up
from tests.factories import make_coordinator, make_workshop, work_off
from tests.registration.security.test_second_factor import KEY, code_of

pytestmark = pytest.mark.django_db

SUBJECT = "thaid-9f2c41"
PASSWORD = "plainly-invented-words"


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread() as server:
        httpx.put(f"http://localhost:{server.server_port}/users/{SUBJECT}", json={})  # no e-mail, no name
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def set_whole(settings, provider):
    settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = provider, "portal", "plainly-invented"


@pytest.fixture
def coordinator():
    return make_coordinator(make_workshop(), email="nan@example.org")


@pytest.fixture
def clerk():
    user = User.objects.create_superuser("clerk", "clerk@example.org", PASSWORD)
    set_up(user=user, key=KEY, code=code_of())
    TOTPDevice.objects.update(last_t=-1)
    Delivery.objects.all().delete()
    return user


@pytest.fixture
def linked(coordinator):
    return LinkedIdentity.objects.create(
        user=coordinator.user, issuer=openid.settings.OPENID_ISSUER, subject=SUBJECT, linked_at="2026-11-30T09:00Z"
    )


def at_provider(address, *, subject=SUBJECT, **form):
    """Signs in there, and returns the path to which the provider sends people back."""
    answer = httpx.post(address, data=form or {"sub": subject})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://localhost:8000")


def asked(client, path="/openid/sign-in/"):
    return client.get(path)["Location"]


def come_in(client, *, path="/openid/sign-in/", **options):
    return client.get(at_provider(asked(client, path), **options))


def who(client):
    return client.session.get("_auth_user_id")


def words(response):
    return " ".join(response.content.decode().split())


class TestOff:
    @pytest.fixture(autouse=True)
    def off(self, settings, set_whole):
        settings.OPENID_ISSUER = ""

    @pytest.mark.parametrize("path", ["/openid/", "/openid/sign-in/", "/openid/callback/?code=x&state=x", "/openid/link/x/"])
    def test_there_are_no_such_addresses(self, client, admin_client, path):
        assert [client.get(path).status_code, admin_client.get(path).status_code] == [404, 404]

    def test_there_is_no_button(self, client, admin_client, coordinator):
        pages = [
            client.get("/desk/sign-in/"),
            client.get("/admin/login/"),
            admin_client.get("/admin/"),
            admin_client.get("/admin/auth/user/"),
        ]
        client.force_login(coordinator.user)
        assert [page for page in (*pages, client.get("/desk/")) if "openid" in words(page) or "unlink_identity" in words(page)] == []


class TestWhatIsAsked:
    def test_one_scope_the_exact_address_state_nonce_and_pkce(self, client, provider):
        address = asked(client, "/en/openid/sign-in/")
        query = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{provider}/oauth2/authorize?")
        assert (query["scope"], query["redirect_uri"]) == ("openid", "http://localhost:8000/openid/callback/")
        assert (query["response_type"], query["code_challenge_method"], query["client_id"]) == ("code", "S256", "portal")
        assert all(len(query[name]) >= 32 for name in ("state", "nonce", "code_challenge"))

    def test_the_button_keeps_where_somebody_wanted_to_go(self, client, linked):
        page = words(client.get("/desk/sign-in/?next=/desk/x/55/"))
        assert 'href="/openid/sign-in/?next=/desk/x/55/"> เข้าสู่ระบบด้วย ThaID</a>' in page
        assert come_in(client, path="/openid/sign-in/?next=/desk/x/55/")["Location"] == "/desk/x/55/"
        client.logout()
        assert come_in(client, path="/openid/sign-in/?next=https://evil.example.org/")["Location"] == "/desk/"

    def test_what_the_provider_says_of_itself_is_read_once(self, client, monkeypatch):
        asked(client)
        monkeypatch.setattr(requests, "get", None)
        assert asked(client).startswith("http")

    def test_a_network_that_begins_very_often_waits(self, client, limits, monkeypatch):
        monkeypatch.setattr(rate_limits, "OPENID_FROM_BLOCK", 2)
        assert [client.get("/openid/sign-in/").status_code for _i in range(3)] == [302, 302, 429]


class TestSigningIn:
    def test_who_was_linked_gets_to_their_desk_though_no_address_is_told(self, client, coordinator, linked):
        assert come_in(client)["Location"] == "/desk/"
        assert who(client) == str(coordinator.user.pk)
        assert LinkedIdentity.objects.get().last_used_at is not None

    def test_who_began_in_english_is_answered_in_english(self, client, linked):
        assert come_in(client, path="/en/openid/sign-in/")["Location"] == "/en/desk/"
        assert "This ThaID is not linked here" in words(come_in(Client(), path="/en/openid/sign-in/", subject="stranger"))

    def test_who_breaks_it_off_is_where_they_were(self, client, coordinator):
        client.force_login(coordinator.user)
        assert (come_in(client, action="deny").status_code, who(client)) == (400, str(coordinator.user_id))

    def test_staff_are_asked_for_their_second_factor_all_the_same(self, client, clerk, linked):
        LinkedIdentity.objects.update(user=clerk)
        assert come_in(client)["Location"] == "/admin/"
        assert client.get("/admin/")["Location"] == "/second-factor/?next=%2Fadmin%2F"
        client.post("/second-factor/", {"code": code_of()})
        assert client.get("/admin/").status_code == 200

    def test_an_unknown_person_is_told_what_to_do(self, client, coordinator):
        page = come_in(client)
        assert (page.status_code, who(client)) == (403, None)
        assert "โปรดเข้าสู่ระบบด้วยวิธีเดิม แล้วเปิด “เข้าสู่ระบบด้วย ThaID” เพื่อผูกบัญชีเพียงครั้งเดียว" in words(page)
        assert User.objects.count() == 1

    def test_the_address_of_a_known_one_opens_nothing(self, client, coordinator, provider):
        httpx.put(f"{provider}/users/stranger", json={"email": coordinator.user.email, "email_verified": True})
        assert come_in(client, subject="stranger").status_code == 403

    def test_the_same_number_at_another_provider_opens_nothing(self, client, linked):
        LinkedIdentity.objects.update(issuer="https://other.example.org")
        assert come_in(client).status_code == 403

    @pytest.mark.parametrize("end", ["coordinator", "user", "staff"])
    def test_an_access_that_was_ended_is_ended_here_too(self, client, coordinator, linked, clerk, end):
        if end == "coordinator":
            switch_off(coordinator=coordinator, by=SYSTEM)
        elif end == "user":
            User.objects.filter(pk=coordinator.user_id).update(is_active=False)
        else:
            LinkedIdentity.objects.update(user=clerk)
            User.objects.filter(pk=clerk.pk).update(is_staff=False)
        assert (come_in(client).status_code, who(client)) == (403, None)
        assert LinkedIdentity.objects.get().last_used_at is None

    def test_the_citizen_number_is_kept_nowhere(self, client, coordinator):
        assert openid.is_citizen_number("1101700230708") and not openid.is_citizen_number("1101700230709")
        assert come_in(client, subject="1101700230708").status_code == 400


class TestRefused:
    def test_a_state_opens_once(self, client, linked):
        back = at_provider(asked(client))
        client.get(back)
        client.logout()
        assert (client.get(back).status_code, who(client)) == (400, None)

    def test_a_replayed_state_is_refused_while_signed_in_too(self, client, linked):
        back = at_provider(asked(client))
        assert [client.get(back).status_code for _i in range(2)] == [302, 400]

    def test_a_state_of_another_browser(self, client, linked):
        assert (client.get(at_provider(asked(Client()))).status_code, who(client)) == (400, None)

    @pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x", "?state=%00&code=x", "?error=access_denied"])
    def test_nonsense(self, client, query):
        assert client.get(f"/openid/callback/{query}").status_code == 400

    def test_a_code_that_is_none(self, client, linked):
        state = parse_qs(urlsplit(asked(client)).query)["state"][0]
        assert (client.get(f"/openid/callback/?code=guessed&state={state}").status_code, who(client)) == (400, None)

    def test_the_wrong_nonce(self, client, linked):
        back = at_provider(asked(client))
        session = client.session
        (known,) = session["oidc_states"].values()
        known["nonce"] = "x" * 32
        session.save()
        assert (client.get(back).status_code, who(client)) == (400, None)

    def test_ten_minutes_later(self, client, linked, monkeypatch):
        back = at_provider(asked(client))
        monkeypatch.setattr(openid, "FRESH", dt.timedelta(seconds=-1))
        assert (client.get(back).status_code, who(client)) == (400, None)

    def test_a_token_of_the_provider_that_has_expired(self, client, linked, settings):
        with run_server_in_thread(access_token_max_age=dt.timedelta(minutes=-2)) as server:
            settings.OPENID_ISSUER = f"http://localhost:{server.server_port}"
            LinkedIdentity.objects.update(issuer=settings.OPENID_ISSUER)
            assert (come_in(client).status_code, who(client)) == (400, None)


KEYS = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("provider's", "former", "stranger's")}


def answer_of(text):
    answer = requests.Response()
    answer.status_code, answer._content = 200, text.encode()
    return answer


def public(name, number):
    return jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[name].public_key(), as_dict=True) | {"kid": number, "use": "sig"}


def forged(client, monkeypatch, *, key="provider's", algorithm="RS256", left_out=(), kid="1", **claims):
    """The answer to who comes back with a token of these claims, which the provider's key is said to have signed."""
    nonce = parse_qs(urlsplit(asked(client)).query)
    now = int(time.time())
    right = {
        "iss": openid.settings.OPENID_ISSUER,
        "aud": "portal",
        "sub": SUBJECT,
        "nonce": nonce["nonce"][0],
        "iat": now,
        "exp": now + 300,
    }
    told = {name: value for name, value in (right | claims).items() if name not in left_out}
    secret = KEYS[key] if algorithm == "RS256" else "plainly-invented" if algorithm == "HS256" else None
    token = jwt.encode(told, secret, algorithm=algorithm, headers={"kid": kid} if kid else {})
    keys = json.dumps({"keys": [public("provider's", "1"), public("former", "0")]})
    monkeypatch.setattr(openid._Provider, "get_token", lambda self, payload: {"id_token": token, "access_token": "x"})
    monkeypatch.setattr(requests, "get", lambda *address, **options: answer_of(keys))
    return client.get(f"/openid/callback/?code=x&state={nonce['state'][0]}")


class TestTokens:
    @pytest.mark.parametrize("claims", [{}, {"aud": ["portal"]}, {"aud": ["portal", "other"], "azp": "portal"}])
    def test_the_right_one_opens(self, client, linked, monkeypatch, claims):
        """Else the refusals below would show nothing."""
        assert forged(client, monkeypatch, **claims)["Location"] == "/desk/"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"iss": "https://other.example.org"},
            {"iss": ""},
            {"aud": "other"},
            {"aud": ["portal", "other"], "azp": "other"},
            {"exp": 1_700_000_000},
            {"iat": 4_000_000_000},
            {"nonce": "x" * 32},
            {"key": "stranger's"},
            {"algorithm": "HS256"},
            {"algorithm": "none"},
            {"sub": ""},
            {"kid": "0"},
            {"kid": "9"},
            {"kid": ""},
            *({"left_out": (name,)} for name in ("iss", "aud", "exp", "iat", "nonce", "sub")),
        ],
        ids=str,
    )
    def test_a_wrong_one_does_not(self, client, linked, monkeypatch, wrong):
        assert (forged(client, monkeypatch, **wrong).status_code, who(client)) == (400, None)

    def test_why_is_in_the_log_and_names_nobody(self, client, linked, monkeypatch, caplog):
        with caplog.at_level(logging.WARNING):
            forged(client, monkeypatch, aud="other")
        assert "InvalidAudienceError" in caplog.text
        assert SUBJECT not in caplog.text


class TestAway:
    def away(self, *args, **options):
        assert options["timeout"] == openid.TIMEOUT
        raise requests.ConnectTimeout

    def test_before_somebody_goes_there(self, client, monkeypatch):
        monkeypatch.setattr(requests, "get", self.away)
        page = client.get("/openid/sign-in/")
        assert page.status_code == 503
        assert "ขณะนี้ติดต่อ ThaID ไม่ได้" in words(page) and 'href="/desk/sign-in/"' in words(page)

    @pytest.mark.parametrize("asking", ["get", "post"])
    def test_when_they_come_back(self, client, linked, monkeypatch, asking):
        back = at_provider(asked(client))
        monkeypatch.setattr(requests, asking, self.away)
        assert (client.get(back).status_code, who(client)) == (503, None)

    @pytest.mark.parametrize("told", ["<html>", "[]", "{}", '{"issuer": "https://other.example.org"}'])
    def test_it_says_what_cannot_be_right(self, client, monkeypatch, told):
        monkeypatch.setattr(requests, "get", lambda *address, **options: answer_of(told))
        assert client.get("/openid/sign-in/").status_code == 503

    def test_one_that_calls_itself_otherwise(self, client, settings):
        settings.OPENID_ISSUER = settings.OPENID_ISSUER.replace("localhost", "127.0.0.1")
        settings.OPENID_ISSUER += "/"
        assert client.get("/openid/sign-in/").status_code == 503


def link_of(client):
    """The address of the button that links, on one's own page; None where there is none."""
    page = words(client.get("/openid/"))
    return page.partition('href="/openid/link/')[2].partition('"')[0]


def path_to_link(client):
    return f"/openid/link/{link_of(client)}"


class TestLinking:
    def test_a_coordinator_links_after_a_link_from_their_mailbox(self, client, coordinator):
        client.force_login(coordinator.user)
        assert link_of(client) == ""
        assert "ระบบกำลังส่งลิงก์ไปที่ nan@example.org" in words(client.post("/openid/"))
        work_off()
        assert Delivery.objects.get().message == "coordinator_sign_in"
        link = sign_in.link_url(User.objects.get(pk=coordinator.user_id)).removeprefix("http://localhost:8000")
        assert client.post(link)["Location"] == "/openid/"
        assert come_in(client, path=path_to_link(client))["Location"] == "/openid/"
        linked = LinkedIdentity.objects.get()
        assert (linked.user, linked.issuer, linked.subject) == (coordinator.user, openid.settings.OPENID_ISSUER, SUBJECT)
        assert "ยกเลิกการผูกบัญชีกับ ThaID" in words(client.get("/openid/"))
        client.logout()
        assert come_in(client)["Location"] == "/desk/"

    def test_staff_link_after_a_code(self, client, clerk):
        client.force_login(clerk)
        session = client.session
        session[second_factor.KEY] = second_factor.GIVEN
        session.save()
        assert 'id="code_error"' in words(client.post("/openid/", {"code": "000000"}))
        TOTPDevice.objects.update(throttling_failure_count=0)
        assert client.post("/openid/", {"code": code_of()})["Location"] == "/openid/"
        come_in(client, path=path_to_link(client))
        assert LinkedIdentity.objects.get().user == clerk

    def test_staff_without_a_second_factor_set_it_up_first(self, admin_client):
        page = words(admin_client.get("/openid/"))
        assert ('href="/second-factor/new/">ตั้งค่าการยืนยันขั้นที่สอง' in page, link_of(admin_client)) == (True, "")

    def test_the_code_given_on_the_way_in_is_fresh_for_ten_minutes(self, client, clerk, monkeypatch):
        client.post("/admin/login/", {"username": "clerk", "password": PASSWORD, "next": "/admin/"})
        client.post("/second-factor/", {"code": code_of()})
        assert link_of(client)
        path = path_to_link(client)
        monkeypatch.setattr(openid, "FRESH", dt.timedelta(seconds=-1))
        assert (link_of(client), client.get(path)["Location"]) == ("", "/openid/")

    def test_no_other_site_begins_it(self, client, coordinator):
        """It would have a stranger's identity linked to who is signed in."""
        client.post(sign_in.link_url(coordinator.user).removeprefix("http://localhost:8000"))
        assert client.get("/openid/link/guessed/")["Location"] == "/openid/"
        come_in(client)  # nor does a sign-in that comes back while somebody is signed in
        assert LinkedIdentity.objects.count() == 0

    def test_it_is_of_who_began_it(self, client, coordinator, clerk):
        client.post(sign_in.link_url(coordinator.user).removeprefix("http://localhost:8000"))
        back = at_provider(asked(client, path_to_link(client)))
        client.force_login(clerk)
        client.get(back)
        assert LinkedIdentity.objects.count() == 0

    def test_what_is_anothers_is_not_linked_twice(self, client, linked):
        other = make_coordinator(make_workshop(slug="other"), email="other@example.org").user
        client.post(sign_in.link_url(other).removeprefix("http://localhost:8000"))
        page = come_in(client, path=path_to_link(client))
        assert (page.status_code, "ผูกกับบัญชีอื่นแล้ว" in words(page)) == (409, True)
        assert list(LinkedIdentity.objects.values_list("user", flat=True)) == [linked.user_id]

    def test_the_database_refuses_the_second_of_two_at_once(self, linked, clerk):
        with pytest.raises(identities.IdentityTaken):
            identities.link(user=clerk, subject=SUBJECT)
        with pytest.raises(identities.IdentityTaken):
            identities.link(user=linked.user, subject="another")

    def test_who_has_no_desk_any_more_has_no_such_page(self, client, coordinator):
        switch_off(coordinator=coordinator, by=SYSTEM)
        client.force_login(coordinator.user)
        assert client.get("/openid/").status_code == 404

    def test_the_owner_is_told_and_it_is_written_down(self, client, coordinator):
        identities.link(user=coordinator.user, subject=SUBJECT)
        client.force_login(coordinator.user)
        assert client.post("/openid/", {"unlink": "yes"})["Location"] == "/openid/"
        told = Delivery.objects.order_by("pk").values_list("message", "email", "details__what")
        assert list(told) == [("identity_changed", "nan@example.org", what) for what in ("linked", "unlinked")]
        written = AuditEvent.objects.order_by("pk").values_list("what", "actor", "actor_kind")
        assert list(written) == [(f"identity {what}", coordinator.user_id, "coordinator") for what in ("linked", "unlinked")]
        assert LinkedIdentity.objects.count() == 0
        client.logout()
        assert come_in(client).status_code == 403

    def test_an_administrator_ends_it(self, admin_client, admin_user, linked):
        data = {"action": "unlink_identity", "_selected_action": [linked.user_id]}
        assert "ผู้ใช้ 1 คนเข้าสู่ระบบด้วยวิธีเดิม" in words(admin_client.post("/admin/auth/user/", data, follow=True))
        assert LinkedIdentity.objects.count() == 0
        assert list(Delivery.objects.values_list("details__what", flat=True)) == ["unlinked by staff"]
        assert LogEntry.objects.filter(object_id=str(linked.user_id), user=admin_user).count() == 1


@pytest.mark.parametrize("missing", ["OPENID_ISSUER", "OPENID_CLIENT_ID", "OPENID_CLIENT_SECRET"])
def test_half_a_setting_is_told_at_the_start(settings, missing):
    setattr(settings, missing, "")
    with pytest.raises(CommandError, match=rf"portal\.E003\) {missing} is not set"):
        call_command("check")


def test_the_provider_is_reached_by_tls_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match=r"portal\.E004"):
        call_command("check", tags=["security"])
