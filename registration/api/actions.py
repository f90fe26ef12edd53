"""Making a token, taking it back, noting that it was used; and forgetting what was answered."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import Actor
from registration.api import tokens
from registration.api.tokens import Scope
from registration.audit import trail
from registration.models import ApiAnswer, ApiToken
from sessions.models import Workshop

#: The last use is written no oftener than this.
NOTED_EVERY = dt.timedelta(minutes=1)
#: So long an answer is kept under its `Idempotency-Key`.
ANSWERS_KEPT = dt.timedelta(days=1)
#: Nobody works on one request for longer.
LEASE = dt.timedelta(minutes=1)


def issue(
    *,
    name: str,
    scopes: Iterable[Scope],
    days: int,
    submission: UUID,
    workshop: Workshop | None = None,
    place_code: str = "",
    by: Actor,
    at: dt.datetime | None = None,
) -> tuple[ApiToken, str | None]:
    """Makes a token that works for `days`. Returns it, and what it is in full, which is told this once: None where it was made already.

    `place_code` is a province's two digits, "central", or empty for all places.
    """
    at = at or timezone.now()
    secret = tokens.new_secret()
    if not 1 <= days <= tokens.MAX_DAYS:
        raise ValueError(f"{days} days")
    with transaction.atomic():
        token, is_new = ApiToken.objects.get_or_create(
            submission=submission,
            defaults={
                "name": name,
                "scopes": [scope.value for scope in Scope if scope in set(scopes)],
                "workshop": workshop,
                "place_code": place_code,
                "digest": tokens.digest_of(secret),
                "created_by": by.user,
                "created_at": at,
                "expires_at": at + dt.timedelta(days=days),
            },
        )
        if is_new:
            trail.record_token(by=by, what="token made", workshop=workshop, token=token.pk, at=at)
    return token, tokens.in_full(token, secret) if is_new else None


def take_back(*, token: ApiToken, by: Actor, at: dt.datetime | None = None) -> bool:
    """From now on it opens nothing. False where it was taken back before."""
    at = at or timezone.now()
    with transaction.atomic():
        done = ApiToken.objects.filter(pk=token.pk, taken_back_at=None).update(taken_back_at=at, taken_back_by=by.user)
        if done:
            trail.record_token(by=by, what="token taken back", workshop=token.workshop, token=token.pk, at=at)
    return bool(done)


def note_use(*, token: ApiToken, at: dt.datetime | None = None) -> None:
    """Writes at most once a minute, and mostly asks nothing."""
    at = at or timezone.now()
    before = at - NOTED_EVERY
    if token.last_used_at is None or token.last_used_at <= before:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=at)


class AnsweredBefore(Exception):
    """The same request was answered already, by what `answer` holds."""

    def __init__(self, answer: ApiAnswer) -> None:
        super().__init__(answer.key)
        self.answer = answer


class OtherRequest(Exception):
    """Under this key something else was asked for."""


class StillAtWork(Exception):
    """The same request is being worked on at this moment."""


def begin(*, token: ApiToken, key: str, request: str, at: dt.datetime | None = None) -> ApiAnswer:
    """Notes that `request` (its digest) is worked on under `key`. Of two at once one does; who is left after LEASE is taken to be gone.

    Raises AnsweredBefore, OtherRequest, StillAtWork.
    """
    at = at or timezone.now()
    known = {"token": token, "key": key}
    answer, is_new = ApiAnswer.objects.get_or_create(**known, defaults={"request": request, "started_at": at})
    if is_new:
        return answer
    if answer.request != request:
        raise OtherRequest
    if answer.status is not None:
        raise AnsweredBefore(answer)
    left = ApiAnswer.objects.filter(pk=answer.pk, status=None, started_at__lte=at - LEASE)
    if not left.update(started_at=at):
        raise StillAtWork
    return answer


def keep(*, answer: ApiAnswer, status: int, body: str, content_type: str, location: str) -> None:
    ApiAnswer.objects.filter(pk=answer.pk).update(status=status, body=body, content_type=content_type, location=location)


def drop(*, answer: ApiAnswer) -> None:
    """Nothing came of it: the next one under the key begins anew."""
    ApiAnswer.objects.filter(pk=answer.pk, status=None).delete()


def forget(*, at: dt.datetime) -> int:
    """Deletes answers that were kept long enough. Returns how many."""
    return ApiAnswer.objects.filter(started_at__lte=at - ANSWERS_KEPT).delete()[0]
