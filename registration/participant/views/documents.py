"""Documents and recordings: those for everybody at the workshop's address, the others behind a personal page."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from registration import responses
from registration.materials import actions, audience
from registration.materials.files import CONTENT_TYPES, Format
from registration.models import Document, Participant
from registration.participant.views.personal_page import personal


@require_safe
def document(request: HttpRequest, slug: str, document_id: int) -> HttpResponseBase:
    public = Document.objects.published().for_everybody().with_versions()
    found = get_object_or_404(public, pk=document_id, workshop__slug=slug, workshop__is_published=True)
    return _handed_out(request, found)


@require_safe
@personal
def own_document(request: HttpRequest, person: Participant, document_id: int) -> HttpResponseBase:
    """One that this person may open: the address alone, passed on, opens it to nobody."""
    found = audience.own_document(person, document_id)
    if found is None:
        raise Http404
    return _handed_out(request, found)


def _handed_out(request: HttpRequest, found: Document) -> HttpResponseBase:
    version = found.newest
    if version.format == Format.LINK:
        response: HttpResponseBase = redirect(version.url)
    else:
        try:
            response = responses.document(version, CONTENT_TYPES[Format(version.format)])
        except FileNotFoundError as error:
            raise Http404 from error
    if request.method == "GET":
        actions.note_opened(document=found)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
