"""What stands above every answer, and which forms are taken."""

import pytest
from django.test import Client

from registration.links import signed
from tests.factories import make_coordinator, make_participant, make_workshop
from tests.visitors import Browser

pytestmark = pytest.mark.django_db


class Strict(Browser):
    """A browser whose forms are checked as in real life."""

    def __init__(self):
        super().__init__(enforce_csrf_checks=True, headers={"accept-language": "th"})


@pytest.fixture
def person():
    return make_participant(make_workshop())


def sent_from(person, **headers):
    """The answer to their cancelling with `headers`, with the token of the form right."""
    browser = Strict()
    page = browser.open_page_of(person, "cancel/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert token
    return browser.post(f"{signed.personal_path(person)}cancel/", {"csrfmiddlewaretoken": token}, headers=headers).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://testserver"}, 302),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "none"}, 403),
        ({"origin": "https://evil.example.org", "sec-fetch-site": "same-origin"}, 403),
    ],
)
def test_a_form_is_taken_from_our_own_pages_alone(person, headers, status):
    assert sent_from(person, **headers) == status


def test_a_form_of_our_own_page_needs_its_token_all_the_same(person):
    browser = Strict()
    browser.open_page_of(person)
    headers = {"origin": "http://testserver"}
    assert browser.post(f"{signed.personal_path(person)}cancel/", headers=headers).status_code == 403


def test_a_personal_page_tells_no_other_site_where_one_came_from(client, person):
    redirect = client.get(signed.personal_link(person))
    page = client.get(signed.personal_path(person))
    closed = Browser().get(signed.personal_path(person))
    assert [response["Referrer-Policy"] for response in (redirect, page, closed)] == ["same-origin"] * 3


def test_an_unknown_host_is_told_that_its_request_cannot_be_read(client):
    response = client.get("/", headers={"host": "evil.example.org"})
    assert (response.status_code, "คำขอ" in response.content.decode()) == (400, True)


@pytest.mark.parametrize("path", ["/", "/healthz", "/admin/login/", "/desk/sign-in/", "/nowhere/"])
def test_every_answer_says_what_pages_may_not_do(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert [part in policy for part in ("default-src 'none'", "frame-ancestors 'none'", "report-uri /csp/", "report-to csp")] == [True] * 4
    assert "camera=()" in response["Permissions-Policy"]
    assert (response["X-Content-Type-Options"], response["X-Frame-Options"]) == ("nosniff", "DENY")


def test_nothing_of_the_desk_and_the_admin_is_kept(client, admin_user):
    coordinator = make_coordinator(make_workshop())
    pages = {coordinator.user: ["/desk/", f"/desk/{coordinator.quota.workshop.slug}/55/"], admin_user: ["/admin/", "/en/admin/auth/user/"]}
    for user, paths in pages.items():
        client.force_login(user)
        assert [client.get(path, follow=True)["Cache-Control"] for path in paths] == ["no-store"] * len(paths)


class TestReports:
    OLD = '{"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://evil.example.org/x?secret",'
    OLD += ' "document-uri": "http://testserver/p/AAAAAAA/?secret"}}'
    NEW = '[{"type": "csp-violation", "body": {"effectiveDirective": "script-src-elem", "blockedURL": "inline",'
    NEW += ' "documentURL": "http://testserver/en/w/secret/"}}]'

    def send(self, body, content_type="application/csp-report"):
        return Client(enforce_csrf_checks=True).post("/csp/", body, content_type=content_type).status_code

    def test_both_forms_are_written_down_without_addresses(self, caplog):
        assert [self.send(self.OLD), self.send(self.NEW, "application/reports+json")] == [204, 204]
        assert [record.getMessage().partition(": ")[2] for record in caplog.records if record.name == "portal.csp"] == [
            "directive=script-src-elem blocked=https://evil.example.org page=p/<slug:code>/",
            "directive=script-src-elem blocked=inline page=en/w/<slug:slug>/",
        ]

    @pytest.mark.parametrize(
        "body",
        ["", "x", "[]", "{}", "null", '{"csp-report": 1}', '[{"body": {}}]', "[" * 10_000, '{"csp-report": {"blocked-uri": "http://["}}'],
    )
    def test_nonsense_is_taken_and_forgotten(self, body):
        assert self.send(body) == 204

    def test_what_is_too_long_is_not_read(self, caplog):
        assert self.send(self.OLD.replace("secret", "x" * 20_000)) == 204
        assert [record for record in caplog.records if record.name == "portal.csp"] == []

    def test_many_are_not_written_down(self, caplog, monkeypatch):
        monkeypatch.setattr("sdgworkshop.reports.MAX_A_MINUTE", 3)
        for _report in range(5):
            self.send(self.OLD)
        assert len([record for record in caplog.records if record.name == "portal.csp"]) == 3

    def test_while_the_cache_is_away_they_are_taken_and_forgotten(self, settings, caplog):
        away = {"LOCATION": "redis://127.0.0.1:1/0", "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 1}}
        settings.CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", **away}}
        assert self.send(self.OLD) == 204
        assert [record for record in caplog.records if record.name == "portal.csp"] == []

    def test_a_report_cannot_forge_a_line(self, caplog):
        self.send('{"csp-report": {"effective-directive": "a\\nb", "blocked-uri": "x\\ny", "document-uri": "z"}}')
        (record,) = [record for record in caplog.records if record.name == "portal.csp"]
        assert "\n" not in record.getMessage()
