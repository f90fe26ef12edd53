"""What is settled before anything reads a request."""

import datetime as dt
import http.client
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.servers import environment, gunicorn
from sdgworkshop import doors, health
from tests import migrated
from tests.factories import make_answers, make_workshop
from tests.test_settings import PRODUCTION, manage

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
class TestHost:
    def test_a_foreign_host_gets_no_page_that_is_kept_either(self, client):
        make_workshop()
        assert client.get("/").status_code == 200
        assert [client.get("/", headers={"host": host}).status_code for host in ("evil.example.org", "testserver")] == [400, 200]

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_watchers_ask_by_whatever_address_a_host_has(self, client, path):
        assert client.get(path, headers={"host": "10.1.2.3:8001"}).content == b"ok"

    def test_so_does_who_reads_the_numbers(self, client, settings):
        settings.METRICS_TOKEN = "t" * 40
        headers = {"host": "10.1.2.3:8001", "authorization": f"Bearer {'t' * 40}"}
        assert client.get("/metrics", headers=headers).status_code == 200


@pytest.mark.django_db
class TestSize:
    @pytest.fixture(autouse=True)
    def on_disk(self, settings, monkeypatch):
        """Every file that is sent would be written; `written` has their names."""
        settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
        self.written = []
        new_file = TemporaryFileUploadHandler.new_file
        monkeypatch.setattr(
            TemporaryFileUploadHandler,
            "new_file",
            lambda handler, *args, **kwargs: self.written.append(args[1]) or new_file(handler, *args, **kwargs),
        )

    def send(self, client, path, size):
        return client.post(path, {"file": SimpleUploadedFile("names.xlsx", b"x" * size)}).status_code

    def test_a_stranger_cannot_have_files_written(self, client):
        assert (self.send(client, "/desk/sign-in/", doors.MAX_FORM_BYTES), self.written) == (413, [])

    def test_nobody_can_have_large_ones_written(self, client, admin_user):
        client.force_login(admin_user)
        assert (self.send(client, "/admin/", doors.MAX_FILE_BYTES), self.written) == (413, [])

    def test_who_has_signed_in_brings_files(self, client, admin_user):
        client.force_login(admin_user)
        assert (self.send(client, "/admin/login/", 2 * doors.MAX_FORM_BYTES) != 413, self.written) == (True, ["names.xlsx"])

    def test_documents_may_be_larger_where_documents_are_taken_in(self, client, admin_user):
        client.force_login(admin_user)
        path = "/admin/registration/document/none/add/file/"
        assert [self.send(client, path, size) for size in (doors.MAX_FILE_BYTES, doors.MAX_DOCUMENT_BYTES)] == [404, 413]
        client.logout()
        assert self.send(client, path, doors.MAX_FILE_BYTES) == 413

    @pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 30, "x"])
    def test_a_length_that_is_none_is_refused(self, client, length):
        assert client.generic("POST", "/desk/sign-in/", b"", CONTENT_LENGTH=length).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x", "1.5", "9" * 40, "-1", "", "٣"])
def test_no_list_of_the_admin_ends_in_an_error_for_a_key_that_is_none(client, admin_user, key):
    client.force_login(admin_user)
    client.raise_request_exception = False
    wrong = []
    for model, model_admin in admin.site._registry.items():
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        actions = {action.split(".")[-1] if isinstance(action, str) else action.__name__ for action in model_admin.actions or ()}
        for action in {"delete_selected", *actions}:
            status = client.post(path, {"action": action, "_selected_action": [key], "index": 0}).status_code
            wrong += [f"{path} {action}: {status}"] if status >= 500 else []
    assert wrong == []


class TestReady:
    @pytest.mark.django_db
    def test_a_full_disk_is_told(self, client, monkeypatch):
        monkeypatch.setattr(health, "MIN_FREE_BYTES", 10**18)
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"disk full")


class TestSecurityTxt:
    def test_it_says_whom_to_tell_and_until_when_that_holds(self, client, settings):
        settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:security@example.org", "https://sdg.example.org"
        response = client.get("/.well-known/security.txt")
        fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
        expires = dt.datetime.fromisoformat(fields.pop("Expires"))
        assert dt.timedelta(days=170) < expires - timezone.now() < dt.timedelta(days=365)
        assert fields == {
            "Contact": "mailto:security@example.org",
            "Preferred-Languages": "th, en",
            "Canonical": "https://sdg.example.org/.well-known/security.txt",
        }
        assert response["Content-Type"] == "text/plain; charset=utf-8"

    def test_without_a_contact_it_leads_to_the_page_that_names_people(self, client, settings):
        settings.SECURITY_CONTACT, settings.SITE_URL = "", "https://sdg.example.org"
        assert client.get("/.well-known/security.txt").content.startswith(b"Contact: https://sdg.example.org/\n")


@pytest.mark.django_db
class TestFormerNames:
    """Cookies have had the prefix `__Host-` since 1.1.0: whoever opened a form before sends it with the name of then."""

    @pytest.mark.parametrize(("name", "status"), [("csrftoken", 302), ("another", 403)])
    def test_a_form_that_was_opened_before_an_upgrade_is_taken_after_it(self, name, status, settings):
        workshop = make_workshop()
        path = reverse("register", args=[workshop.slug])
        before = Client()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', before.get(path).content.decode())[1]
        secret = before.cookies["csrftoken"].value
        settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
        after = Client(enforce_csrf_checks=True)
        after.cookies[name] = secret
        assert after.post(path, make_answers(workshop) | {"csrfmiddlewaretoken": token}).status_code == status

    def test_a_sign_in_of_then_is_over(self, settings, admin_client):
        settings.SESSION_COOKIE_NAME = "__Host-sessionid"
        after = Client()
        after.cookies["sessionid"] = admin_client.cookies["sessionid"].value
        assert after.get("/admin/").status_code == 302


class TestProduction:
    show = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, s.{0})"

    def test_cookies_are_of_this_host_alone(self, tmp_path):
        done = manage(tmp_path, "shell", "-v0", "-c", self.show.format("SESSION_COOKIE_SECURE"), **PRODUCTION)
        assert done.stdout == "__Host-sessionid __Host-csrftoken __Host-language True\n", done.stderr

    @pytest.mark.parametrize(
        ("environment", "seconds"),
        [({}, "3600 False False"), ({"HSTS_SECONDS": "31536000", "HSTS_WHOLE_DOMAIN": "yes"}, "31536000 True True")],
    )
    def test_binding_browsers_to_tls_begins_small(self, tmp_path, environment, seconds):
        show = (
            "from django.conf import settings as s; print(s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD)"
        )
        assert manage(tmp_path, "shell", "-v0", "-c", show, **PRODUCTION, **environment).stdout == f"{seconds}\n"


def test_what_the_portal_writes_is_for_its_own_user_alone(tmp_path):
    """Also where the machine would have it otherwise."""
    env = environment("", tmp_path / "var")
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True, umask=0o000)
    with gunicorn("sdgworkshop.wsgi", env, workers=1) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
    written = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "var").rglob("*")}
    assert "portal.sqlite3" in written
    assert {name for name, mode in written.items() if mode} == set()
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_no_header_moves_the_portal_to_another_path_or_scheme(tmp_path):
    """Without nginx before it: a page that is kept would hand the next visitors links that somebody else chose."""
    env = environment("", tmp_path) | {"ALLOWED_HOSTS": "localhost,127.0.0.1"}
    shutil.copyfile(migrated.sqlite(), tmp_path / "portal.sqlite3")
    headers = {"SCRIPT_NAME": "/evil", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example.org"}
    with gunicorn("sdgworkshop.wsgi", env, workers=1) as port:
        pages = []
        for sent in (headers, {}):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/evil/privacy/" if sent else "/privacy/", headers=sent)
            pages.append(connection.getresponse().read().decode())
    assert ["/evil/static/" in page or 'href="/evil' in page or "evil.example.org" in page for page in pages] == [False, False]
