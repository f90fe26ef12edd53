"""Nobody learns from the portal whose address is registered, unless they register that person themselves (docs/decisions/0011)."""

import re

import pytest
from django.test import Client

from registration.links import signed
from registration.models import Participant
from tests.factories import make_answers, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

KNOWN = "known@example.org"


def page_of(response) -> tuple[int, str, str]:
    """What a visitor gets, without what is their own."""
    page = response.content.decode()
    for own in (r'name="csrfmiddlewaretoken" value="[^"]+"', r'name="(submission|opened)" value="[^"]+"', KNOWN, "other@example.org"):
        page = re.sub(own, "", page)
    return response.status_code, response.headers.get("Location", ""), page


def sent(workshop, email, **changes):
    return page_of(
        Client(headers={"accept-language": "th"}).post(f"/w/{workshop.slug}/register/", make_answers(workshop, email=email, **changes))
    )


@pytest.mark.parametrize("state", ["pending", "confirmed", "waitlisted", "offered", "declined"])
@pytest.mark.parametrize("province", ["55", "56"])
def test_whoever_sends_a_known_address_is_told_the_same_whatever_became_of_it(state, province):
    workshop = make_workshop()
    known = make_participant(workshop, email=KNOWN)
    Participant.objects.filter(pk=known.pk).update(state=state)
    assert sent(workshop, KNOWN, province=province) == (302, f"/w/{workshop.slug}/register/check-mail/", "")


def test_a_full_province_refuses_known_and_unknown_alike():
    workshop = make_workshop()
    make_participant(workshop, email=KNOWN)
    seats_of(workshop, "56", capacity=0)
    known, other = (sent(workshop, email, province="56") for email in (KNOWN, "other@example.org"))
    assert known == other
    assert known[0] == 200


def test_another_province_s_link_refuses_known_and_unknown_alike():
    workshop = make_workshop(entry="province_link")
    invite = signed.invitation_token(seats_of(workshop, "55"))
    Participant.objects.filter(pk=make_participant_by_link(workshop).pk).update(email=KNOWN)
    known, other = (sent(workshop, email, province="56", invite=invite) for email in (KNOWN, "other@example.org"))
    assert known == other
    assert known[0] == 200


def make_participant_by_link(workshop):
    workshop.entry = "open"
    workshop.save()
    participant = make_participant(workshop)
    workshop.entry = "province_link"
    workshop.save()
    return participant
