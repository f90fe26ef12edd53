"""What people type about themselves: what may not stand in it, and a title that was written twice. It is cleaned by `sessions.text`."""

import re
import unicodedata

from django.utils.translation import gettext as _

from sessions.text import clean_text

__all__ = ["clean_text", "fault_of", "without_title"]

#: A text that begins with one of these is read as a formula by spreadsheet programs.
FORMULA_STARTS = "=+-@"


def fault_of(text: str) -> str:
    """Why cleaned `text` may not be kept, in words for who typed it; empty when it may.

    Brackets of markup and beginnings of formulas are refused where they come in, because the files that
    leave (Zoom's registrants, spreadsheets) may not alter a name to make it safe.
    """
    if text[:1] and text[0] in FORMULA_STARTS:
        return _("This cannot begin with “%(sign)s”. Remove the sign.") % {"sign": text[0]}
    if "<" in text or ">" in text:
        return _("The signs < and > cannot be used here. Remove them.")
    return ""


def is_key(text: str) -> bool:
    """Whether `text` may be the number of a row; what is longer than any number that a database has is none."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


def without_title(title: str, first_name: str) -> str:
    """`first_name` without the title, where somebody wrote it there as well: นาย, นายสมชาย gives สมชาย.

    A Latin title must end at a dot or a space (Ms, Mspira stays), and something that can be a name must remain.
    """
    thai = bool(title) and "\u0e00" <= title.rstrip(".")[-1:] <= "\u0e7f"
    # นางสาว begins with นาง: who chose the one and typed the other is not understood by cutting.
    end = r"\.?\s*(?!สาว[ก-ฮเ-ไ ])" if thai else r"(?:\.\s*|\s+)"
    doubled = re.match(re.escape(title.rstrip(".")) + end, first_name, re.IGNORECASE) if title.strip(". ") else None
    rest = first_name[doubled.end() :] if doubled else ""
    letters = [c for c in rest if unicodedata.category(c).startswith("L")]
    return rest if len(letters) >= 2 and rest[0] == letters[0] else first_name
