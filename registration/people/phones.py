"""Telephone numbers as Thais write them, and as they are kept: E.164 and an extension.

Source: ITU-T E.164; libphonenumber's plan of the Thai numbers (its Python port).
"""

import contextlib
import re
from dataclasses import dataclass
from typing import Protocol

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat

from registration.people.text import clean_text
from sessions import thai
from sessions.formats import local_digits

REGION = "TH"
EXTENSION_LENGTH = 10

#: What stands before or behind a number and says of what kind it is.
_KIND = r"(?:เบอร์โทรศัพท์|เบอร์โทร|เบอร์|โทรศัพท์|โทร|มือถือ|ที่ทำงาน|สำนักงาน|บ้าน|ส่วนตัว|telephone|tel|phone|mobile|office|home|cell)"
_PREFIX = re.compile(rf"^[\s'’\"]*(?:{_KIND}[.:\s]*)*", re.IGNORECASE)
_SUFFIX = re.compile(rf"\s*\(\s*{_KIND}\s*\)[\s'’\"]*$|\s+{_KIND}[\s'’\"]*$|[\s'’\"]+$", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:ต่อ|กด|extension|ext|x|#)[.:\s]*", re.IGNORECASE)
_DIALLED_FROM_ABROAD = re.compile(r"^00\s*66")
_SEVERAL = re.compile(r"[,;/]|หรือ|และ|ถึง|\bor\b|\band\b", re.IGNORECASE)
#: A Thai mobile number as it is kept. Nearly everybody has one, and lists of many should not ask the library for each.
_MOBILE = re.compile(r"\+66([689]\d)(\d{3})(\d{4})", re.ASCII)
#: 6414, or several lines of one office: 6414-5, 6414/6415.
_LINES = re.compile(r"\d+(?:[-,/]\d+)*", re.ASCII)
#: An office's numbers that follow one another: 02 280 4085-6.
_FOLLOWING = re.compile(r"(?P<first>.*\d)\s*[-/]\s*(?P<following>\d{1,2})")
_NUMBER = re.compile(r"\+?[\d\s().\-\u2010-\u2015]+")


class PhoneFault(ValueError):
    """Not a number that can be called; the message says to who typed it what to do."""


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` in E.164 (`+6622804085`), `extension` as digits or empty."""

    number: str
    extension: str = ""


class Reachable(Protocol):
    """A participant or a coordinator."""

    phone: str
    phone_extension: str


def parse(text: str) -> Phone:
    """The number that `text` means: Thai digits, spaces, dashes, brackets, "(มือถือ)" and "ต่อ 6414-5" are understood.

    A number without a country code is a Thai one. Raises PhoneFault.
    """
    main, marker, extension = _parted(
        _DIALLED_FROM_ABROAD.sub("+66", _SUFFIX.sub("", _PREFIX.sub("", thai.arabic_digits(clean_text(text)))))
    )
    if _SEVERAL.search(main):
        raise PhoneFault(_("Enter one number only: the one on which we can reach you most easily."))
    if not _NUMBER.fullmatch(main) or not any(c.isdigit() for c in main):
        raise PhoneFault(_("A phone number has digits only, like 08x xxx xxxx. Correct the number."))
    if marker and not (_LINES.fullmatch(extension) and len(extension) <= EXTENSION_LENGTH):
        raise PhoneFault(_("Enter the extension in digits, like 02 xxx xxxx ext. 123."))
    return Phone(_international(main), extension)


def numbers_in(text: str) -> tuple[list[Phone], str]:
    """Every number that stands in `text` (cleaned), each once and the mobile ones first, and what else stands there."""
    plain = thai.arabic_digits(text)
    try:
        return [parse(plain)], ""
    except PhoneFault:
        pass
    found, rest, end = [], [], 0
    # The library finds numbers among words; it knows no ต่อ, whose three letters ext has as well.
    for match in phonenumbers.PhoneNumberMatcher(plain.replace("ต่อ", "ext"), REGION):
        lines = _LINES.match(plain, match.end - len(match.number.extension)) if match.number.extension else None
        found.append(Phone(phonenumbers.format_number(match.number, PhoneNumberFormat.E164).partition(";")[0], lines[0] if lines else ""))
        rest.append(plain[end : match.start])
        end = lines.end() if lines else match.end
    if not found and (several := _FOLLOWING.fullmatch(plain)):
        with contextlib.suppress(PhoneFault):
            return [parse(several["first"])], f"-{several['following']}"
    found.sort(key=lambda phone: not _MOBILE.fullmatch(phone.number))
    return list(dict.fromkeys(found)), " ".join("".join([*rest, plain[end:]]).split()).strip(" ,;/|-")


def _parted(text: str) -> tuple[str, str, str]:
    found = _EXTENSION.search(text)
    if not found:
        return text.strip(), "", ""
    return text[: found.start()].strip(), found[0], text[found.end() :].replace(" ", "")


def _international(main: str) -> str:
    count = sum(c.isdigit() for c in main)
    try:
        number = phonenumbers.parse(main, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number and phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if main.startswith("+"):
        raise PhoneFault(_("There is no such number in that country. Check the country code and the digits."))
    raise PhoneFault(
        _(
            "This number has %(count)s digits. A mobile number has 10, like 08x xxx xxxx; an office number has 9, like 02 xxx xxxx. "
            "A number from abroad begins with +."
        )
        % {"count": local_digits(count)}
    )


def readable(number: str, extension: str = "") -> str:
    """A kept number as people write it: `081 234 5678`, `02 280 4085 ต่อ 6414`, `+1 202-555-0143`."""
    text = f"0{mobile[1]} {mobile[2]} {mobile[3]}" if (mobile := _MOBILE.fullmatch(number)) else _readable(number)
    return " ".join([text, _("ext. %(extension)s") % {"extension": extension}]) if extension else text


def _readable(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    at_home = parsed.country_code == phonenumbers.country_code_for_region(REGION)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def phone_of(person: Reachable) -> str:
    return readable(person.phone, person.phone_extension) if person.phone else ""
