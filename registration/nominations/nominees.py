"""A row with a person as it was read, and what the file says about them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

FIELDS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "email", "phone", "group", "province")


class Doubt(StrEnum):
    """What the file says about a person so that somebody has to look."""

    HIDDEN = "hidden"
    STRUCK = "struck"
    PARTLY_STRUCK = "partly_struck"
    CANCELLED = "cancelled"
    RESERVE = "reserve"
    NO_PERSON = "no_person"
    NAME = "name"
    SEVERAL_NUMBERS = "several_numbers"
    SEVERAL_ADDRESSES = "several_addresses"
    ADDRESS = "address"
    NO_DAY = "no_day"
    PROVINCE = "province"


class Fate(StrEnum):
    """What is proposed to do with a row."""

    USE = "use"
    RESERVE = "reserve"
    LEAVE_OUT = "leave_out"


#: What the file itself takes back, or what is no person, is left out at once, and stands among the rows that are not used.
_LEFT_OUT = frozenset({Doubt.STRUCK, Doubt.CANCELLED, Doubt.NO_PERSON})


@dataclass(frozen=True, slots=True)
class ReadNominee:
    """A row with a person: where it stands, its values by field, what else stood there, and the doubts as (kind, words of the file)."""

    sheet: str
    line: int
    values: dict[str, str]
    remark: str = ""
    doubts: tuple[tuple[Doubt, str], ...] = ()

    @property
    def fate(self) -> Fate:
        kinds = {kind for kind, _said in self.doubts}
        if kinds & (_LEFT_OUT | {Doubt.HIDDEN}):
            return Fate.LEAVE_OUT
        return Fate.RESERVE if Doubt.RESERVE in kinds else Fate.USE

    @property
    def is_left_out(self) -> bool:
        return any(kind in _LEFT_OUT for kind, _said in self.doubts)
