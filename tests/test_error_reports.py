"""What a Sentry is told, by an HTTP server that takes it as one would."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.urls import path

from sdgworkshop.error_reports import Address, Reporter
from sdgworkshop.urls import urlpatterns as portal
from tests.test_settings import manage

NAME, EMAIL = "สมมุติทดสอบ", "somebody@example.org"


def fails(request):
    typed = request.POST["first_name"]
    try:
        raise KeyError(typed)
    except KeyError as error:
        raise ValueError(f"no place for {request.POST['email']} of 'Sommut Thotsop'") from error


urlpatterns = [*portal, path("fails/", fails)]


@pytest.fixture
def sentry():
    """Yields its address and the envelopes that it took."""
    taken: list[tuple[str, str, list[dict]]] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            taken.append((self.path, self.headers["X-Sentry-Auth"], [json.loads(line) for line in body.splitlines()]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://plainlyinvented@127.0.0.1:{server.server_port}/sub/7", taken
    server.shutdown()
    server.server_close()


@pytest.fixture
def reporter(sentry):
    handler = Reporter(sentry[0], "production")
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.mark.urls(__name__)
def test_an_error_is_told_with_its_places_and_without_anybody_s_data(sentry, reporter):
    visitor = Client(raise_request_exception=False)
    answer = visitor.post(
        "/fails/", {"first_name": NAME, "email": EMAIL}, headers={"x-forwarded-for": "198.51.100.7", "cookie": "s=plainlysecret"}
    )
    assert answer.status_code == 500
    reporter.waiting.join()
    _url, taken = sentry
    where, key, (head, item, event) = taken[0]
    assert where == "/sub/api/7/envelope/"
    assert key.startswith("Sentry sentry_version=7, sentry_key=plainlyinvented, ")
    assert (item, head["event_id"], event["level"], event["environment"]) == ({"type": "event"}, event["event_id"], "error", "production")
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"], error["value"]) == ("KeyError", "ValueError", "no place for … of '…'")
    assert error["stacktrace"]["frames"][-1]["function"] == "fails"
    assert event["tags"]["request_id"] == answer.headers["X-Request-ID"]
    told = json.dumps(taken, ensure_ascii=False)
    assert [word for word in (NAME, EMAIL, "Sommut", "198.51.100.7", "plainlysecret", "first_name") if word in told] == []


def test_what_is_no_error_is_not_told(sentry, reporter):
    logging.getLogger("registration").warning("nothing much")
    assert reporter.waiting.empty()
    assert sentry[1] == []


def test_a_sentry_that_is_away_stops_nobody_and_is_said_in_the_log(caplog):
    handler = Reporter("http://key@127.0.0.1:9/1", "production")
    handler.handle(logging.makeLogRecord({"name": "portal", "msg": "it broke", "levelno": logging.ERROR, "levelname": "ERROR"}))
    handler.waiting.join()
    assert [record.levelname for record in caplog.records if "an error report was not taken" in record.message] == ["WARNING"]


@pytest.mark.parametrize(
    ("dsn", "url"),
    [
        ("https://abc@sentry.example.org/1", "https://sentry.example.org/api/1/envelope/"),
        ("https://abc:old@sentry.example.org:9000/under/it/12", "https://sentry.example.org:9000/under/it/api/12/envelope/"),
    ],
)
def test_the_address_is_where_sentry_takes_envelopes(dsn, url):
    assert Address.of(dsn) == Address(url, "abc")


@pytest.mark.parametrize("dsn", ["nonsense", "https://sentry.example.org/1", "https://secret@sentry.example.org/", "ftp://secret@x/1"])
def test_an_address_that_is_none_is_one_line_without_its_key(dsn, tmp_path):
    done = manage(tmp_path, "check", SENTRY_DSN=dsn)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, line.startswith("SENTRY_DSN is none."), "secret" in line) == (1, True, False)


def test_with_an_address_the_portal_starts(tmp_path):
    assert manage(tmp_path, "check", SENTRY_DSN="https://abc@sentry.example.org/1").returncode == 0
