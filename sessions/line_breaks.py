"""Thai words, dates and numbers that a line must not divide.

Thai is written without spaces, and browsers know too few of an office's compounds: they write เชิง|พื้นที่ and ลง|ทะเบียน. Pure
functions; the words are data, one a line, in data/no_break.txt.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

WORDS_FILE = Path(__file__).parent / "data" / "no_break.txt"

#: Begun once and of bounded length, so that a long run of digits costs no more than other text.
_NUMBER = "(?<![0-9๐-๙])[0-9๐-๙]{1,9}"
_MONTH = "(?:มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม)"
_TIME = "(?<![0-9๐-๙])[0-9๐-๙]{1,2}[.:][0-9๐-๙]{2}"
#: Dates (a year may fall on the next line), hours, what is counted with its unit, numbered things.
_PATTERNS = [
    f"วัน(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)ที่ {_NUMBER} {_MONTH}",
    f"{_NUMBER} {_MONTH}",
    f"{_TIME}(?: ?[–-] ?{_TIME})? น\\.",
    f"(?:ครั้งที่|หัวข้อที่|ลำดับที่|ฉบับที่) {_NUMBER}",
    f"{_NUMBER}(?:[,.][0-9๐-๙]{{1,9}}){{0,3}} (?:คน|ครั้ง|ที่นั่ง|จังหวัด|หัวข้อ|นาที|ชั่วโมง|วัน|กลุ่ม|ฉบับ)(?![ก-๎])",
    "SDG Localisation",
    "อื่น ๆ",
]
#: Tags, and elements whose text is not set in lines or may hold no element. An option and what it says need no end, and nothing is
#: read letter by letter to an end that may be missing: on a form of 30 KB that took a hundred times as long.
_NOT_TEXT = re.compile(
    r"""(<(?:
        (?:title|textarea|option)\b[^<]*
        | script\b[^<]*(?:<(?!/script>)[^<]*)*
        | style\b[^<]*(?:<(?!/style>)[^<]*)*
        | svg\b[^<]*(?:<(?!/svg>)[^<]*)*
        | !--.*?-->
        | [^>]*>
    ))""",
    re.DOTALL | re.VERBOSE,
)


def words() -> list[str]:
    lines = (line.strip() for line in WORDS_FILE.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def keep_together(html: str) -> str:
    """`html`, escaped already, with a `<span class="nb">` round whatever a line must not divide. English passes unchanged."""
    pieces = _NOT_TEXT.split(html)  # by turns text and what is not
    pieces[::2] = [_kept(text) if text and not text.isspace() else text for text in pieces[::2]]
    return "".join(pieces)


def _kept(text: str) -> str:
    return _pattern().sub(_marked, text)


def _marked(match: re.Match[str]) -> str:
    return f'<span class="nb">{match[0]}</span>'


def pieces(text: str, names: tuple[str, ...] = ()) -> list[tuple[str, bool]]:
    """Plain `text` in pieces, each with whether a line must not divide it: for papers, which no browser sets.

    `names` are kept whole too, where they stand alone.
    """
    found, end = list[tuple[str, bool]](), 0
    for match in _pattern(names).finditer(text):
        found += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [(piece, kept) for piece, kept in [*found, (text[end:], False)] if piece]


@cache
def _pattern(names: tuple[str, ...] = ()) -> re.Pattern[str]:
    standing_alone = [f"(?<![ก-๎])(?:{_trie(names)})(?![ก-๎])"] if names else []
    return re.compile("|".join([*_PATTERNS, *standing_alone, f"(?:{_trie(words())})"]))


def _trie(words: Iterable[str]) -> str:
    """A pattern for any of `words`, the longest that fits, which reads each letter once."""
    branches: dict[str, list[str]] = {}
    ends = False
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
        else:
            ends = True
    if not branches:
        return ""
    pattern = "|".join(re.escape(first) + _trie(rest) for first, rest in sorted(branches.items()))
    return f"(?:{pattern})?" if ends else f"(?:{pattern})"
