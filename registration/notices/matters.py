"""What waits for a hand at a province's desk, a matter a line: on its page, and in the digest to its coordinators."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum, auto

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.choices import State
from registration.models import DelayedDecision, Invitation, NominationFile, Nominee, Participant, Quota, SeatIntent
from registration.people import history
from registration.seats.pool import due_at, pool_of
from registration.seats.statistics import Statistics, statistics
from sessions.formats import local_digits, moment, moment_short
from sessions.models import StakeholderGroup

#: So long ahead a desk shows that its free seats are released.
RELEASE_SHOWN = dt.timedelta(days=14)
#: More names than these are counted instead.
MAX_NAMES = 3
#: Rows of a list with which something is still to be done.
_HALF_DONE = (Nominee.State.READY, Nominee.State.DOUBTFUL, Nominee.State.FAULTY, Nominee.State.FULL)


class MatterKind(StrEnum):
    PENDING = auto()
    APPLIED = auto()
    GROUP = auto()
    OVERTAKEN = auto()
    INVITATIONS = auto()
    SUBSTITUTES = auto()
    FILE = auto()
    RELEASE = auto()


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that waits. `words` is a sentence in the reader's language; `target` names what it is about, where that is needed."""

    kind: MatterKind
    words: str
    target: object = None


def matters_of(quota: Quota, *, at: dt.datetime, known: Statistics | None = None) -> list[Matter]:
    """What waits at the desk of `quota` (its workshop and province at hand), in the order in which it should be looked at.

    Nothing once the workshop is over. `known` are its statistics where the caller has them. Eight queries, five with `known`.
    """
    if quota.workshop.standing(at).is_over:
        return []
    counted = known or statistics(quota)
    matters = [*_pending(quota, counted, at), *_applied(quota, counted)]
    matters += _groups_without_a_seat(quota, counted)
    return [*matters, *_overtaken(quota), *_invited(quota, at), *_files(quota), *_released(quota, at)]


def _pending(quota: Quota, counted: Statistics, at: dt.datetime) -> list[Matter]:
    if not (number := counted.seats.states[State.PENDING]):
        return []
    since = Participant.objects.filter(quota=quota, state=State.PENDING).aggregate(first=Min("state_changed_at"))["first"] or at
    words = ngettext("%(n)s person waits for your decision.", "%(n)s people wait for your decision.", number) % {"n": local_digits(number)}
    if (days := (at - since).days) > 0:
        longest = ngettext("The longest wait is %(n)s day.", "The longest wait is %(n)s days.", days) % {"n": local_digits(days)}
        words = f"{words} {longest}"
    return [Matter(MatterKind.PENDING, words)]


def _applied(quota: Quota, counted: Statistics) -> list[Matter]:
    if not (number := counted.seats.states[State.APPLIED]):
        return []
    words = ngettext("%(n)s person waits for your selection.", "%(n)s people wait for your selection.", number)
    words %= {"n": local_digits(number)}
    if last_date := quota.workshop.announce_by:
        words = " ".join([words, _("Announce it by %(when)s.") % {"when": moment(last_date)}])
    return [Matter(MatterKind.APPLIED, words)]


def _groups_without_a_seat(quota: Quota, counted: Statistics) -> list[Matter]:
    """Who waits from a group of which nobody has a seat, by name. One query where there is such a group."""
    empty = [share.group for share in counted.groups if share.waiting and not share.seated]
    if not empty or not counted.seats.states[State.WAITLISTED]:
        return []
    waiting: dict[int, list[str]] = defaultdict(list)
    for place, person in enumerate(Participant.objects.known().waiting().filter(quota=quota), start=1):
        waiting[person.group_id].append(_("%(name)s (waiting list %(n)s)") % {"name": person.full_name, "n": local_digits(place)})
    return [Matter(MatterKind.GROUP, _of_group(group, names), group) for group in empty if (names := waiting[group.pk])]


def _of_group(group: StakeholderGroup, names: list[str]) -> str:
    number = len(names)
    words = ngettext(
        "%(n)s person from %(group)s is waiting, and nobody from this group has a seat: %(names)s",
        "%(n)s people from %(group)s are waiting, and nobody from this group has a seat: %(names)s",
        number,
    )
    if more := number - len(names[:MAX_NAMES]):
        names = [*names[:MAX_NAMES], ngettext("and %(n)s more", "and %(n)s more", more) % {"n": local_digits(more)}]
    return words % {"n": local_digits(number), "group": group.short_name, "names": ", ".join(names)}


def _overtaken(quota: Quota) -> list[Matter]:
    """Decisions that had no effect, because something else came first, until somebody has noted it."""
    decisions = DelayedDecision.objects.overtaken().filter(quota=quota).select_related("participant")
    return [Matter(MatterKind.OVERTAKEN, _why_no_effect(one), one) for one in decisions.prefetch_related("participant__events__actor")]


def _why_no_effect(decision: DelayedDecision) -> str:
    said = {"what": decision.get_command_display(), "name": decision.participant.full_name}
    before = [event for event in decision.participant.events.all() if decision.closed_at is None or event.at <= decision.closed_at]
    if not before:
        return _("“%(what)s” about %(name)s had no effect: something else came first.") % said
    last = max(before, key=lambda event: event.pk)
    said |= {"deed": history.in_words(last), "who": history.actor_in_words(last), "when": moment_short(last.at)}
    return _("“%(what)s” about %(name)s had no effect, because something else came first: %(deed)s (%(who)s, %(when)s)") % said


def _invited(quota: Quota, at: dt.datetime) -> list[Matter]:
    of_substitute = Q(in_place_of__isnull=False) | Q(passed_from__isnull=False)
    counted = (
        Invitation.objects.open()
        .filter(quota=quota, expires_at__gt=at)
        .aggregate(
            invited=Count("pk", filter=~of_substitute),
            substitutes=Count("pk", filter=of_substitute),
            first=Min("expires_at", filter=~of_substitute),
        )
    )
    matters = []
    if number := counted["invited"]:
        words = ngettext(
            "%(n)s invitation is not answered yet, and ends on %(when)s.",
            "%(n)s invitations are not answered yet; the first ends on %(when)s.",
            number,
        )
        matters.append(Matter(MatterKind.INVITATIONS, words % {"n": local_digits(number), "when": moment(counted["first"])}))
    if number := counted["substitutes"]:
        words = ngettext(
            "%(n)s substitute was named and has not registered yet.", "%(n)s substitutes were named and have not registered yet.", number
        )
        matters.append(Matter(MatterKind.SUBSTITUTES, words % {"n": local_digits(number)}))
    return matters


def _released(quota: Quota, at: dt.datetime) -> list[Matter]:
    """Free seats that go into the pool soon, unless the province says that it keeps them. One query, two where that is so."""
    if not quota.left or (pool := pool_of(quota.workshop)) is None or quota.kind != Quota.Kind.PROVINCE:
        return []
    due = due_at(pool, SeatIntent.objects.filter(quota=quota, keeps_until__isnull=False).first())
    if due is None or not at < due < at + RELEASE_SHOWN:
        return []
    words = ngettext("%(n)s free seat is released on %(when)s.", "%(n)s free seats are released on %(when)s.", quota.left)
    return [Matter(MatterKind.RELEASE, words % {"n": local_digits(quota.left), "when": moment(due)})]


def _files(quota: Quota) -> list[Matter]:
    rows = Nominee.objects.filter(file=OuterRef("pk"), state__in=_HALF_DONE)
    there = NominationFile.objects.filter(quota=quota, is_superseded=False, taken_back_at=None, leased_until=None)
    files = there.filter(Q(mode="") | Exists(rows)).only("name", "mode", "quota")
    untouched, half_done = _("Nothing has been done with the list “%(name)s” yet."), _("The list “%(name)s” is done only in part.")
    return [Matter(MatterKind.FILE, (half_done if file.mode else untouched) % {"name": file.name}, file) for file in files]
