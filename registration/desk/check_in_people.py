"""Whom one looks for at the door by name and province, and who came last."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Prefetch

from registration.attendance.check_in import WAIVABLE, CheckInOutcome, against
from registration.models import CheckIn, Participant, Quota
from registration.models.participant import ParticipantQuerySet
from registration.people.search import search
from sessions.models import WorkshopDay
from sessions.text import MAX_SEARCH_LETTERS

MAX_FOUND, MAX_LAST = 20, 8


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """`against` says why they are not simply checked in, `check_in` that they were."""

    person: Participant
    against: CheckInOutcome | None
    check_in: CheckIn | None

    @property
    def is_waivable(self) -> bool:
        return self.against in WAIVABLE


@dataclass(frozen=True, slots=True)
class FoundPeople:
    asked: bool = False
    q: str = ""
    province: str = ""
    people: list[FoundPerson] = field(default_factory=list)
    #: There are more than are shown.
    has_more: bool = False

    @property
    def filters(self) -> dict[str, str]:
        return {"q": self.q, "province": self.province}


def found_people(day: WorkshopDay, people: ParticipantQuerySet, asked: Mapping[str, str]) -> FoundPeople:
    """Those of `people` who are meant, in the order of a Thai dictionary. Three queries, none where nothing is asked for."""
    q, province = asked.get("q", "").strip()[:MAX_SEARCH_LETTERS], asked.get("province", "")
    if not q and not province:
        return FoundPeople()
    if province == Quota.Kind.CENTRAL:
        people = people.filter(quota__kind=Quota.Kind.CENTRAL)
    elif province:
        people = people.filter(quota__province__code=province[:10])
    meant = search(people, q) if q else people
    own = Prefetch("check_ins", CheckIn.objects.standing().filter(day=day))
    rows = list(meant.select_related("quota__province").prefetch_related("days", own).order_by("sort_key", "pk")[: MAX_FOUND + 1])
    found = [FoundPerson(person, against(person, day), next(iter(person.check_ins.all()), None)) for person in rows[:MAX_FOUND]]
    return FoundPeople(True, q, province, found, len(rows) > MAX_FOUND)


def last_checked_in(day: WorkshopDay, people: ParticipantQuerySet) -> list[CheckIn]:
    """The last of `people` who were checked in, the latest first. One query."""
    standing = CheckIn.objects.standing().filter(day=day, participant__in=people)
    return list(standing.select_related("participant__quota__province").order_by("-at", "-pk")[:MAX_LAST])


def quotas_to_choose(day: WorkshopDay) -> list[Quota]:
    return list(Quota.objects.seats().filter(workshop=day.workshop_id).select_related("province").in_thai_order())
