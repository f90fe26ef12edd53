"""Every e-mail of the portal: one function and three templates a message. Nothing else builds mail.

The templates are `templates/registration/mail/<message>/{subject.txt,body.txt,body.html}`. A message's
function says what its templates need beyond the common context, and what is attached.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.mail.messages import (
    coordinators,
    invited,
    mailings,  # noqa: F401 – it only adds messages to the list
    participants,
)
from registration.mail.messages.registry import CONDITIONS, MESSAGES
from registration.models import Delivery, Invitation, Participant
from registration.people.display_names import shorten
from sessions.line_breaks import keep_together

#: So many characters of a workshop's name stand in a subject.
MAX_MEETING = 24

__all__ = ["MESSAGES", "compose", "is_needed", "read_together"]


def read_together(deliveries: Iterable[Delivery]) -> dict[int, Participant]:
    """The participants to whom `deliveries` go, for `compose`: most of what a mail asks is the same for its batch."""
    return participants.read_together({delivery.participant_id for delivery in deliveries if delivery.participant_id})


def compose(
    delivery: Delivery, *, at: dt.datetime | None = None, for_show: bool = False, people: Mapping[int, Participant] = MappingProxyType({})
) -> EmailMultiAlternatives:
    """The mail of `delivery`, in the recipient's language, as things are at the moment `at` (default: now).

    `people` were read a moment ago, by key; who is not among them is read.

    With `for_show` it looks the same, but its personal links open nothing: whoever may read mails need not
    be able to act for people. Raises KeyError for a message that does not exist, ValidationError for what
    is not one address, and whatever the templates raise.
    """
    validate_email(delivery.email)
    _read(delivery, people, for_show=for_show)
    with translation.override(_language(delivery)):
        context = _common(delivery)
        content = MESSAGES[delivery.message](delivery, at or timezone.now())
        context |= {**delivery.details, **content.values}
        context["meeting"] = _meeting(context)
        folder = f"registration/mail/{delivery.message}"
        context["subject"] = " ".join(_text(f"{folder}/subject.txt", context).split())
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=_text(f"{folder}/body.txt", context),
            to=[delivery.email],
            reply_to=[contact.email for contact in context["contacts"] if contact.email][:1],
            headers=_headers(delivery),
            alternatives=[(_unbroken(render_to_string(f"{folder}/body.html", context)), "text/html")],
        )
        _rehearse(mail, context)
    for file in content.files:
        mail.attach(file)
    return mail


def _read(delivery: Delivery, people: Mapping[int, Participant], *, for_show: bool) -> None:
    """To whom it goes, with what their mail tells; `for_show` with what makes their links open nothing."""
    if delivery.participant_id:
        delivery.participant = people.get(delivery.participant_id) or Participant.objects.with_choices().get(pk=delivery.participant_id)
        if for_show:
            delivery.participant.link_version = -1  # no link of anybody has this version, nor the next
    elif delivery.invitation_id:
        delivery.invitation = Invitation.objects.with_places().get(pk=delivery.invitation_id)
        if for_show:
            delivery.invitation.pk = 0  # no invitation has this number
    elif delivery.user and for_show:
        delivery.user.password = ""  # their links are bound to it, and nobody's is empty


def _rehearse(mail: EmailMultiAlternatives, context: dict[str, Any]) -> None:
    """While its workshop is rehearsed, a mail goes to the rehearsal's address alone and says so, whoever it is for."""
    workshop = context.get("workshop")
    if workshop and workshop.rehearsal_email:
        mail.to = [workshop.rehearsal_email]
        mail.subject = _("[Rehearsal] %(subject)s") % {"subject": mail.subject}


def _meeting(context: dict[str, Any]) -> str:
    """How a subject names the workshop: by its short name, or by as much of its title as an inbox shows."""
    workshop = context.get("workshop") or context.get("only_workshop")  # one that a mail is about, and not of
    name = workshop.short_name if workshop else ""
    return name if len(name) <= MAX_MEETING else f"{shorten(name, MAX_MEETING)}…"


def _unbroken(html: str) -> str:
    """No mail program divides a Thai word, date or hour of ours: it knows no stylesheet, so each says so itself."""
    return keep_together(html).replace('<span class="nb">', '<span style="white-space:nowrap">')


def is_needed(delivery: Delivery, at: dt.datetime) -> bool:
    """Whether `delivery` still has something to say; while mail waits, what it was about may have passed."""
    condition = CONDITIONS.get(delivery.message)
    return condition is None or condition(delivery, at)


def _text(template: str, context: dict[str, Any]) -> str:
    text = get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    lines = [line.rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _common(delivery: Delivery) -> dict[str, Any]:
    """What every template may use. What people typed has lost whatever a mail program would make a link of."""
    if delivery.participant:
        return participants.about(delivery.participant, delivery.details.get("state", ""))
    if delivery.invitation:
        return invited.about(delivery.invitation)
    assert delivery.user is not None, "a delivery is to somebody"
    return coordinators.about(delivery.user)


def _headers(delivery: Delivery) -> dict[str, str]:
    """A Message-ID that is the same at every try, so that a mail server can see a repetition."""
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    headers = {"Message-ID": f"<delivery-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if person := delivery.participant or delivery.invitation:
        headers["List-Id"] = f"<{person.workshop.slug}.{host}>"
    return headers


def _language(delivery: Delivery) -> str:
    if person := delivery.participant or delivery.invitation:
        return person.language
    return str(delivery.details.get("language", settings.LANGUAGE_CODE))
