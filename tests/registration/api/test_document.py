"""What `docs/api.md` shows is what the portal does."""

import re
import shlex
from functools import partial

import httpx
import pytest
from django.conf import settings as portal
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from registration.api.problems import STATUS, Code
from registration.api.tokens import Scope
from registration.models import Participant
from registration.security import rate_limits
from sdgworkshop.doors import MAX_API_BYTES
from tests.factories import make_participant, make_workshop
from tests.registration.api.making import make_token

pytestmark = pytest.mark.django_db

TEXT = (portal.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")


def examples(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(autouse=True)
def _served(settings):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def client_of(monkeypatch):
    """httpx, which reaches the portal instead of the net."""
    reaching = partial(httpx.Client, transport=httpx.WSGITransport(app=get_wsgi_application()))
    monkeypatch.setattr(httpx, "Client", reaching)
    return reaching


def asked_by(command: str, token: str) -> tuple[str, dict[str, str]]:
    """The address and the headers of a line of curl."""
    program, *words = shlex.split(command.replace("$TOKEN", token))
    assert program == "curl"
    headers = {}
    while words[0] == "-H":
        name, _colon, value = words[1].partition(": ")
        headers[name], words = value, words[2:]
    (address,) = words
    return address, headers


def test_its_lines_of_curl_are_answered(client_of):
    workshop = make_workshop(slug="localisation")
    make_participant(workshop)
    _token, in_full = make_token()
    lines = [line for example in examples("sh") for line in example.splitlines()]
    statuses = []
    with client_of() as client:
        for line in lines:
            address, headers = asked_by(line, in_full)
            statuses.append(client.get(address, headers=headers).status_code)
    assert statuses == [200, 200, 200, 200, 200, 200, 404]


def test_its_lines_of_python_do_what_they_say(client_of):
    person = make_participant(make_workshop(slug="localisation", decision_minutes=5))
    _token, in_full = make_token()
    known = {"token": in_full}
    for example in examples("python"):
        exec(example, known)
    assert (known["confirmed"], known["minutes"], known["certificates"]) == ([person.code], {}, {})
    assert known["titles"] == {"localisation": person.workshop.title_th}
    registered = Participant.objects.exclude(pk=person.pk).get()
    assert (registered.code, registered.state, known["decision"]["state"]) == (known["code"], "confirmed", "confirmed")
    assert registered.workshop.decision_minutes and known["decision"]["decision"]


def test_it_names_every_scope_and_every_code_with_its_status():
    assert re.findall(r"^\| `(\w+:\w+)` \|", TEXT, re.MULTILINE) == [scope.value for scope in Scope]
    told = {
        code: row for row, codes in re.findall(r"^\| ([\d, ]+) \| (.*) \|$", TEXT, re.MULTILINE) for code in re.findall(r"`(\w+)`", codes)
    }
    assert told.keys() == set(Code.values)
    assert [code for code in Code if str(STATUS[code]) not in told[code]] == []


def test_it_names_the_limits():
    assert (rate_limits.API_READS, rate_limits.API_WRITES, MAX_API_BYTES) == (3_000, 600, 100_000)
