import pytest


def test_the_process_answers_without_a_database(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_the_portal_is_ready_when_its_database_answers(client):
    assert client.get("/readyz").content == b"ok"
