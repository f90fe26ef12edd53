"""What was missed while a workshop was rehearsed: its mail went to the rehearsal's address, and goes to people afterwards."""

import datetime as dt

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor
from registration.errors import RehearsalOn
from registration.models import Delivery
from sessions.models import Workshop


def send_missed(*, workshop: Workshop, by: Actor, at: dt.datetime | None = None) -> int:
    """Queues once more what the rehearsal's address got, for those whom it was for. Returns how many.

    Whatever has nothing to say by then is not sent, as always. Raises RehearsalOn while it would go astray again.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if Workshop.objects.select_for_update().get(pk=workshop.pk).rehearsal_email:
            raise RehearsalOn
        missed = list(Delivery.objects.astray(workshop).filter(state=Delivery.State.SENT).values_list("pk", flat=True))
        again = Delivery.objects.filter(pk__in=missed, state=Delivery.State.SENT, went_astray=True).update(
            state=Delivery.State.QUEUED, went_astray=False, due_at=at, finished_at=None, attempted_at=None, claimed_by="", attempts=0
        )
        if again and by.user:
            text = _("Sent the e-mails that the rehearsal had kept: %(count)s.") % {"count": again}
            LogEntry.objects.log_actions(by.user.pk, [workshop], CHANGE, text, single_object=True)
    return again
