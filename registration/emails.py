"""Every e-mail of the portal: one function and three templates a message. Nothing else builds mail.

The templates are `templates/registration/emails/<message>/{subject.txt,body.txt,body.html}`. A message's
function says what its templates need beyond the common context, and what is attached.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from registration import links
from registration.display_names import namesakes, open_chat_name, zoom_name
from registration.models import Delivery, Participant


@dataclass(slots=True)
class Content:
    """What a message adds: values for its templates; files as (name, bytes, media type)."""

    values: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, bytes, str]] = field(default_factory=list)


Message = Callable[[Delivery], Content]
MESSAGES: dict[str, Message] = {}


def message(function: Message) -> Message:
    """Makes `function` the message of its own name."""
    MESSAGES[function.__name__] = function
    return function


@message
def link(delivery: Delivery) -> Content:
    """Here is your link again."""
    return Content()


def compose(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail of `delivery`, in the participant's language, as things are now.

    Raises KeyError for a message that does not exist, and whatever its templates raise.
    """
    participant = Participant.objects.with_choices().get(pk=delivery.participant_id)
    delivery.participant = participant
    with translation.override(participant.language):
        content = MESSAGES[delivery.message](delivery)
        context = {**_common(participant), **delivery.details, **content.values}
        folder = f"registration/emails/{delivery.message}"
        subject = " ".join(render_to_string(f"{folder}/subject.txt", context).split())
        mail = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"{folder}/body.txt", context),
            to=[delivery.email],
            headers=_headers(delivery),
            alternatives=[(render_to_string(f"{folder}/body.html", context), "text/html")],
        )
    for name, data, media_type in content.files:
        mail.attach(name, data, media_type)
    return mail


def _common(participant: Participant) -> dict[str, Any]:
    others = namesakes(participant)
    return {
        "participant": participant,
        "workshop": participant.workshop,
        "personal_url": links.personal_url(participant),
        "zoom_name": zoom_name(participant, others),
        "open_chat_name": open_chat_name(participant, others),
    }


def _headers(delivery: Delivery) -> dict[str, str]:
    """A Message-ID that is the same at every try, so that a mail server can see a repetition."""
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    return {
        "Message-ID": f"<delivery-{delivery.pk}@{host}>",
        "List-Id": f"<{delivery.participant.workshop.slug}.{host}>",
        "Auto-Submitted": "auto-generated",
    }
