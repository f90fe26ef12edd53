"""What the page of a list of nominees shows: its numbers, and a page of its rows, those to be looked at with what is proposed."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from registration.desk.forms.nominee import Judge, NomineeForm
from registration.models import NominationFile, Nominee, Participant
from registration.nominations.actions import unanswered
from registration.nominations.doubts import DoubtInWords, in_words
from registration.nominations.known import Known, known_addresses
from registration.nominations.matching import repeated
from registration.people.phones import readable
from registration.selection.actions.drafts import takes_reserve
from sessions.formats import date_short
from sessions.models import StakeholderGroup

PAGE = 25
State = Nominee.State

#: What may be shown, by the word in the address.
SHOWN: dict[str, tuple[State, ...]] = {
    "look": (State.DOUBTFUL, State.FAULTY),
    "ready": (State.READY,),
    "reserve": (State.RESERVE,),
    "left_out": (State.LEFT_OUT,),
    "done": (State.INVITED, State.REGISTERED, State.WAITING, State.KNOWN, State.FULL),
}


@dataclass(slots=True)
class ReviewRow:
    """A row of the file. `form` where it is to be corrected; `twin` is the line of an earlier row with the same address."""

    nominee: Nominee
    group: StakeholderGroup | None
    known: Known | None
    twin: int | None
    form: NomineeForm | None
    missing: list[str]
    doubts: list[DoubtInWords]
    days: list[str]

    @property
    def shown(self) -> dict[str, str]:
        """What will be kept of the person, byte for byte; what stands in the file where nothing can be kept yet."""
        return self.nominee.person or self.nominee.values

    @property
    def name(self) -> str:
        return Participant(**{name: self.shown.get(name, "") for name in ("title", "first_name", "last_name")}).full_name

    @property
    def phone(self) -> str:
        person = self.nominee.person
        return readable(person["phone"], person["phone_extension"]) if person.get("phone") else ""

    @property
    def useless_phone(self) -> str:
        return self.nominee.values.get("phone", "") if self.nominee.person and not self.nominee.person.get("phone") else ""

    @property
    def unknown_group(self) -> str:
        return "" if self.group else self.nominee.values.get("group", "")

    @property
    def is_repeated(self) -> bool:
        """Whether nothing will come of a row that is ready, because its address is known already."""
        return self.nominee.state == State.READY and (self.known is not None or self.twin is not None)


@dataclass(slots=True)
class RowQuestion:
    """Rows about which the file says the same: asked about once."""

    rows: list[ReviewRow]
    asked: list[DoubtInWords] = field(default_factory=list)

    @property
    def places(self) -> list[int]:
        return [row.nominee.place for row in self.rows]

    @property
    def first(self) -> ReviewRow:
        return self.rows[0]


@dataclass(slots=True)
class Review:
    """The numbers of a file, and a page of its rows."""

    counts: dict[str, int]
    show: str
    page: Page
    rows: list[ReviewRow]
    remarks: list[Any]
    known: int
    seats_left: int | None
    to_invite: int
    to_register: int
    #: Whether the province selects, and how many rows in reserve would come along for the reserve of its selection, at once or at all.
    selects: bool
    to_reserve: int
    to_reserve_at_once: int
    groups: list[StakeholderGroup]
    incomplete: int
    came: int
    answered: list[str]

    @property
    def ready(self) -> int:
        return self.counts["ready"]

    @property
    def beyond(self) -> int:
        return 0 if self.seats_left is None else max(0, self.to_invite - self.seats_left)

    @property
    def questions(self) -> list[RowQuestion]:
        doubtful = [row for row in self.rows if row.nominee.state == State.DOUBTFUL and row.form is None]
        return [
            RowQuestion(list(rows), list(rows_asked))
            for rows_asked, rows in ((key, list(found)) for key, found in groupby(doubtful, key=lambda row: tuple(row.doubts)))
        ]

    @property
    def faulty(self) -> list[ReviewRow]:
        return [row for row in self.rows if row.form is not None]

    @property
    def listed(self) -> list[ReviewRow]:
        return [row for row in self.rows if row.form is None and row.nominee.state != State.DOUBTFUL]


def review(file: NominationFile, asked: QueryDict) -> Review:
    """What `asked` (a query string) wants to see of `file`. A constant number of queries."""
    briefly = list(file.nominees.order_by("place").values_list("place", "line", "email", "state", "is_complete"))
    states = Counter(state for _p, _l, _e, state, _c in briefly)
    counts = {name: sum(states[state] for state in wanted) for name, wanted in SHOWN.items()}
    show = _shown(asked, counts)
    rows = file.nominees.order_by("place").select_related("participant", "invitation")
    page = Paginator(rows.filter(state__in=SHOWN[show]) if show in SHOWN else rows, PAGE).get_page(asked.get("page"))
    known = known_addresses(file.quota, [email for _p, _l, email, _s, _c in briefly])
    twins = _twins(briefly)
    fresh = [(state, complete) for place, _l, email, state, complete in briefly if email not in known and place not in twins]
    new = [complete for state, complete in fresh if state in (State.READY, State.FULL)]
    reserve = [complete for state, complete in fresh if state == State.RESERVE]
    selects = takes_reserve(file.quota)
    judge = Judge(file.quota)
    waiting, answered = unanswered(file) if file.mode else ([], [])
    return Review(
        counts=counts | {"all": len(briefly)},
        show=show,
        page=page,
        rows=_rows(judge, list(page), known, twins, asked.get("edit", "")),
        remarks=file.remarks,
        known=sum(1 for _p, _l, email, state, _c in briefly if state == State.READY and email in known),
        seats_left=file.quota.left,
        to_invite=len(new),
        to_register=sum(new),
        selects=selects,
        to_reserve=len(reserve) if selects else 0,
        to_reserve_at_once=sum(reserve) if selects else 0,
        groups=judge.groups,
        incomplete=sum(1 for _p, _l, _e, state, complete in briefly if state == State.READY and not complete),
        came=len(waiting) + len(answered),
        answered=[_full_name(nominee) for nominee in answered],
    )


def _shown(asked: QueryDict, counts: dict[str, int]) -> str:
    """What was asked for; else the first of those that hold anything, in the order in which they want a hand."""
    show = asked.get("show", "")
    if show in SHOWN or show == "all":
        return show
    return next((name for name in ("look", "ready", "done", "reserve", "left_out") if counts[name]), "all")


def _full_name(nominee: Nominee) -> str:
    return Participant(**{name: nominee.person.get(name, "") for name in ("title", "first_name", "last_name")}).full_name


def _twins(briefly: list[tuple[int, int, str, str, bool]]) -> dict[int, int]:
    kept = [(place, line, email) for place, line, email, state, _complete in briefly if state != State.LEFT_OUT]
    again = repeated([email for _place, _line, email in kept])
    return {kept[index][0]: kept[first][1] for index, first in again.items()}


def _rows(judge: Judge, nominees: list[Nominee], known: dict[str, Known], twins: dict[int, int], edit: str) -> list[ReviewRow]:
    by_code = {group.code: group for group in judge.groups}
    rows = []
    for nominee in nominees:
        is_edited = nominee.is_open and edit == str(nominee.place)
        form = None
        if is_edited:
            form = NomineeForm.of(nominee, judge.groups)
        elif nominee.state == State.FAULTY:
            form = NomineeForm.of(nominee, judge.groups, only=judge.judge(nominee.values).faults)
        group = by_code.get(nominee.values.get("group", ""))
        rows.append(
            ReviewRow(
                nominee=nominee,
                group=group,
                known=known.get(nominee.email) if nominee.is_open else None,
                twin=twins.get(nominee.place) if nominee.is_open else None,
                form=form,
                missing=_missing(nominee, judge),
                doubts=[in_words(kind, said, nominee.values, nominee.person) for kind, said in nominee.doubts],
                days=[date_short(dt.date.fromisoformat(day)) for day in nominee.values.get("days", "").split()],
            )
        )
    return rows


def _missing(nominee: Nominee, judge: Judge) -> list[str]:
    if nominee.is_complete or not nominee.person:
        return []
    missing = judge.judge(nominee.values).missing
    names = [str(NomineeForm.base_fields[name].label) for name in missing if name in NomineeForm.base_fields]
    return [*names, _("the consent of a parent or guardian")] if "guardian_name" in missing else names
