"""Clearing up after a rehearsal: those who registered to try the portal go, with all that came of them."""

import datetime as dt
from collections.abc import Collection
from contextlib import suppress

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor
from registration.choices import SEAT_HOLDING
from registration.errors import Erased
from registration.models import Delivery, Invitation, Nominee, Participant
from registration.privacy.actions.erasure import remove_registration
from registration.seats import quotas
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Workshop


@repeated_after_deadlock
def remove_rehearsal(*, workshop: Workshop, people: Collection[int], by: Actor, at: dt.datetime | None = None) -> int:
    """Deletes those of `people` (by key) who registered in `workshop` while it was rehearsed, and the invitations that went astray.

    Who holds no seat goes first, so that nobody moves up who is to go as well. Whoever is kept is somebody from now on.
    Returns how many people went.
    """
    at = at or timezone.now()
    with transaction.atomic():
        rehearsed = Participant.objects.filter(workshop=workshop, in_rehearsal=True)
        going = list(rehearsed.filter(pk__in=people).select_related("workshop", "quota__province").order_by("pk"))
        invitations = _astray_invitations(workshop)
        quotas.lock_all({*(person.quota_id for person in going), *(invitation.quota_id for invitation in invitations)})
        _remove_invitations(invitations)
        for person in sorted(going, key=lambda person: (person.state in SEAT_HOLDING, person.pk)):
            with suppress(Erased):  # by somebody else at this very moment
                remove_registration(person, by=by, at=at)
        rehearsed.update(in_rehearsal=False)
        if by.user:
            text = _("Removed the people of the rehearsal: %(count)s.") % {"count": len(going)}
            LogEntry.objects.log_actions(by.user.pk, [workshop], CHANGE, text, single_object=True)
    return len(going)


def _astray_invitations(workshop: Workshop) -> list[Invitation]:
    astray = Delivery.objects.astray(workshop).filter(invitation__isnull=False).values("invitation")
    return list(Invitation.objects.filter(workshop=workshop, pk__in=astray, participant=None).select_related("quota").order_by("pk"))


def _remove_invitations(invitations: list[Invitation]) -> None:
    held = set(Invitation.objects.keeping_seats().filter(pk__in=[one.pk for one in invitations]).values_list("pk", flat=True))
    for invitation in invitations:
        Nominee.objects.filter(invitation=invitation).delete()
        if invitation.pk in held:
            quotas.release([invitation.quota])
        invitation.delete()
