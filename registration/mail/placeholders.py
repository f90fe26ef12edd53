"""What staff may leave open in a message to many, to be filled in for each reader.

A fixed list and nothing more: no template language reads what staff type. `{name}` becomes a name; a word in
braces that is not on the list is refused when the message is saved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Each with what stands in its place.
PLACEHOLDERS: dict[str, str | Promise] = {
    "name": gettext_lazy("title, first and last name"),
    "zoom_name": gettext_lazy("the name to use in Zoom"),
    "code": gettext_lazy("reference code"),
    "province": gettext_lazy("province, or central agencies"),
    "workshop": gettext_lazy("title of the workshop"),
    "link": gettext_lazy("link to the personal page; not in the subject"),
}

_FILLED = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_BRACES = re.compile(r"\{[^{}\n]*\}|[{}]")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}]+")
#: What follows an address in a sentence, and is no part of it.
_AFTER_ADDRESS = ".,;:!?)]”’ๆฯ"
_FILLED_ADDRESS = re.compile(r"https?://[^\s<>\"{}]*\{")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; with a `url` it is a link."""

    text: str
    url: str = ""


Line = list[Piece]


def faults(text: str, *, with_link: bool = True) -> list[str]:
    """What is wrong with the placeholders of `text`, each in a sentence; nothing where it may be sent."""
    found = []
    for wrong in dict.fromkeys(match for match in _BRACES.findall(text) if not _FILLED.fullmatch(match)):
        if len(wrong) == 1:
            found.append(_("There is a “%(brace)s” without its other half.") % {"brace": wrong})
        else:
            found.append(_("“%(wrong)s” cannot be filled in. You may use: %(known)s.") % {"wrong": wrong, "known": in_braces()})
    if not with_link and "{link}" in text:
        found.append(_("“{link}” belongs in the text, not in the subject."))
    if _FILLED_ADDRESS.search(text):
        found.append(_("Put a space between an address and a placeholder."))
    return found


def in_braces() -> str:
    return " ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every placeholder replaced by its value. What stands in a value is not looked at again."""
    return _FILLED.sub(lambda found: values[found[1]], text)


def fill_paragraphs(text: str, values: Mapping[str, str]) -> list[list[Line]]:
    """`text` filled in, as paragraphs of lines of pieces: addresses that staff wrote are links, and so is `{link}`.

    Nothing that somebody typed about themselves becomes one.
    """
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return [[_pieces(line, values) for line in paragraph.splitlines()] for paragraph in re.split(r"\n{2,}", text)]


def _pieces(line: str, values: Mapping[str, str]) -> Line:
    pieces, end = list[Piece](), 0
    for found in re.finditer(f"{_ADDRESS.pattern}|{_FILLED.pattern}", line):
        pieces.append(Piece(line[end : found.start()]))
        address = "" if found[1] else found[0].rstrip(_AFTER_ADDRESS)
        if address:
            pieces.append(Piece(address, address))
            end = found.start() + len(address)
        else:
            value = values[found[1]] if found[1] else found[0]
            pieces.append(Piece(value, value if found[1] == "link" else ""))
            end = found.end()
    return [piece for piece in [*pieces, Piece(line[end:])] if piece.text]
