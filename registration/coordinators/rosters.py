"""The list of coordinators as staff keep it in a spreadsheet: a place, a name, an e-mail address, a phone a row."""

from dataclasses import dataclass

from django.utils.translation import override

from registration.models import Province, Quota
from registration.nominations.layouts import propose_layouts
from registration.nominations.rows import read_people
from registration.spreadsheets.tables import Sheet
from sessions.models import Workshop

#: How people write the central agencies.
CENTRAL = ("central", "ส่วนกลาง", "หน่วยงานส่วนกลาง", "central agencies")


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A row as it was understood; nothing of it is checked."""

    sheet: str
    line: int
    place: str
    name: str
    email: str
    phone: str


def roster_in(sheets: list[Sheet]) -> list[RosterEntry]:
    """The rows of a spreadsheet. Raises SpreadsheetFault, in words for whoever sent it."""
    return [
        RosterEntry(
            sheet=row.sheet,
            line=row.line,
            place=row.values["province"],
            name=f"{row.values['title']}{row.values['first_name']} {row.values['last_name']}".strip(),
            email=row.values["email"],
            phone=row.values["phone"],
        )
        for row in read_people(sheets, propose_layouts(sheets)).nominees
        if not row.is_left_out
    ]


def quotas_by_name(workshop: Workshop) -> dict[str, Quota]:
    """The seat quotas of `workshop` by every name that people give their place, in small letters. One query."""
    named = {}
    for quota in workshop.quotas.seats().select_related("province", "workshop"):
        for name in _names(quota.province) if quota.province else CENTRAL:
            named[name.casefold()] = quota
    return named


def _names(province: Province) -> list[str]:
    return [province.code, province.name_th, province.name_en, *(alias for alias in province.aliases.split("|") if alias)]


def quota_named(text: str, named: dict[str, Quota]) -> Quota | None:
    """Which of `quotas_by_name` is meant by `text`; "จังหวัด" and "จ." before the name do not matter."""
    return named.get(text.strip().removeprefix("จังหวัด").removeprefix("จ.").strip().casefold())


def thai_name(quota: Quota) -> str:
    with override("th"):
        return quota.name
