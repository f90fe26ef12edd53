"""What several answers are made of."""

from typing import Any

from ninja import Schema

#: Of Thailand's clock, like 09:30.
HOURS = "%H:%M"


class Text(Schema):
    """In both languages; the Thai one also where no English one was written."""

    th: str
    en: str

    @classmethod
    def of(cls, row: Any, name: str) -> "Text":
        thai, english = getattr(row, f"{name}_th"), getattr(row, f"{name}_en")
        return cls(th=thai, en=english or thai)
