"""Cookies that hold the token of a mailed link, so that no address needs to.

Each is scoped to the one page that its link opens: a browser may hold those of several people, as a secretary's
does who registers five, and sends each page its own alone. Paths differ by language, so there is one a language.
"""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from registration.links import signed
from registration.models import Participant

PERSONAL = "personal"
INVITATION = "invitation"
#: Whoever goes back and sends a form anew from the browser that registered them is shown their page, not sent to their mail.
REGISTERED = "registered"
#: Leads from the code on the last slide to the form of whoever last opened their page in this browser.
EVALUATION = "evaluation"
#: How long a page stays open in the browser that opened its link; the mail opens it again.
PERSONAL_AGE = dt.timedelta(days=30)


def give(response: HttpResponse, name: str, token: str, *, page: str, args: Sequence[object], age: dt.timedelta) -> None:
    """Hands `token` to the browser for the address of the view `page` with `args`, and what lies below it."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            path = reverse(page, args=args)
        response.set_cookie(
            f"{name}-{language}",
            token,
            max_age=age,
            path=path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def forget(response: HttpResponse, participant: Participant) -> HttpResponse:
    """`response`, which takes from this browser what let it into the personal page of `participant`."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            response.delete_cookie(f"{PERSONAL}-{language}", path=reverse("participant", args=[participant.code]))
            response.delete_cookie(f"{EVALUATION}-{language}", path=reverse("evaluation_here", args=[participant.workshop.slug]))
    with translation.override(participant.language):  # in which they registered
        response.delete_cookie(REGISTERED, path=reverse("register", args=[participant.workshop.slug]))
    return response


def given(request: HttpRequest, name: str) -> str:
    return request.COOKIES.get(f"{name}-{translation.get_language()}", "")


def give_personal(response: HttpResponse, participant: Participant) -> HttpResponse:
    """`response`, which from now on lets this browser into the personal page of `participant`."""
    token = signed.page_token(participant)
    give(response, PERSONAL, token, page="participant", args=[participant.code], age=PERSONAL_AGE)
    give(response, EVALUATION, token, page="evaluation_here", args=[participant.workshop.slug], age=PERSONAL_AGE)
    return response
