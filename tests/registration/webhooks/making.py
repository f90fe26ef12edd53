"""Endpoints, a receiver that is a plain function, and a clock that a test turns."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import WebhookEvent
from registration.models import WebhookEndpoint
from registration.webhooks import client
from registration.webhooks.actions import endpoints, sending
from registration.webhooks.client import Answer
from tests.factories import NOON

STAFF = Actor(ActorKind.STAFF)
URL = "https://receiver.example.org/hooks"


def make_endpoint(*, events=tuple(WebhookEvent), at=NOON, **fields) -> WebhookEndpoint:
    return endpoints.add(**{"name": "ระบบทดสอบ", "url": URL, "workshop": None, "events": events, "by": STAFF, "at": at} | fields)


def make_staff(name: str, *permissions: str) -> User:
    user = User.objects.create_user(name, email=f"{name}@example.org", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return user


class Receiver:
    """In place of the network: answers as `answers(body)` says, and keeps what it was sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = lambda body: 200
        self.sent: list[tuple[dict[str, str], bytes]] = []
        monkeypatch.setattr(client, "post", self._post)

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        status = self.answers(body)
        if status is not None:
            self.sent.append((headers, body))
        return Answer(status, "" if status else "ConnectError: refused")

    @property
    def taken(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.sent]


class Clock:
    """`timezone.now`, from noon on, as far as a test turns it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def turn(self, **by: float) -> None:
        self.now += dt.timedelta(**by)

    def work(self) -> int:
        """A round of the clock with its workers. Returns how much was taken."""
        return sum(sending.send(endpoint_id=pk, seconds=60) for pk in sending.left_by_workers(self.now))
