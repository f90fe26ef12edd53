"""The API against its own description: whatever is sent, by whichever system, is answered as it says. See `benchmarks/api_schema.py`."""

import os
from copy import deepcopy

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from registration.actor import SYSTEM
from registration.api.openapi import description_of
from registration.api.tokens import Scope
from registration.api.urls import api
from registration.choices import DecisionName
from registration.decisions.actions import decide
from registration.models import Attendance, Certificate
from tests.factories import NOON, make_participant, make_workshop, tracks_of
from tests.registration.api.making import make_token

pytestmark = pytest.mark.django_db

#: A few here; `python -m benchmarks.api_schema` tries hundreds.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(deepcopy(description_of(api)))
SCHEMA.app = get_wsgi_application()
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
#: Wrongly only where there is a query or a body to get wrong: any path that is none is tried with the right ones.
TRIED = [(each, GenerationMode.POSITIVE) for each in OPERATIONS] + [
    (each, GenerationMode.NEGATIVE) for each in OPERATIONS if each.body or any(one.name == "limit" for one in each.query)
]


@pytest.fixture
def known() -> dict[str, object]:
    """What addresses may name: everything there is something behind."""
    workshop = make_workshop(decision_minutes=5)
    person, leaving = make_participant(workshop, tracks=tracks_of(workshop)[:1]), make_participant(workshop)
    decision = decide(command=DecisionName.CANCEL, participant=leaving, by=SYSTEM)
    Attendance.objects.create(participant=person, day=workshop.days.first(), minutes=60, source="report")
    Certificate.objects.create(workshop=workshop, participant=person, number=1, snapshot={"number": "1"}, issued_at=NOON)
    return {"slug": workshop.slug, "code": person.code, "number": decision.pk}


@pytest.fixture
def systems(known) -> list[str]:
    """Nobody, each scope alone, all of a province and of another one, all of the workshop, and one that is none."""
    scopes = [make_token(scope)[1] for scope in Scope]
    return ["", *scopes, make_token(place_code="55")[1], make_token(place_code="56")[1], make_token()[1], "sdgp_1_none"]


@pytest.fixture(autouse=True)
def _connections_stay_open():
    """A server leaves the database after each request; the transaction of the test would be gone, as Django's client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("operation", "mode"), [pytest.param(*tried, id=f"{tried[0].label} {tried[1].value}") for tried in TRIED])
def test_every_answer_is_one_that_the_description_names(operation, mode, known, systems):
    @settings(max_examples=EXAMPLES)
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case):
        for is_known in (False, True):
            if is_known:
                case.path_parameters.update({name: value for name, value in known.items() if name in (case.path_parameters or {})})
            for token in systems if is_known else systems[-2:-1]:
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                case.validate_response(case.call(headers=headers), checks=CHECKS)

    tried()
