"""What is known of a person, in the form in which it is kept: one cleaning for whoever registers, is invited or corrected."""

from collections.abc import Mapping
from typing import cast

from django.db.models import CharField

from registration.models import Participant
from registration.people.names import means_no_last_name, written_out
from registration.people.text import kept, means_nothing

#: Where a dash is how somebody leaves a place empty.
MAY_BE_EMPTY = {"position", "organisation_short", "phone_extension"}


def as_kept(known: Mapping[str, str]) -> dict[str, str]:
    """`known` by the participant's columns, cleaned; "-" is no family name, and the phone (E.164) is left as it is.

    Raises TextRefused where something cannot be kept.
    """
    return {name: _as_kept(name, text) for name, text in known.items()}


def _as_kept(name: str, text: str) -> str:
    if (name == "last_name" and means_no_last_name(text)) or (name in MAY_BE_EMPTY and means_nothing(text)):
        return ""
    if name == "phone":  # it begins with +
        return text
    text = kept(name, text, room=_room(name))
    return written_out(text) if name == "title" else text


def _room(field: str) -> int:
    return cast(CharField, Participant._meta.get_field(field)).max_length or 0
