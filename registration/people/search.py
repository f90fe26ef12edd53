"""Finding people by what somebody says or types about them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.text import smart_split, unescape_string_literal

from registration.models import Delivery, Invitation, Participant
from registration.models.participant import CODE_ALPHABET, CODE_LENGTH
from registration.people.search_index import (
    INVITATIONS,
    INVITED,
    MAILS,
    MAX_KEYS,
    MIN_LETTERS,
    PARTS,
    PEOPLE,
    RARE,
    RARE_DIGITS,
    TrigramTable,
    any_of,
    keys_of_digits,
    newest_keys,
)
from registration.people.text import clean_text
from sessions.text import MAX_SEARCH_LETTERS
from sessions.thai import arabic_digits

#: More words than this are not a name, and a database refuses conditions that are nested too deep.
MAX_WORDS = 10

_PHONE = re.compile(r"[+\d\s().-]*")
_SAID_BEFORE_EXTENSION = re.compile(r"\s*(?:ต่อ|ext\.?|#)\s*\d*$", re.IGNORECASE)
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


def search(people: QuerySet[Participant], text: str) -> QuerySet[Participant]:
    """Those of `people` who may be meant by `text`.

    Every word must be a part of the name (with or without the title), the e-mail address, the reference code
    (with or without dashes) or the organisation; capitals do not matter. A text of digits is a phone number,
    however it is spaced and with 0 or +66 in front, or a code. Thai digits are read as Arabic ones.
    """
    return _looked_up(meant_by(people, text))


def search_invitations(invitations: QuerySet[Invitation], text: str) -> QuerySet[Invitation]:
    """Those of `invitations` of whose name, address or organisation each word of `text` is a part; what stands in quotes is one word."""
    return _looked_up(invited_by(invitations, text))


@dataclass(frozen=True, slots=True)
class Meant:
    """What a search finds, without the help of SQLite's index, and what that is to be asked."""

    rows: QuerySet[Any]
    #: Nothing where no index knows so few letters.
    parts: list[str]
    digits: str = ""
    code: str = ""
    table: TrigramTable = PEOPLE

    @property
    def is_indexed(self) -> bool:
        return bool(self.parts or self.digits)

    def keys(self, most: int) -> list[int] | None:
        """All whom SQLite's index proposes, or `most` of them; None where it says nothing. At most three queries."""
        if not self.digits:
            return newest_keys(self.table, self.parts, most)
        if (keys := keys_of_digits(self.digits, most)) is None:
            return None
        return [*Participant.objects.filter(code=self.code).values_list("pk", flat=True), *keys]


def _looked_up(meant: Meant) -> QuerySet[Any]:
    keys = meant.keys(MAX_KEYS + 1)
    return meant.rows if keys is None or len(keys) > MAX_KEYS else meant.rows.filter(pk__in=keys)


def meant_by(people: QuerySet[Participant], text: str) -> Meant:
    text = arabic_digits(clean_text(text))
    if len(text) > MAX_SEARCH_LETTERS:
        return Meant(people.none(), [])
    if digits := _phone_digits(text):
        code = re.sub(r"\D", "", text)
        return Meant(people.filter(_in_number(digits) | Q(code=code)), [], digits, code)
    words = text.split()[:MAX_WORDS]
    people = people.alias(parts=_Joined(PARTS))
    for word in words:
        people = people.filter(_somewhere(word))
    return Meant(people, [any_of(word, _code(word) or word) for word in words if len(word) >= MIN_LETTERS])


def invited_by(invitations: QuerySet[Invitation], text: str) -> Meant:
    text = clean_text(text)
    if len(text) > MAX_SEARCH_LETTERS:
        return Meant(invitations.none(), [])
    words = [_unquoted(word) for word in smart_split(text)]
    invitations = invitations.alias(parts=_Joined(INVITED))
    for word in words:
        invitations = invitations.filter(parts__icontains=word)
    return Meant(invitations, [any_of(word) for word in words if len(word) >= MIN_LETTERS], table=INVITATIONS)


def _unquoted(word: str) -> str:
    return unescape_string_literal(word) if word[0] == word[-1] and word[0] in "\"'" and len(word) > 1 else word


def _somewhere(word: str) -> Q:
    known_by_code = Q(code=code) if (code := _code(word)) else Q()
    return known_by_code | Q(parts__icontains=word)


def _in_number(digits: str) -> Q:
    """`phone__contains`. On PostgreSQL many digits are looked up by the last of them alone, and the others compared with whom that finds.

    Its planner knows how many have those, but not that who has them has the others too.
    """
    if connection.vendor != "postgresql" or len(digits) < RARE_DIGITS:
        return Q(phone__contains=digits)
    of_last = [_Rare("phone"), _Array(Value(digits[-RARE_DIGITS:]))]
    has_last = Func(*of_last, template="(%(expressions)s)", arg_joiner=" @> ", output_field=BooleanField())
    return Q(has_last) & Q(GreaterThan(StrIndex("phone", Value(digits)), 0))


class _Rare(Func):
    template = RARE
    output_field = TextField()


class _Array(Func):
    template = "ARRAY[%(expressions)s]"
    output_field = TextField()


def search_mails(mails: QuerySet[Delivery], text: str) -> QuerySet[Delivery]:
    """Those of `mails` of which `text` is part of the address or of the server's answer, or that went to somebody found by it.

    Each is looked up by itself: where one of several conditions has to do with other tables, a database reads every mail.
    """
    text = clean_text(text)
    if len(text) > MAX_SEARCH_LETTERS:
        return mails.none()
    every = Delivery.objects.order_by().values("pk")
    to_them = every.filter(participant__in=search(Participant.objects.order_by(), text).values("pk"))
    keys = newest_keys(MAILS, [any_of(text)], MAX_KEYS + 1) if len(text) >= MIN_LETTERS else None
    if keys is not None and len(keys) <= MAX_KEYS:
        every = every.filter(pk__in=keys)
    return mails.filter(pk__in=to_them.union(every.filter(email__icontains=text), every.filter(error__icontains=text)))


class _Joined(Func):
    """Columns and spaces as one text."""

    template = "(%(expressions)s)"
    arg_joiner = " || "

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__(*[Value(" ") if part == " " else F(part) for part in parts], output_field=TextField())


def _code(word: str) -> str:
    """The reference code that `word` spells, or nothing."""
    letters = word.upper().replace("-", "")
    return letters if _CODE.fullmatch(letters) else ""


def _phone_digits(text: str) -> str:
    """The digits that a stored number (`+6622804085`) has in common with every way to write it, or nothing."""
    number = _SAID_BEFORE_EXTENSION.sub("", text)
    digits = re.sub(r"\D", "", number)
    if len(digits) < 4 or not _PHONE.fullmatch(number):
        return ""
    if digits.startswith("66") and len(digits) > 9:
        return digits[2:]
    return digits.removeprefix("0")
