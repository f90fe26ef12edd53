"""Files and pages as HTTP responses."""

import math
from typing import BinaryIO, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from registration.errors import TooOften
from registration.models import DocumentVersion

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: For pages and files that are about one person: kept nowhere, listed nowhere, told to no other site.
OF_ONE_PERSON = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow"}


def xlsx(file: BinaryIO, name: str) -> FileResponse:
    """A workbook to keep as `name`, read from its begin; the response closes `file`."""
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def docx(file: BinaryIO, name: str) -> FileResponse:
    """A document of Word to keep as `name`, read from its begin; the response closes `file`."""
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=DOCX)


def pdf(data: bytes, name: str) -> HttpResponse:
    """A paper to look at, print or keep as `name`."""
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def csv(data: bytes, name: str) -> HttpResponse:
    """A table to keep as `name`."""
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=_kept_as(name))


def document(version: DocumentVersion, content_type: str) -> HttpResponseBase:
    """A document of the office to keep under its name, never to be shown as a page of ours; handed out by nginx where it is there.

    Raises FileNotFoundError.
    """
    if settings.MATERIALS_ACCEL:
        response: HttpResponseBase = HttpResponse(headers={"X-Accel-Redirect": settings.MATERIALS_ACCEL + quote(str(version.file.name))})
    else:
        response = FileResponse(version.file.open())
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = content_disposition_header(True, version.name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def public_file(data: bytes, name: str, content_type: str) -> HttpResponse:
    """A file of numbers that anybody may have, for programs too: pages of other hosts may read it."""
    headers = {**_kept_as(name), "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type=content_type, headers=headers)


def text(data: bytes, name: str) -> HttpResponse:
    """Lines to keep as `name`."""
    return HttpResponse(data, content_type="text/plain; charset=utf-8", headers=_kept_as(name))


def archive(data: bytes, name: str) -> HttpResponse:
    """Many files in one, to keep as `name`."""
    return HttpResponse(data, content_type="application/zip", headers=_kept_as(name))


def _kept_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def picture(data: bytes, name: str) -> HttpResponse:
    """A PNG or SVG, as `name` ends, to look at or to keep."""
    content_type = {"png": "image/png", "svg": "image/svg+xml"}[name.rpartition(".")[2]]
    return HttpResponse(data, content_type=content_type, headers={"Content-Disposition": f'inline; filename="{name}"'})


def svg(picture: bytes) -> HttpResponse:
    return HttpResponse(picture, content_type="image/svg+xml")


def calendar(data: bytes, name: str) -> HttpResponse:
    """A calendar file to keep as `name`."""
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=_kept_as(name))


def of_one_person(response: AnyResponse) -> AnyResponse:
    """`response` with the headers of what lies behind a personal link."""
    for name, value in OF_ONE_PERSON.items():
        response.headers[name] = value
    return response


def too_often(response: HttpResponse, refused: TooOften) -> HttpResponse:
    """`response` as the answer to somebody who must wait: 429, and for how many seconds."""
    response.status_code = 429
    response.headers["Retry-After"] = str(max(1, math.ceil((refused.until - timezone.now()).total_seconds())))
    return response
