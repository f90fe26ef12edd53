"""A province's list of nominees: kept, its columns settled, its rows corrected, applied, taken back. Nothing comes of it before `apply`.

Source: brief §4.1, the province considers, selects and invites; it answers with a spreadsheet.
"""

import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import State
from registration.errors import (
    AlreadyInvited,
    AlreadyRegistered,
    AnsweredMeanwhile,
    GuardianNeeded,
    IllegalMove,
    InvitationOver,
    QuotaFull,
    TextRefused,
    WindowClosed,
)
from registration.invitations.actions.invitations import Invited, invite, withdraw
from registration.models import ColumnMeaning, Invitation, NominationFile, Nominee, Quota
from registration.operations import jobs
from registration.people import agencies
from registration.people.actions.registrations import register
from registration.people.applications import Application, Choices, Entry, Notice, Person
from registration.seats.actions.moves import cancel
from registration.seats.deadlocks import repeated_after_deadlock
from registration.selection.actions.drafts import add_to_reserve, takes_reserve
from sessions.models import StakeholderGroup

#: A file is kept so long, for who comes back to it; it holds data of people who know nothing of it yet.
KEPT = dt.timedelta(days=14)

#: What is kept as the accepted privacy notice of somebody who was registered by others: none.
NO_NOTICE = ""


@dataclass(frozen=True, slots=True)
class NewNominee:
    """A row to keep: where it stands in the file, what it says, and what that is worth."""

    sheet: str
    line: int
    values: dict[str, str]
    person: dict[str, str]
    email: str
    state: Nominee.State
    is_complete: bool
    remark: str = ""
    doubts: tuple[tuple[str, str], ...] = ()
    fate: str = Nominee.Fate.USE


@repeated_after_deadlock
def keep(*, quota: Quota, name: str, sheets: list[Any], layouts: list[Any], by: Actor, at: dt.datetime | None = None) -> NominationFile:
    """Keeps a file as it was read, so that somebody says what its columns mean. Earlier tries of the same name step back."""
    at = at or timezone.now()
    with transaction.atomic():
        NominationFile.objects.filter(quota=quota, name=name[:200], mode="").update(is_superseded=True)
        return NominationFile.objects.create(
            quota=quota, name=name[:200], uploaded_by=by.user, created_at=at, sheets=sheets, layouts=layouts, is_settled=False
        )


@repeated_after_deadlock
def settle(
    *,
    file: NominationFile,
    layouts: list[Any],
    rows: Sequence[NewNominee],
    remarks: Sequence[tuple[str, int, str]],
    chosen: Mapping[str, str],
    by: Actor,
) -> bool:
    """Makes the rows of a file, as its columns are now read. `chosen`: what somebody said of which heading, for the next time.

    Rows that were there are made again. False, and nothing is changed, where something has come of the file already.
    """
    with transaction.atomic():
        idle = NominationFile.objects.filter(pk=file.pk, mode="", leased_until=None)
        if not idle.update(layouts=layouts, remarks=[list(remark) for remark in remarks], is_settled=True):
            return False
        file.nominees.all().delete()
        Nominee.objects.bulk_create((_nominee(file, place, row) for place, row in enumerate(rows, start=1)), batch_size=500)
        remember(chosen=chosen, by=by)
    return True


def remember(*, chosen: Mapping[str, str], by: Actor) -> None:
    by_heading = {heading[:60]: meaning for heading, meaning in chosen.items() if heading}
    meanings = [ColumnMeaning(user=by.user, heading=heading, meaning=meaning) for heading, meaning in by_heading.items()]
    if by.user:
        ColumnMeaning.objects.bulk_create(meanings, update_conflicts=True, unique_fields=["user", "heading"], update_fields=["meaning"])


def lay_out(*, file: NominationFile, layouts: list[Any]) -> bool:
    """Keeps that other sheets or rows of headings are read. False where something has come of the file already."""
    return NominationFile.objects.filter(pk=file.pk, mode="", leased_until=None).update(layouts=layouts) == 1


def _nominee(file: NominationFile, place: int, row: NewNominee) -> Nominee:
    columns = {field.name: getattr(row, field.name) for field in fields(row)}
    return Nominee(file=file, place=place, **columns | {"sheet": row.sheet[:100], "email": row.email[:300], "doubts": list(row.doubts)})


def correct(*, nominee: Nominee, row: NewNominee) -> bool:
    """Writes a corrected row: whoever did it has looked at it. One in reserve stays there.

    False where something has come of the row meanwhile.
    """
    kept = {name: getattr(row, name) for name in ("values", "person", "is_complete")}
    stays = nominee.state == Nominee.State.RESERVE and row.state == Nominee.State.READY
    decided = {"state": nominee.state} if stays else {"state": row.state, "fate": Nominee.Fate.USE, "doubts": []}
    return _while_open(nominee, email=row.email[:300], **kept, **decided)


@repeated_after_deadlock
def correct_each(*, rows: Iterable[tuple[Nominee, NewNominee]]) -> int:
    """Writes one thing into many rows. What else the file said of a row stays; one that changed meanwhile is left. Returns how many."""
    done = 0
    with transaction.atomic():
        for nominee, row in rows:
            is_asked = nominee.state == Nominee.State.DOUBTFUL and row.state == Nominee.State.READY
            waits = nominee.state in (Nominee.State.RESERVE, Nominee.State.LEFT_OUT)
            state = nominee.state if is_asked or waits else row.state
            done += _while_open(
                nominee, values=row.values, person=row.person, email=row.email[:300], is_complete=row.is_complete, state=state
            )
    return done


def leave_out(*, nominee: Nominee) -> bool:
    return _while_open(nominee, state=Nominee.State.LEFT_OUT)


def take_in(*, nominee: Nominee) -> bool:
    """Takes a row in that was left out, in reserve or doubtful: somebody has looked at it and wants it."""
    return _while_open(nominee, state=Nominee.State.READY if nominee.person else Nominee.State.FAULTY, fate=Nominee.Fate.USE)


def put_in_reserve(*, nominee: Nominee) -> bool:
    return _while_open(nominee, state=Nominee.State.RESERVE, fate=Nominee.Fate.RESERVE)


@repeated_after_deadlock
def accept(*, file: NominationFile, places: Iterable[int] | None = None) -> int:
    """Does with doubtful rows what is proposed: all of them, or those at `places`. Returns how many."""
    doubtful = file.nominees.filter(state=Nominee.State.DOUBTFUL, file__leased_until=None)
    if places is not None:
        doubtful = doubtful.filter(place__in=list(places))
    becomes = {
        Nominee.Fate.USE: Nominee.State.READY,
        Nominee.Fate.RESERVE: Nominee.State.RESERVE,
        Nominee.Fate.LEAVE_OUT: Nominee.State.LEFT_OUT,
    }
    with transaction.atomic():
        return sum(doubtful.filter(fate=fate).update(state=state) for fate, state in becomes.items())


def _while_open(nominee: Nominee, **columns: object) -> bool:
    return Nominee.objects.filter(pk=nominee.pk, state=nominee.state, file__leased_until=None).update(**columns) == 1


def discard(*, file: NominationFile) -> None:
    file.delete()


def start(*, file: NominationFile, mode: str, with_reserve: bool = False, by: Actor, at: dt.datetime | None = None) -> bool:
    """Begins to apply every row that is ready, as `mode`; `with_reserve` those in reserve too, where the province selects.

    False where it is being applied already.
    """
    at = at or timezone.now()
    idle = NominationFile.objects.filter(pk=file.pk, leased_until=None, is_settled=True)
    begun = {"mode": mode, "applied_by": by.user, "applied_as": by.kind, "with_reserve": with_reserve}
    return idle.update(**begun, claim="", leased_until=at + jobs.LEASE) == 1


def apply_rows(*, file_id: int, seconds: float) -> bool:
    """Applies rows for so long, each in a transaction of its own. True when none is left for this worker to do.

    May be killed, run twice or beside itself: a row is applied by whoever marks it first.
    """
    begun = NominationFile.objects.select_related("quota__workshop", "quota__province", "applied_by").filter(leased_until__isnull=False)
    file = jobs.claim(begun, file_id)
    if file is None:
        return True
    end, place = time.monotonic() + seconds, 0
    by = Actor(ActorKind(file.applied_as), file.applied_by)
    groups = {group.code: group for group in file.quota.workshop.groups.all()}
    with_reserve = file.with_reserve and takes_reserve(file.quota)
    while nominee := file.nominees.to_apply(file.mode, with_reserve=with_reserve).filter(place__gt=place).first():
        if time.monotonic() >= end:
            jobs.hand_on(file)
            return False
        place = nominee.place
        _apply(nominee, file, groups, by)
    jobs.give_back(file)
    return True


@repeated_after_deadlock
def _apply(nominee: Nominee, file: NominationFile, groups: dict[str, StakeholderGroup], by: Actor) -> None:
    do = _register if file.mode == NominationFile.Mode.REGISTER else _invite
    try:
        with transaction.atomic():
            # Marked first: whoever else comes to this row waits here, and then finds it done.
            if _mark(nominee, Nominee.State.KNOWN):
                Nominee.objects.filter(pk=nominee.pk).update(**do(nominee, file, groups, by))
    except (AlreadyRegistered, AlreadyInvited):
        _mark(nominee, Nominee.State.KNOWN)
    except (QuotaFull, WindowClosed):
        _mark(nominee, Nominee.State.FULL)
    except TextRefused:  # the row was judged before such signs were refused
        _mark(nominee, Nominee.State.FAULTY)
    except GuardianNeeded:  # the group asks for one since the row was judged: who is invited is asked then
        Nominee.objects.filter(pk=nominee.pk).update(is_complete=False)


def _mark(nominee: Nominee, state: Nominee.State) -> int:
    return Nominee.objects.filter(pk=nominee.pk, state=nominee.state).update(state=state)


def _invite(nominee: Nominee, file: NominationFile, groups: dict[str, StakeholderGroup], by: Actor) -> dict[str, object]:
    lacks_last_name = bool(nominee.values.get("no_last_name"))
    invited = Invited(**_known(nominee), lacks_last_name=lacks_last_name)
    group, in_reserve = groups.get(nominee.person["group"]), nominee.state == Nominee.State.RESERVE
    invitation = invite(quota=file.quota, invited=invited, group=group, in_reserve=in_reserve, by=by)
    return {"state": Nominee.State.INVITED, "invitation": invitation}


def _known(nominee: Nominee) -> dict[str, Any]:
    return {name: value for name, value in nominee.person.items() if name != "group"}


def _register(nominee: Nominee, file: NominationFile, groups: dict[str, StakeholderGroup], by: Actor) -> dict[str, object]:
    """Registers a nominee for the days that the file ticks, else for all; topics are chosen on the personal page."""
    quota, workshop = file.quota, file.quota.workshop
    known = _known(nominee)
    province = quota.province.name_th if quota.province else ""
    known["organisation_short"] = known["organisation_short"] or agencies.abbreviation_of(known["organisation"], province)
    if Invitation.objects.open().filter(workshop=workshop, email=nominee.email).exclude(quota=quota).exists():
        raise AlreadyInvited
    days = workshop.days.filter(is_cancelled=False)
    ticked = days.filter(date__in=nominee.values.get("days", "").split())
    application = Application(
        workshop=workshop,
        person=Person(**known),
        choices=Choices(
            quota=quota,
            group=groups[nominee.person["group"]],
            days=tuple(ticked if ticked.exists() else days),
            waitlist_ok=True,
        ),
        entry=Entry(submission=uuid5(NAMESPACE_URL, f"nominee:{nominee.pk}{file.taken_back_at or ''}"), language="th"),
        notice=Notice(version=NO_NOTICE),
    )
    participant = register(application=application, by=by)
    if nominee.state == Nominee.State.RESERVE:
        add_to_reserve(quota=quota, participant=participant, by=by)
    waits = participant.state == State.WAITLISTED
    return {"state": Nominee.State.WAITING if waits else Nominee.State.REGISTERED, "participant": participant}


def unanswered(file: NominationFile) -> tuple[list[Nominee], list[Nominee]]:
    """Of the rows of which something came: those whose people have not answered, and those whose have. One query."""
    came = file.nominees.filter(state__in=CAME).select_related("invitation", "participant").order_by("place")
    waiting: list[Nominee] = []
    answered: list[Nominee] = []
    for nominee in came:
        (waiting if _is_unanswered(nominee) else answered).append(nominee)
    return waiting, answered


#: States of rows that came to an invitation or a registration.
CAME = (Nominee.State.INVITED, Nominee.State.REGISTERED, Nominee.State.WAITING)


def _is_unanswered(nominee: Nominee) -> bool:
    if nominee.state == Nominee.State.INVITED:
        return nominee.invitation is not None and nominee.invitation.is_open
    person = nominee.participant
    return person is not None and person.link_opened_at is None and person.is_live


@repeated_after_deadlock
def take_back(*, file: NominationFile, reason: str, by: Actor, at: dt.datetime | None = None) -> int:
    """Undoes an applied list as a whole: its invitations are withdrawn, its registrations cancelled, and each person is told.

    Its rows are as before. Raises AnsweredMeanwhile, and nothing is changed, where somebody has answered. Returns of how many.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if not NominationFile.objects.filter(pk=file.pk, leased_until=None).exclude(mode="").update(mode="", taken_back_at=at):
            raise AnsweredMeanwhile
        waiting, answered = unanswered(file)
        if answered or not waiting:
            raise AnsweredMeanwhile
        try:
            for nominee in waiting:
                if nominee.invitation:
                    withdraw(invitation=nominee.invitation, by=by, at=at)
                elif nominee.participant:
                    cancel(participant=nominee.participant, by=by, reason=reason, at=at)
        except (InvitationOver, IllegalMove) as error:  # at this very moment
            raise AnsweredMeanwhile from error
        pks = [nominee.pk for nominee in waiting]
        reserve = When(fate=Nominee.Fate.RESERVE, then=Value(Nominee.State.RESERVE))
        before = Case(reserve, default=Value(Nominee.State.READY))
        Nominee.objects.filter(pk__in=pks).update(state=before, invitation=None, participant=None)
    return len(pks)


def left_by_workers(at: dt.datetime) -> list[int]:
    return jobs.reap(NominationFile.objects.filter(leased_until__isnull=False), at=at)


def forget_nominations(*, at: dt.datetime) -> int:
    """Deletes the files that are kept long enough. Returns how many."""
    old = NominationFile.objects.filter(Q(leased_until=None), created_at__lt=at - KEPT)
    count = old.count()
    old.delete()
    return count
