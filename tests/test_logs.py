import logging

import pytest

from registration.links import personal_path
from sdgworkshop.logs import HideTokens
from tests.factories import make_participant, make_workshop


def logged(message: str, *args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    assert HideTokens().filter(record)
    return record.getMessage()


@pytest.mark.django_db
def test_a_log_does_not_show_whose_personal_page_was_asked_for():
    path = personal_path(make_participant(make_workshop()))
    assert logged("Not Found: %s", path) == "Not Found: /p/…/"
    assert logged("Internal Server Error: %s", f"{path}calendar.ics") == "Internal Server Error: /p/…/calendar.ics"


def test_a_log_shows_all_other_addresses():
    path = "/w/sdg-localisation-2565/register/?province=50"
    assert logged("Bad Request: %s", path) == f"Bad Request: {path}"
