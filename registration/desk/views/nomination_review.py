"""What the page of a list of nominees shows: its numbers, and a page of its rows."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from registration.desk.forms.nominee import Judge, NomineeForm
from registration.models import NominationFile, Nominee, Participant
from registration.nominations.known import Known, known_addresses
from registration.nominations.matching import repeated
from registration.people.actions.registrations import asks_for_guardian
from registration.seats.groups import groups_of
from sessions.models import StakeholderGroup

PAGE = 25
State = Nominee.State

#: What may be shown, by the word in the address.
SHOWN: dict[str, tuple[State, ...]] = {
    "faulty": (State.FAULTY,),
    "ready": (State.READY,),
    "left_out": (State.LEFT_OUT,),
    "done": (State.INVITED, State.REGISTERED, State.WAITING, State.KNOWN, State.FULL),
}


@dataclass(slots=True)
class Row:
    """A row of the file. `form` where it is to be corrected; `twin` is the line of an earlier row with the same address."""

    nominee: Nominee
    group: StakeholderGroup | None
    known: Known | None
    twin: int | None
    form: NomineeForm | None
    missing: list[str]
    other_province: str

    @property
    def name(self) -> str:
        return Participant(**{name: self.nominee.values[name] for name in ("title", "first_name", "last_name")}).full_name

    @property
    def is_repeated(self) -> bool:
        """Whether nothing will come of a row that is ready, because its address is known already."""
        return self.nominee.state == State.READY and (self.known is not None or self.twin is not None)


@dataclass(slots=True)
class Review:
    """The numbers of a file, and a page of its rows."""

    counts: dict[str, int]
    show: str
    page: Page
    rows: list[Row]
    remarks: list[Any]
    known: int
    seats_left: int | None
    to_invite: int
    to_register: int

    @property
    def ready(self) -> int:
        return self.counts["ready"]

    @property
    def beyond(self) -> int:
        """How many of those who could be invited would find no seat."""
        return 0 if self.seats_left is None else max(0, self.to_invite - self.seats_left)


def review(file: NominationFile, asked: QueryDict) -> Review:
    """What `asked` (a query string) wants to see of `file`. A constant number of queries."""
    briefly = list(file.nominees.order_by("place").values_list("place", "line", "email", "state", "is_complete"))
    states = Counter(state for _p, _l, _e, state, _c in briefly)
    counts = {name: sum(states[state] for state in wanted) for name, wanted in SHOWN.items()}
    show = asked.get("show", "")
    if show not in SHOWN:
        show = "faulty" if counts["faulty"] and not show else "all"
    rows = file.nominees.order_by("place").select_related("participant", "invitation")
    page = Paginator(rows.filter(state__in=SHOWN[show]) if show in SHOWN else rows, PAGE).get_page(asked.get("page"))
    known = known_addresses(file.quota, [email for _p, _l, email, _s, _c in briefly])
    duplicates = _same_names(briefly)
    new = [(place, complete) for place, _l, email, state, complete in briefly if _is_new(state, email, known) and place not in duplicates]
    return Review(
        counts=counts | {"all": len(briefly)},
        show=show,
        page=page,
        rows=_rows(file, list(page), known, duplicates, asked.get("edit", "")),
        remarks=file.remarks,
        known=sum(1 for _p, _l, email, state, _c in briefly if state == State.READY and email in known),
        seats_left=file.quota.left,
        to_invite=len(new),
        to_register=sum(1 for _place, complete in new if complete),
    )


def one_row(file: NominationFile, nominee: Nominee) -> Row:
    """A single row, as it is after a change."""
    duplicates = _same_names(list(file.nominees.order_by("place").values_list("place", "line", "email", "state", "is_complete")))
    (row,) = _rows(file, [nominee], known_addresses(file.quota, [nominee.email]), duplicates, "")
    return row


def _is_new(state: str, email: str, known: dict[str, Known]) -> bool:
    return state in (State.READY, State.FULL) and email not in known


def _same_names(briefly: list[tuple[int, int, str, str, bool]]) -> dict[int, int]:
    """By place: the line of the first row with the same address, for rows that repeat it. Rows that are left out do not count."""
    kept = [(place, line, email) for place, line, email, state, _complete in briefly if state != State.LEFT_OUT]
    again = repeated([email for _place, _line, email in kept])
    return {kept[index][0]: kept[first][1] for index, first in again.items()}


def _rows(file: NominationFile, nominees: list[Nominee], known: dict[str, Known], duplicates: dict[int, int], edit: str) -> list[Row]:
    groups = groups_of(file.quota)
    by_code = {group.code: group for group in groups}
    judge = Judge(file.quota)
    rows = []
    for nominee in nominees:
        opened = nominee.state == State.FAULTY or (nominee.is_open and edit == str(nominee.place))
        form = NomineeForm.of(nominee, groups) if opened else None
        other = nominee.values["province"] if judge.is_of_another_province(nominee.values) else ""
        rows.append(
            Row(
                nominee=nominee,
                group=by_code.get(nominee.values["group"]),
                known=known.get(nominee.email) if nominee.is_open else None,
                twin=duplicates.get(nominee.place) if nominee.is_open else None,
                form=form,
                missing=_missing(nominee, by_code.get(nominee.values["group"])),
                other_province=other,
            )
        )
    return rows


def _missing(nominee: Nominee, group: StakeholderGroup | None) -> list[str]:
    """What is still needed to register somebody who may be invited already; as the form calls it."""
    if nominee.is_complete or not nominee.person:
        return []
    names = ("title", "first_name", "last_name", "organisation", "phone", "group")
    missing = [str(NomineeForm.base_fields[name].label) for name in names if not nominee.person.get(name)]
    return [*missing, _("the agreement of a parent or guardian")] if group and asks_for_guardian(group, of_age=False) else missing
