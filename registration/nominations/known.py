"""Which addresses of a list are registered or invited already, and what its province may know of that."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from registration.models import Coordinator, Invitation, Participant, Quota
from registration.people.phones import readable


@dataclass(frozen=True, slots=True)
class Known:
    """How an address is known. `participant` only where they are of the same province: of others nothing more is told.

    `place` and `contacts` where another province has invited the address: whom to call.
    """

    is_registered: bool
    participant: Participant | None = None
    place: str = ""
    contacts: str = ""


def known_addresses(quota: Quota, emails: Collection[str]) -> dict[str, Known]:
    """Those of `emails` that are registered in the workshop of `quota` or hold an open invitation. Three queries."""
    wanted = {email for email in emails if email}
    open_ones = Invitation.objects.open().filter(workshop=quota.workshop_id, email__in=wanted).select_related("quota__province")
    invited = {invitation.email: invitation.quota for invitation in open_ones}
    others = {other.pk for other in invited.values() if other.pk != quota.pk}
    called = _desks(others)
    found = {
        email: Known(is_registered=False, place=other.name if other.pk in others else "", contacts=called.get(other.pk, ""))
        for email, other in invited.items()
    }
    for participant in Participant.objects.live().with_own_address().filter(workshop=quota.workshop_id, email__in=wanted):
        own = participant.quota_id == quota.pk
        found[participant.email] = Known(is_registered=True, participant=participant if own else None)
    return found


def _desks(quotas: Iterable[int]) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for coordinator in Coordinator.objects.active().filter(quota__in=list(quotas)).select_related("user"):
        phone = readable(coordinator.phone, coordinator.phone_extension) if coordinator.phone else ""
        names.setdefault(coordinator.quota_id, []).append(" ".join(filter(None, (coordinator.name, phone))))
    return {quota: ", ".join(found) for quota, found in names.items()}
