"""Every e-mail of the portal: one function and three templates a message. Nothing else builds mail.

The templates are `templates/registration/emails/<message>/{subject.txt,body.txt,body.html}`. A message's
function says what its templates need beyond the common context, and what is attached.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.nonmultipart import MIMENonMultipart
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db.models import prefetch_related_objects
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration import links, qr, sign_in
from registration.calendars import personal_calendar
from registration.choices import State
from registration.display_names import namesakes, zoom_name
from registration.meeting_links import visible_links
from registration.models import Delivery, Participant, Quota
from registration.unlinked import unlinked
from sessions import schedule, thai
from sessions.models import Track, WorkshopDay
from sessions.templatetags.agenda import language

#: The capital is no province by name.
BANGKOK_CODE = "10"


@dataclass(slots=True)
class Content:
    """What a message adds: values for its templates, and attached files."""

    values: dict[str, Any] = field(default_factory=dict)
    files: list[MIMEBase] = field(default_factory=list)


Message = Callable[[Delivery, dt.datetime], Content]
MESSAGES: dict[str, Message] = {}


def message(function: Message) -> Message:
    """Makes `function` the message of its own name. It is called in the recipient's language."""
    MESSAGES[function.__name__] = function
    return function


# The messages: to somebody who registered


@message
def confirmed(delivery: Delivery, at: dt.datetime) -> Content:
    """Received, and the seat is sure."""
    return Content({"full_tracks": _full_tracks(delivery)}, [*_calendar_if_confirmed(delivery, at), _code_as_qr(delivery)])


@message
def pending(delivery: Delivery, at: dt.datetime) -> Content:
    """Received; the seat is held until the province has decided."""
    return Content({"full_tracks": _full_tracks(delivery)})


@message
def waiting(delivery: Delivery, at: dt.datetime) -> Content:
    """Received; no seat is free, this is the place in line."""
    return Content()


@message
def moved_up(delivery: Delivery, at: dt.datetime) -> Content:
    """A seat was freed and is his now."""
    return Content({"full_tracks": _full_tracks(delivery)}, _calendar_if_confirmed(delivery, at))


@message
def offered(delivery: Delivery, at: dt.datetime) -> Content:
    """A seat was freed and is held until he accepts it or the time is over."""
    return Content({"full_tracks": _full_tracks(delivery), "until": _participant(delivery).offer_expires_at})


@message
def offer_expired(delivery: Delivery, at: dt.datetime) -> Content:
    """He did not accept in time; the seat has passed on."""
    return Content()


@message
def declined(delivery: Delivery, at: dt.datetime) -> Content:
    """The province (or NESDC) said no, and why."""
    return Content(_reason(delivery), _calendar_if_he_has_one(delivery, at))


@message
def cancelled(delivery: Delivery, at: dt.datetime) -> Content:
    """He, or staff for him, gave the registration up."""
    return Content(_reason(delivery), _calendar_if_he_has_one(delivery, at))


@message
def changed(delivery: Delivery, at: dt.datetime) -> Content:
    """What he told has been changed."""
    return Content({"changes": _field_names(delivery.details["fields"])}, _calendar_if_confirmed(delivery, at))


@message
def link(delivery: Delivery, at: dt.datetime) -> Content:
    """Here is your link again."""
    return Content()


@message
def reminder(delivery: Delivery, at: dt.datetime) -> Content:
    """The meeting is tomorrow."""
    return _day_and_links(delivery, at)


@message
def meeting_link(delivery: Delivery, at: dt.datetime) -> Content:
    """The way into the meeting of a day."""
    return _day_and_links(delivery, at)


@message
def confirm_email(delivery: Delivery, at: dt.datetime) -> Content:
    """To a new address, whose owner must say that it is his before anything about the person goes there."""
    path = reverse("confirm_new_email", args=[links.new_email_token(_participant(delivery), delivery.email)])
    return Content({"shows_name": False, "confirm_url": links.absolute(path), "days_left": links.NEW_EMAIL_AGE.days})


@message
def email_changed(delivery: Delivery, at: dt.datetime) -> Content:
    """To the old address, which learns that mail goes elsewhere, but not quite where."""
    name, _at, host = _participant(delivery).email.partition("@")
    return Content({"shows_name": False, "new_address": f"{name[0]}•••@{host}"})


# The messages: to somebody who signs in


@message
def coordinator_invited(delivery: Delivery, at: dt.datetime) -> Content:
    """Your desk is open: set a password, or come in by mailed links."""
    quota = Quota.objects.select_related("workshop", "province").prefetch_related("workshop__contacts").get(pk=delivery.details["quota"])
    place = {"quota": quota, "workshop": quota.workshop, "contacts": quota.workshop.contacts.all()}
    return Content({**place, "desk_url": links.desk_url(quota), **_ways_in(delivery)})


@message
def coordinator_sign_in(delivery: Delivery, at: dt.datetime) -> Content:
    """The link that signs a coordinator in, once."""
    return Content(_ways_in(delivery))


@message
def coordinator_password(delivery: Delivery, at: dt.datetime) -> Content:
    """The link at which a coordinator sets a new password."""
    return Content(_ways_in(delivery))


# Composing


def compose(delivery: Delivery, *, at: dt.datetime | None = None, for_show: bool = False) -> EmailMultiAlternatives:
    """The mail of `delivery`, in the recipient's language, as things are at the moment `at` (default: now).

    With `for_show` it looks the same, but its personal links open nothing: whoever may read mails need not
    be able to act for people. Raises KeyError for a message that does not exist, ValidationError for what
    is not one address, and whatever the templates raise.
    """
    validate_email(delivery.email)
    if delivery.participant_id:
        delivery.participant = Participant.objects.with_choices().get(pk=delivery.participant_id)
        if for_show:
            delivery.participant.link_version = 0  # no link of anybody has this version
    elif delivery.user and for_show:
        delivery.user.password = ""  # his links are bound to it, and nobody's is empty
    with translation.override(_language(delivery)):
        content = MESSAGES[delivery.message](delivery, at or timezone.now())
        context = {**_common(delivery), **delivery.details, **content.values}
        folder = f"registration/emails/{delivery.message}"
        context["subject"] = " ".join(_text(f"{folder}/subject.txt", context).split())
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=_text(f"{folder}/body.txt", context),
            to=[delivery.email],
            reply_to=[contact.email for contact in context["contacts"] if contact.email][:1],
            headers=_headers(delivery),
            alternatives=[(render_to_string(f"{folder}/body.html", context), "text/html")],
        )
    for file in content.files:
        mail.attach(file)
    return mail


def is_needed(delivery: Delivery, at: dt.datetime) -> bool:
    """Whether `delivery` still has something to say; while mail waits, what it was about may have passed."""
    if delivery.message not in ("offered", "reminder", "meeting_link"):
        return True
    participant = Participant.objects.with_choices().get(pk=delivery.participant_id)
    if delivery.message == "offered":
        return participant.state == State.OFFERED
    if delivery.message == "meeting_link":
        return any(link.day.pk == delivery.details["day"] for link in visible_links(participant, at))
    days = [day for day in participant.days.all() if day.pk == delivery.details["day"] and not day.is_cancelled]
    return participant.state == State.CONFIRMED and any(at < day.ends_at() for day in days)


def _text(template: str, context: dict[str, Any]) -> str:
    """A template that is not HTML: nothing is escaped, and no more than one line is left empty."""
    text = get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    lines = [line.rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _common(delivery: Delivery) -> dict[str, Any]:
    """What every template may use. What people typed has lost whatever a mail program would make a link of."""
    participant = delivery.participant
    if participant is None:
        return {"user": delivery.user, "contacts": []}
    prefetch_related_objects([participant], "days__items", "workshop__contacts")
    workshop = participant.workshop
    return {
        "participant": participant,
        "workshop": workshop,
        "contacts": workshop.contacts.all(),
        "name": unlinked(participant.full_name),
        "origin": _origin(participant),
        "shows_name": True,
        "zoom_name": unlinked(str(zoom_name(participant, namesakes(participant)))),
        "days": [_day_in_words(day, participant) for day in participant.days.all()],
        "personal_url": links.personal_url(participant),
        "workshop_url": links.absolute(reverse("workshop", args=[workshop.slug])),
    }


def _headers(delivery: Delivery) -> dict[str, str]:
    """A Message-ID that is the same at every try, so that a mail server can see a repetition."""
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    headers = {"Message-ID": f"<delivery-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if delivery.participant:
        headers["List-Id"] = f"<{delivery.participant.workshop.slug}.{host}>"
    return headers


# What messages share


def _participant(delivery: Delivery) -> Participant:
    assert delivery.participant is not None, "this message is for participants"
    return delivery.participant


def _language(delivery: Delivery) -> str:
    if delivery.participant:
        return delivery.participant.language
    return str(delivery.details.get("language", settings.LANGUAGE_CODE))


def _ways_in(delivery: Delivery) -> dict[str, Any]:
    """Made when the mail is written: the links are stored nowhere, and their time begins then."""
    assert delivery.user is not None, "this message is for those who sign in"
    return {
        "name": unlinked(delivery.user.get_full_name() or delivery.user.get_username()),
        "by_mail": not delivery.user.is_staff,
        "sign_in_url": sign_in.link_url(delivery.user),
        "sign_in_minutes": int(sign_in.LINK_AGE.total_seconds() // 60),
        "password_url": sign_in.password_url(delivery.user),
        "password_days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }


def _origin(participant: Participant) -> str:
    """Who sends him, as it stands in a sentence."""
    province = participant.province
    if province is None:
        return _("central agencies")
    return province.name if province.code == BANGKOK_CODE else _("%(name)s Province") % {"name": province.name}


def _day_in_words(day: WorkshopDay, participant: Participant) -> dict[str, Any]:
    hours = schedule.span(day.items.all())
    return {
        "day": day,
        "hours": thai.format_time_range(*hours, language()) if hours else "",
        "tracks": [choice.track for choice in participant.choices.all() if choice.track.item.day_id == day.pk],
    }


def _day_and_links(delivery: Delivery, at: dt.datetime) -> Content:
    participant = _participant(delivery)
    day = WorkshopDay.objects.prefetch_related("items").get(pk=delivery.details["day"])
    own = [link for link in visible_links(participant, at) if link.day.pk == day.pk]
    values = {"day": day, "join_links": own, "begins_at": day.begins_at(), "opens_at": day.join_link_opens_at()}
    return Content(values, _calendar_if_confirmed(delivery, at))


def _full_tracks(delivery: Delivery) -> Iterable[Track]:
    return Track.objects.filter(pk__in=delivery.details.get("tracks_full", []))


def _reason(delivery: Delivery) -> dict[str, str]:
    return {"reason": unlinked(delivery.details.get("reason", ""))}


def _field_names(fields: Iterable[str]) -> list[str]:
    """How a participant's columns and choices are called, each once."""
    names = {"days": _("days"), "tracks": _("tracks"), "phone_extension": _("phone")}
    return list(dict.fromkeys(names.get(name) or str(Participant._meta.get_field(name).verbose_name) for name in fields))


def _calendar_if_confirmed(delivery: Delivery, at: dt.datetime) -> list[MIMEBase]:
    participant = _participant(delivery)
    return [_calendar(participant, at)] if participant.state == State.CONFIRMED else []


def _calendar_if_he_has_one(delivery: Delivery, at: dt.datetime) -> list[MIMEBase]:
    """The calendar that strikes out the days, for whom was sent one that has them."""
    participant = _participant(delivery)
    sent = participant.deliveries.filter(message__in=["confirmed", "moved_up"], state=Delivery.State.SENT)
    return [_calendar(participant, at)] if not participant.is_live and sent.exists() else []


def _calendar(participant: Participant, at: dt.datetime) -> MIMEBase:
    part = MIMENonMultipart("text", "calendar", charset="utf-8", method="PUBLISH")
    part.set_payload(personal_calendar(participant, at))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=f"{participant.workshop.slug}.ics")
    return part


def _code_as_qr(delivery: Delivery) -> MIMEBase:
    code = _participant(delivery).code
    part = MIMEImage(qr.qr_png(code), "png")
    part.add_header("Content-Disposition", "attachment", filename=f"{code}.png")
    return part
