"""What is written down of who somebody is, as far as no human has said it."""

from registration.attendance.matching import How, Match, Seen, matched
from registration.attendance.meetings import ReportedMeeting
from registration.attendance.roster import roster_of
from registration.models import Sighting
from sessions.schedule import BANGKOK

_AUTOMATIC = {How.ADDRESS: Sighting.Verdict.ADDRESS, How.NAME: Sighting.Verdict.NAME}
#: What `note` sets.
NOTED = ["verdict", "participant", "suggested", "reasons", "is_sure", "choices"]


def note(sighting: Sighting, match: Match, *, is_staff: bool) -> None:
    """What was found of `sighting`, not saved yet."""
    if verdict := _AUTOMATIC.get(match.how):
        sighting.verdict, sighting.participant_id = verdict, match.person
        sighting.suggested_id, sighting.reasons, sighting.is_sure, sighting.choices = None, [], False, []
        return
    # Who was known before, by an earlier file, stays so: a later one may lack the column that told it.
    if sighting.verdict in (Sighting.Verdict.ADDRESS, Sighting.Verdict.NAME):
        return
    sighting.verdict = Sighting.Verdict.STAFF if is_staff else Sighting.Verdict.OPEN
    sighting.suggested_id = match.person
    sighting.reasons, sighting.is_sure, sighting.choices = [str(reason) for reason in match.reasons], match.is_sure, list(match.choices)


def recognise_again(sighting: Sighting) -> None:
    """What a human said of it is gone: it is again who its address or its name says, or to be decided."""
    came = sighting.came_at.astimezone(BANGKOK).replace(tzinfo=None) if sighting.came_at else None
    found = matched([Seen(0, (sighting.name,) if sighting.name else (), sighting.email, came)], roster_of(_meeting(sighting)))
    sighting.verdict, sighting.participant, sighting.decided_by, sighting.decided_at = Sighting.Verdict.OPEN, None, None, None
    note(sighting, found[0], is_staff=False)
    sighting.save(update_fields=[*NOTED, "decided_by", "decided_at"])


def _meeting(sighting: Sighting) -> ReportedMeeting:
    return ReportedMeeting(sighting.day, sighting.track)
