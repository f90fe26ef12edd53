"""Tokens for tests, and who makes them."""

from uuid import uuid4

from django.contrib.auth.models import Permission, User
from django.test import Client

from registration.actor import Actor, ActorKind
from registration.api.actions import issue
from registration.api.tokens import Scope
from registration.models import ApiToken

ALL = tuple(Scope)


def make_maker(name: str = "maker", *, rights: tuple[str, ...] | None = None) -> User:
    """Somebody of the office with all rights of the app, or with these alone."""
    user, is_new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    if is_new:
        permissions = Permission.objects.filter(content_type__app_label__in=["registration", "agenda"])
        user.user_permissions.set(permissions if rights is None else permissions.filter(codename__in=rights))
    return user


def make_token(*scopes: Scope, maker: User | None = None, days: int = 30, at=None, **where) -> tuple[ApiToken, str]:
    """A token and what it is in full; `where` as in `issue`."""
    by = Actor(ActorKind.STAFF, maker or make_maker())
    made, in_full = issue(name="ระบบสมมุติ", scopes=scopes or ALL, days=days, submission=uuid4(), by=by, at=at, **where)
    assert in_full
    return made, in_full


class System(Client):
    """Another system, which sends its token, if it has one, and reads English."""

    def __init__(self, token: str = "", language: str = "en", **options):
        headers = {"accept-language": language, **({"authorization": f"Bearer {token}"} if token else {})}
        super().__init__(enforce_csrf_checks=True, headers=headers, **options)

    def read(self, path: str, **query):
        return self.get(f"/api/v1{path}", query)

    def write(self, path: str, body: object, key: str = "", **options):
        headers = {"Idempotency-Key": key} if key else {}
        return self.post(f"/api/v1{path}", body, content_type="application/json", headers=headers, **options)


def problem(response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    told = response.json()
    assert (told["status"], told["type"]) == (response.status_code, f"urn:portal:problem:{told['code']}")
    return response.status_code, told["code"]
