"""What is written down of who somebody is, as far as no human has said it: by each report alone, and by all of them together."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Case, IntegerField, When

from registration.attendance.matching import Bearers, How, Match, known
from registration.models import Appearance, AttendanceReport, Participant, Sighting

_AUTOMATIC = {How.REGISTRANT: Sighting.Verdict.REGISTRANT, How.ADDRESS: Sighting.Verdict.ADDRESS, How.NAME: Sighting.Verdict.NAME}
_State = AttendanceReport.State
#: What `settle_identities` writes.
_SETTLED = ["came_at", "connected_minutes", "verdict", "participant", "suggested", "reasons", "is_sure", "choices"]
PORTION = 500


def noted(appearance: Appearance, match: Match) -> Appearance:
    """With what was found of who it is; not saved."""
    appearance.by_registrant = sorted(match.bearers.registrant)
    appearance.by_address, appearance.by_name = sorted(match.bearers.address), sorted(match.bearers.name)
    if match.how not in _AUTOMATIC:
        appearance.suggested_id, appearance.is_sure, appearance.choices = match.person, match.is_sure, list(match.choices)
        appearance.reasons = [str(reason) for reason in match.reasons]
    return appearance


def settle_identities(sightings: Collection[int]) -> None:
    """Writes who each of `sightings` (their keys) is by what their reports say, whatever order those came in.

    Reports that count speak before those that do not yet. What a human said stays. Call it inside a transaction that holds
    the day's lock. Four queries for each five hundred.
    """
    keys = sorted(sightings)
    for start in range(0, len(keys), PORTION):
        found = list(Sighting.objects.filter(pk__in=keys[start : start + PORTION]))
        said = _said_of(found)
        matches = _matches(said)
        for sighting in found:
            _settle(sighting, said[sighting.pk], matches.get(sighting.pk))
        Sighting.objects.bulk_update(found, _SETTLED)


def reopen_identity(sighting: Sighting) -> None:
    """What a human said of it is gone: it is again who the reports say, or to be decided."""
    told = {"verdict": Sighting.Verdict.OPEN, "participant": None, "decided_by": None, "decided_at": None}
    Sighting.objects.filter(pk=sighting.pk).update(**told)
    settle_identities([sighting.pk])
    sighting.refresh_from_db()


def _said_of(sightings: list[Sighting]) -> dict[int, list[Appearance]]:
    rank = Case(When(report__state=_State.APPLIED, then=0), default=1, output_field=IntegerField())
    gone = (_State.TAKING_BACK, _State.TAKEN_BACK)
    rows = Appearance.objects.filter(sighting__in=sightings).exclude(report__state__in=gone).annotate(rank=rank).order_by("rank", "report")
    found: dict[int, list[Appearance]] = defaultdict(list)
    for appearance in rows:
        said = found[appearance.sighting_id]
        if not said or said[0].rank == appearance.rank:  # type: ignore[attr-defined]
            said.append(appearance)
    return found


def _settle(sighting: Sighting, said: Sequence[Appearance], match: Match | None) -> None:
    sighting.came_at = min((each.came_at for each in said if each.came_at), default=None)
    sighting.connected_minutes = max((each.connected_minutes for each in said), default=0)
    _suggest(sighting, said, match)
    if sighting.is_decided_by_hand:
        return
    if match:
        sighting.verdict, sighting.participant_id = _AUTOMATIC[match.how], match.person
    else:
        is_staff = bool(said) and all(each.is_staff for each in said)
        sighting.verdict, sighting.participant = (Sighting.Verdict.STAFF if is_staff else Sighting.Verdict.OPEN), None


def _suggest(sighting: Sighting, said: Sequence[Appearance], match: Match | None) -> None:
    """The latest report that suggests somebody; where they contradict each other, all whom they name."""
    sighting.suggested_id, sighting.reasons, sighting.is_sure, sighting.choices = None, [], False, []
    if match:
        return
    telling = [each for each in said if each.suggested_id] or [each for each in said if each.choices]
    if telling:
        last = telling[-1]
        sighting.suggested_id, sighting.reasons, sighting.is_sure = last.suggested_id, last.reasons, last.is_sure
        sighting.choices = last.choices
    else:
        bearers = _bearers(said)
        sighting.choices = sorted(bearers.address or bearers.name)


def _matches(said: dict[int, list[Appearance]]) -> dict[int, Match]:
    """By sighting; who was erased since is nobody any more. One query."""
    found = {key: match for key, appearances in said.items() if (match := known(_bearers(appearances)))}
    there = set(Participant.objects.known().filter(pk__in={match.person for match in found.values()}).values_list("pk", flat=True))
    return {key: match for key, match in found.items() if match.person in there}


def _bearers(said: Sequence[Appearance]) -> Bearers:
    address = frozenset(key for each in said for key in each.by_address)
    registrant = frozenset(key for each in said for key in each.by_registrant)
    return Bearers(address, frozenset(key for each in said for key in each.by_name), registrant)
