"""Tokens: who gets one, what opens, what does not."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.api import tokens
from registration.api.actions import issue, note_use, take_back
from registration.api.tokens import Scope, TokenRefused, find, may_use
from registration.models import ApiToken, AuditEvent
from tests.factories import make_workshop
from tests.registration.api.making import System, make_maker, make_token, problem

pytestmark = pytest.mark.django_db

WHO = "/workshops"


def test_only_a_digest_of_the_secret_is_kept():
    token, in_full = make_token()
    secret = in_full.rpartition("_")[2]
    assert (in_full, len(secret)) == (f"sdgp_{token.pk}_{secret}", 64)
    assert secret not in str(ApiToken.objects.values().get())
    assert find(in_full) == token


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1] + "x", lambda text: text.upper(), lambda text: text + "\n", lambda text: "sdgp_1_"]
)
def test_what_is_none_opens_nothing(change):
    _token, in_full = make_token()
    assert problem(System(change(in_full).strip("\n") + "0").read(WHO)) == (401, "token_unknown")
    with pytest.raises(TokenRefused):
        find(change(in_full))


def test_the_secret_of_another_token_opens_nothing():
    one, in_full = make_token()
    other, _in_full = make_token()
    assert problem(System(in_full.replace(f"_{one.pk}_", f"_{other.pk}_")).read(WHO)) == (401, "token_unknown")


def test_one_that_has_expired_says_so_and_opens_nothing():
    _token, in_full = make_token(days=1, at=timezone.now() - dt.timedelta(days=2))
    assert problem(System(in_full).read(WHO)) == (401, "token_expired")


def test_one_that_was_taken_back_opens_nothing_from_then_on():
    token, in_full = make_token()
    assert System(in_full).read(WHO).status_code == 200
    by = Actor(ActorKind.STAFF, make_maker())
    assert (take_back(token=token, by=by), take_back(token=token, by=by)) == (True, False)
    answer = System(in_full).read(WHO)
    assert problem(answer) == (401, "token_taken_back")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="portal", error="invalid_token"'


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_leaves_takes_their_tokens_along(change):
    maker = make_maker()
    _token, in_full = make_token(maker=maker)
    type(maker).objects.filter(pk=maker.pk).update(**change)
    assert problem(System(in_full).read(WHO)) == (401, "token_without_maker")


def test_it_does_no_more_than_its_maker_may_do_now():
    maker = make_maker()
    token, in_full = make_token(Scope.READ_PEOPLE, maker=maker)
    assert may_use(find(in_full), Scope.READ_PEOPLE)
    maker.user_permissions.clear()
    assert not may_use(find(in_full), Scope.READ_PEOPLE)
    assert token.pk


def test_nothing_is_allowed_that_was_not_given():
    _token, in_full = make_token(Scope.READ_PROGRAMME)
    assert [scope for scope in Scope if may_use(find(in_full), scope)] == [Scope.READ_PROGRAMME]


@pytest.mark.parametrize("days", [0, tokens.MAX_DAYS + 1])
def test_it_works_for_a_year_at_most(days):
    with pytest.raises(ValueError, match=f"{days} days"):
        make_token(days=days)


def test_a_form_that_is_sent_twice_makes_one_token():
    submission, by = uuid4(), Actor(ActorKind.STAFF, make_maker())
    said = {"name": "ระบบสมมุติ", "scopes": [Scope.READ_PEOPLE], "days": 30, "submission": submission, "by": by}
    (one, first), (same, second) = issue(**said), issue(**said)
    assert (one, first is None, second) == (same, False, None)


def test_the_last_use_is_written_once_a_minute(django_assert_num_queries):
    token, in_full = make_token()
    now = timezone.now()
    note_use(token=token, at=now)
    token.refresh_from_db()
    with django_assert_num_queries(0):
        note_use(token=token, at=now + dt.timedelta(seconds=50))
    note_use(token=token, at=now + dt.timedelta(seconds=61))
    assert ApiToken.objects.get().last_used_at == now + dt.timedelta(seconds=61)


def test_making_and_taking_back_stand_in_the_audit_trail():
    workshop, maker = make_workshop(days=0), make_maker()
    token, _in_full = make_token(workshop=workshop)
    take_back(token=token, by=Actor(ActorKind.STAFF, maker))
    lines = AuditEvent.objects.order_by("pk").values_list("what", "actor", "workshop", "filters")
    known = (maker.pk, workshop.pk, {"token": str(token.pk)})
    assert list(lines) == [("token made", *known), ("token taken back", *known)]
