from types import SimpleNamespace

import pytest
from django.db import connections

from sdgworkshop import middleware


@pytest.fixture
def asked_after(db, monkeypatch):
    """How often the database has been asked whether it is there, after requests at these moments; some read nothing."""
    connection = connections["default"]
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "health_check_done", True)

    def count(*moments, reads=lambda moment: True):
        asked = []
        monkeypatch.setattr(connection, "is_usable", lambda: asked.append(True) or True)

        def view(moment):
            if reads(moment):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")

        handle, counts = middleware.trust_recent_connection(view), []
        for moment in moments:
            monkeypatch.setattr(middleware, "time", SimpleNamespace(monotonic=lambda: moment))  # noqa: B023
            connection.health_check_done = False  # as Django does where a request begins
            handle(moment)
            counts.append(len(asked))
        return counts

    return count


def test_it_is_asked_once_a_second_whether_it_is_there(asked_after):
    assert asked_after(10, 10.5, 10.9, 11.1, 11.5, 60) == [1, 1, 1, 2, 2, 3]


def test_a_request_that_reads_nothing_says_nothing_about_it(asked_after):
    assert asked_after(10, 10.5, 11.1, 11.2, reads=lambda moment: moment != 10.5) == [1, 1, 2, 2]
    assert asked_after(10, 10.5, reads=lambda moment: moment == 10.5) == [0, 1]


def test_a_request_before_the_first_connection_is_answered(monkeypatch):
    monkeypatch.setattr(middleware, "connection", SimpleNamespace())
    assert middleware.trust_recent_connection(lambda request: "answered")(None) == "answered"
