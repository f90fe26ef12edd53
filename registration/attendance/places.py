"""Which provinces the name of a connection says: the meeting room of a provincial hall bears its province's."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from registration.models import Province, Quota
from sessions.models import Workshop

#: What stands right before the name of a province in the name of a room.
_BEFORE = r"(?:\S*(?:จังหวัด|จ\.|อบจ\.?|ศาลากลาง|พมจ\.?|สนจ\.?|สำนักงาน|ห้องประชุม|hall|room))?"


def names_of(province: Province | None) -> list[str]:
    if province is None:
        return []
    return [name for name in (province.name_th, province.name_en, *province.aliases.split("|")) if name]


def says_place(text: str, names: Iterable[str]) -> bool:
    """Whether one of `names` stands in `text` as a word of its own, or behind what a room or an office is called."""
    pattern = "|".join(re.escape(name) for name in names)
    return bool(pattern and re.search(rf"(?:^|[\s_,/|()\[\]-]){_BEFORE}(?:{pattern})(?=$|[\s_,/|()\[\]0-9-])", text, re.I))


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """What the places of a workshop are called, by quota."""

    names: dict[int, list[str]]

    @classmethod
    def of(cls, workshop: Workshop) -> "PlaceNames":
        """One query."""
        quotas = Quota.objects.filter(workshop=workshop, province__isnull=False).select_related("province").order_by("pk")
        return cls({quota.pk: names_of(quota.province) for quota in quotas})

    @property
    def digest(self) -> str:
        """Another one as soon as any place is called otherwise."""
        return hashlib.sha256(json.dumps(self.names, sort_keys=True).encode()).hexdigest()

    def said_by(self, text: str) -> set[int]:
        """Quotas whose name stands in `text`."""
        folded = text.casefold()
        near = [(key, names) for key, names in self.names.items() if any(name.casefold() in folded for name in names)]
        return {key for key, names in near if says_place(text, names)}
