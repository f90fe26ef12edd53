"""What is answered when a request went wrong: RFC 9457, with a code that stays and words in the language that was asked for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.db import models
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"


class Code(models.TextChoices):
    """Every code with its title. They are promised: one that is here never changes its meaning."""

    BAD_REQUEST = "bad_request", _("The request cannot be read")
    TOKEN_NEEDED = "token_needed", _("A token is needed")
    TOKEN_UNKNOWN = "token_unknown", _("No such token is known")
    TOKEN_EXPIRED = "token_expired", _("The token has expired")
    TOKEN_TAKEN_BACK = "token_taken_back", _("The token was taken back")
    TOKEN_WITHOUT_MAKER = "token_without_maker", _("Whoever made the token no longer works here")
    SCOPE_MISSING = "scope_missing", _("The token does not allow this")
    FORBIDDEN = "forbidden", _("This is not allowed")
    NOT_FOUND = "not_found", _("There is nothing at this address")
    METHOD_NOT_ALLOWED = "method_not_allowed", _("This address does not take this method")
    TOO_LARGE = "too_large", _("The request is too large")
    NOT_JSON = "not_json", _("Send the request as application/json")
    INVALID = "invalid", _("Something in the request is not as it should be")
    KEY_REUSED = "idempotency_key_reused", _("Another request was sent under this Idempotency-Key")
    KEY_IN_USE = "idempotency_key_in_use", _("The request with this Idempotency-Key is still being worked on")
    QUOTA_FULL = "quota_full", _("No place is left")
    ALREADY_REGISTERED = "already_registered", _("Somebody is already registered with this address")
    REGISTRATION_CLOSED = "registration_closed", _("Registration is not open now")
    WORKSHOP_OVER = "workshop_over", _("The workshop is over")
    INVITATION_OVER = "invitation_over", _("The invitation to this address has ended")
    STATE_CHANGED = "state_changed", _("In the person’s present state this cannot be done")
    DECISION_OPEN = "decision_open", _("Another decision about the person waits to take effect")
    DECISION_CLOSED = "decision_closed", _("The decision took effect or was taken back before")
    OFFER_EXPIRED = "offer_expired", _("The time in which the seat could be accepted is over")
    REFUSED = "refused", _("It cannot be done as things are")
    TOO_OFTEN = "too_often", pgettext_lazy("API", "Too many requests")
    INTERNAL = "internal", _("Something went wrong on our side")
    UNAVAILABLE = "unavailable", _("The portal cannot be reached at the moment")


STATUS: dict[Code, int] = {
    Code.BAD_REQUEST: 400,
    Code.TOKEN_NEEDED: 401,
    Code.TOKEN_UNKNOWN: 401,
    Code.TOKEN_EXPIRED: 401,
    Code.TOKEN_TAKEN_BACK: 401,
    Code.TOKEN_WITHOUT_MAKER: 401,
    Code.SCOPE_MISSING: 403,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.TOO_LARGE: 413,
    Code.NOT_JSON: 415,
    Code.INVALID: 422,
    Code.KEY_REUSED: 422,
    Code.KEY_IN_USE: 409,
    Code.QUOTA_FULL: 409,
    Code.ALREADY_REGISTERED: 409,
    Code.REGISTRATION_CLOSED: 409,
    Code.WORKSHOP_OVER: 409,
    Code.INVITATION_OVER: 409,
    Code.STATE_CHANGED: 409,
    Code.DECISION_OPEN: 409,
    Code.DECISION_CLOSED: 409,
    Code.OFFER_EXPIRED: 409,
    Code.REFUSED: 409,
    Code.TOO_OFTEN: 429,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
}
#: What an answer is called that something before the API gave, by its status.
OF_STATUS = {
    400: Code.BAD_REQUEST,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    409: Code.REFUSED,
    413: Code.TOO_LARGE,
    415: Code.NOT_JSON,
    429: Code.TOO_OFTEN,
    500: Code.INTERNAL,
    503: Code.UNAVAILABLE,
}


class FieldError(TypedDict):
    """One thing that is wrong: where ("email", "days.0"), which kind of fault, in words."""

    field: str
    code: str
    message: str


class Problem(Exception):
    """Ends a request; `facts` are further members of the answer."""

    def __init__(self, code: Code, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.errors, self.headers, self.facts = code, list(errors), dict(headers or {}), facts

    def response(self) -> HttpResponse:
        response = HttpResponse(status=STATUS[self.code], headers=self.headers)
        write(response, self.code, errors=self.errors, **self.facts)
        return response


def write(response: HttpResponseBase, code: Code, *, errors: Sequence[FieldError] = (), **facts: Any) -> None:
    """Puts the problem in the place of whatever `response` says; its status and headers stay."""
    body: dict[str, Any] = {
        "type": f"urn:portal:problem:{code}",
        "title": str(code.label),
        "status": response.status_code,
        "code": str(code),
    }
    body |= facts
    if errors:
        body["errors"] = list(errors)
    assert isinstance(response, HttpResponse)
    response.content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    response.headers["Content-Type"] = CONTENT_TYPE
    response.headers["Content-Language"] = get_language() or ""
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["Cache-Control"] = "no-store"
