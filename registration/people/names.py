"""A written name taken apart: what is certain, and what only who wrote it knows.

Nothing is repaired here without being told: what is not certain is a question, and beside it stands what is proposed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from registration.people.titles import PATTERNS, Title, TitleKind, bare, written_out

__all__ = [
    "Name", "NameProposal", "NameQuestion", "in_one_field", "is_monks_title", "is_title", "match_key", "means_no_last_name", "propose",
    "split_full_name", "split_title", "written_out",
]  # fmt: skip


class NameQuestion(StrEnum):
    """What has to be asked about a name."""

    TITLE_TWICE = "title_twice"
    TITLES_DIFFER = "titles_differ"
    TITLE_OR_NAME = "title_or_name"
    LAST_NAME_TWICE = "last_name_twice"
    LAST_NAME_WITHIN = "last_name_within"
    NO_LAST_NAME = "no_last_name"
    MORE_THAN_A_NAME = "more_than_a_name"


@dataclass(frozen=True, slots=True)
class Name:
    """Title, first and last name; `last` is "" for somebody without a family name."""

    title: str
    first: str
    last: str = ""

    def text(self) -> str:
        is_close = not self.title or "\u0e00" <= self.title.rstrip(".)")[-1:] <= "\u0e7f"
        return f"{self.title}{'' if is_close else ' '}{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class NameProposal:
    """How a written name is understood; without `questions` it is certain.

    `no_last_name`: there is none, as the text says ("-") or the title tells (พระครู). `degrees` stood behind the name
    (ปร.ด.), and `rest` is whatever else did; neither is in `name`.
    """

    name: Name
    questions: tuple[NameQuestion, ...] = ()
    no_last_name: bool = False
    degrees: str = ""
    rest: str = ""

    @property
    def is_certain(self) -> bool:
        return not self.questions


#: Which kinds may follow a title of one kind. Of a word nobody knows whether it is the beginning of the name instead: after the
#: civil titles and the monks' only abbreviations count (`_SHORT_ONLY`).
_FOLLOWING = {
    TitleKind.ACTING: {TitleKind.RANK},
    TitleKind.RANK: {TitleKind.ACADEMIC, TitleKind.HEALTH, TitleKind.NOBILITY},
    TitleKind.ACADEMIC: {TitleKind.ACADEMIC, TitleKind.HEALTH, TitleKind.NOBILITY, TitleKind.RANK, TitleKind.CIVIL, TitleKind.ACTING},
    TitleKind.HEALTH: {TitleKind.ACADEMIC, TitleKind.NOBILITY},
    TitleKind.NOBILITY: {TitleKind.ACADEMIC, TitleKind.HEALTH},
    TitleKind.CIVIL: {TitleKind.ACADEMIC, TitleKind.HEALTH, TitleKind.RANK},
    TitleKind.VILLAGE: {TitleKind.CIVIL, TitleKind.RANK, TitleKind.ACTING},
    TitleKind.MONK: {TitleKind.ACADEMIC},
}
_SHORT_ONLY = {TitleKind.CIVIL, TitleKind.MONK, TitleKind.NOBILITY, TitleKind.HEALTH}
#: What belongs to a rank or an academic title and stands behind it: (พิเศษ), and หญิง of a woman with a rank.
_ADDED = {
    TitleKind.RANK: re.compile(r"(?:\(พิเศษ\)|พิเศษ\s+)?\s*(?:\(หญิง\)|หญิง\.?)\s*"),
    TitleKind.ACADEMIC: re.compile(r"\((?:พิเศษ|คลินิก|เกียรติคุณ|กิตติคุณ)\)\s*"),
}
#: Offices that begin like a title: นายกเทศมนตรี is no Mr กเทศมนตรี.
_OFFICES = re.compile(
    r"นาย(?:ก(?:\s*(?:เทศ|อบ|อ\.|สมาคม|สโมสร|องค์|รัฐ|สภา|เหล่า|เมือง)|\s|$)|อำเภอ|ทะเบียน|ด่าน|สถานี|ช่าง(?:\s|โยธา|สำรวจ|ไฟฟ้า|เครื่อง|เทคนิค))|ครูใหญ่"
)
#: คุณธรรม, คุณวุฒิ …: whether คุณ addresses somebody or begins a name cannot be told.
_KHUN_NAMES = {"ธรรม", "วุฒิ", "ภัทร", "กร", "พัฒน์", "ศิลป์", "ภาพ", "สมบัติ", "ชัย", "พจน์", "เดช", "พิชญ์"}
_CIVIL = {"นาย", "นาง", "นางสาว", "เด็กชาย", "เด็กหญิง", "Mr.", "Mrs.", "Ms.", "Miss"}
_FAMILY_PARTICLES = {"ณ", "บิน", "บินตี", "บินติ"}
_DEGREE = (
    r"(?:[ก-ฮ]{1,4}\.\s?(?:[ก-ฮ]{1,3}\.\s?)+[๐-๙0-9]*|ดร\.|ป\.ธ\.\s?[๐-๙0-9]+|Ph\.?\s?D\.?|M\.D\.|Ed\.?D\.?|D\.?B\.?A\.|Dr\.P\.H\.|DrPH|"
    r"M\.?P\.?H\.|M\.?B\.?A\.|M\.?S\.?c\.|B\.?S\.?c\.|M\.A\.|B\.A\.|LL\.?[BMD]\.?|D\.?V\.?M\.?|R\.N\.)"
)
_DEGREES = re.compile(rf"(?:\s*,\s*|\s+)(?P<all>\(?{_DEGREE}\)?(?:[\s,]*\(?{_DEGREE}\)?)*)\s*$")
_BRACKETS = re.compile(r"\s*(\([^()]*\))\s*$")
_NOTHING = re.compile(r"[-–—.·_/\s]*|ไม่มี|ไม่มีนามสกุล|ไม่มีสกุล|n/a", re.IGNORECASE)
_UNTONED = re.compile("[\u0e47-\u0e4e]")


def split_full_name(text: str) -> NameProposal:
    """How `text` (cleaned), a whole name in one cell or field, is understood."""
    text, rest = _cut(_BRACKETS, text)
    text, degrees = _cut(_DEGREES, text)
    title, name = split_title(text)
    title, name, questions = _without_second_title(title, name)
    first, last, more = _parts(name)
    if more and more == last:
        questions, more = [*questions, NameQuestion.LAST_NAME_TWICE], ""
    questions += [NameQuestion.TITLE_OR_NAME] if _may_be_khun(title, first) else []
    proposal = NameProposal(Name(title, first, last), tuple(questions), degrees=degrees, rest=" ".join(filter(None, (more, rest))))
    if more:
        proposal = _asking(proposal, NameQuestion.MORE_THAN_A_NAME)
    return _about_last_name(proposal)


def in_one_field(text: str) -> str:
    """`text` (cleaned), a whole name, as it is kept where it has one field; nothing about which there is a question is changed."""
    proposal = split_full_name(text)
    if set(proposal.questions) - {NameQuestion.NO_LAST_NAME}:
        return text
    return Name(*split_title(text)).text() if proposal.degrees or proposal.rest else proposal.name.text()


def propose(title: str, first: str, last: str) -> NameProposal:
    title = written_out(title)
    inner, name = split_title(first)
    questions: list[NameQuestion] = []
    if inner and not title:
        title, first = inner, name
    elif inner and _is_plainly_a_title(inner, first):
        same = bare(inner) == bare(title)
        questions.append(NameQuestion.TITLE_TWICE if same else NameQuestion.TITLES_DIFFER)
        title, first = title if same else _of_two(title, inner), name
    degrees = rest = ""
    if last and first != last and first.endswith(f" {last}"):
        questions.append(NameQuestion.LAST_NAME_TWICE)
        first = first.removesuffix(last).rstrip()
    elif " " in first and not last:
        whole = split_full_name(first)
        questions.append(NameQuestion.LAST_NAME_WITHIN)
        questions += [question for question in whole.questions if question is NameQuestion.MORE_THAN_A_NAME]
        first, last, degrees, rest = whole.name.first, whole.name.last, whole.degrees, whole.rest
    return _about_last_name(NameProposal(Name(title, first, last), tuple(questions), degrees=degrees, rest=rest))


def split_title(text: str) -> tuple[str, str]:
    """The title in front of `text` (cleaned) and what follows it; ("", `text`) where none stands there for certain."""
    end = _title_end(text, 0, ())
    return (written_out(text[:end].strip()), text[end:]) if end else ("", text)


def is_title(text: str) -> bool:
    """Whether the whole of `text` (cleaned) is a title, or several: ผศ.ดร."""
    return bool(text) and _title_end(f"{text} กกก", 0, ()) == len(text) + 1


def is_monks_title(title: str) -> bool:
    found = next(_candidates(f"{title} กกก", 0), None)
    return bool(title) and found is not None and found[0].kind is TitleKind.MONK


def means_no_last_name(text: str) -> bool:
    """Whether `text`, in the place of a family name, says that there is none: "-", ".", "ไม่มี"."""
    return bool(text) and bool(_NOTHING.fullmatch(text))


def match_key(first: str, last: str) -> str:
    plain = unicodedata.normalize("NFD", _UNTONED.sub("", f"{first}{last}".casefold()))
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN" or "\u0e00" <= c <= "\u0e7f")


def _candidates(text: str, start: int) -> Iterator[tuple[Title, int]]:
    """Every title that may stand at `start`, the longest first, and where it ends."""
    for title, pattern in PATTERNS.get(text[start : start + 1].casefold(), ()):
        if found := pattern.match(text, start):
            yield title, found.end()


def _title_end(text: str, start: int, before: tuple[Title, ...]) -> int:
    """Where the titles end that begin at `start`, so that a name can follow; `start` where there are none."""
    if _OFFICES.match(text, start):
        return start
    for title, end in _candidates(text, start):
        if before and not _may_follow(before, title, text[start:end]):
            continue
        added = _ADDED[title.kind].match(text, end) if title.kind in _ADDED else None
        ends = [added.end(), end] if added and added.end() > end else [end]
        for here in ends:
            further = _title_end(text, here, (*before, title))
            if further > here or (title.kind is not TitleKind.ACTING and _can_be_name(text, here)):
                return further
    return start


def _may_follow(before: tuple[Title, ...], title: Title, written: str) -> bool:
    last = before[-1]
    if title.kind not in _FOLLOWING[last.kind] or any(bare(written) == bare(known.full or known.short) for known in before):
        return False
    return "." in written or last.kind not in _SHORT_ONLY


def _can_be_name(text: str, start: int) -> bool:
    """Whether a name may begin at `start`: what is left of คุณากร or นายิกา begins with a vowel sign, what is left of นายก is too short."""
    word = text[start:].partition(" ")[0]
    is_letter = word[:1].isalpha() and not ("\u0e2f" <= word[:1] <= "\u0e3f" or "\u0e45" <= word[:1] <= "\u0e4f")
    return is_letter and (len(word) >= 2 or text[start - 1 : start] == " ")


def _is_plainly_a_title(inner: str, first: str) -> bool:
    """Whether `inner`, with which a first name begins, is a title there too: คุณธรรม, ครูบา and พระพาย may be names."""
    if "." in first[: len(inner) + 1] or " " in first:
        return True
    kinds = {title.kind for title, _end in _candidates(first, 0)}
    return inner not in ("คุณ", "ครู", "หม่อม") and not kinds & {TitleKind.MONK, TitleKind.VILLAGE}


def _without_second_title(title: str, name: str) -> tuple[str, str, list[NameQuestion]]:
    inner, rest = split_title(name)
    if title and inner in _CIVIL:
        return (
            (title, rest, [NameQuestion.TITLE_TWICE])
            if bare(inner) == bare(title)
            else (_of_two(title, inner), rest, [NameQuestion.TITLES_DIFFER])
        )
    return title, name, []


def _of_two(title: str, inner: str) -> str:
    """Which of two titles is proposed: of two plain ones the fuller (นาง, นางสาว), else the one that says more."""
    kinds = [next((found[0].kind for found in _candidates(f"{text} กกก", 0)), None) for text in (title, inner)]
    if kinds[1] is TitleKind.CIVIL and kinds[0] is not TitleKind.CIVIL:
        return title
    return inner if kinds[0] is TitleKind.CIVIL else f"{title}{inner}"


def _may_be_khun(title: str, first: str) -> bool:
    return title == "คุณ" and first in _KHUN_NAMES


def _cut(pattern: "re.Pattern[str]", text: str) -> tuple[str, str]:
    """`text` without what stands behind it, and that; everything stays where nothing would be left."""
    found = pattern.search(text)
    if not found or not text[: found.start()].strip():
        return text, ""
    return text[: found.start()].rstrip(" ,"), found[1].strip()


def _parts(name: str) -> tuple[str, str, str]:
    """First name, last name and what is more than a name. A Thai family name is one word, or ณ and a place behind it."""
    first, _space, behind = name.strip().partition(" ")
    if not any("\u0e00" <= c <= "\u0e7f" for c in behind):
        return first, behind.strip(), ""
    words = behind.split()
    count = 1
    while count < len(words) and (words[count] in _FAMILY_PARTICLES or words[count - 1] in _FAMILY_PARTICLES):
        count += 1
    return first, " ".join(words[:count]), " ".join(words[count:])


def _asking(proposal: NameProposal, question: NameQuestion) -> NameProposal:
    return NameProposal(proposal.name, (*proposal.questions, question), proposal.no_last_name, proposal.degrees, proposal.rest)


def _about_last_name(proposal: NameProposal) -> NameProposal:
    """A name without a last one is complete where the text or the title says so; else that is a question."""
    name = proposal.name
    if means_no_last_name(name.last):
        return NameProposal(Name(name.title, name.first), proposal.questions, True, proposal.degrees, proposal.rest)
    if name.last or not name.first:
        return proposal
    if is_monks_title(name.title):
        return NameProposal(name, proposal.questions, True, proposal.degrees, proposal.rest)
    return _asking(proposal, NameQuestion.NO_LAST_NAME)
