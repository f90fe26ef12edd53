"""QR codes for staff: one as a picture, many as an archive or on paper."""

from collections.abc import Callable, Iterable
from io import BytesIO
from zipfile import ZipFile

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from registration import responses
from registration.exports.papers import qr_sheet
from registration.links import qr, qr_codes
from registration.links.qr_codes import QrCode
from registration.models import Participant
from sessions.admin.page import AdminPage
from sessions.models import Workshop

PICTURES: dict[str, Callable[[str], bytes]] = {"svg": qr.qr_svg, "png": qr.qr_png}


class _OfWorkshop(AdminPage):
    permission = "registration.export_participant"
    http_method_names = ["get", "head", "options"]


class QrCodesPage(_OfWorkshop):
    address, name = "qr-codes/<slug:slug>/", "registration_participant_qr_codes"
    template = "admin/registration/qr_codes/qr_codes.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        everybody, provinces = qr_codes.for_everybody(workshop), qr_codes.of_provinces(workshop)
        return self.render(_("QR codes"), workshop=workshop, for_everybody=everybody, of_provinces=provinces)


class ProvincesArchive(_OfWorkshop):
    address, name = "qr-codes/<slug:slug>/provinces/<slug:suffix>.zip", "registration_participant_qr_provinces"

    def get(self, request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        if suffix not in PICTURES:
            raise Http404
        return responses.archive(_packed(qr_codes.of_provinces(workshop), suffix), f"{workshop.slug}-provinces-{suffix}.zip")


class ProvincesSheet(_OfWorkshop):
    address, name = "qr-codes/<slug:slug>/provinces.pdf", "registration_participant_qr_sheet"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        return responses.pdf(qr_sheet(workshop, qr_codes.of_provinces(workshop)), f"{workshop.slug}-provinces.pdf")


class OneCode(_OfWorkshop):
    """A picture of the link `key`, as the page names it, or of a person's code."""

    address, name = "qr-codes/<slug:slug>/<slug:key>.<slug:suffix>", "registration_participant_qr_one"

    def get(self, request: HttpRequest, slug: str, key: str, suffix: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        code = next((code for code in _codes(workshop, key) if code.key == key), None)
        if code is None or suffix not in PICTURES:
            raise Http404
        return responses.picture(PICTURES[suffix](code.text), f"{workshop.slug}-{code.key}.{suffix}")


PAGES = [QrCodesPage, ProvincesArchive, ProvincesSheet, OneCode]


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
