"""What is printed on a certificate, as data; and the sheet that Typst makes of it.

The data is kept when it is issued, and the sheet made of it whenever somebody asks: the same bytes each time.
"""

import base64
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import qrcode
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.certificates import numbers
from registration.models import CertificateLayout
from registration.people.fonts import fonts_for
from sessions import formats, thai

HERE = Path(__file__).parent / "sheet"
#: Archives read these for decades, and so do people who listen to a sheet.
PDF_STANDARDS = ["a-2b", "ua-1"]

Snapshot = dict[str, Any]
#: Which drawing of the sheet: those that are out are drawn as they were.
SHEET = 2


def snapshot(
    layout: CertificateLayout, *, name: str, number: int, token: str, language: str, days: Sequence[dt.date], given: dt.date
) -> Snapshot:
    """Everything that is printed for `name`, in `language` ("th" or "en")."""
    language = "en" if language == "en" and layout.title_en and layout.signer_en else "th"
    with translation.override(language):
        return {
            "lang": language,
            "sheet": SHEET,
            "issued": given.isoformat(),
            "office": _in(layout, "office", language),
            "heading": _in(layout, "heading", language),
            "number_label": _("No.") if language == "en" else "เลขที่",
            "number": numbers.written(
                layout.number_pattern_en if language == "en" else layout.number_pattern, number, given.year, language
            ),
            "presented": _("This certificate is presented to"),
            "name": name,
            "title": [line for line in _in(layout, "title", language).splitlines() if line.strip()],
            "when": when(days, layout.workshop.platform, language),
            "given": _("Given on %(date)s") % {"date": _given(given, language)},
            "signer": _in(layout, "signer", language),
            "post": [line for line in _in(layout, "post", language).splitlines() if line.strip()][:2],
            "check": _("Check this certificate at"),
            "check_url": verify_url(token, language),
            "kept": _("The name can be checked for at most one year after the workshop; after that, the number only."),
            "edition": "",
            "signature": layout.signature,
            "emblem": layout.emblem or _of_workshop(layout),
        }


def _of_workshop(layout: CertificateLayout) -> str:
    """The workshop's emblem in Base64; one query where it has one."""
    emblem = layout.workshop.emblem
    return base64.b64encode(emblem.original).decode() if emblem else ""


def corrected(before: Snapshot, *, name: str, token: str) -> Snapshot:
    with translation.override(before["lang"]):
        return {**before, "name": name, "check_url": verify_url(token, before["lang"]), "edition": _("corrected edition")}


def verify_url(token: str, language: str) -> str:
    with translation.override(language):
        return settings.SITE_URL + reverse("verify", args=[token])


def when(days: Sequence[dt.date], platform: str, language: str) -> str:
    """ "รวม ๔ ครั้ง ระหว่างวันที่ … ถึงวันที่ … ผ่านระบบ Zoom Webinar"."""
    days = sorted(days)
    if not days:
        return ""
    first, last = (formats.format_date(day, language, weekday=False) for day in (days[0], days[-1]))
    count = formats.digits(len(days), language)
    with translation.override(language):
        if len(days) == 1:
            return _("on %(day)s, by %(platform)s") % {"day": first, "platform": platform}
        words = ngettext(
            "%(count)s session, %(first)s to %(last)s, by %(platform)s",
            "%(count)s sessions, %(first)s to %(last)s, by %(platform)s",
            len(days),
        )
        return words % {"count": count, "first": first, "last": last, "platform": platform}


def pdf(*printed: Snapshot) -> bytes:
    """The sheets of one or many snapshots: PDF/A-2b and PDF/UA-1, A4 landscape, one page each.

    With a letter that no font here has, which archives do not take, it is a PDF without these two.
    """
    issued = dt.datetime.fromisoformat(printed[0]["issued"]).replace(tzinfo=dt.UTC)
    options = {"format": "pdf", "timestamp": int(issued.timestamp())}
    try:
        return _typeset(printed, pdf_standards=PDF_STANDARDS, **options)
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        return _typeset(printed, **options)


def picture(printed: Snapshot, width: int = 594) -> bytes:
    """The sheet as a PNG of about `width` pixels, for pages."""
    return _typeset([printed], format="png", ppi=width / 297 * 25.4)


def _typeset(printed: Sequence[Snapshot], **options: Any) -> bytes:
    text = json.dumps([_data(each) for each in printed], ensure_ascii=False)
    fonts = fonts_for(text)
    return typst.compile(HERE / "sheet.typ", root=HERE, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": text}, **options)


def _data(printed: Snapshot) -> dict[str, Any]:
    return {
        **printed,
        "qr": _modules(printed["check_url"]),
        "signature": _bytes(printed["signature"]),
        "emblem": _bytes(printed["emblem"]),
        "check_text": printed["check_url"].split("://", 1)[-1].rstrip("/"),
    }


def _in(layout: CertificateLayout, field: str, language: str) -> str:
    return getattr(layout, f"{field}_{language}") or getattr(layout, f"{field}_th")


def _given(date: dt.date, language: str) -> str:
    """As certificates say it: ๒๘ มกราคม พุทธศักราช ๒๕๗๐."""
    if language == "en":
        return formats.format_date(date, "en", weekday=False)
    return thai.thai_digits(f"{date.day} {thai.MONTHS[date.month - 1]} พุทธศักราช {thai.buddhist_year(date)}")


def _modules(text: str) -> list[str]:
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return ["".join("1" if cell else "0" for cell in row) for row in code.get_matrix()]


def _bytes(encoded: str) -> list[int] | None:
    """A picture as Typst takes it: its bytes as numbers."""
    return list(base64.b64decode(encoded)) if encoded else None
