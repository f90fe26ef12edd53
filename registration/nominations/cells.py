"""One cell that holds several things: numbers, addresses, a name with a position. Nothing that stands in it is lost. Pure."""

import re
from dataclasses import dataclass, field

from django.utils.translation import override

from registration.nominations.contents import begins_organisation
from registration.people import phones
from registration.people.addresses import addresses_in
from sessions.thai import arabic_digits

#: Words in front of a number or an address that only say what it is.
_LABELS = re.compile(
    r"(?:(?<![\w@.\-])(?:โทรศัพท์|โทรสาร|โทร|มือถือ|เบอร์|อีเมล์?|mailto|e-?mail|mail|tel|phone|mobile|หรือ|และ)+(?=[\s.:：]|\d|$)|"
    r"ต่อ(?=\s*\d)|(?<![\w])[.:]|[.:](?=\s|$)|[：,;/()\[\]|\s])+",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?:0|66|0066)[689]\d{8}")
_AROUND_AT = re.compile(r"[^\S\n]*@[^\S\n]*")
_LABEL_IN_FRONT = re.compile(r"^(?:ตำแหน่ง|สังกัด|หน่วยงาน)\s*[:：]?\s*")


@dataclass(slots=True)
class Contacts:
    """Addresses and numbers of a person, the proposed one first, and what stood beside them."""

    emails: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    #: The cells that held more than one address or number.
    several_emails: str = ""
    several_numbers: str = ""


def take_contacts(cell: str, found: Contacts, *, emails: bool = True, numbers: bool = True) -> None:
    """Adds what stands in `cell` to `found`: addresses, numbers, and whatever else as `rest`."""
    text, had = _AROUND_AT.sub("@", cell), len(found.numbers)
    if emails:
        addresses, text = addresses_in(text)
        _add(found.emails, addresses)
        if len(set(addresses)) > 1:
            found.several_emails = cell
    if numbers:
        text = "\n".join(_take_numbers(line, found) for line in text.split("\n"))
        if len(found.numbers) > had + 1:
            found.several_numbers = cell
    if any(c.isalnum() for c in _LABELS.sub(" ", text)):
        found.rest.append(" ".join(text.split()).strip(" ,;/"))


def _take_numbers(text: str, found: Contacts) -> str:
    numbers, rest = phones.numbers_in(text)
    if len(numbers) == 1 and not any(c.isalnum() for c in _LABELS.sub("", rest)):
        _add(found.numbers, [with_zero(" ".join(text.split()))])
        return ""
    with override("th"):
        _add(found.numbers, [phones.readable(number.number, number.extension) for number in numbers])
    return rest


def _add(known: list[str], new: list[str]) -> None:
    known.extend(one for one in new if one not in known)


def with_zero(number: str) -> str:
    plain = arabic_digits(number).strip("' ")
    is_short = plain.isascii() and plain.isdecimal() and len(plain) in (8, 9) and not plain.startswith("0")
    return f"0{plain}" if is_short else number.lstrip("'’ ")


def is_mobile(number: str) -> bool:
    """Whether `number`, as it is written, is one of a Thai mobile phone."""
    return bool(_MOBILE.fullmatch("".join(c for c in arabic_digits(number) if c.isdigit())))


def without_labels(text: str) -> str:
    """`text` without words like โทร. and E-mail: in front of what they name."""
    return _AROUND_AT.sub("@", _LABELS.sub(" ", text))


def split_position(text: str) -> tuple[str, str]:
    """Position and organisation of a cell that holds both: at its line end, else before the first word that begins an organisation.

    Where none does, all of it is the organisation.
    """
    upper, _end, lower = text.partition("\n")
    if lower:
        return _unlabelled(upper), _unlabelled(" ".join(lower.split("\n")))
    for found in re.finditer(r"\s+", text):
        if begins_organisation(text[found.end() :]):
            return _unlabelled(text[: found.start()]), _unlabelled(text[found.end() :])
    return "", text


def _unlabelled(text: str) -> str:
    return _LABEL_IN_FRONT.sub("", text)


def split_lines(cell: str) -> tuple[str, list[str]]:
    first, *others = cell.split("\n")
    return first, others
