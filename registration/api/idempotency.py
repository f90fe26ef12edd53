"""The same request sent again under the same `Idempotency-Key` is answered the same, and done once."""

import hashlib
import re
from collections.abc import Callable
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from registration.api import actions
from registration.api.actions import AnsweredBefore, OtherRequest, StillAtWork
from registration.api.callers import Caller
from registration.api.problems import Code, Problem
from registration.api.refusals import problem_of
from registration.errors import RegistrationError

KEY = re.compile(r"[A-Za-z0-9_.:-]{8,100}", re.ASCII)
#: What passes by itself is not kept: whoever comes again is to be let in.
NOT_KEPT = frozenset({429})


def once(request: HttpRequest, caller: Caller, act: Callable[[UUID], HttpResponse]) -> HttpResponse:
    """The answer of `act`, which is given what the request is known by for ever, or that of the first time."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _answer(act, uuid4())
    if not KEY.fullmatch(key):
        fault = _("Eight to a hundred letters, digits or any of _ . : -")
        raise Problem(Code.INVALID, errors=[{"field": "Idempotency-Key", "code": "pattern", "message": fault}])
    try:
        begun = actions.begin(token=caller.known, key=key, request=_fingerprint(request))
    except AnsweredBefore as before:
        return _again(before)
    except OtherRequest as other:
        raise Problem(Code.KEY_REUSED) from other
    except StillAtWork as busy:
        raise Problem(Code.KEY_IN_USE, headers={"Retry-After": "1"}) from busy
    try:
        response = _answer(act, uuid5(NAMESPACE_URL, f"portal:{caller.known.pk}:{key}"))
    except BaseException:
        actions.drop(answer=begun)
        raise
    if response.status_code in NOT_KEPT:
        actions.drop(answer=begun)
    else:
        content_type, location = response.headers["Content-Type"], response.headers.get("Location", "")
        body = response.content.decode()
        actions.keep(answer=begun, status=response.status_code, body=body, content_type=content_type, location=location)
    return response


def _answer(act: Callable[[UUID], HttpResponse], submission: UUID) -> HttpResponse:
    try:
        return act(submission)
    except Problem as problem:
        return problem.response()
    except RegistrationError as refusal:
        return problem_of(refusal).response()


def _fingerprint(request: HttpRequest) -> str:
    return hashlib.sha256(b"\n".join([str(request.method).encode(), request.path_info.encode(), request.body])).hexdigest()


def _again(before: AnsweredBefore) -> HttpResponse:
    kept = before.answer
    headers = {"Idempotency-Replayed": "true", "Cache-Control": "no-store"} | ({"Location": kept.location} if kept.location else {})
    return HttpResponse(kept.body, status=kept.status, content_type=kept.content_type, headers=headers)
