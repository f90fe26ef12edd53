"""What a mailed link does first: its token goes into a cookie, and the browser to an address that tells nobody anything.

So no token stays in histories, in what people copy and show, or in the logs of proxies.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registration import responses
from registration.links import cookies, signed
from registration.links.actions.personal_links import note_opened
from sessions.models import Workshop


def personal_link(request: HttpRequest, token: str, rest: str) -> HttpResponse:
    """Leads to the personal page, or to what belongs to it (`rest`, like "edit/")."""
    if person := signed.participant_of_token(token):
        note_opened(participant=person)
    else:
        person = signed.participant_of_token(token, signed.PAGE)
    if person is None:
        return unknown_link(request)
    response = redirect(signed.personal_path(person) + rest)
    return responses.of_one_person(cookies.give_personal(response, person))


@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    found = signed.invitation_of_token(token)
    if found is None:
        return unknown_link(request)
    response = redirect("invitation", pk=found.pk)
    cookies.give(response, cookies.INVITATION, token, page="invitation", args=[found.pk], age=cookies.PERSONAL_AGE)
    return responses.of_one_person(response)


def unknown_link(request: HttpRequest) -> HttpResponse:
    """404 to a link that is forged, incomplete or renewed, with the way to one that works."""
    return _closed(request, "registration/participant/unknown_link.html")


def not_opened(request: HttpRequest) -> HttpResponse:
    """404 to a browser that has not opened the page's link; the same whether there is such a page or not."""
    return _closed(request, "registration/participant/not_opened.html")


def _closed(request: HttpRequest, template: str) -> HttpResponse:
    context = {"workshop": Workshop.objects.current().first()}
    return responses.of_one_person(render(request, template, context, status=404))
