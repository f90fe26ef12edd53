"""What people type about themselves: what may not stand in it, and what stands for nothing. It is cleaned by `sessions.text`."""

import re
import unicodedata

from django.utils.translation import gettext as _

from registration.errors import TextRefused
from sessions.formats import local_digits
from sessions.text import MARKS, TONES, clean_text

__all__ = ["clean_text", "fault_of", "is_key", "kept", "means_nothing", "too_long"]

#: A text that begins with one of these is read as a formula by spreadsheet programs.
FORMULA_STARTS = "=+-@"
#: Before it there are letters alone, no pictures (arrows are the first) and nothing that a writing leaves to private use.
FIRST_SIGN = "\u2190"

_VOWELS = "\u0e31\u0e34-\u0e39\u0e47"
#: A consonant takes one vowel sign, one tone and one sign that closes it; of the marks of other writings four are plenty.
_TOO_MANY_MARKS = re.compile(
    f"[^{MARKS}]?[{MARKS}]*?(?:[{_VOWELS}][{MARKS}]*[{_VOWELS}]|[{TONES}][{MARKS}]*[{TONES}]|([\u0e3a\u0e4c-\u0e4e])[{MARKS}]*\\1|[{MARKS}]{{4,}}|[\u0300-\u036f\u20d0-\u20ff]{{5,}})"
)
_LOST_MARK = re.compile(f"(?<![ก-ฮ{MARKS}])[{MARKS}]")


def fault_of(text: str) -> str:
    """Why cleaned `text` may not be kept, in words for who typed it; empty when it may.

    Brackets of markup and beginnings of formulas are refused where they come in, because the files that
    leave (Zoom's registrants, spreadsheets) may not alter a name to make it safe.
    """
    if text[:1] and text[0] in FORMULA_STARTS:
        return _("This cannot begin with “%(sign)s”. Remove it.") % {"sign": text[0]}
    if "<" in text or ">" in text:
        return _("The characters < and > cannot be used here. Remove them.")
    return "" if text.isascii() else _fault_of_signs(text)


def _fault_of_signs(text: str) -> str:
    """What in `text` no list, badge or certificate could show as it was meant."""
    for place, sign in enumerate(text if max(text) >= FIRST_SIGN else ""):
        if sign == "\ufffd" or unicodedata.category(sign) == "Co":
            words = _("A letter after “%(before)s” was lost in copying, as happens with PDF files. Please type this again.")
            return (
                words % {"before": text[max(0, place - 10) : place]}
                if place
                else _("The first letter was lost in copying. Please type it again.")
            )
        if _is_picture(sign):
            return _("“%(sign)s” is a picture, not a letter. Remove it.") % {"sign": sign}
    if found := _TOO_MANY_MARKS.search(text):
        return _("“%(letters)s” has more marks on one letter than Thai allows. Please type it again.") % {"letters": found[0][:4]}
    if found := _LOST_MARK.search(text):
        return _("In “%(letters)s” a mark has no letter to go with. Please type it again.") % {
            "letters": text[max(0, found.start() - 5) : found.end() + 5]
        }
    return ""


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk") and (FIRST_SIGN <= sign < "\u3000" or sign >= "\U0001f000")


def means_nothing(text: str) -> bool:
    """Whether cleaned `text`, where nothing need stand, is how an office leaves a place empty: a dash, ไม่มี, N/A."""
    return not text.strip("-\u2010\u2011\u2012\u2013\u2014\u2015.·_ ") or text.casefold() in ("ไม่มี", "ไม่ระบุ", "n/a", "#n/a")


def kept(field: str, text: str, *, room: int) -> str:
    """`text` in the form in which it is kept, at most `room` characters. Raises TextRefused where it cannot be."""
    text = clean_text(text)
    if fault := fault_of(text):
        raise TextRefused(field, fault)
    if len(text) > room:  # normal form C makes some letters longer
        raise TextRefused(field, too_long(text, room))
    return text


def too_long(text: str, room: int) -> str:
    """What is said of a cleaned `text` that is longer than `room` characters."""
    return _("This has %(length)s characters. Shorten it to %(limit)s at most.") % {
        "length": local_digits(len(text)),
        "limit": local_digits(room),
    }


def is_key(text: str) -> bool:
    """Whether `text` may be the number of a row; what is longer than any number that a database has is none."""
    return text.isascii() and text.isdecimal() and len(text) <= 18
