"""What people type, made fit to keep: the one place where text is cleaned.

Sources: Unicode's normal form C; the ways in which Thai is commonly mistyped or pasted (เ twice for แ,
ำ in two pieces); the characters that open a formula in a spreadsheet.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

#: A text that begins with one of these is read as a formula by spreadsheet programs.
FORMULA_STARTS = "=+-@"

_SPACE = re.compile(r"[\s\u0085\u2028\u2029]+")
_TWO_SARA_E = re.compile("เเ")
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
#: Control and format characters (zero-width spaces and joiners, marks of direction), halves of pairs, and
#: code points that are no characters or mean something in one font only.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})


def clean_text(text: str) -> str:
    """`text` on one line, in normal form C, without what cannot be seen and with Thai as it is properly written.

    Never longer than `text` by more than what normal form C adds; cleaning twice changes nothing more.
    """
    text = _SPACE.sub(" ", text)
    text = "".join(c for c in text if unicodedata.category(c) not in _UNSEEN)
    text = unicodedata.normalize("NFC", text)
    text = _TWO_SARA_E.sub("แ", text)
    text = _SPLIT_SARA_AM.sub("\\1\u0e33", text)
    return _SPACE.sub(" ", text).strip()


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
