"""Fields that understand how people type and say what to do when they cannot."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from registration.forms.widgets import LineInput
from registration.people import phones
from registration.people.addresses import addresses_in, clean_address
from registration.people.names import means_no_last_name, written_out
from registration.people.text import clean_text, fault_of, means_nothing, too_long

#: Nothing that a person types into one line is longer; what is, is not even looked at.
MAX_INPUT_LENGTH = 4000


class TextField(forms.CharField):
    """One line of text, cleaned by `registration.people.text`.

    `missing` is what is said where nothing was typed (translated lazily). `attrs` go to the input. There is no maxlength in the
    page: a browser would cut what is pasted without a word. A dash where nothing need stand is nothing.
    """

    is_dash_nothing = True

    def __init__(self, *, max_length: int, missing: Any = "", attrs: dict[str, Any] | None = None, **options: Any) -> None:
        widget = LineInput(attrs={"class": "form-control"} | (attrs or {}))
        super().__init__(widget=widget, error_messages={"required": missing} if missing else None, **options)
        self.limit = max_length

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if len(text) > MAX_INPUT_LENGTH:
            raise ValidationError(too_long(text, self.limit), code="too_long")
        text = clean_text(text)
        return "" if self.is_dash_nothing and not self.required and means_nothing(text) else text

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and (fault := self.refusal(value)):
            raise ValidationError(fault, code="refused")
        if len(value) > self.limit:
            raise ValidationError(too_long(value, self.limit), code="too_long")

    def refusal(self, text: str) -> str:
        """Why `text` may not be kept, in words; empty when it may."""
        return fault_of(text)


class TitleField(TextField):
    """What stands in front of a name, as the office writes it."""

    def to_python(self, value: Any) -> str:
        return written_out(super().to_python(value))


class NameField(TextField):
    """A name of a person: some letter must be in it."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not any(c.isalpha() for c in value):
            raise ValidationError(_("A name must contain letters. Enter the name."), code="no_letters")


class LastNameField(NameField):
    """A family name, or what says that there is none: "-", "ไม่มี"."""

    is_dash_nothing = False

    def validate(self, value: Any) -> None:
        if not means_no_last_name(value):
            super().validate(value)


class EmailField(TextField):
    """One e-mail address in lower case, as `people.addresses` understands what was typed."""

    def to_python(self, value: Any) -> str:
        if "\n" in str(value or "").strip() or "\r" in str(value or "").strip():
            raise self.fault(_("Enter the e-mail address on one line."))
        return clean_address(super().to_python(value))

    def validate(self, value: Any) -> None:
        if len(addresses_in(value)[0]) > 1 or value.count("@") > 1 or "," in value or ";" in value:
            raise self.fault(_("Enter one e-mail address only."))
        super().validate(value)
        if " " in value:
            raise self.fault(_("There is a space in the e-mail address. Remove it."))
        if strange := next((c for c in value if not c.isascii()), ""):
            raise self.fault(
                _("“%(sign)s” cannot be part of an e-mail address. Switch the keyboard to English and correct it."), sign=strange
            )
        if value:
            EmailValidator(_("This is not a complete e-mail address. It looks like name@example.org."), allowlist=[])(value)

    def fault(self, message: str, **params: str) -> ValidationError:
        return ValidationError(message, code="invalid", params=params)


class PhoneField(TextField):
    """A telephone number; gives a `phones.Phone`, or None where nothing was typed."""

    def refusal(self, text: str) -> str:
        """Nothing here: a number may begin with +, and what else is no number is refused by `phones`."""
        return ""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return phones.parse(text)
        except phones.PhoneFault as fault:
            raise ValidationError(str(fault), code="invalid") from fault


class ContactField(PhoneField):
    """How to reach somebody: gives an e-mail address, or a `phones.Phone`; None where nothing was typed."""

    def clean(self, value: Any) -> Any:
        return EmailField(max_length=254).clean(value) if "@" in str(value or "") else super().clean(value)
