"""Columns that clean what is written into them."""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import models

from sessions.text import clean_paragraphs, clean_text

if TYPE_CHECKING:
    Chars: TypeAlias = models.CharField[str, str]
    Text: TypeAlias = models.TextField[str, str]
else:  # only the type checker's fields take types
    Chars, Text = models.CharField, models.TextField


class LineField(Chars):
    """A column that keeps one clean line, whoever writes it: a form, the admin, an import or a program.

    It is cleaned before its length is checked: normal form C makes some letters longer, and nothing is cut.
    To migrations it is a plain CharField: what the database does is the same.
    """

    def to_python(self, value: Any) -> Any:
        """Django asks this too before it writes or looks up."""
        text = super().to_python(value)
        return clean_text(text) if isinstance(text, str) else text

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class ParagraphsField(Text):
    """As `LineField`, for several lines."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return clean_paragraphs(prepared) if isinstance(prepared, str) else prepared

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
