"""QR codes for staff: one as a picture, many as an archive or on paper."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registration import responses
from registration.exports.papers import qr_sheet
from registration.links import qr, qr_codes
from registration.links.qr_codes import QrCode
from registration.models import Participant
from sessions.models import Workshop

PICTURES: dict[str, Callable[[str], bytes]] = {"svg": qr.qr_svg, "png": qr.qr_png}


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """The pages, for `admin`, which registers participants and says who may export them."""

    def workshop_for(request: HttpRequest, slug: str) -> Workshop:
        """The workshop, for whoever may export. Raises PermissionDenied, Http404."""
        if not admin.has_export_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        return get_object_or_404(Workshop, slug=slug)

    def page(request: HttpRequest, slug: str) -> HttpResponse:
        workshop = workshop_for(request, slug)
        context = {
            **admin.admin_site.each_context(request),
            "opts": admin.opts,
            "workshop": workshop,
            "title": _("QR codes"),
            "for_everybody": qr_codes.for_everybody(workshop),
            "of_provinces": qr_codes.of_provinces(workshop),
        }
        return TemplateResponse(request, "admin/registration/qr_codes/qr_codes.html", context)

    def one(request: HttpRequest, slug: str, key: str, suffix: str) -> HttpResponse:
        """A picture of the link `key`, as the page names it, or of a person's code."""
        workshop = workshop_for(request, slug)
        code = next((code for code in _codes(workshop, key) if code.key == key), None)
        if code is None or suffix not in PICTURES:
            raise Http404
        return responses.picture(PICTURES[suffix](code.text), f"{workshop.slug}-{code.key}.{suffix}")

    def provinces(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
        workshop = workshop_for(request, slug)
        if suffix not in PICTURES:
            raise Http404
        return responses.archive(_packed(qr_codes.of_provinces(workshop), suffix), f"{workshop.slug}-provinces-{suffix}.zip")

    def sheet(request: HttpRequest, slug: str) -> HttpResponse:
        workshop = workshop_for(request, slug)
        return responses.pdf(qr_sheet(workshop, qr_codes.of_provinces(workshop)), f"{workshop.slug}-provinces.pdf")

    def address(route: str, view: Any, name: str) -> URLPattern:
        view = admin.admin_site.admin_view(require_safe(view))
        return path(f"qr-codes/<slug:slug>/{route}", view, name=f"registration_participant_qr_{name}")

    return [
        address("", page, "codes"),
        address("provinces/<slug:suffix>.zip", provinces, "provinces"),
        address("provinces.pdf", sheet, "sheet"),
        address("<slug:key>.<slug:suffix>", one, "one"),
    ]


def _codes(workshop: Workshop, key: str) -> list[QrCode]:
    """Those among which `key` may be."""
    if key.startswith("person-"):
        person = Participant.objects.filter(workshop=workshop, code=key.removeprefix("person-"))
        return [qr_codes.of_person(each) for each in person]
    return qr_codes.of_provinces(workshop) if key.startswith("province-") else qr_codes.for_everybody(workshop)


def _packed(codes: Iterable[QrCode], suffix: str) -> bytes:
    """A zip archive; names that are not ASCII are marked as UTF-8 in it."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for code in codes:
            archive.writestr(code.file_name(suffix), PICTURES[suffix](code.text))
    return packed.getvalue()
