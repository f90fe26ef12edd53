"""What pages say of a message: to whom it goes, how it reads, how far it has got."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from registration.mail import compose
from registration.models import Delivery, MailFlow, Mailing, Participant, Quota
from registration.seats.places import place_in_sentence
from sessions.formats import date_long, moment_short

#: How many people's mails are shown before a message is sent.
SHOWN = 3


def when_in_words(mailing: Mailing) -> str:
    if mailing.scheduled_at:
        return _("To be sent on %(moment)s") % {"moment": moment_short(mailing.scheduled_at)}
    return _("Draft, not sent at the time set") if mailing.was_missed else _("Draft")


def audience_in_words(mailing: Mailing) -> list[str]:
    to_desks = mailing.recipients == Mailing.Recipients.COORDINATORS
    state = mailing.get_state_display() or _("all that are not declined or cancelled")
    return [
        mailing.get_recipients_display() if to_desks else state,
        *([date_long(mailing.day.date)] if mailing.day else []),
        *([str(mailing.track)] if mailing.track else []),
        *([mailing.get_region_display()] if mailing.region else []),
        *([", ".join(str(province) for province in provinces)] if (provinces := mailing.provinces.all()) else []),
        *([_("chosen at the desk of %(place)s") % {"place": place_in_sentence(mailing.quota)}] if mailing.quota else []),
        *([", ".join(str(group) for group in groups)] if (groups := mailing.groups.all()) else []),
    ]


def readers(mailing: Mailing, people: int) -> list[Participant | User]:
    """Up to three of the `people`, spread over all of them: the first, one in the middle, the last."""
    audience: QuerySet[Any] = mailing.readers().order_by("pk")
    places = sorted({0, people // 2, people - 1}) if people else []
    return [reader for place in places[:SHOWN] for reader in audience[place : place + 1]]


def mail_to(reader: Participant | User, mailing: Mailing) -> dict[str, Any]:
    """How the mail to `reader` looks. Their personal links open nothing."""
    to = {"user": reader} if isinstance(reader, User) else {"participant": reader}
    mail = compose.compose(Delivery(message=mailing.message, mailing=mailing, email=reader.email, **to), for_show=True)
    name = reader.get_full_name() if isinstance(reader, User) else f"{reader.full_name} · {reader.quota}"
    return {"reader": reader, "name": name, "subject": mail.subject, "text": mail.body, "html": str(mail.alternatives[0][0])}


def by_place(mailing: Mailing) -> list[dict[str, Any]]:
    """How many of the readers are from where, central agencies first."""
    rows = mailing.desks() if mailing.recipients == Mailing.Recipients.COORDINATORS else mailing.audience()
    counts = dict(rows.order_by().values_list("quota").annotate(n=Count("pk")))
    quotas = Quota.objects.filter(pk__in=counts).select_related("province").in_thai_order()
    return [{"name": quota.name, "n": counts[quota.pk]} for quota in quotas]


def progress_of(mailing: Mailing) -> dict[str, Any]:
    """How many mails are in which state, and whether anything still moves. Two queries."""
    own = Delivery.objects.filter(mailing=mailing, message=mailing.message)
    found = dict(own.order_by().values_list("state").annotate(n=Count("pk")))
    written = sum(found.values())
    left = 0 if mailing.queued_at else max(mailing.people - written, 0)
    unwritten = 0 if mailing.stopped_at else left
    stopped = left + found.get(Delivery.State.STOPPED, 0) if mailing.stopped_at else 0
    waiting = unwritten + found.get(Delivery.State.QUEUED, 0) + found.get(Delivery.State.SENDING, 0)
    total = written + unwritten
    return {
        "counts": [{"state": state, "n": found.get(state, 0)} for state in Delivery.State],
        "unwritten": unwritten,
        "waiting": waiting,
        "stopped": stopped,
        "message": mailing.message.value,
        "done": total - waiting,
        "total": total,
        "failed": found.get(Delivery.State.FAILED, 0),
        "is_moving": bool(waiting),
        "is_paused": MailFlow.objects.filter(is_paused=True).exists(),
    }
