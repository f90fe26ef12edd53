"""What somebody says who registers: themselves, what they choose, by which door they come, and what they agreed to."""

from dataclasses import asdict, dataclass
from uuid import UUID

from registration.models import Invitation, Quota
from registration.people.names import match_key
from registration.people.particulars import as_kept
from sessions import thai
from sessions.models import StakeholderGroup, Track, Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class Person:
    """What a person says of themselves: e-mail in lower case, phone in E.164 (`+6622804085`).

    Whoever makes one (a form, a file, a program), its words are cleaned here, and "-" is no family name. Raises TextRefused.
    """

    title: str
    first_name: str
    last_name: str
    position: str
    organisation: str
    organisation_short: str
    email: str
    phone: str
    phone_extension: str = ""

    def __post_init__(self) -> None:
        for name, text in as_kept(asdict(self)).items():
            object.__setattr__(self, name, text)

    def fields(self) -> dict[str, str]:
        first, last = self.first_name, self.last_name
        return {**asdict(self), "sort_key": thai.sort_key(f"{first} {last}"), "name_key": match_key(first, last)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What somebody applies for. `tracks` carry their `quota`; `waitlist_ok`: they wait where no seat is left."""

    quota: Quota
    group: StakeholderGroup
    days: tuple[WorkshopDay, ...]
    tracks: tuple[Track, ...] = ()
    waitlist_ok: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """By which door, in which language ("th" or "en").

    The same `submission` again gives the registration that it made. `link` is the quota whose general link somebody
    followed; `invitation` the one that they answer. `by_contact`: the address is that of somebody who passes mail on to
    them, as a coordinator or staff may say.
    """

    submission: UUID
    language: str
    link: Quota | None = None
    invitation: Invitation | None = None
    by_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was said of the data, and who agreed where that is asked (PDPA section 20).

    `read_out`: they did not read the notice of this `version` but heard it. `guardian` is the parent or guardian who
    agreed, told at `guardian_email` or called at `guardian_phone`; `of_age`: the person is twenty or older, so that nobody has to.
    """

    version: str
    read_out: bool = False
    guardian: str = ""
    guardian_email: str = ""
    guardian_phone: str = ""
    of_age: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Everything that a registration is made of. `calendar`: the workshop's days with their hours, where they were read already."""

    workshop: Workshop
    calendar: tuple[WorkshopDay, ...] | None = None
    person: Person
    choices: Choices
    entry: Entry
    notice: Notice


def asks_for_guardian(group: StakeholderGroup, *, of_age: bool) -> bool:
    """Whether somebody of `group` comes only if a parent or guardian agrees (PDPA section 20); `of_age`: they are twenty or older."""
    return group.needs_guardian and not of_age
