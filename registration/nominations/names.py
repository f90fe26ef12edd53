"""Taking a written name apart: นางสาวสมมุติ ทดสอบดี is a title, a first and a last name."""

import re

#: As they are written in front of Thai names, longest first; a dot may be missing, a space may follow.
_THAI = (
    "รองศาสตราจารย์ ดร.", "ผู้ช่วยศาสตราจารย์ ดร.", "ศาสตราจารย์ ดร.", "รองศาสตราจารย์", "ผู้ช่วยศาสตราจารย์", "ศาสตราจารย์",
    "ผศ.ดร.", "รศ.ดร.", "ศ.ดร.", "ผศ.นพ.", "รศ.นพ.", "ผศ.", "รศ.", "ศ.", "อ.ดร.", "ดร.", "อ.",
    "นายแพทย์", "แพทย์หญิง", "นพ.", "พญ.", "ทพญ.", "ทพ.", "ภก.", "ภญ.", "น.สพ.", "สพ.ญ.",
    "หม่อมราชวงศ์", "หม่อมหลวง", "ม.ร.ว.", "ม.ล.", "คุณหญิง", "ท่านผู้หญิง",
    "พระครู", "พระมหา", "เด็กชาย", "เด็กหญิง", "ด.ช.", "ด.ญ.", "นางสาว", "น.ส.", "นาง", "นาย", "คุณ",
)  # fmt: skip
_RANKS = (
    "ว่าที่ร้อยตรี", "ว่าที่ร้อยโท", "ว่าที่ร้อยเอก", "ว่าที่พันตรี", "ว่าที่ ร.ต.", "ว่าที่ ร.ท.", "ว่าที่ ร.อ.", "ว่าที่ พ.ต.",
    "พล.ต.อ.", "พล.ต.ท.", "พล.ต.ต.", "พ.ต.อ.", "พ.ต.ท.", "พ.ต.ต.", "ร.ต.อ.", "ร.ต.ท.", "ร.ต.ต.",
    "จ.ส.ต.", "ส.ต.อ.", "ส.ต.ท.", "ส.ต.ต.", "ด.ต.", "พล.อ.", "พล.ท.", "พล.ต.", "พ.อ.", "พ.ท.", "พ.ต.",
    "จ.ส.อ.", "จ.ส.ท.", "ร.อ.", "ร.ท.", "ร.ต.", "จ.อ.", "ส.อ.", "ส.ท.", "ส.ต.", "น.อ.", "น.ท.", "น.ต.",
)  # fmt: skip
_LATIN = ("Assoc. Prof. Dr.", "Asst. Prof. Dr.", "Prof. Dr.", "Assoc. Prof.", "Asst. Prof.", "Prof.", "Mrs.", "Miss", "Mr.", "Ms.", "Dr.")

#: Short forms in place of which the office itself writes the whole word.
_WRITTEN_OUT = {"น.ส.": "นางสาว", "ด.ช.": "เด็กชาย", "ด.ญ.": "เด็กหญิง"}


def _pattern(title: str) -> str:
    """Inner dots and spaces may be there or not, unless what is left can begin a name: พอใจ is no พ.อ., นพ no นพ."""
    pieces = [re.escape(piece) for piece in re.split(r"[.\s]+", title) if piece]
    if title in _RANKS:
        short = len("".join(pieces)) <= 2
        loose = (r"\.\s*" if short else r"[.\s]*").join(pieces)
        return loose + (r"\.\s*" if title.endswith(".") else r"\s*") + r"(?:หญิง\s*)?"
    loose = r"[.\s]*".join(pieces)
    if title == "ดร." or title.isascii():
        return loose + r"(?:\.\s*|\s+)"
    return loose + (r"\.\s*" if title.endswith(".") else r"\s*")


_TITLES = [(title, re.compile(_pattern(title), re.IGNORECASE)) for title in (*_RANKS, *_THAI, *_LATIN)]
#: นส.สมมุติ and น ส สมมุติ: the one short form that is often written without its dots.
_MISS = re.compile(r"น\.?\s*ส\.\s*|นส\s+")


def split_title(name: str) -> tuple[str, str]:
    """The title in front of `name` (cleaned text) and the rest; the title is "" where none is known."""
    if (found := _MISS.match(name)) and name[found.end() :]:
        return "นางสาว", name[found.end() :]
    for title, pattern in _TITLES:
        found = pattern.match(name)
        if found and _is_name(name[found.end() :]):
            return _WRITTEN_OUT.get(title, found[0].strip()), name[found.end() :]
    return "", name


def _is_name(rest: str) -> bool:
    """Whether `rest` can be a name: what is left of คุณากร or นายิกา begins with a vowel sign."""
    return len(rest) >= 2 and ("ก" <= rest[0] <= "ฮ" or "เ" <= rest[0] <= "ไ" or (rest[0].isascii() and rest[0].isalpha()))


def split_full_name(name: str) -> tuple[str, str, str]:
    """Title, first and last name of `name` (cleaned text); a name of one word has no last name."""
    title, rest = split_title(name)
    first, _space, last = rest.partition(" ")
    return title, first, last.strip()


def written_out(title: str) -> str:
    """`title` as the office writes it: น.ส. and นส. are นางสาว."""
    return "นางสาว" if re.fullmatch(r"น\.?\s*ส\.?", title) else _WRITTEN_OUT.get(title, title)
