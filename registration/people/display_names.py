"""What a participant is to be called in Zoom and in the Open Chat.

Source: the brief, §3.2. People from a region or province: province, abbreviation of the agency, title and
first name (`นครปฐม พช. นายมั่งมั่ง`); central agencies: abbreviation, or the full name where there is none, title
and first name (`สศช. นายยินดี`, `IPPD Mr.David`). Where two would be called alike, the initial of the family
name is added to both; where that is alike too the whole of it, and then what tells their reference codes apart: nobody bears
the name of another, however it is spread over the fields. LINE allows at most 20 characters in an Open Chat and no name twice.
"""

import csv
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import CharField, ExpressionWrapper, F, Q

from registration.models import Participant, Quota
from sessions.models import Workshop

OPEN_CHAT_LENGTH = 20
#: Zoom takes no longer first or last name of a registrant.
ZOOM_LENGTH = 64
#: So long it is remembered which quota is that of the central agencies.
KEPT_SECONDS = 60
#: So many characters of the reference code tell apart those who have the same name, where that is enough.
MARK_LENGTH = 3

with (Path(__file__).resolve().parent.parent / "data" / "provinces.csv").open(encoding="utf-8") as _file:
    #: A central agency may be called by one: its people then read like those whom the province sends.
    PROVINCES = frozenset(row["name_th"] for row in csv.DictReader(_file))

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


class _Place(NamedTuple):
    name_th: str


class _Seated(NamedTuple):
    """As much of a participant as tells their name, for lists of very many; the fields are those of the model."""

    pk: int
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


_SEATED = Participant.objects.holding_seats().order_by()
#: Their keys, and their first names as they are kept: what is sought in them are parts of clean text, not to be cleaned once more.
_SOUGHT = _SEATED.alias(kept=ExpressionWrapper(F("first_name"), output_field=CharField())).values_list("pk", flat=True)


def namesakes(participant: Participant) -> list[_Seated]:
    """Others with seats whose name would read the same, in Zoom or, where titles fall away, in the Open Chat. One query, seldom two."""
    own, known_as = _readings(participant), (origin(participant), participant.first_name)
    return [person for person in _nearby(participant) if own & _readings(person) or (origin(person), person.first_name) == known_as]


def _nearby(participant: Participant) -> list[_Seated]:
    """Others with seats among whom a namesake can be: from where they come, and from where that is called alike."""
    found = _SOUGHT.filter(kept__in=_first_names(participant), quota__in=_called_alike(participant))
    others = set(found) - {participant.pk}
    return [_Seated(*row) for row in _SEATED.filter(pk__in=others).values_list(*_Seated._fields)] if others else []


def _called_alike(participant: Participant) -> list[int]:
    """The keys of the quotas whose people may read as coming from where `participant` comes from. No query, mostly."""
    found = [participant.quota_id]
    if participant.province:
        key, central = f"central-quota:{participant.workshop_id}", {"kind": Quota.Kind.CENTRAL}
        found += cache.get_or_set(key, lambda: _quotas(participant.workshop_id, **central), KEPT_SECONDS) or []
    elif (word := _first_word(participant)) in PROVINCES:
        found += _quotas(participant.workshop_id, province__name_th=word)
    return found


def _quotas(workshop_id: int, **of: str) -> list[int]:
    return list(Quota.objects.filter(workshop=workshop_id, **of).values_list("pk", flat=True))


def _first_names(person: Participant) -> list[str]:
    """The first names of whoever may read like `person`, however the same name is spread over the fields.

    Behind a first name a reading ends, or a family name follows as a word. It begins as a word, or close behind a title.
    """
    behind_origin = len(shorten(origin(person), ZOOM_LENGTH))
    found = set()
    for text in _readings(person):
        words = {0, *(at + 1 for at, letter in enumerate(text) if letter == " ")}
        for end in (*(start - 1 for start in words if start), len(text)):
            begins = {start for start in words if start < end} | set(range(behind_origin + 1, end))
            found |= {text[start:end].strip() for start in begins}
    return sorted(found - {""})


def _first_word(person: "Participant | _Seated") -> str:
    return origin(person).split(" ", 1)[0]


def _base(person: "Participant | _Seated") -> str:
    """What all read of them before anybody is told apart."""
    return f"{shorten(origin(person), ZOOM_LENGTH)} {called(person.title, person.first_name)}"


def _readings(person: "Participant | _Seated") -> set[str]:
    base = _base(person)
    return {base, f"{base} {person.last_name}".rstrip()}


def zoom_name(participant: Participant, others: Iterable[_Seated]) -> DisplayName:
    """The name in Zoom, given the `namesakes`."""
    own = _readings(participant)
    return _display_name(participant, [other for other in others if own & _readings(other)])


def zoom_names(participants: "Iterable[Participant | _Seated]") -> dict[int, DisplayName]:
    """The names of many people of one workshop at once, by participant id; no queries beyond those of `participants`."""
    people = {person.pk: person for person in participants}
    reading: dict[str, list[int]] = {}
    for person in people.values():
        for text in _readings(person):
            reading.setdefault(text, []).append(person.pk)
    names = {}
    for person in people.values():
        alike = {pk for text in _readings(person) for pk in reading[text]} - {person.pk}
        names[person.pk] = _display_name(person, [people[pk] for pk in alike])
    return names


def renamed_by(newcomer: Participant) -> list[int]:
    """Who is called otherwise in Zoom because `newcomer` has a seat: their keys. One query, seldom two."""
    others = _nearby(newcomer)
    if not others:
        return []
    before, after = zoom_names(others), zoom_names([*others, newcomer])
    return [pk for pk, name in before.items() if after[pk] != name]


def zoom_names_in(workshop: Workshop, quotas: Collection[int] | None = None) -> dict[int, DisplayName]:
    """The names of all who have a seat in `workshop` (or of it in those `quotas`), by participant id. One query, seldom two.

    Whoever is listed: a namesake who is not on a list is one all the same.
    """
    seated = _SEATED.filter(workshop=workshop)
    if quotas is None:
        return zoom_names(_Seated(*row) for row in seated.values_list(*_Seated._fields))
    wanted = Quota.objects.filter(Q(pk__in=quotas) | Q(kind=Quota.Kind.CENTRAL), workshop=workshop).values("pk")
    people = [_Seated(*row) for row in seated.filter(quota__in=wanted).values_list(*_Seated._fields)]
    if called_alike := {word for person in people if not person.province and (word := _first_word(person)) in PROVINCES}:
        beside = seated.filter(quota__province__name_th__in=called_alike).exclude(quota__in=quotas)
        people += [_Seated(*row) for row in beside.values_list(*_Seated._fields)]
    return zoom_names(people)


def _display_name(person: "Participant | _Seated", alike: "Sequence[Participant | _Seated]") -> DisplayName:
    """`alike` are those who would be called the same. What Zoom would cut ends with the whole code."""
    name = called(person.title, person.first_name) + _suffix(person, alike)
    if len(name) > ZOOM_LENGTH:
        name = f"{shorten(name, ZOOM_LENGTH - len(person.code) - 1)} {person.code}"
    return DisplayName(shorten(origin(person), ZOOM_LENGTH), name)


def _suffix(person: "Participant | _Seated", alike: "Sequence[Participant | _Seated]") -> str:
    """What tells this person from those called alike: nothing, an initial, the whole family name, or that and an end of the code."""
    base = _base(person)
    same = [other.code for other in alike if other.last_name == person.last_name or _base(other) != base]
    if same:
        return f" {person.last_name}".rstrip() + f" {_end_of_code(person.code, same)}"
    if not alike or not person.last_name:
        return ""
    own = initial(person.last_name)
    unclear = not own or any(initial(other.last_name) == own for other in alike)
    return f" {person.last_name if unclear else own}"


def _end_of_code(code: str, others: Collection[str]) -> str:
    return next((code[-n:] for n in range(MARK_LENGTH, len(code)) if all(other[-n:] != code[-n:] for other in others)), code)


def open_chat_name(participant: Participant, others: Iterable[_Seated]) -> str:
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
