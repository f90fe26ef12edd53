"""The files of a workshop's open data, at addresses whose content does not change."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from registration import responses
from registration.models import OpenDataFile, OpenDataSet
from registration.open_data.files import CONTENT_TYPES


@require_safe
def open_data(request: HttpRequest, slug: str, number: int, file_name: str) -> HttpResponseBase:
    """A version that was withdrawn is gone; browsers ask each time whether it still is what they have. One query."""
    out = OpenDataFile.objects.filter(data_set__state=OpenDataSet.State.PUBLISHED, data_set__workshop__is_published=True)
    found = out.filter(data_set__workshop__slug=slug, data_set__number=number, name=file_name).first()
    if found is None:
        raise Http404
    response = responses.public_file(bytes(found.content), found.name, CONTENT_TYPES[found.name.rpartition(".")[2]])
    etag = f'"{found.digest[:32]}"'
    response["ETag"], response["Cache-Control"] = etag, "public, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response
