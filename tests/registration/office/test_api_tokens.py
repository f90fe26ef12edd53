"""The office's page of tokens: made with what is shown once, looked at, taken back by a deliberate act."""

from uuid import uuid4

import pytest
from django.urls import reverse

from registration.api.tokens import Scope, find
from registration.models import ApiToken
from tests.factories import make_workshop
from tests.registration.api.making import make_maker, make_token

pytestmark = pytest.mark.django_db

LIST, NEW = "admin:registration_apitoken_changelist", "admin:registration_apitoken_new"


@pytest.fixture
def maker(client):
    maker = make_maker()
    client.force_login(maker)
    return maker


def said(**changes):
    return {
        "submission": str(uuid4()),
        "name": "ระบบสมมุติ",
        "scopes": ["read:people"],
        "days": "30",
        "workshop": "",
        "place_code": "",
    } | changes


def test_it_is_shown_in_full_once(client, maker):
    workshop = make_workshop()
    answers = said(workshop=str(workshop.pk), place_code="55")
    page = client.post(reverse(NEW), answers)
    token = ApiToken.objects.get()
    in_full = page.context["in_full"]
    assert (find(in_full), f'value="{in_full}"' in page.content.decode()) == (token, True)
    assert (token.workshop, token.place_code, token.scopes, token.created_by) == (workshop, "55", ["read:people"], maker)
    assert page.headers["Cache-Control"] == "no-store"
    again = client.post(reverse(NEW), answers, follow=True)
    assert ApiToken.objects.count() == 1
    assert in_full.rpartition("_")[2] not in again.content.decode()


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"days": "9999"}, {"place_code": "99"}, {"scopes": ["read:contacts"]}]
)
def test_what_is_wrong_is_told_and_makes_nothing(client, maker, change):
    make_workshop()
    page = client.post(reverse(NEW), said(**change))
    assert (page.status_code, bool(page.context["form"].errors), ApiToken.objects.exists()) == (200, True, False)


def test_nobody_gives_what_they_may_not_do(client):
    client.force_login(make_maker("narrow", rights=("issue_apitoken", "view_workshop")))
    page = client.get(reverse(NEW))
    assert [value for value, _label in page.context["form"].fields["scopes"].choices] == ["read:programme"]
    assert client.post(reverse(NEW), said()).context["form"].errors.keys() == {"scopes"}


def test_it_is_taken_back_by_a_tick_and_a_press(client, maker):
    token, _in_full = make_token()
    path = reverse("admin:registration_apitoken_take_back", args=[token.pk])
    client.post(path)
    assert ApiToken.objects.get().taken_back_at is None
    page = client.post(path, {"sure": "on"}, follow=True)
    token.refresh_from_db()
    assert token.taken_back_by == maker
    assert [one.token for one in page.context["ended"]] == [token]


def test_who_may_look_alone_makes_and_takes_back_nothing(client):
    token, _in_full = make_token()
    client.force_login(make_maker("looks", rights=("view_apitoken",)))
    page = client.get(reverse(LIST))
    assert (page.status_code, reverse(NEW) in page.content.decode()) == (200, False)
    assert client.get(reverse(NEW)).status_code == 403
    assert client.post(reverse("admin:registration_apitoken_take_back", args=[token.pk]), {"sure": "on"}).status_code == 403


def test_what_a_maker_may_no_longer_do_is_told(client, maker):
    other = make_maker("narrow", rights=("view_participant", "export_participant"))
    make_token(Scope.READ_PEOPLE, Scope.READ_ATTENDANCE, maker=other)
    (one,) = client.get(reverse(LIST)).context["working"]
    assert one.lost == [str(Scope.READ_ATTENDANCE.label)]
    other.is_active = False
    other.save()
    assert client.get(reverse(LIST)).context["working"] == []


def test_the_list_asks_no_more_for_more_tokens(client, maker, django_assert_max_num_queries):
    make_workshop()
    client.get(reverse(LIST))
    counts = []
    for names in (["one"], ["two", "three"]):
        for name in names:
            make_token(maker=make_maker(name))
        with django_assert_max_num_queries(40) as asked:
            assert client.get(reverse(LIST)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
