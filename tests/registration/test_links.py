"""Signed personal links."""

import pytest
from django.test import override_settings

from registration import links
from registration.models import Participant
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db


def test_a_link_opens_the_page_of_its_participant_only():
    workshop = make_workshop()
    mine, yours = make_participant(workshop), make_participant(workshop)
    assert links.participant_behind(links.personal_token(mine)) == mine
    assert links.participant_behind(links.personal_token(yours)) == yours


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: "A" + t[1:], lambda t: "", lambda t: "...", lambda t: t.lower()]
)
def test_a_changed_link_opens_nothing(spoil):
    token = links.personal_token(make_participant(make_workshop()))
    assert links.participant_behind(spoil(token)) is None


def test_one_person_s_signature_does_not_fit_another_s_code():
    workshop = make_workshop()
    mine, yours = make_participant(workshop), make_participant(workshop)
    signature = links.personal_token(mine).rpartition(".")[2]
    assert links.participant_behind(f"{yours.code}.1.{signature}") is None


def test_a_renewed_link_kills_the_old_one():
    person = make_participant(make_workshop())
    old = links.personal_token(person)
    Participant.objects.filter(pk=person.pk).update(link_version=2)
    person.refresh_from_db()
    assert links.participant_behind(old) is None
    assert links.participant_behind(links.personal_token(person)) == person


def test_a_link_of_another_purpose_or_another_secret_opens_nothing():
    person = make_participant(make_workshop())
    assert links.participant_behind(links.calendar_token(person)) is None
    with override_settings(SECRET_KEY="another"):
        foreign = links.personal_token(person)
    assert links.participant_behind(foreign) is None


def test_a_token_needs_no_quoting_in_a_path_and_tells_nothing_of_the_person():
    person = make_participant(make_workshop(), email="secret@example.org")
    token = links.personal_token(person)
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()
    assert token.startswith(f"{person.code}.1.")


def test_the_address_is_the_portal_s_own_in_the_language_of_the_participant(settings):
    settings.SITE_URL = "https://sdg.example.org"
    workshop = make_workshop()
    thai, english = make_participant(workshop), make_participant(workshop, language="en")
    assert links.personal_url(thai) == f"https://sdg.example.org/p/{links.personal_token(thai)}/"
    assert links.personal_url(english) == f"https://sdg.example.org/en/p/{links.personal_token(english)}/"


def test_whose_link_it_is_takes_three_queries(django_assert_num_queries):
    token = links.personal_token(make_participant(make_workshop()))
    with django_assert_num_queries(3):
        person = links.participant_behind(token)
        assert (len(person.days.all()), [choice.track.item.day for choice in person.choices.all()]) == (2, [])
