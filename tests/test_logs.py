import json
import logging
import re

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import path

from registration.audit.request_id import REQUEST_ID
from registration.links import signed
from registration.models import Participant
from sdgworkshop.logs import Json, OneLineFormatter, hide
from sdgworkshop.urls import urlpatterns as portal
from tests.effort import effort
from tests.factories import make_answers, make_participant, make_workshop

HARMLESS = "2026-11-23 08:15:00, 0.25 seconds, 127.0.0.1:8000, 20,000 rows"


def record_of(message: str, *args: object, error: BaseException | None = None, **extra: object) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, info)
    vars(record).update(extra)
    return record


def line(*args, **extra) -> str:
    return OneLineFormatter("%(message)s").format(record_of(*args, **extra))


def entry(*args, **extra) -> dict[str, object]:
    return json.loads(Json().format(record_of(*args, **extra)))


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


@pytest.mark.django_db
def test_a_log_does_not_show_whose_personal_page_was_asked_for():
    path = f"/p/{signed.personal_token(make_participant(make_workshop()))}/"
    assert line("Not Found: %s", path) == "Not Found: /p/…/"
    assert line("Internal Server Error: %s", f"{path}calendar.ics") == "Internal Server Error: /p/…/calendar.ics"


def test_a_log_does_not_show_whose_certificate_was_checked():
    assert line("Too Many Requests: %s", "/en/v/hQ2xW9vT0m4kLz7bNcR1sA/") == "Too Many Requests: /en/v/…/"


@pytest.mark.parametrize("path", ["/w/sdg-localisation-2565/register/?province=50", "/static/bootstrap/css/bootstrap.min.8f2a91b0c3d4.css"])
def test_a_log_shows_all_other_addresses(path):
    assert line("Bad Request: %s", path) == f"Bad Request: {path}"


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("no mail to somying.t@example.org today", "no mail to … today"),
        ("called 081 234 5678 twice", "called … twice"),
        ("called +66812345678", "called …"),
        ("called 02-280-4085", "called …"),
        ("นางสมหญิง ทดสอบดี is there already", "… is there already"),
        ("from 203.0.113.7", "from …"),
        ("key=(a)\nDETAIL:  Key (email)=(Somying Jones) already exists.\n", "key=(a)\nDETAIL: …"),
        (HARMLESS, HARMLESS),
    ],
)
def test_what_tells_of_a_person_is_hidden_and_nothing_else(told, left):
    assert hide(told) == left


@pytest.mark.parametrize("text", ["a" * 100_000, "/" * 50_000, "1." * 50_000])
def test_a_long_word_that_somebody_sent_does_not_keep_the_log_busy(text):
    with effort() as spent:
        hide(text)
    assert spent.units < 30


def test_a_line_for_machines_is_one_object():
    told = entry("%s mails sent", 3, status=200)
    assert told == {"time": told["time"], "level": "WARNING", "logger": "django.request", "message": "3 mails sent", "status": 200}
    assert told["time"].endswith("+00:00")


def test_an_exception_keeps_its_kind_and_place_and_loses_what_it_quotes():
    error = raised(IntegrityError("duplicate key 'Somying Jones'\nDETAIL:  Key (last_name)=(Jones) already exists."))
    told = entry("failed", error=error)
    assert told["exception"]["type"] == "django.db.utils.IntegrityError"
    assert told["exception"]["message"] == "duplicate key '…'\nDETAIL: …"
    assert told["exception"]["at"] == [f"{__file__}:{error.__traceback__.tb_lineno} raised"]


def test_what_caused_an_exception_is_told_with_it():
    error = raised(ValueError("outer"))
    error.__cause__ = raised(KeyError("inner"))
    assert entry("failed", error=error)["exception"]["because"]["type"] == "builtins.KeyError"


def test_every_line_of_a_request_carries_its_id():
    outer = REQUEST_ID.set("a" * 32)
    try:
        assert (entry("late")["request_id"], line("late")) == ("a" * 32, f"late [{'a' * 32}]")
    finally:
        REQUEST_ID.reset(outer)


@pytest.fixture
def written(monkeypatch):
    """Every line that is logged as machines read it, from all loggers."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(Json())
    requests = logging.getLogger("portal.requests")
    before = requests.level
    requests.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)
    requests.setLevel(before)


# Requests ---------------------------------------------------------------------------------------


def mistake(request):
    raise ZeroDivisionError


urlpatterns = [*portal, path("mistake/", mistake)]
handler500 = "registration.participant.errors.server_error"


@pytest.mark.django_db
class TestRequestId:
    @pytest.mark.parametrize(("proxies", "kept"), [(1, True), (0, False)])
    def test_it_is_taken_from_our_own_proxy_alone(self, client, settings, proxies, kept):
        settings.PROXIES = proxies
        given = "0123456789abcdef"
        answered = client.get("/healthz", headers={"x-request-id": given}).headers["X-Request-ID"]
        assert (answered == given, len(answered)) == (kept, 16 if kept else 32)

    @pytest.mark.parametrize("given", ["short", "a b c d e f g h", "x" * 65, '"><script>', ""])
    def test_one_that_is_none_is_replaced(self, client, settings, given):
        settings.PROXIES = 1
        answered = client.get("/healthz", headers={"x-request-id": given}).headers["X-Request-ID"]
        assert (answered == given, len(answered)) == (False, 32)

    def test_what_django_says_of_a_missing_page_carries_it(self, client, written):
        answered = client.get("/nowhere/").headers["X-Request-ID"]
        assert [json.loads(text)["request_id"] for text in written] == [answered, answered]

    def test_the_page_of_a_mistake_tells_how_the_number_begins_that_stands_in_the_log(self, settings, caplog):
        settings.ROOT_URLCONF = __name__
        response = Client(raise_request_exception=False).get("/mistake/")
        page = response.content.decode()
        assert re.findall(r"หมายเลข (\w+)<", page) == [response.headers["X-Request-ID"][:8]]


@pytest.mark.django_db
def test_who_registers_cannot_be_read_from_the_log(client, written):
    workshop = make_workshop()
    answers = make_answers(workshop, first_name="มั่งมั่ง", email="mangmang@example.org", phone="081 234 5678")
    client.post(f"/w/{workshop.slug}/register/", answers, follow=True)
    client.post(f"/w/{workshop.slug}/register/", answers | {"email": "mangmang@example.org,"})
    person = Participant.objects.get()
    client.get(f"/p/{signed.personal_token(person)}x/")
    everything = "\n".join(written)
    facts = ["มั่งมั่ง", "mangmang", "234 5678", signed.personal_token(person)]
    assert [fact for fact in facts if fact in everything] == []
    routes = [json.loads(text)["route"] for text in written if '"portal.requests"' in text]
    assert routes[0] == "w/<slug:slug>/register/"
    assert len(routes) >= 4


def test_a_developer_s_log_is_not_filled_with_requests():
    assert logging.getLogger("portal.requests").isEnabledFor(logging.INFO) is False
