"""Finding people by what somebody says or types about them."""

import re

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from registration.models import Delivery, Participant
from registration.models.participant import CODE_ALPHABET, CODE_LENGTH
from registration.people.search_index import MAILS, MIN_LETTERS, PARTS, PEOPLE, any_of, keys_of_parts
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
    meant, asked = meant_by(people, text)
    keys = keys_of_parts(PEOPLE, asked)
    return meant if keys is None else meant.filter(pk__in=keys)


def meant_by(people: QuerySet[Participant], text: str) -> tuple[QuerySet[Participant], list[str]]:
    """What `search` finds, without the help of SQLite's index, and what that is to be asked; nothing where it cannot help."""
    text = arabic_digits(clean_text(text))
    if len(text) > MAX_SEARCH_LETTERS:
        return people.none(), []
    if digits := _phone_digits(text):
        code = re.sub(r"\D", "", text)
        asked = [f"{any_of(digits, column='phone')} OR {any_of(code, column='parts')}"]
        return people.filter(Q(phone__contains=digits) | Q(code=code)), asked
    words = text.split()[:MAX_WORDS]
    people = people.alias(parts=_Joined())
    for word in words:
        people = people.filter(_somewhere(word))
    return people, [any_of(word, _code(word) or word) for word in words if len(word) >= MIN_LETTERS]


def _somewhere(word: str) -> Q:
    known_by_code = Q(code=code) if (code := _code(word)) else Q()
    return known_by_code | Q(parts__icontains=word)


def search_mails(mails: QuerySet[Delivery], text: str) -> QuerySet[Delivery]:
    """Those of `mails` of which `text` is part of the address or of the server's answer, or that went to somebody found by it.

    Each is looked up by itself: where one of several conditions has to do with other tables, a database reads every mail.
    """
    text = clean_text(text)
    if len(text) > MAX_SEARCH_LETTERS:
        return mails.none()
    every = Delivery.objects.order_by().values("pk")
    to_them = every.filter(participant__in=search(Participant.objects.order_by(), text).values("pk"))
    if len(text) >= MIN_LETTERS and (keys := keys_of_parts(MAILS, [any_of(text)])) is not None:
        every = every.filter(pk__in=keys)
    return mails.filter(pk__in=to_them.union(every.filter(email__icontains=text), every.filter(error__icontains=text)))


class _Joined(Func):
    """The PARTS of a person as one text."""

    template = "(%(expressions)s)"
    arg_joiner = " || "

    def __init__(self) -> None:
        super().__init__(*[Value(" ") if part == " " else F(part) for part in PARTS], output_field=TextField())


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
