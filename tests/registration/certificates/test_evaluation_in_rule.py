"""A rule that asks for an answered evaluation: only then a certificate, and nothing of what was answered."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from registration.certificates import actions
from registration.certificates.merits import merits_of, rule_of, waiting_for_one
from registration.certificates.rules import Rule
from registration.evaluation import roll
from registration.models import Certificate, Evaluation, EvaluationUrn
from tests.factories import NOON
from tests.registration.certificates.test_actions import STAFF, issued, workshop_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluated():
    """Two have the minutes, the first has answered."""
    workshop, people = workshop_with(2)
    evaluation = Evaluation.objects.create(workshop=workshop, title_th="แบบประเมิน", created_at=NOON)
    EvaluationUrn.objects.create(evaluation=evaluation, answers=1, roll=roll.codes(evaluation.pk, people[0].pk))
    return workshop, people


def test_only_who_has_answered_fulfils_it(evaluated):
    workshop, people = evaluated
    actions.set_rule(workshop=workshop, days=2, percent=80, needs_evaluation=True, by=STAFF)
    assert waiting_for_one(workshop, rule_of(workshop)) == [people[0].pk]
    assert [each.participant for each in issued(workshop)] == [people[0]]
    assert Certificate.objects.get().rule == {"days": 2, "percent": 80, "needs_evaluation": True}


def test_without_the_wish_it_does_not_matter(evaluated):
    workshop, people = evaluated
    assert len(waiting_for_one(workshop, rule_of(workshop))) == 2


def test_the_answer_that_comes_later_counts_from_then_on(evaluated):
    workshop, people = evaluated
    actions.set_rule(workshop=workshop, days=2, percent=80, needs_evaluation=True, by=STAFF)
    issued(workshop)
    urn = EvaluationUrn.objects.get()
    urn.roll = [*urn.roll, *roll.codes(urn.pk, people[1].pk)]
    urn.save()
    assert [each.number for each in issued(workshop)] == [1, 2]


def test_an_evaluation_of_another_workshop_does_not_count(evaluated):
    workshop, people = evaluated
    Evaluation.objects.update(workshop=workshop_with(0)[0])
    assert merits_of(workshop).tried(Rule(2, 80, True)).fulfil == 0


def test_it_is_tried_before_it_is_set_and_says_how_many_have_not_answered(evaluated, client):
    workshop, people = evaluated
    client.force_login(User.objects.create_superuser("boss"))
    address = reverse("admin:registration_certificate_rule", args=[workshop.slug])
    actions.keep_figures(workshop=workshop)
    page = client.get(address, {"days": 2, "percent": 80, "needs_evaluation": "on"})
    assert (page.context["tried"].fulfil, page.context["tried"].unanswered) == (1, 1)
    client.post(address, {"days": 2, "percent": 80, "needs_evaluation": "on"})
    assert rule_of(workshop) == Rule(2, 80, True)
    client.post(address, {"days": 2, "percent": 80})
    assert rule_of(workshop) == Rule(2, 80, False)
