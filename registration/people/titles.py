"""The titles that stand in front of names in Thailand: what kind each is, in full and in short.

Sources: the Office of the Royal Society's list of abbreviations; the ranks of the three forces and the police (Acts on ranks of
2479, 2507 and 2565); the regulation on correspondence for ว่าที่; the Sangha's ranks.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class TitleKind(StrEnum):
    """What a title says of somebody. One person has at most one of each kind, but several academic ones."""

    ACTING = "acting"
    RANK = "rank"
    ACADEMIC = "academic"
    HEALTH = "health"
    NOBILITY = "nobility"
    CIVIL = "civil"
    VILLAGE = "village"
    MONK = "monk"


@dataclass(frozen=True, slots=True)
class Title:
    """One title; `short` is "" where it has no abbreviation, `full` where nobody writes it out."""

    kind: TitleKind
    full: str
    short: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(text for text in (self.full, self.short) if text)


_RANKS = """
พลเอก=พล.อ. พลโท=พล.ท. พลตรี=พล.ต. พลจัตวา=พล.จ. พันเอกพิเศษ=พ.อ.(พิเศษ) พันเอก=พ.อ. พันโท=พ.ท. พันตรี=พ.ต.
ร้อยเอก=ร.อ. ร้อยโท=ร.ท. ร้อยตรี=ร.ต. จ่าสิบเอก=จ.ส.อ. จ่าสิบโท=จ.ส.ท. จ่าสิบตรี=จ.ส.ต. สิบเอก=ส.อ. สิบโท=ส.ท.
สิบตรี=ส.ต. พลทหาร=พลฯ พลเรือเอก=พล.ร.อ. พลเรือโท=พล.ร.ท. พลเรือตรี=พล.ร.ต. พลเรือจัตวา=พล.ร.จ.
นาวาเอกพิเศษ=น.อ.(พิเศษ) นาวาเอก=น.อ. นาวาโท=น.ท. นาวาตรี=น.ต. เรือเอก=ร.อ. เรือโท=ร.ท. เรือตรี=ร.ต.
พันจ่าเอก=พ.จ.อ. พันจ่าโท=พ.จ.ท. พันจ่าตรี=พ.จ.ต. จ่าเอก=จ.อ. จ่าโท=จ.ท. จ่าตรี=จ.ต. พลอากาศเอก=พล.อ.อ.
พลอากาศโท=พล.อ.ท. พลอากาศตรี=พล.อ.ต. พลอากาศจัตวา=พล.อ.จ. นาวาอากาศเอกพิเศษ=น.อ.(พิเศษ) นาวาอากาศเอก=น.อ.
นาวาอากาศโท=น.ท. นาวาอากาศตรี=น.ต. เรืออากาศเอก=ร.อ. เรืออากาศโท=ร.ท. เรืออากาศตรี=ร.ต. พันจ่าอากาศเอก=พ.อ.อ.
พันจ่าอากาศโท=พ.อ.ท. พันจ่าอากาศตรี=พ.อ.ต. จ่าอากาศเอก=จ.อ. จ่าอากาศโท=จ.ท. จ่าอากาศตรี=จ.ต. พลตำรวจเอก=พล.ต.อ.
พลตำรวจโท=พล.ต.ท. พลตำรวจตรี=พล.ต.ต. พลตำรวจจัตวา=พล.ต.จ. พันตำรวจเอกพิเศษ=พ.ต.อ.(พิเศษ) พันตำรวจเอก=พ.ต.อ.
พันตำรวจโท=พ.ต.ท. พันตำรวจตรี=พ.ต.ต. ร้อยตำรวจเอก=ร.ต.อ. ร้อยตำรวจโท=ร.ต.ท. ร้อยตำรวจตรี=ร.ต.ต. ดาบตำรวจ=ด.ต.
จ่าสิบตำรวจ=จ.ส.ต. สิบตำรวจเอก=ส.ต.อ. สิบตำรวจโท=ส.ต.ท. สิบตำรวจตรี=ส.ต.ต. พลตำรวจ=พลฯ นายกองใหญ่=ก.ญ.
นายกองเอก=ก.อ. นายกองโท=ก.ท. นายกองตรี=ก.ต. นายหมวดเอก=มว.อ. นายหมวดโท=มว.ท. นายหมวดตรี=มว.ต. นายหมู่ใหญ่=ม.ญ.
นายหมู่เอก=ม.อ. นายหมู่โท=ม.ท. นายหมู่ตรี=ม.ต.
"""
_ACADEMIC = """
ศาสตราจารย์=ศ. รองศาสตราจารย์=รศ. ผู้ช่วยศาสตราจารย์=ผศ. ศาสตราจารย์เกียรติคุณ=ศ.เกียรติคุณ
ศาสตราจารย์กิตติคุณ=ศ.กิตติคุณ ศาสตราจารย์พิเศษ=ศ.พิเศษ ศาสตราจารย์คลินิก=ศ.คลินิก รองศาสตราจารย์พิเศษ=รศ.พิเศษ
ผู้ช่วยศาสตราจารย์พิเศษ=ผศ.พิเศษ รองศาสตราจารย์คลินิก=รศ.คลินิก ผู้ช่วยศาสตราจารย์คลินิก=ผศ.คลินิก ดอกเตอร์=ดร.
ด็อกเตอร์=ดร. อาจารย์=อ. คุณครู ครู
"""
_HEALTH = """
นายแพทย์=นพ. แพทย์หญิง=พญ. ทันตแพทย์หญิง=ทพญ. ทันตแพทย์=ทพ. เภสัชกรหญิง=ภญ. เภสัชกร=ภก. นายสัตวแพทย์=น.สพ.
สัตวแพทย์หญิง=สพ.ญ. สัตวแพทย์=สพ. เทคนิคการแพทย์หญิง=ทนพญ. เทคนิคการแพทย์=ทนพ. กายภาพบำบัด=กภ.
แพทย์แผนไทยประยุกต์=พทป. แพทย์แผนจีน=พจ.
"""
_NOBILITY = """
หม่อมเจ้าหญิง หม่อมเจ้า=ม.จ. หม่อมราชวงศ์=ม.ร.ว. หม่อมหลวง=ม.ล. หม่อม ท่านผู้หญิง คุณหญิง=คญ.
"""
_CIVIL = """
เด็กชาย=ด.ช. เด็กหญิง=ด.ญ. นางสาว=น.ส. นาง นาย คุณ
"""
_VILLAGE = """
กำนัน ผู้ช่วยผู้ใหญ่บ้าน=ผช.ผญบ. ผู้ใหญ่บ้าน=ผญบ. ผู้ใหญ่ สารวัตรกำนัน
"""
_MONK = """
พระครูใบฎีกา พระครูธรรมธร พระครูวินัยธร พระครูสังฆรักษ์ พระครูปลัด พระครูสมุห์ พระครู ครูบา พระมหา พระปลัด พระสมุห์
พระใบฎีกา พระอธิการ พระอาจารย์ พระภิกษุ สมเด็จพระ พระ สามเณร แม่ชี
"""
_LATIN = {
    TitleKind.ACADEMIC: (
        "Associate Professor|Assistant Professor|Emeritus Professor|Clinical Professor|Professor|Assoc. Prof.|Asst. Prof.|Prof.|Dr.|Ajarn"
    ),
    TitleKind.CIVIL: "Mister|Mrs.|Miss|Mr.|Ms.|Mx.|Khun|Master",
    TitleKind.NOBILITY: "Mom Rajawongse|Mom Luang|M.R.|M.L.|Khunying|Thanpuying|H.E.|H.S.H.",
    TitleKind.MONK: "Phramaha|Phrakhru|Phra|Venerable|Ven.|Reverend|Rev.",
    TitleKind.ACTING: "Acting",
    TitleKind.RANK: (
        "Pol. Gen.|Pol. Lt. Gen.|Pol. Maj. Gen.|Pol. Col.|Pol. Lt. Col.|Pol. Maj.|Pol. Capt.|Pol. Lt.|Pol. Sub Lt.|Pol. Sgt. Maj.|"
        "Pol. Sgt.|Lt. Gen.|Maj. Gen.|Gen.|Lt. Col.|Col.|Maj.|Capt.|Sub Lt.|Lt.|Sgt. Maj.|Sgt.|Adm.|V. Adm.|R. Adm.|Lt. Cdr.|Cdr.|"
        "ACM|Air Marshal|AVM|Gp. Capt.|Wg. Cdr.|Sqn. Ldr.|Flt. Lt.|Flg. Off.|Plt. Off."
    ),
}


def _table(kind: TitleKind, text: str) -> list[Title]:
    pairs = (entry.partition("=") for entry in text.split())
    return [Title(kind, full, short) for full, _sign, short in pairs]


TITLES: tuple[Title, ...] = (
    Title(TitleKind.ACTING, "ว่าที่"),
    *_table(TitleKind.RANK, _RANKS),
    *_table(TitleKind.ACADEMIC, _ACADEMIC),
    *_table(TitleKind.HEALTH, _HEALTH),
    *_table(TitleKind.NOBILITY, _NOBILITY),
    *_table(TitleKind.CIVIL, _CIVIL),
    *_table(TitleKind.VILLAGE, _VILLAGE),
    *_table(TitleKind.MONK, _MONK),
    *(Title(kind, text) for kind, texts in _LATIN.items() for text in texts.split("|")),
)

#: Short forms in place of which the office itself writes the whole word.
_WHOLE_WORDS = {"น.ส.": "นางสาว", "ด.ช.": "เด็กชาย", "ด.ญ.": "เด็กหญิง"}

#: Abbreviations that people write with a space instead of dots: ดร สมชาย, พตท สุรชัย. Others can be a name then (นพ, ศร, พร).
_WITHOUT_DOTS = {"ดร.", "ผศ.", "รศ.", "น.ส.", "ด.ช.", "ด.ญ."}


def _pattern(title: Title, text: str) -> str:
    """How `text` may be written. Spaces and inner dots do not matter; a short form ends with a dot, or a space where it can be no name."""
    pieces = [re.escape(piece) for piece in re.split(r"[.\s]+", text) if piece]
    if text.isascii():
        needs_dot = text.endswith(".") and len(pieces) == 1 and title.kind in (TitleKind.RANK, TitleKind.MONK)
        return r"(?i:" + r"\.?\s*".join(pieces) + r")" + (r"\.\s*" if needs_dot else r"(?:\.\s*|\s+)")
    if not text.endswith("."):
        return r"\.?\s*".join(pieces) + r"\.?\s*"
    can_miss_dots = text in _WITHOUT_DOTS or (title.kind is TitleKind.RANK and len("".join(pieces)) >= 3)
    return r"\.?\s?".join(pieces) + (r"(?:\.\s*|\s+)" if can_miss_dots else r"\.\s*")


def _patterns() -> dict[str, tuple[tuple[Title, "re.Pattern[str]"], ...]]:
    spellings = [(title, text) for title in TITLES for text in title.spellings]
    spellings.sort(key=lambda pair: len(re.sub(r"[.\s]", "", pair[1])), reverse=True)
    by_letter: dict[str, list[tuple[Title, re.Pattern[str]]]] = {}
    for title, text in spellings:
        by_letter.setdefault(text[0].casefold(), []).append((title, re.compile(_pattern(title, text))))
    return {letter: tuple(found) for letter, found in by_letter.items()}


def _in_full() -> dict[str, str]:
    """The full form of each short one that has only one: ร.ต. is of the army, the navy and the air force."""
    meant: dict[str, set[str]] = {}
    for title in TITLES:
        if title.short and title.full:
            meant.setdefault(_letters(title.short), set()).add(title.full)
    return {short: next(iter(full)) for short, full in meant.items() if len(full) == 1}


def _letters(title: str) -> str:
    return re.sub(r"[\s.()]", "", title).casefold()


def _as_office() -> dict[str, str]:
    """How the office writes each abbreviation, by its letters alone: ดร and ด.ร. are ดร., นส is นางสาว."""
    return {_letters(title.short): _WHOLE_WORDS.get(title.short, title.short) for title in TITLES if title.short.endswith(".")}


#: Every spelling as a pattern, by its first letter, the longest first.
PATTERNS = _patterns()
_IN_FULL = _in_full()
_AS_OFFICE = _as_office()


def bare(title: str) -> str:
    """`title` as titles are compared: without dots and spaces, a short form in full where only one can be meant."""
    letters = _letters(title)
    return _IN_FULL.get(letters, letters)


def written_out(title: str) -> str:
    """`title` as the office writes it: น.ส. and นส are นางสาว, ดร is ดร.; ว่าที่ stands close to a rank in full."""
    if "(" not in title and (known := _AS_OFFICE.get(_letters(title))):
        return known
    return re.sub(r"^ว่าที่\s+(?=(?:ร้อย|พัน|เรือ)\S)", "ว่าที่", title)
