"""Tokens by which systems are known: their shape, how one is recognised, and what each may do.

A token can never do more than whoever made it may do at this moment: who leaves the office takes their tokens along.
"""

import hashlib
import re
import secrets
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from registration.models import ApiToken

#: How long a token works at most.
MAX_DAYS = 365
#: 256 bits, in hex: a word that a double click marks and that scanners for secrets find.
SECRET_BYTES = 32
SHAPE = re.compile(r"sdgp_([1-9][0-9]{0,17})_([0-9a-f]{64})", re.ASCII)

#: Who knows which rights somebody has.
BACKEND = "django.contrib.auth.backends.ModelBackend"

Scope = ApiToken.Scope
#: What whoever makes a token must be allowed to do in the office. Reading people in pages is as good as taking a list along.
RIGHTS: dict[Scope, tuple[str, ...]] = {
    Scope.READ_PROGRAMME: ("agenda.view_workshop",),
    Scope.READ_PEOPLE: ("registration.view_participant", "registration.export_participant"),
    Scope.READ_CONTACTS: ("registration.view_participant", "registration.export_participant"),
    Scope.READ_ATTENDANCE: ("registration.view_attendance", "registration.export_participant"),
    Scope.READ_CERTIFICATES: ("registration.view_certificate", "registration.export_participant"),
    Scope.WRITE_REGISTRATIONS: ("registration.add_participant", "registration.change_participant"),
}


class Refusal(StrEnum):
    """Why a token is none; told only to who knows its secret."""

    UNKNOWN = "token_unknown"
    EXPIRED = "token_expired"
    TAKEN_BACK = "token_taken_back"
    WITHOUT_MAKER = "token_without_maker"


class TokenRefused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def new_secret() -> str:
    return secrets.token_hex(SECRET_BYTES)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def in_full(token: ApiToken, secret: str) -> str:
    """The token as a system sends it: `sdgp_<id>_<secret>`."""
    return f"sdgp_{token.pk}_{secret}"


def find(text: str) -> ApiToken:
    """The token that `text` is, with who made it. One query. Raises TokenRefused."""
    shape = SHAPE.fullmatch(text)
    if shape is None:
        raise TokenRefused(Refusal.UNKNOWN)
    token = ApiToken.objects.select_related("created_by", "workshop").filter(pk=int(shape[1])).first()
    if token is None or not constant_time_compare(token.digest, digest_of(shape[2])):
        raise TokenRefused(Refusal.UNKNOWN)
    if token.taken_back_at:
        raise TokenRefused(Refusal.TAKEN_BACK)
    if not token.works(timezone.now()):
        raise TokenRefused(Refusal.EXPIRED)
    if token.created_by is None or not (token.created_by.is_active and token.created_by.is_staff):
        raise TokenRefused(Refusal.WITHOUT_MAKER)
    return token


def may_give(user: User | AnonymousUser, scope: Scope) -> bool:
    return user.has_perms(RIGHTS[scope])


def who_may_give() -> dict[Scope, set[int]]:
    """The keys of all users who may give each scope, in as many queries as there are rights, however many tokens there are."""
    rights = {right for needed in RIGHTS.values() for right in needed}
    holders = {right: set(User.objects.with_perm(right, backend=BACKEND).values_list("pk", flat=True)) for right in sorted(rights)}
    return {scope: set.intersection(*(holders[right] for right in needed)) for scope, needed in RIGHTS.items()}


def may_use(token: ApiToken, scope: Scope) -> bool:
    """Whether it was given `scope`, by somebody who may still give it."""
    return token.allows(scope) and token.created_by is not None and may_give(token.created_by, scope)
