"""QR codes on paper, to cut out or to pass on."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from registration.exports.papers.typesetting import typeset
from registration.links import qr
from registration.links.qr_codes import QrCode
from sessions.models import Workshop


def qr_sheet(workshop: Workshop, codes: Sequence[QrCode]) -> bytes:
    """`codes` with their names, twelve on a page; a PDF in Thai, A4."""
    with translation.override("th"):
        return typeset(
            "qr_sheet",
            {
                "heading": _("Scan to register"),
                "title": workshop.title,
                "codes": [{"name": code.name, "text": code.text, "svg": qr.qr_svg(code.text).decode()} for code in codes],
                "page": _("Page {page} of {pages}"),
            },
        )
