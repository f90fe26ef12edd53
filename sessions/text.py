"""What people type and paste, in one normal form: the one place where text is cleaned.

Only what cannot be seen is dropped. Thai has several ways to store what reads alike; here each word has one, so that it is found,
compared and printed as what it is. What cannot be kept stays in the text: whoever asks for it refuses it in words.

Sources: Unicode's normal form C and its order of Thai marks (UAX 15, WTT 2.0); the private signs with which Windows' Thai fonts
draw lowered and shifted marks, and which PDFs give away when text is copied from them (U+F700–F71A); ways in which Thai is mistyped.
"""

import re
import unicodedata

_SPACE = re.compile(r"[\s\u0085\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|[\r\n]")
#: Control and format characters (zero-width spaces and joiners, marks of direction) and halves of pairs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
#: U+F700 and what follows it, as HarfBuzz and the fonts have them.
_DRAWN = (
    "ฐ\u0e34\u0e35\u0e36\u0e37"
    + "\u0e48\u0e49\u0e4a\u0e4b\u0e4c" * 2
    + "ญ\u0e31\u0e4d\u0e47"
    + "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a"
)
#: The wide forms of ASCII, which keyboards of Chinese and Japanese write.
_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)}
_MEANT = {0xF700 + offset: sign for offset, sign in enumerate(_DRAWN)} | _WIDE

#: Nothing that is searched is longer. Of much longer texts, and of a thousand words, databases make an error.
MAX_SEARCH_LETTERS = 254

TONES = "\u0e48-\u0e4b"
#: The signs above and below a consonant.
MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_THAI = re.compile("[\u0e00-\u0e7f]")
_SPACE_BEFORE_MARK = re.compile(f"(?<=[ก-ฮ{MARKS}]) +(?=[{MARKS}\u0e33])")
_LONG_A = re.compile("(?<![ฤฦ])\u0e45")
_TONE_BEHIND_VOWEL = re.compile(f"([\u0e30\u0e32\u0e33])([{TONES}]+)")
_SEVERAL_MARKS = re.compile(f"[{MARKS}]{{2,}}")
#: ฺ and what stands below, vowels above, tones, and what closes a syllable.
_ORDER = {
    mark: place
    for place, marks in enumerate(("\u0e3a", "\u0e38\u0e39\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47", "\u0e48\u0e49\u0e4a\u0e4b"))
    for mark in marks
}
#: What is clean already, as nearly all is: ASCII and Thai syllables with at most one vowel sign and one tone, in their order, between
#: single spaces.
_SYLLABLE = "(?:[!-~เ-ไะาๆฯ๐-๙฿]|[ก-ฮ][\u0e31\u0e34-\u0e39\u0e47]?[\u0e48-\u0e4b]?\u0e4c?\u0e33?)"
_CLEAN = re.compile(f"{_SYLLABLE}+(?: {_SYLLABLE}+)*")


def clean_text(text: str) -> str:
    """`text` on one line and in normal form, without what cannot be seen.

    Never longer than `text` by more than what normal form C adds; cleaning twice changes nothing more.
    """
    if _CLEAN.fullmatch(text) and "เเ" not in text:
        return text
    text = _SPACE.sub(" ", text)
    if text.isascii() and text.isprintable():
        return text.strip()
    text = "".join(c for c in text.translate(_MEANT) if unicodedata.category(c) not in _UNSEEN and not _is_no_character(c))
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return unicodedata.normalize("NFC", _thai(text)) if _THAI.search(text) else text


def _is_no_character(sign: str) -> bool:
    """Code points that will never mean anything: the last two of each plane, and U+FDD0–FDEF."""
    code = ord(sign)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _thai(text: str) -> str:
    """Thai as it is properly written: marks on their consonant and in order, า for ๅ, แ for เ twice, ำ in one piece."""
    text = _SPACE_BEFORE_MARK.sub("", text)
    text = _LONG_A.sub("\u0e32", text)
    text = _TONE_BEHIND_VOWEL.sub(r"\2\1", text)
    text = _SEVERAL_MARKS.sub(lambda marks: "".join(sorted(marks[0], key=lambda mark: _ORDER.get(mark, 3))), text)
    return text.replace("\u0e4d\u0e32", "\u0e33").replace("เเ", "แ")


def clean_paragraphs(text: str) -> str:
    """As `clean_text` for each line of `text`; empty lines stay, except at its end."""
    return "\n".join(clean_text(line) for line in _LINE_END.split(text)).rstrip()
