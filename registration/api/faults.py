"""What a request got wrong, field by field: pydantic's findings, and those of our own forms, in one shape and in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.api.problems import FieldError

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


def _field(where: Iterable[object]) -> str:
    _source, *names = where
    plain = [str(name)[:MAX_NAME].encode("ascii", "replace").decode() for name in names]
    return ".".join(name for name in plain if name.isprintable() and name not in ("payload", "asked"))


def _words(kind: str) -> str:
    return str(next(words for beginning, words in WORDS.items() if kind.startswith(beginning)))
