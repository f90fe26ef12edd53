"""The one lock of an evaluation: whoever writes its form, answers it or counts it holds its urn meanwhile."""

from registration.models import Evaluation, EvaluationUrn


class Frozen(Exception):
    """Somebody has answered: the form stays as it is."""


def held(evaluation: Evaluation) -> EvaluationUrn:
    """The urn, locked until the transaction ends."""
    return EvaluationUrn.objects.select_for_update().get(pk=evaluation.pk)


def held_empty(evaluation: Evaluation) -> EvaluationUrn:
    """The same, for who changes the form. Raises Frozen."""
    urn = held(evaluation)
    if urn.answers:
        raise Frozen
    return urn
