"""Who asks: a system by its token, or anybody. Each address names the scope that it needs, and nothing is let in without one."""

import math
from dataclasses import dataclass
from typing import ClassVar

from django.http import Http404, HttpRequest
from django.utils import timezone, translation

from registration.actor import Actor
from registration.api import actions, tokens
from registration.api.doors import wanted_language
from registration.api.problems import Code, Problem
from registration.api.tokens import Scope, TokenRefused
from registration.errors import TooOften
from registration.models import ApiToken, Participant, Quota
from registration.models.participant import ParticipantQuerySet
from registration.security import access, rate_limits
from registration.security.rate_limits import Counted
from sessions.models import Workshop

SAFE = {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class Caller:
    """What the request may reach. `token` is None for anybody."""

    token: ApiToken | None = None

    @property
    def known(self) -> ApiToken:
        assert self.token, "an address that asks for a scope"
        return self.token

    @property
    def by(self) -> Actor:
        return access.actor_of_token(self.known)

    def allows(self, scope: Scope) -> bool:
        return tokens.may_use(self.known, scope)

    def workshop(self, slug: str) -> Workshop:
        """A workshop about whose people may be asked. Raises Http404."""
        workshop = Workshop.objects.filter(slug=slug).first()
        if workshop is None or self.known.workshop_id not in (None, workshop.pk):
            raise Http404
        return workshop

    def people(self) -> ParticipantQuerySet:
        return access.participants_of_token(self.known)

    def person(self, code: str) -> Participant:
        """Raises Http404."""
        person = self.people().with_choices().filter(code=code).first()
        if person is None:
            raise Http404
        return person

    def place(self, workshop: Workshop, code: str) -> Quota:
        """The place `code` ("55" or "central") of `workshop`, if it is within reach. Raises Http404."""
        seats = access.quotas_of_token(self.known).filter(workshop=workshop).select_related("province", "workshop")
        for quota in seats.filter(kind=Quota.Kind.CENTRAL) if code == Quota.Kind.CENTRAL else seats.filter(province__code=code):
            return quota
        raise Http404


class Token:
    """Lets in who has a token that allows `scope`."""

    openapi_type: ClassVar[str] = "http"
    openapi_security_schema: ClassVar[dict[str, str]] = {"type": "http", "scheme": "bearer", "bearerFormat": "sdgp_<id>_<secret>"}

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        with_language(request)
        token = _token_of(request)
        if token is None:
            raise Problem(Code.TOKEN_NEEDED, headers={"WWW-Authenticate": 'Bearer realm="portal"'})
        if not tokens.may_use(token, self.scope):
            header = f'Bearer realm="portal", error="insufficient_scope", scope="{self.scope}"'
            raise Problem(Code.SCOPE_MISSING, headers={"WWW-Authenticate": header}, scope=str(self.scope))
        if request.body and request.content_type != "application/json":
            raise Problem(Code.NOT_JSON)
        return Caller(token)


class Anybody:
    """Lets everybody in; a token that is sent along must be one."""

    def __call__(self, request: HttpRequest) -> Caller:
        with_language(request)
        return Caller(_token_of(request))


def with_language(request: HttpRequest) -> None:
    """Addresses of the API name no language: the header alone says it."""
    translation.activate(wanted_language(request))


def _token_of(request: HttpRequest) -> ApiToken | None:
    """None where no token was sent. Counts the request, and notes that the token was used. Raises Problem."""
    kind, _space, text = request.headers.get("Authorization", "").strip().partition(" ")
    if not kind:
        return None
    try:
        token = tokens.find(text.strip() if kind.lower() == "bearer" else "")
    except TokenRefused as refused:
        count(rate_limits.of_api_refusal(request))
        header = 'Bearer realm="portal", error="invalid_token"'
        raise Problem(Code(refused.refusal), headers={"WWW-Authenticate": header}) from refused
    count(rate_limits.of_api_token(token, writes=request.method not in SAFE))
    actions.note_use(token=token)
    return token


def count(asked: list[Counted]) -> None:
    """Raises Problem, which says when to come again."""
    if not asked:
        return
    try:
        rate_limits.count(asked)
    except TooOften as refused:
        seconds = max(1, math.ceil((refused.until - timezone.now()).total_seconds()))
        raise Problem(Code.TOO_OFTEN, headers={"Retry-After": str(seconds)}) from refused
