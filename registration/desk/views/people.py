"""The list of a desk: what was asked for, one page of it, and one person with all that is known."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import QueryDict

from registration.choices import ENDED, SEAT_HOLDING, DecisionName, State
from registration.decisions.commands import DECISIONS
from registration.decisions.delayed import next_in_line, open_decisions
from registration.desk.forms.people import PeopleForm, ShownList, SortOrder
from registration.models import Attendance, DelayedDecision, Participant, Quota
from registration.models.participant import ParticipantQuerySet
from registration.people.filters import MAILBOX, UNOPENED, filtered
from registration.people.search import search
from registration.seats import quotas
from registration.security.mailboxes import shared_mailboxes
from sessions import thai
from sessions.models import WorkshopDay

PAGE = 50


@dataclass(slots=True)
class DeskRow:
    """A person, and what can be decided about them as things stand."""

    person: Participant
    place: int | None = None
    free: int | None = 0
    is_unopened: bool = False
    #: What was decided about them and is not in effect yet.
    decision: DelayedDecision | None = None
    #: Who would get their seat.
    heir: Participant | None = None
    #: Nobody gets a seat any more.
    is_over: bool = False
    #: Each day that is counted, and the minutes there.
    attended: list[tuple[WorkshopDay, int]] = field(default_factory=list)
    #: So many registrations, theirs among them, have one mailbox.
    from_mailbox: int = 0

    @property
    def key(self) -> str:
        return f"{self.person.code}:{self.person.state}"

    def _can(self, command: DecisionName) -> bool:
        return self.decision is None and DECISIONS[command].leads_somewhere(self.person, is_over=self.is_over)

    @property
    def can_approve(self) -> bool:
        return self._can(DecisionName.APPROVE)

    @property
    def can_decline(self) -> bool:
        return self._can(DecisionName.DECLINE)

    @property
    def can_cancel(self) -> bool:
        return self._can(DecisionName.CANCEL)

    @property
    def can_move_up(self) -> bool:
        return self._can(DecisionName.MOVE_UP) and self.free != 0

    @property
    def can_swap(self) -> bool:
        return self._can(DecisionName.MOVE_UP)

    @property
    def waits(self) -> bool:
        return self.person.state == State.WAITLISTED

    @property
    def can_put_back(self) -> bool:
        return self._can(DecisionName.PUT_BACK)

    @property
    def is_gone(self) -> bool:
        return self.person.state in ENDED


@dataclass(slots=True)
class People:
    """One page of those who were asked for."""

    form: PeopleForm
    page: Page
    rows: list[DeskRow]
    #: Everybody on the page is ticked already.
    all_picked: bool = False
    #: So many people of the place share their mailbox with others of it.
    sharing_mailboxes: int = 0

    @property
    def query(self) -> str:
        return self.form.query()

    @property
    def query_of_all(self) -> str:
        return self.form.query(page="")

    @property
    def query_picked(self) -> str:
        return self.form.query(pick="all")

    @property
    def headings(self) -> list["SortHeading"]:
        labels = dict(ShownList.choices)
        return [SortHeading(key, str(labels[key]), ORDERS.get(key), self.form) for key in self.form.shown if key != ShownList.POSITION]

    @property
    def name_heading(self) -> "SortHeading":
        return SortHeading("name", str(SortOrder.NAME.label), SortOrder.NAME, self.form)

    @property
    def can_approve(self) -> bool:
        return any(row.can_approve for row in self.rows)

    @property
    def can_move_up(self) -> bool:
        return any(row.can_move_up for row in self.rows)

    @property
    def can_put_back(self) -> bool:
        return any(row.can_put_back for row in self.rows)

    @property
    def can_decline(self) -> bool:
        return any(row.can_decline for row in self.rows)


#: By which column the list can be sorted.
ORDERS = {
    ShownList.ORGANISATION.value: SortOrder.ORGANISATION,
    ShownList.GROUP.value: SortOrder.GROUP,
    ShownList.STATE.value: SortOrder.STATE,
}
ORDERS |= {ShownList.DATE.value: SortOrder.DATE}


@dataclass(frozen=True, slots=True)
class SortHeading:
    """A heading of the list; by some the list can be sorted."""

    key: str
    words: str
    order: SortOrder | None
    form: PeopleForm

    @property
    def is_order(self) -> bool:
        return self.order is not None and self.form.order == self.order

    @property
    def query(self) -> str:
        assert self.order is not None
        return self.form.query(sort=self.order.value, page="")


def people_of(quota: Quota, asked: QueryDict, free: int | None, *, is_over: bool = False) -> People:
    """The page of the list of `quota` that `asked` (a query string) means. `free` seats are left; None: no limit.

    When the workshop `is_over`, nobody gets a seat any more.
    """
    form = PeopleForm(asked, quota)
    page = Paginator(keys_in_order(quota, form), PAGE).get_page(asked.get("page"))
    people = Participant.objects.filter(pk__in=list(page)).select_related("group").with_unopened()
    if ShownList.DAYS in form.shown:
        people = people.prefetch_related("days")
    found = {person.pk: person for person in people}
    line = quotas.places_in_line(quota)
    minutes = _minutes(list(found)) if ShownList.ATTENDANCE in form.shown else {}
    waiting_decisions, heir, mailboxes = open_decisions(quota), next_in_line(quota), shared_mailboxes(quota)
    rows = [
        DeskRow(
            person,
            line.get(person.pk),
            free,
            person.is_unopened,  # type: ignore[attr-defined]
            waiting_decisions.get(person.pk),
            heir if person.state in SEAT_HOLDING else None,
            is_over,
            [(day, minutes.get((person.pk, day.pk), 0)) for day in form.days],
            len(mailboxes.get(key, ())),
        )
        for key in page
        if (person := found.get(key))
    ]
    return People(form, page, rows, all_picked=asked.get("pick") == "all", sharing_mailboxes=len(mailboxes))


def _minutes(people: list[int]) -> dict[tuple[int, int], int]:
    """By person and day. One query."""
    rows = Attendance.objects.of_days().filter(participant__in=people).order_by()
    return {(person, day): count for person, day, count in rows.values_list("participant", "day", "minutes")}


def keys_in_order(quota: Quota, form: PeopleForm) -> list[int]:
    """The numbers of those of `quota` for whom the `form` asks, in its order. Words stand as in a Thai dictionary. One query.

    Of one place there are some hundreds, and no database knows that order.
    """
    people = _asked_for(quota, form.asked).order_by("sort_key", "pk")
    rows = list(people.values_list("pk", "state", "ticket", "organisation", "group__code", "registered_at"))
    match form.order:
        case SortOrder.ORGANISATION:
            rows.sort(key=lambda row: thai.sort_key(row[3]))
        case SortOrder.GROUP:
            rows.sort(key=lambda row: [int(part) if part.isdigit() else 0 for part in row[4].split(".")])
        case SortOrder.DATE:
            rows.sort(key=lambda row: row[5], reverse=True)
        case SortOrder.STATE:
            rows.sort(key=lambda row: (_STATES.index(row[1]), row[2] or 0))
        case SortOrder.PLACE:
            rows.sort(key=lambda row: (row[1] != State.WAITLISTED, (row[2] or 0) if row[1] == State.WAITLISTED else 0))
    return [row[0] for row in rows]


#: Who is sure to come stands before who waits, and both before who does not.
_STATES: list[str] = [State.CONFIRMED, State.PENDING, State.OFFERED, State.APPLIED, State.WAITLISTED, State.DECLINED, State.CANCELLED]


def _asked_for(quota: Quota, asked: dict[str, Any]) -> ParticipantQuerySet:
    people = Participant.objects.known().filter(quota=quota)
    if "state" in asked:
        unopened = Q(pk__in=Participant.objects.filter(quota=quota).unproven().values("pk")) if UNOPENED in asked["state"] else Q()
        sharing = Q(pk__in=shared_mailboxes(quota)) if MAILBOX in asked["state"] else Q()
        people = people.filter(Q(state__in=asked["state"]) | unopened | sharing)
    if "group" in asked:
        people = people.filter(group__code__in=asked["group"])
    if "attendance" in asked:
        people = people.filter(pk__in=filtered(quota.workshop, {"attendance": asked["attendance"]}).values("pk"))
    if "q" in asked:
        people = search(people, asked["q"])  # type: ignore[assignment]
    return people
