"""How one quota stands: its seats, its states, the mix of its groups, its days and tracks.

Every number is counted over the people of this quota alone, so a desk costs the same however many others there are.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Subquery

from registration.choices import SEAT_HOLDING, State
from registration.models import Event, Invitation, Participant, Quota, TrackChoice
from sessions.models import StakeholderGroup, Track, WorkshopDay


@dataclass(frozen=True, slots=True)
class GroupShare:
    """How many of a stakeholder group hold a seat here, and how many more wait for one."""

    group: StakeholderGroup
    seated: int
    waiting: int
    most: int


@dataclass(frozen=True, slots=True)
class QuotaStatistics:
    """The quota's seats and how many people are in each state."""

    quota: Quota
    states: dict[State, int]
    invited: int

    @property
    def confirmed(self) -> int:
        return self.states[State.CONFIRMED]

    @property
    def undecided(self) -> int:
        return self.states[State.PENDING] + self.states[State.OFFERED] + self.invited

    @property
    def held(self) -> int:
        return self.confirmed + self.undecided

    @property
    def counts(self) -> list[tuple[State, int]]:
        always = {State.CONFIRMED, State.WAITLISTED, State.DECLINED, State.CANCELLED}
        return [(state, number) for state, number in self.states.items() if number or state in always]

    @property
    def everybody(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Statistics:
    seats: QuotaStatistics
    groups: list[GroupShare]

    @property
    def missing(self) -> list[StakeholderGroup]:
        return [share.group for share in self.groups if not share.seated]


def statistics(quota: Quota) -> Statistics:
    """Seats, states and groups of `quota`, whose workshop is at hand. Three queries."""
    counted = Participant.objects.filter(quota=quota).order_by().values_list("group", "state").annotate(n=Count("pk"))
    states, seated, waiting = dict.fromkeys(State, 0), Counter[int](), Counter[int]()
    for group, state, number in counted:
        states[State(state)] += number
        if state in SEAT_HOLDING:
            seated[group] += number
        elif state in (State.WAITLISTED, State.APPLIED):
            waiting[group] += number
    groups = [
        group for group in quota.workshop.groups.all() if group.scope == quota.group_scope or group.pk in seated or group.pk in waiting
    ]
    most = max(seated.values(), default=0)
    shares = [GroupShare(group, seated[group.pk], waiting[group.pk], most) for group in groups]
    invited = Invitation.objects.keeping_seats().filter(quota=quota).count()
    return Statistics(QuotaStatistics(quota, states, invited), shares)


def days(quota: Quota) -> list[tuple[WorkshopDay, int]]:
    """How many seated people of `quota` come on each day. Two queries."""
    coming = Participant.days.through.objects.filter(participant__quota=quota, participant__state__in=SEAT_HOLDING)
    counted = dict(coming.order_by().values_list("workshopday").annotate(n=Count("pk")))
    return [(day, counted.get(day.pk, 0)) for day in quota.workshop.days.all()]


def tracks(quota: Quota) -> list[tuple[Track, int]]:
    """How many seated people of `quota` chose each track. Two queries."""
    chosen = TrackChoice.objects.filter(participant__quota=quota, participant__state__in=SEAT_HOLDING)
    counted = dict(chosen.order_by().values_list("track").annotate(n=Count("pk")))
    of_workshop = Track.objects.filter(item__day__workshop=quota.workshop_id).order_by("item__day__date", "item", "number")
    return [(track, counted.get(track.pk, 0)) for track in of_workshop]


def last_changes(quota: Quota, most: int = 8) -> list[Event]:
    """What happened last to those people of `quota` to whom something happened last, the latest first. Two queries.

    Looked up person by person: in one join the database would go back through the events of all provinces.
    """
    last = Event.objects.filter(participant=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    changed = Participant.objects.known().filter(quota=quota).annotate(last=Subquery(last)).order_by(F("last").desc(nulls_last=True))
    events = Event.objects.select_related("participant", "actor").filter(pk__in=list(changed.values_list("last", flat=True)[:most]))
    return list(events.order_by("-pk"))
