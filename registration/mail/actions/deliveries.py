"""What staff decide about the mail: sending again, stopping it and letting it run."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor
from registration.choices import Rank
from registration.models import Delivery, MailFlow
from sessions.models import Workshop

#: So many mails are put away at a time.
BATCH = 1_000


def send_again(*, deliveries: Iterable[Delivery], by: Actor, at: dt.datetime | None = None) -> list[Delivery]:
    """Puts those of `deliveries` back into the queue that have failed, or of which nobody knows. Returns them.

    One that is queued, being sent or sent by now is left alone. An unknown one may reach its reader twice:
    ask before. How often each was tried is not forgotten, so that one more refusal is enough to fail it.
    """
    at = at or timezone.now()
    with transaction.atomic():
        known = Delivery.objects.needing_a_hand().filter(pk__in=[delivery.pk for delivery in deliveries])
        again = list(known.select_for_update())
        # Its last worker stays written down: if they answer late after all that it was sent, it is not sent again.
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in again]).update(
            state=Delivery.State.QUEUED, due_at=at, finished_at=None, attempted_at=None
        )
        if again and by.user:
            LogEntry.objects.log_actions(by.user.pk, again, CHANGE, _("Put back into the queue."))
    return again


def put_away(*, at: dt.datetime) -> int:
    """Deletes mails that were done MAILS_KEPT_DAYS ago: of workshops that were over by then too, and what users had asked for.

    Others stay, since their row is what says that they are not sent again. At most BATCH of them; returns how many.
    It reads over all mails: not for every round of the clock.
    """
    if not settings.MAILS_KEPT_DAYS:
        return 0
    limit = at - dt.timedelta(days=settings.MAILS_KEPT_DAYS)
    day = timezone.localdate(limit)
    over = Workshop.objects.filter(days__date__lt=day).exclude(days__date__gte=day)
    whose = Q(participant__workshop__in=over) | Q(invitation__workshop__in=over) | Q(user__isnull=False, rank=Rank.ASKED)
    old = Delivery.objects.done().filter(whose, finished_at__lt=limit).order_by("pk")
    with transaction.atomic():
        keys = list(old.values_list("pk", flat=True)[:BATCH])
        written = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Delivery), object_id__in=[str(key) for key in keys]
        )
        written.update(object_repr="–")
        return Delivery.objects.done().filter(pk__in=keys, finished_at__lt=limit).delete()[0]


def pause_mail(*, by: Actor) -> None:
    _turn(True, by, _("Paused e-mails."))


def resume_mail(*, by: Actor) -> None:
    """Mail leaves again, beginning with the next round of the clock."""
    _turn(False, by, _("Resumed e-mails."))


def _turn(is_paused: bool, by: Actor, text: str) -> None:
    with transaction.atomic():
        flow, _created = MailFlow.objects.select_for_update().get_or_create(pk=1)
        if flow.is_paused == is_paused:
            return
        flow.is_paused, flow.next_senders_at = is_paused, None
        flow.save(update_fields=["is_paused", "next_senders_at"])
        if is_paused:
            claimed = Delivery.objects.filter(state=Delivery.State.SENDING, attempted_at=None)
            claimed.update(state=Delivery.State.QUEUED, leased_until=None, claimed_by="")
        if by.user:
            LogEntry.objects.log_actions(by.user.pk, [flow], CHANGE, text, single_object=True)
