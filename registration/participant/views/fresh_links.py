"""What matters asks for a link that is mailed at this moment, and lets in whoever opened it within ten minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from registration import responses
from registration.errors import TooOften
from registration.links import cookies, fresh
from registration.links.actions.fresh_links import send_fresh_link
from registration.links.actions.personal_links import note_opened
from registration.models import Participant
from registration.security import rate_limits
from sessions.models import Workshop

COOKIE = "fresh"
QUESTION = "registration/participant/fresh_link.html"


def requires_fresh_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets a request through to `view` for ten minutes from when a link for it was mailed; before, offers to mail one.

    `view` is named like its URL (`…/<slug:code>/…`, no other argument) and like its line in
    `fresh_links.PURPOSES`, which is all that a new purpose needs. It stands under `personal`, which finds the participant:

        @require_http_methods(["GET", "HEAD", "POST"])
        @personal
        @requires_fresh_link
        def new_email(request: HttpRequest, person: Participant) -> HttpResponse:

    Without a fresh link, GET asks and POST mails it; neither reaches `view`. With one, both do: let GET ask and
    POST act, because mail scanners follow links. A form that comes after the ten minutes is answered with the
    question again, which then says why. In tests, `Browser.open_fresh_link(participant, "new_email")` lets in.
    """
    purpose = view.__name__
    assert purpose in fresh.PURPOSES, f"{purpose} has no line in PURPOSES"

    @wraps(view)
    def asked(request: HttpRequest, person: Participant, **rest: Any) -> HttpResponse:
        opened = fresh.participant_of_token(cookies.given(request, COOKIE), purpose)
        if opened == person or not fresh.is_needed(person, purpose):
            return view(request, person, **rest)
        is_wanted = "send_link" in request.POST
        said: dict[str, object] = {"is_sent": "sent" in request.GET, "is_too_late": request.method == "POST" and not is_wanted}
        if not is_wanted:
            return render(request, QUESTION, _about(person, purpose) | said)
        try:
            rate_limits.count(rate_limits.of_fresh_link(person))
        except TooOften as refused:
            page = render(request, QUESTION, _about(person, purpose) | said | {"try_again_at": refused.until})
            return responses.too_often(page, refused)
        send_fresh_link(participant=person, purpose=purpose)
        return redirect(f"{reverse(purpose, args=[person.code])}?sent")

    return asked


@require_safe
def fresh_link(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    if purpose not in fresh.PURPOSES:
        raise Http404
    person = fresh.participant_of_token(token, purpose)
    if person is None:
        context = {"minutes": _minutes(), "workshop": Workshop.objects.current().first()}
        page = render(request, "registration/participant/fresh_link_over.html", context, status=410)
        return responses.of_one_person(page)
    note_opened(participant=person)
    response = cookies.give_personal(redirect(purpose, code=person.code), person)
    cookies.give(response, COOKIE, token, page=purpose, args=[person.code], age=fresh.LINK_AGE)
    return responses.of_one_person(response)


def _about(person: Participant, purpose: str) -> dict[str, object]:
    return {
        "participant": person,
        "workshop": person.workshop,
        "purpose": purpose,
        "what": fresh.PURPOSES[purpose],
        "address": reverse(purpose, args=[person.code]),
        "minutes": _minutes(),
    }


def _minutes() -> int:
    return int(fresh.LINK_AGE.total_seconds() // 60)
