"""The parent or guardian who agreed for a child or youth takes the agreement back (PDPA sections 19 and 20)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.actor import GUARDIAN
from registration.choices import Verb
from registration.models import Participant
from registration.seats.actions import moves
from registration.seats.actions.states import record
from registration.seats.deadlocks import repeated_after_deadlock


@repeated_after_deadlock
def take_agreement_back(*, participant: Participant, at: dt.datetime | None = None) -> list[Participant]:
    """Ends the registration of `participant`, who is told why. Returns who moved up for it. Raises IllegalMove where it had ended."""
    at = at or timezone.now()
    with translation.override(participant.language):
        reason = _("Your parent or guardian has withdrawn their consent.")
    with transaction.atomic():
        moved = moves.cancel(participant=participant, by=GUARDIAN, reason=reason, at=at)
        record(participant, Verb.AGREEMENT_TAKEN_BACK, by=GUARDIAN, at=at)
    return moved
