import pytest

from tests.registration.webhooks.making import Clock, Receiver


@pytest.fixture
def receiver(monkeypatch):
    return Receiver(monkeypatch)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)
