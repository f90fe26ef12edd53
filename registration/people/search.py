"""Finding people by what somebody says or types about them."""

import re

from django.db.models import Q, QuerySet
from django.db.models.functions import Concat

from registration.models import Participant
from registration.models.participant import CODE_ALPHABET, CODE_LENGTH
from registration.people.text import clean_text
from sessions.admin_search import MAX_LETTERS
from sessions.thai import arabic_digits

#: More words than this are not a name, and a database refuses conditions that are nested too deep.
MAX_WORDS = 10

_PHONE = re.compile(r"[+\d\s().-]*")
_SAID_BEFORE_EXTENSION = re.compile(r"\s*(?:ต่อ|ext\.?|#)\s*\d*$", re.IGNORECASE)
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")
_PLACES = ("titled_name", "last_name", "email", "organisation", "organisation_short", "code")


def search(people: QuerySet[Participant], text: str) -> QuerySet[Participant]:
    """Those of `people` who may be meant by `text`.

    Every word must be a part of the name (with or without the title), the e-mail address, the reference code
    (with or without dashes) or the organisation; capitals do not matter. A text of digits is a phone number,
    however it is spaced and with 0 or +66 in front, or a code. Thai digits are read as Arabic ones.
    """
    text = arabic_digits(clean_text(text))
    if len(text) > MAX_LETTERS:
        return people.none()
    if digits := _phone_digits(text):
        return people.filter(Q(phone__contains=digits) | Q(code=re.sub(r"\D", "", text)))
    people = people.alias(titled_name=Concat("title", "first_name"))
    for word in text.split()[:MAX_WORDS]:
        people = people.filter(_somewhere(word))
    return people


def _somewhere(word: str) -> Q:
    anywhere = Q(code=code) if (code := _code(word)) else Q()
    for place in _PLACES:
        anywhere |= Q((f"{place}__icontains", word))
    return anywhere


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
