"""What a participant is to be called in Zoom and in the Open Chat.

Source: the brief, §3.2. People from a region or province: province, abbreviation of the agency, title and
first name (`นครปฐม พช. นายมั่งมั่ง`); central agencies: abbreviation, or the full name where there is none, title
and first name (`สศช. นายยินดี`, `IPPD Mr.David`). Where two would be called alike, the initial of the family
name is added to both; where that is alike too the whole of it, and then what tells their reference codes apart: nobody bears
the name of another. LINE allows at most 20 characters in an Open Chat and no name twice.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from registration.models import Participant
from sessions.models import Workshop

OPEN_CHAT_LENGTH = 20
#: Zoom takes no longer first or last name of a registrant.
ZOOM_LENGTH = 64
#: Of an agency so much fits with any province before it.
AGENCY_LENGTH = 45
#: So many characters of the reference code tell apart those who have the same name, where that is enough.
MARK_LENGTH = 3

_LEADING_VOWELS = "เแโใไ"
_COMBINING = re.compile("[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]")


@dataclass(frozen=True, slots=True)
class DisplayName:
    """A name in the two fields that Zoom knows; together they read as the brief's rule."""

    first: str
    last: str

    def __str__(self) -> str:
        return f"{self.first} {self.last}"


def initial(family_name: str) -> str:
    """The first letter as a Thai would abbreviate it: `เจริญ` gives `จ.`, `Smith` gives `S.`."""
    letter = next((c for c in family_name if c not in _LEADING_VOWELS and c.isalpha()), "")
    return f"{letter.upper()}." if letter else ""


def called(title: str, first_name: str) -> str:
    """Title and first name. `นาย` and `Mr.` stand close to the name, `Mr` does not."""
    close = not title or title.endswith(".") or "\u0e00" <= title[-1] <= "\u0e7f"
    return f"{title}{'' if close else ' '}{first_name}"


def origin(participant: "Participant | _Seated") -> str:
    organisation = participant.organisation_short or participant.organisation
    province = participant.province
    return f"{province.name_th} {organisation}" if province else organisation


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another person of the same agency and first name."""

    title: str
    last_name: str
    code: str = ""


_SEATED = Participant.objects.holding_seats().order_by()
_TOLD_APART = ("pk", "title", "last_name", "code", "organisation_short", "organisation")


def namesakes(participant: Participant) -> list[Namesake]:
    """Others with seats in the same quota and agency who have the same first name. One query."""
    agency = _agency(participant)
    others = _SEATED.filter(quota_id=participant.quota_id, first_name=participant.first_name).values_list(*_TOLD_APART)
    # Few of those whom a province sends have one first name: who is of the agency is told here sooner than by the database.
    return [
        Namesake(title, name, code)
        for pk, title, name, code, short, full in others
        if pk != participant.pk and shorten(short or full, AGENCY_LENGTH) == agency
    ]


def zoom_name(participant: Participant, others: Iterable[Namesake]) -> DisplayName:
    """The name in Zoom, given the `namesakes`."""
    alike = [(other.last_name, other.code) for other in others if other.title == participant.title]
    return _display_name(participant, alike)


def _agency(participant: "Participant | _Seated") -> str:
    return shorten(participant.organisation_short or participant.organisation, AGENCY_LENGTH)


class _Place(NamedTuple):
    name_th: str


class _Seated(NamedTuple):
    """As much of a participant as tells their name, for lists of very many; the fields are those of the model."""

    pk: int
    quota_id: int
    title: str
    first_name: str
    last_name: str
    organisation: str
    organisation_short: str
    code: str
    quota__province__name_th: str | None

    @property
    def province(self) -> _Place | None:
        return _Place(self.quota__province__name_th) if self.quota__province__name_th else None


def zoom_names(participants: "Iterable[Participant | _Seated]") -> dict[int, DisplayName]:
    """The names of many at once, by participant id; no queries beyond those of `participants`."""
    alike: dict[tuple[int, str, str], list[Participant | _Seated]] = {}
    for person in participants:
        alike.setdefault(_likeness(person), []).append(person)
    names = {}
    for people in alike.values():
        for person in people:
            names[person.pk] = _display_name(person, [(other.last_name, other.code) for other in people if other.pk != person.pk])
    return names


def renamed_by(newcomer: Participant) -> list[int]:
    """Who is called otherwise in Zoom because `newcomer` has a seat: their keys. One query."""
    seated = _SEATED.filter(quota_id=newcomer.quota_id, first_name=newcomer.first_name)
    people = [_Seated(*row) for row in seated.values_list(*_Seated._fields)]
    others = [person for person in people if person.pk != newcomer.pk]
    if len(others) == len(people):
        return []
    before, after = zoom_names(others), zoom_names(people)
    return [pk for pk, name in before.items() if after[pk] != name]


def zoom_names_in(workshop: Workshop, quotas: Collection[int] | None = None) -> dict[int, DisplayName]:
    """The names of all who have a seat in `workshop` (or of it in those `quotas`), by participant id. One query.

    Whoever is listed: a namesake who is not on a list is one all the same.
    """
    seated = Participant.objects.holding_seats().filter(workshop=workshop)
    if quotas is not None:
        seated = seated.filter(quota__in=quotas)
    return zoom_names(_Seated(*row) for row in seated.values_list(*_Seated._fields))


def _display_name(person: "Participant | _Seated", alike: Iterable[tuple[str, str]]) -> DisplayName:
    """`alike` are the family names and codes of those who would be called the same. What Zoom would cut ends with the whole code."""
    name = called(person.title, person.first_name) + _suffix(person, alike)
    if len(name) > ZOOM_LENGTH:
        name = f"{shorten(name, ZOOM_LENGTH - len(person.code) - 1)} {person.code}"
    return DisplayName(shorten(origin(person), ZOOM_LENGTH), name)


def _likeness(person: "Participant | _Seated") -> tuple[int, str, str]:
    return person.quota_id, _agency(person), called(person.title, person.first_name)


def _suffix(person: "Participant | _Seated", alike: Iterable[tuple[str, str]]) -> str:
    """What tells this person from those called alike: nothing, an initial, the whole family name, or that and an end of the code."""
    alike = list(alike)
    same = [code for family_name, code in alike if family_name == person.last_name]
    if same:
        return f" {person.last_name}".rstrip() + f" {_end_of_code(person.code, same)}"
    if not alike or not person.last_name:
        return ""
    own = initial(person.last_name)
    unclear = not own or any(initial(family_name) == own for family_name, _code in alike)
    return f" {person.last_name if unclear else own}"


def _end_of_code(code: str, others: Collection[str]) -> str:
    return next((code[-n:] for n in range(MARK_LENGTH, len(code)) if all(other[-n:] != code[-n:] for other in others)), code)


def open_chat_name(participant: Participant, others: Iterable[Namesake]) -> str:
    """A name of at most 20 characters that keeps as much of the rule as fits, and nothing cut in the middle of a word
    but a very long first name.

    In order: the Zoom name; without the title; with the two letters of the province; province and first name with
    three characters of the reference code, which also tell apart those whom the other forms would make alike.
    """
    others = list(others)
    name = str(zoom_name(participant, others))
    has_double = any((other.title, other.last_name) == (participant.title, participant.last_name) for other in others)
    if len(name) <= OPEN_CHAT_LENGTH and not has_double:
        return name
    first_name, mark, province = participant.first_name, participant.code[-3:], participant.province
    organisation = participant.organisation_short or participant.organisation
    forms = [] if others else [f"{origin(participant)} {first_name}"]
    if province:
        if not others:
            forms.append(f"{province.abbreviation} {organisation} {first_name}")
        forms += [f"{province.name_th} {first_name} {mark}", f"{province.abbreviation} {first_name} {mark}"]
    else:
        forms.append(f"{organisation} {first_name} {mark}")
    start = f"{province.abbreviation} " if province else ""
    room = OPEN_CHAT_LENGTH - len(start) - len(mark) - 1
    forms.append(f"{start}{shorten(first_name, room)} {mark}")
    return next(form for form in forms if len(form) <= OPEN_CHAT_LENGTH)


def shorten(text: str, length: int) -> str:
    """The first `length` characters at most, never cut between a letter and its marks."""
    if length <= 0:
        return ""
    if len(text) <= length:
        return text
    end = length
    while end and _COMBINING.match(text[end]):
        end -= 1
    return text[:end].rstrip(_LEADING_VOWELS + " ")
