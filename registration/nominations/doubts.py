"""What a file says about a person, in words, and what is proposed about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registration.nominations.nominees import Doubt
from registration.people.names import Name


@dataclass(frozen=True, slots=True)
class DoubtInWords:
    """A doubt in words: what the file says, and the words of it."""

    kind: str
    words: str
    said: str
    likely: str = ""


def in_words(kind: str, said: str, values: Mapping[str, str], person: Mapping[str, str] | None = None) -> DoubtInWords:
    """A doubt about a row of these `values`, of which `person` is what would be kept; and what is proposed about it."""
    person = person or values
    name = Name(person.get("title", ""), person.get("first_name", ""), person.get("last_name", "")).text()
    no_last = _("without a family name") if values.get("no_last_name") or not person.get("last_name") else ""
    words = {
        Doubt.HIDDEN: _("This row is hidden in the file, or filtered out."),
        Doubt.STRUCK: _("The name is struck through in the file."),
        Doubt.PARTLY_STRUCK: _("Part of the cell is struck through in the file. What is not is used."),
        Doubt.CANCELLED: _("The file says:"),
        Doubt.RESERVE: _("The file puts this person in reserve:"),
        Doubt.NO_PERSON: _("This is a line beneath the list, not a person."),
        Doubt.NAME: _("Is the name %(name)s?") % {"name": " ".join(filter(None, (name, f"({no_last})" if no_last else "")))},
        Doubt.SEVERAL_NUMBERS: _("Several phone numbers: %(phone)s is used, the others are kept as a remark.")
        % {"phone": values.get("phone", "")},
        Doubt.SEVERAL_ADDRESSES: _("Several e-mail addresses: %(email)s is used, the others are kept as a remark.")
        % {"email": values.get("email", "")},
        Doubt.ADDRESS: _("%(email)s: is %(likely)s meant?") % {"email": values.get("email", ""), "likely": said},
        Doubt.NO_DAY: _("No day is ticked for this person. Registered at once, they come on all days."),
        Doubt.PROVINCE: _("In the file this row belongs to another province:"),
    }
    is_address = kind == Doubt.ADDRESS
    known = words.get(Doubt(kind), "") if kind in set(Doubt) else ""
    return DoubtInWords(kind, known, "" if is_address else said, likely=said if is_address else "")
