"""The agenda, as a page and as a calendar file; the emblem that stands on every page of a workshop."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from sessions.addresses import in_every_language
from sessions.documents import public_documents
from sessions.formats import language
from sessions.ical import programme_calendar
from sessions.models import Emblem, Workshop
from sessions.public_pages import public_page


@public_page
def agenda(slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.published().with_programme().prefetch_related("contacts", "releases"), slug=slug)
    return agenda_of(workshop)


def agenda_of(workshop: Workshop, *, preview: bool = False) -> HttpResponse:
    slug = workshop.slug
    addresses = in_every_language("agenda", slug)
    context = {
        "preview": preview,
        "workshop": workshop,
        "days": workshop.days.all(),
        "releases": workshop.releases.all(),
        "documents": public_documents(workshop),
        "page_path": reverse("agenda", args=[slug]),
        "addresses": addresses,
        "address": addresses[language()],
    }
    return HttpResponse(render_to_string("sessions/agenda.html", context))


@public_page
def agenda_ics(slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.published().with_programme(), slug=slug)
    url = in_every_language("agenda", slug)[language()]
    documents = dict.fromkeys(public_documents(workshop).days(), url)
    calendar = programme_calendar(workshop, language=language(), url=url, documents=documents)
    name = f'attachment; filename="{slug}.ics"'
    return HttpResponse(calendar, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name})


@require_safe
def emblem(request: HttpRequest, digest: str) -> HttpResponseBase:
    """What an address means never changes, so browsers ask for it once."""
    picture = Emblem.objects.filter(pk=digest).values_list("small", flat=True).first()
    if picture is None:
        raise Http404
    etag = f'"{digest[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable"}
    response = HttpResponse(bytes(picture), content_type="image/webp", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response
