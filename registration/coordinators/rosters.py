"""The list of coordinators as staff keep it in a spreadsheet: a place, a name, an e-mail address, a phone a row."""

from dataclasses import dataclass

from django.utils.translation import override

from registration.models import Province, Quota
from registration.nominations.columns import Why
from registration.nominations.doubts import in_words
from registration.nominations.headings import Meaning
from registration.nominations.layouts import propose_layouts
from registration.nominations.nominees import Doubt, Fate, ReadNominee
from registration.nominations.rows import read_people
from registration.people.names import Name
from registration.people.text import fault_of
from registration.spreadsheets.tables import Sheet, Unseen
from sessions.models import Workshop

#: What a list may say of people and nobody asks of a coordinator.
NOT_OF_A_COORDINATOR = frozenset(
    {
        Meaning.UNUSED, Meaning.POSITION, Meaning.ORGANISATION, Meaning.ORGANISATION_SHORT, Meaning.GROUP, Meaning.DAY,
        Meaning.POSITION_AND_ORGANISATION,
    }
)  # fmt: skip
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
    #: What the file says about them that somebody has to look at, and whether it takes them back.
    doubts: tuple[str, ...] = ()
    remark: str = ""
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class CoordinatorRoster:
    """A spreadsheet as it was understood: its rows, the lines that are no person, and the columns that are not used."""

    entries: list[RosterEntry]
    remarks: list[tuple[str, int, str]]
    unused: list[str]
    #: Whether a formula stands in it whose result was never computed, so that a cell looks empty.
    lacks_results: bool = False


def roster_in(sheets: list[Sheet]) -> CoordinatorRoster:
    """What a spreadsheet says. Raises SpreadsheetFault, in words for whoever sent it."""
    layouts = propose_layouts(sheets)
    found = read_people(sheets, layouts)
    columns = [column for layout in layouts for column in layout.columns]
    unused = [c.heading for c in columns if c.meaning in NOT_OF_A_COORDINATOR and c.heading and c.why is not Why.NUMBERS]
    lacks_results = any(Unseen.RESULTS in sheet.unseen for sheet in sheets)
    return CoordinatorRoster([_entry(nominee) for nominee in found.nominees], found.remarks, list(dict.fromkeys(unused)), lacks_results)


def _entry(nominee: ReadNominee) -> RosterEntry:
    values = nominee.values
    asked = [in_words(kind, said, values) for kind, said in nominee.doubts if kind is not Doubt.ADDRESS]  # the row's form asks that
    doubts = [" ".join(filter(None, (one.words, one.said))) for one in asked]
    faults = [f"{text}: {fault}" for text in (values["title"], values["first_name"], values["last_name"]) if (fault := fault_of(text))]
    return RosterEntry(
        sheet=nominee.sheet,
        line=nominee.line,
        place=values["province"],
        name="" if faults or not values["first_name"] else Name(values["title"], values["first_name"], values["last_name"]).text(),
        email=values["email"],
        phone=values["phone"],
        doubts=(*faults, *doubts),
        remark=nominee.remark,
        is_left_out=nominee.fate is Fate.LEAVE_OUT,
    )


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
