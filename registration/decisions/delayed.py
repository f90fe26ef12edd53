"""What was decided at a desk and is not in effect yet, as its pages show it."""

from registration.choices import DecisionName
from registration.models import DelayedDecision, Participant, Quota


def open_decisions(quota: Quota) -> dict[int, DelayedDecision]:
    """What is not in effect yet, by each person whom it concerns. One query."""
    decisions = DelayedDecision.objects.open().filter(quota=quota).select_related("participant", "successor", "decided_by")
    return {pk: decision for decision in decisions for pk in (decision.participant_id, decision.successor_id) if pk}


def next_in_line(quota: Quota) -> Participant | None:
    """Who gets the next free seat, once what is decided is in effect."""
    leaving = DelayedDecision.objects.open().filter(quota=quota, command__in=[DecisionName.DECLINE, DecisionName.CANCEL])
    return Participant.objects.known().waiting().filter(quota=quota).exclude(pk__in=leaving.values("participant")).first()
