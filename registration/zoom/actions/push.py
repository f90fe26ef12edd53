"""Bringing Zoom into step with who should be in: by a worker, in batches, as often as it takes.

Every run begins by reading Zoom's list, and so does every run after an answer that did not come: nobody is sent twice because
somebody died between Zoom's deed and our note of it. A run ends with a reading in which nothing is left to do.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from registration.models import ZoomHandover, ZoomRegistrant, ZoomStanding, ZoomWebinar
from registration.operations import jobs
from registration.zoom.client import MAX_BATCH, NewRegistrant, Registered, ZoomClient, ZoomRefused, ZoomRests, ZoomUnclear
from registration.zoom.ledger import Attendee, difference
from registration.zoom.meetings import Meeting, expected_in, files_of, held_by_zoom, known_by_files, known_to_zoom
from registration.zoom.reading import Listed, whole_list

Trouble = ZoomWebinar.Trouble

#: So many people are removed without somebody having pressed for it.
MAX_REMOVED_UNASKED = 30
#: More rounds than that mean that Zoom does not do what it says.
MAX_ROUNDS = 5
#: Seconds after which what Zoom was doing when no answer came is done, or will not be.
SETTLING = 60
#: Whom Zoom told us of so lately is in, although its list does not show them yet.
MAX_LAG = dt.timedelta(minutes=10)
PORTION = 500

T = TypeVar("T")


@dataclass(slots=True)
class Run:
    """One stretch of work on a webinar; it ends at `deadline` by the client's clock."""

    webinar: ZoomWebinar
    meeting: Meeting
    client: ZoomClient
    deadline: float
    at: Callable[[], dt.datetime]
    #: Keys that Zoom said are cancelled, whatever its list shows.
    cancelled: set[str] = field(default_factory=set)

    def take_breath(self) -> None:
        """Raises ZoomRests where the time is over, so that another task goes on at once, and TakenOver."""
        jobs.renew(self.webinar)
        if self.client.clock() >= self.deadline:
            raise ZoomRests(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is cancelled, by key and address, and who is registered afterwards."""

    cancel: list[tuple[str, str]]
    register: list[Attendee]
    removed: int

    def __bool__(self) -> bool:
        return bool(self.cancel or self.register)


def bring_into_step(run: Run) -> None:
    """Raises ZoomRefused, ZoomRests and TakenOver; ZoomUnclear never."""
    for _round in range(MAX_ROUNDS):
        run.take_breath()
        listed, should = _listed(run), expected_in(run.meeting)
        surplus = _remember(run, listed, should, _held(run, listed, should))
        plan = _plan(run, listed, should, surplus)
        if not plan:
            jobs.renew(run.webinar, in_step_at=run.at())
            return
        if plan.removed > MAX_REMOVED_UNASKED and not run.webinar.is_pressed:
            raise ZoomRefused(Trouble.MANY_REMOVED)
        _carry_out(run, plan)
    raise ZoomRefused(Trouble.NOT_TAKEN)


def _carry_out(run: Run, plan: Plan) -> None:
    for gone in _batches(plan.cancel):
        run.take_breath()
        run.client.cancel(run.webinar.number, gone)
        run.cancelled |= {key for key, _email in gone}
        with transaction.atomic():
            _keep_cancelled(run, [key for key, _email in gone])
            ZoomRegistrant.objects.filter(webinar=run.webinar, registrant_id__in=[key for key, _email in gone]).delete()
    for people in _batches(plan.register):
        run.take_breath()
        told = [NewRegistrant(one.email, *(one.name or ("", ""))) for one in people]
        _hand_over(run, people)
        try:
            answered = run.client.register(run.webinar.number, told)
        except ZoomUnclear as error:
            raise ZoomRests(SETTLING, Trouble.UNREACHABLE) from error
        _keep(run, people, answered)


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), MAX_BATCH):
        yield rows[start : start + MAX_BATCH]


def _listed(run: Run) -> Listed:
    known = ZoomRegistrant.objects.filter(webinar=run.webinar).exclude(email="").values_list("registrant_id", flat=True)
    return whole_list(run.client, run.webinar.number, set(known))


def _held(run: Run, listed: Listed, should: list[Attendee]) -> list[ZoomStanding]:
    """How Zoom stands to those who should be in and whom its list of those approved does not show. Asks nothing where that is nobody."""
    there = {one.email.lower() for key, one in listed.seen.items() if key not in run.cancelled}
    if listed.known_are_there:
        known = ZoomRegistrant.objects.filter(webinar=run.webinar).values_list("email", flat=True)
        there |= {email.lower() for email in known}
    absent = {one.email.lower(): one for one in should if not one.is_passed_on and one.email.lower() not in there}
    if not absent:
        return []
    ours = ZoomStanding.objects.filter(webinar=run.webinar, kind=ZoomStanding.Kind.CANCELLED).values_list("registrant_id", flat=True)
    at, cancelled, found = run.at(), run.cancelled.union(ours), dict[str, ZoomStanding]()
    for kind in reversed(ZoomStanding.HELD):  # who is both denied and pending is pending
        for key, one in whole_list(run.client, run.webinar.number, status=kind.value).seen.items():
            if key not in cancelled and (person := absent.get(one.email.lower())):
                told = {"participant_id": person.key, "email": person.email, "registrant_id": key, "kind": kind}
                found[person.email] = ZoomStanding(webinar=run.webinar, at=at, **told)
    return list(found.values())


def _keep_cancelled(run: Run, keys: list[str]) -> None:
    rows = [ZoomStanding(webinar=run.webinar, registrant_id=key, kind=ZoomStanding.Kind.CANCELLED, at=run.at()) for key in keys]
    ZoomStanding.objects.bulk_create(rows, ignore_conflicts=True)


def _plan(run: Run, listed: Listed, should: list[Attendee], surplus: list[tuple[str, str]]) -> Plan:
    rows = list(ZoomRegistrant.objects.filter(webinar=run.webinar))
    left = difference(should, known_to_zoom(rows), held_by_zoom(ZoomStanding.objects.filter(webinar=run.webinar)))
    keys = {row.email: row.registrant_id for row in rows if row.email}
    gone = [*left.remove, *(change.before for change in left.change)]
    forgotten = [(key, listed.seen[key].email) for key in (row.registrant_id for row in rows if not row.email) if key in listed.seen]
    cancel = [*surplus, *forgotten, *((keys[one.email], one.email) for one in gone)]
    return Plan(cancel, [*(change.after for change in left.change), *left.add], len(left.remove))


def _remember(run: Run, listed: Listed, should: list[Attendee], held: list[ZoomStanding]) -> list[tuple[str, str]]:
    """Writes down what Zoom's list says of those whom we know. Returns whom it has twice, by key and address: the later ones.

    Whom the portal never knew is counted, and neither kept nor touched: the office may have registered speakers by hand.
    """
    at, there = run.at(), {key: row for key, row in listed.seen.items() if key not in run.cancelled}
    rows = {row.registrant_id: row for row in ZoomRegistrant.objects.filter(webinar=run.webinar)}
    known = {row.email.lower(): row for row in rows.values() if row.email}
    ours = _addresses_of_ours(run.meeting, should)
    missing = [row for key, row in rows.items() if key not in there and not (row.email and listed.known_are_there)]
    gone = [row.pk for row in missing if row.at <= at - MAX_LAG]
    by_address: dict[str, list[Registered]] = defaultdict(list)
    for one in there.values():
        if one.registrant_id not in rows or rows[one.registrant_id].email:  # else: of somebody erased
            by_address[one.email.lower()].append(one)
    new, surplus, strangers = list[ZoomRegistrant](), list[tuple[str, str]](), 0
    for email, several in by_address.items():
        row, person = known.get(email), ours.get(email)
        if row is None and person is None:
            strangers += len(several)
            continue
        several.sort(key=lambda one: (row is None or one.registrant_id != row.registrant_id, one.created, one.registrant_id))
        surplus += [(one.registrant_id, one.email) for one in several[1:]]
        if row and row.registrant_id != several[0].registrant_id:
            gone.append(row.pk)  # Zoom has them anew
            row = None
        if row is None:
            new.append(_row(run, person or Attendee(email, None, None), several[0], at))
    gone += [known[one.email.lower()].pk for one in held if one.email.lower() in known]
    with transaction.atomic():
        ZoomStanding.objects.filter(webinar=run.webinar, kind__in=ZoomStanding.HELD).delete()
        ZoomStanding.objects.bulk_create(held, batch_size=PORTION)
        ZoomRegistrant.objects.filter(pk__in=gone).delete()
        ZoomRegistrant.objects.bulk_create(new, batch_size=PORTION)
        jobs.renew(run.webinar, read_at=at, strangers=strangers)
    run.webinar.read_at = at
    return surplus


def _addresses_of_ours(meeting: Meeting, should: list[Attendee]) -> dict[str, Attendee]:
    """Addresses that we gave Zoom, or would: by a file, by the API before, or now. The name is theirs in Zoom, as far as we know it."""
    column = "track" if meeting.track else "day"
    handed = ZoomHandover.objects.filter(**{column: meeting.track or meeting.day}).values_list("email", "participant")
    found = {email.lower(): Attendee(email, None, person) for email, person in handed}
    found |= {one.email.lower(): Attendee(one.email, None, one.key) for one in should if not one.is_passed_on}
    return found | {email.lower(): one for email, one in known_by_files(files_of(meeting)).items()}


def _hand_over(run: Run, people: Sequence[Attendee]) -> None:
    """Before they are sent: an answer that does not come must not make strangers of them."""
    column, at = ("track" if run.meeting.track else "day"), run.at()
    rows = [ZoomHandover(participant_id=one.key, email=one.email, at=at, **run.meeting.columns) for one in people if one.key]
    ZoomHandover.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=[column, "email"], update_fields=["participant", "at", "by"]
    )


def _keep(run: Run, people: Sequence[Attendee], answered: Iterable[Registered]) -> None:
    """Whom Zoom does not name in its answer is looked for in its list."""
    at, by_address = run.at(), {one.email.lower(): one for one in people}
    told = {one.email.lower(): one for one in answered if one.email.lower() in by_address}
    rows = [_row(run, by_address[email], one, at) for email, one in told.items()]
    with transaction.atomic():
        jobs.renew(run.webinar)
        known = Q(registrant_id__in=[row.registrant_id for row in rows]) | Q(email__in=[row.email for row in rows])
        ZoomRegistrant.objects.filter(known, webinar=run.webinar).delete()
        ZoomRegistrant.objects.bulk_create(rows)


def _row(run: Run, person: Attendee, told: Registered, at: dt.datetime) -> ZoomRegistrant:
    first, last = person.name or ("", "")
    return ZoomRegistrant(
        webinar=run.webinar, participant_id=person.key, email=person.email, first_name=first, last_name=last,
        registrant_id=told.registrant_id, join_url=told.join_url, at=at,
    )  # fmt: skip
