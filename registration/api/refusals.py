"""What the business of registering refuses, as a problem: each error of `registration.errors` has its code."""

from typing import Any

from registration import errors
from registration.api.problems import Code, Problem

#: The first that fits, so what is more particular stands first.
CODES: tuple[tuple[type[errors.RegistrationError], Code], ...] = (
    (errors.QuotaFull, Code.QUOTA_FULL),
    (errors.AlreadyRegistered, Code.ALREADY_REGISTERED),
    (errors.AddressTaken, Code.ALREADY_REGISTERED),
    (errors.WorkshopOver, Code.WORKSHOP_OVER),
    (errors.WindowClosed, Code.REGISTRATION_CLOSED),
    (errors.InvitationOver, Code.INVITATION_OVER),
    (errors.AlreadyDecided, Code.DECISION_OPEN),
    (errors.DecisionClosed, Code.DECISION_CLOSED),
    (errors.OfferExpired, Code.OFFER_EXPIRED),
    (errors.IllegalMove, Code.STATE_CHANGED),
)


def problem_of(refusal: errors.RegistrationError) -> Problem:
    if isinstance(refusal, errors.TextRefused):
        fault = {"field": refusal.field, "code": "refused", "message": str(refusal.fault)}
        return Problem(Code.INVALID, errors=[fault])  # type: ignore[list-item]
    code = next((code for error, code in CODES if isinstance(refusal, error)), Code.REFUSED)
    facts: dict[str, Any] = {"state": str(refusal.before)} if isinstance(refusal, errors.IllegalMove) and refusal.before else {}
    return Problem(code, **facts)
