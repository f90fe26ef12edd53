"""Which addresses of a list are registered or invited already, and what its province may know of that."""

from collections.abc import Collection
from dataclasses import dataclass

from registration.models import Invitation, Participant, Quota


@dataclass(frozen=True, slots=True)
class Known:
    """How an address is known. `participant` only where he is of the same province: of others nothing more is told."""

    is_registered: bool
    participant: Participant | None = None


def known_addresses(quota: Quota, emails: Collection[str]) -> dict[str, Known]:
    """Those of `emails` that are registered in the workshop of `quota` or hold an open invitation. Two queries."""
    wanted = {email for email in emails if email}
    invited = Invitation.objects.open().filter(workshop=quota.workshop_id, email__in=wanted).values_list("email", flat=True)
    found = {email: Known(is_registered=False) for email in invited}
    for participant in Participant.objects.live().filter(workshop=quota.workshop_id, email__in=wanted):
        own = participant.quota_id == quota.pk
        found[participant.email] = Known(is_registered=True, participant=participant if own else None)
    return found
