"""A province's list of nominees: kept, corrected, and applied row by row. Nothing comes of it before `apply`.

Source: brief §4.1, the province considers, selects and invites; it answers with a spreadsheet.
"""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import State
from registration.errors import AlreadyInvited, AlreadyRegistered, GuardianNeeded, QuotaFull, WindowClosed
from registration.invitations.actions import Invited, invite
from registration.models import Invitation, NominationFile, Nominee, Quota
from registration.operations import jobs
from registration.people import agencies
from registration.people.actions.registrations import Application, Choices, Entry, Notice, Person, register
from sessions.models import StakeholderGroup

#: A file is kept so long, for who comes back to it; it holds data of people who know nothing of it yet.
KEPT = dt.timedelta(days=14)
#: A worker that has not said anything for so long is dead, and the next one goes on.

#: What is kept as the accepted privacy notice of somebody who was registered by others: none.
NO_NOTICE = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row to keep: where it stands in the file, what it says, and what that is worth."""

    sheet: str
    line: int
    values: dict[str, str]
    person: dict[str, str]
    email: str
    state: Nominee.State
    is_complete: bool


def keep(
    *, quota: Quota, name: str, rows: Sequence[Row], remarks: Sequence[tuple[str, int, str]], by: Actor, at: dt.datetime | None = None
) -> NominationFile:
    """Keeps what was understood of a file, to be looked through. Nobody is written to, no seat is taken."""
    at = at or timezone.now()
    with transaction.atomic():
        file = NominationFile.objects.create(
            quota=quota, name=name[:200], uploaded_by=by.user, created_at=at, remarks=[list(remark) for remark in remarks]
        )
        Nominee.objects.bulk_create((_nominee(file, place, row) for place, row in enumerate(rows, start=1)), batch_size=500)
    return file


def _nominee(file: NominationFile, place: int, row: Row) -> Nominee:
    columns = {field.name: getattr(row, field.name) for field in fields(row)}
    return Nominee(file=file, place=place, **columns | {"sheet": row.sheet[:100], "email": row.email[:300]})


def correct(*, nominee: Nominee, row: Row) -> bool:
    """Writes a corrected row. False, and nothing is changed, where something has come of the row meanwhile."""
    columns = {field.name: getattr(row, field.name) for field in fields(row) if field.name not in ("sheet", "line")}
    return _while_open(nominee, **columns | {"email": row.email[:300]})


def leave_out(*, nominee: Nominee) -> bool:
    """Takes a row out of what will be applied."""
    return _while_open(nominee, state=Nominee.State.LEFT_OUT)


def take_in(*, nominee: Nominee) -> bool:
    """Takes a row that was left out in again."""
    return _while_open(nominee, state=Nominee.State.READY if nominee.person else Nominee.State.FAULTY)


def _while_open(nominee: Nominee, **columns: object) -> bool:
    return Nominee.objects.filter(pk=nominee.pk, state=nominee.state, file__leased_until=None).update(**columns) == 1


def discard(*, file: NominationFile) -> None:
    """Deletes a file and its rows. What came of them stays."""
    file.delete()


def start(*, file: NominationFile, mode: str, by: Actor, at: dt.datetime | None = None) -> bool:
    """Begins to apply every row that is ready, as `mode`. False where it is being applied already."""
    at = at or timezone.now()
    idle = NominationFile.objects.filter(pk=file.pk, leased_until=None)
    return idle.update(mode=mode, applied_by=by.user, applied_as=by.kind, claim="", leased_until=at + jobs.LEASE) == 1


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
    while nominee := file.nominees.to_apply(file.mode).filter(place__gt=place).first():
        if time.monotonic() >= end:
            jobs.hand_on(file)
            return False
        place = nominee.place
        _apply(nominee, file, groups, by)
    jobs.give_back(file)
    return True


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
    except GuardianNeeded:  # the group asks for one since the row was judged: he can be invited, and is asked then
        Nominee.objects.filter(pk=nominee.pk).update(is_complete=False)


def _mark(nominee: Nominee, state: Nominee.State) -> int:
    return Nominee.objects.filter(pk=nominee.pk, state=nominee.state).update(state=state)


def _invite(nominee: Nominee, file: NominationFile, groups: dict[str, StakeholderGroup], by: Actor) -> dict[str, object]:
    known = {name: value for name, value in nominee.person.items() if name != "group"}
    invitation = invite(quota=file.quota, invited=Invited(**known), group=groups.get(nominee.person["group"]), by=by)
    return {"state": Nominee.State.INVITED, "invitation": invitation}


def _register(nominee: Nominee, file: NominationFile, groups: dict[str, StakeholderGroup], by: Actor) -> dict[str, object]:
    """Registers a nominee for all days; topics are theirs to choose on their own page."""
    quota, workshop = file.quota, file.quota.workshop
    known = {name: value for name, value in nominee.person.items() if name != "group"}
    province = quota.province.name_th if quota.province else ""
    known["organisation_short"] = known["organisation_short"] or agencies.abbreviation_of(known["organisation"], province)
    if Invitation.objects.open().filter(workshop=workshop, email=nominee.email).exclude(quota=quota).exists():
        raise AlreadyInvited
    application = Application(
        workshop=workshop,
        person=Person(**known),
        choices=Choices(
            quota=quota,
            group=groups[nominee.person["group"]],
            days=tuple(workshop.days.filter(is_cancelled=False)),
            waitlist_ok=True,
        ),
        entry=Entry(submission=uuid5(NAMESPACE_URL, f"nominee:{nominee.pk}"), language="th"),
        notice=Notice(version=NO_NOTICE),
    )
    participant = register(application=application, by=by)
    waits = participant.state == State.WAITLISTED
    return {"state": Nominee.State.WAITING if waits else Nominee.State.REGISTERED, "participant": participant}


def left_by_workers(at: dt.datetime) -> list[int]:
    """The files whose worker has died; they are now for who asks."""
    return jobs.reap(NominationFile.objects.filter(leased_until__isnull=False), at=at)


def forget_nominations(*, at: dt.datetime) -> int:
    """Deletes the files that are kept long enough. Returns how many."""
    old = NominationFile.objects.filter(Q(leased_until=None), created_at__lt=at - KEPT)
    count = old.count()
    old.delete()
    return count
