"""What a report says, before anybody is looked for in it."""

from dataclasses import dataclass, field
from enum import StrEnum


class ReportKind(StrEnum):
    """The shapes that were seen, of 2020 to 2026."""

    ZOOM_WEBINAR = "zoom_webinar"
    ZOOM_FLAT = "zoom_flat"
    ZOOM_MEETING = "zoom_meeting"
    ZOOM_LINES = "zoom_lines"
    ZOOM_POLL = "zoom_poll"
    ZOOM_QUESTIONS = "zoom_questions"
    TEAMS = "teams"
    TEAMS_EVENTS = "teams_events"
    TEAMS_LIVE = "teams_live"


class Role(StrEnum):
    ATTENDEE = "attendee"
    HOST = "host"
    PANELIST = "panelist"


@dataclass(frozen=True, slots=True)
class Stay:
    """A row about somebody who was there. Times are text yet: their order and zone are not known.

    `seconds` is what the file itself says. `is_sum` where it is the sum of several stays, whose times are not in the file.
    `registered_as` is the name that the organiser handed over, where the file has it.
    """

    name: str
    email: str = ""
    role: Role = Role.ATTENDEE
    joined: str = ""
    left: str = ""
    seconds: int | None = None
    is_sum: bool = False
    registered_as: str = ""
    #: Zoom's key of their registration; only a report that was fetched by its API has it.
    registrant: str = ""


@dataclass(slots=True)
class Report:
    kind: ReportKind
    topic: str = ""
    number: str = ""
    #: When the meeting began, as text; empty where the file does not say.
    began: str = ""
    stays: list[Stay] = field(default_factory=list)
    no_shows: int = 0
    #: Rows that name somebody but no time.
    left_out: int = 0
    #: Headings of columns that nothing is read from, in the file's order.
    unused: list[str] = field(default_factory=list)
    is_utc: bool = False


class Missing(StrEnum):
    """Why nobody can be counted by a file."""

    UNKNOWN = "unknown"
    POLL = "poll"  # nobody answered it
    QUESTIONS = "questions"  # nobody asked anything
    NO_TIMES = "no_times"
    NOBODY = "nobody"


class ReportRefused(ValueError):
    """The file is no report by which anybody can be counted; `kind` is what was recognised, if anything."""

    def __init__(self, missing: Missing, kind: ReportKind | None = None, headings: tuple[str, ...] = ()) -> None:
        super().__init__(missing.value)
        self.missing = missing
        self.kind = kind
        self.headings = headings
