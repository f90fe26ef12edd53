"""What a request got wrong, field by field: pydantic's findings, and those of our own forms, in one shape and in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.api.problems import FieldError
from registration.forms.questions import OPEN_QUESTION

#: By the beginning of pydantic's names; what is none of them is said in general.
WORDS: dict[str, "str | Promise"] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("Nothing of this name is known here."),
    "enum": _("This is none of the values that are possible."),
    "literal": _("This is none of the values that are possible."),
    "string_too_long": _("This is too long."),
    "too_long": _("These are too many."),
    "greater_than": _("This number is too small."),
    "less_than": _("This number is too large."),
    "": _("This is not in the form that is asked for."),
}
#: Names of what was sent are data from outside: no longer than this, and plain.
MAX_NAME = 60


def in_words(errors: Iterable[dict[str, Any]]) -> list[FieldError]:
    """`errors` as pydantic tells them; nothing of what was sent is repeated but the plain names of its fields."""
    return [{"field": _field(error["loc"]), "code": str(error["type"]), "message": _words(str(error["type"]))} for error in errors]


def of_form(form: forms.BaseForm, names: Mapping[str, str]) -> list[FieldError]:
    """What is wrong with a form of the pages; `names` are those that the API has for its fields. What it asks about is a fault too."""
    found: list[FieldError] = []
    for name, faults in form.errors.as_data().items():
        field = "tracks" if name.startswith("track_") else names.get(name, name)
        for fault, words in zip(faults, form.errors[name], strict=True):
            if fault.code != OPEN_QUESTION:
                found.append({"field": field, "code": fault.code or "invalid", "message": str(words)})
    for question in getattr(form, "open_questions", {}).values():
        asked = " ".join(part for part in (question.words, question.proposed) if part)
        found.append({"field": question.field, "code": OPEN_QUESTION, "message": asked})
    return found


def _field(where: Iterable[object]) -> str:
    _source, *names = where
    plain = [str(name)[:MAX_NAME].encode("ascii", "replace").decode() for name in names]
    return ".".join(name for name in plain if name.isprintable() and name not in ("payload", "asked"))


def _words(kind: str) -> str:
    return str(next(words for beginning, words in WORDS.items() if kind.startswith(beginning)))
