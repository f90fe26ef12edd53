"""What people type, made fit to keep: the one place where text is cleaned.

Sources: Unicode's normal form C; the ways in which Thai is commonly mistyped or pasted (เ twice for แ, ำ in two pieces).
"""

import re
import unicodedata

_SPACE = re.compile(r"[\s\u0085\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|[\r\n]")
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


def clean_paragraphs(text: str) -> str:
    """As `clean_text` for each line of `text`; empty lines stay, except at its end."""
    return "\n".join(clean_text(line) for line in _LINE_END.split(text)).rstrip()
