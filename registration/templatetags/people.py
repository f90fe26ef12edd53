"""What templates say of people: what happened to them, by whom, and how they are reached."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from registration.choices import State
from registration.models import Delivery, Event, Participant, Quota
from registration.people import history, phones
from registration.people.changes import changes_close_at
from registration.people.filters import MAILBOX
from registration.seats.places import place_in_sentence
from sessions.models import WorkshopDay

register = template.Library()


@register.filter
def in_words(event: Event) -> str:
    return history.in_words(event)


@register.filter
def by_whom(event: Event) -> str:
    return history.actor_in_words(event)


@register.filter
def mail_in_words(delivery: Delivery) -> str:
    return history.mail_in_words(delivery)


register.filter("phone_of", phones.phone_of)
register.filter("readable_number", phones.readable)


@register.filter
def state_at(state: str, quota: Quota) -> str:
    if state == State.PENDING and quota.province_id is None:
        return gettext("Waiting for NESDC’s decision")
    if state == State.APPLIED and quota.province_id is None:
        return gettext("Waiting for NESDC’s selection")
    if state in State.values:
        return str(State(state).label)
    return gettext("several from one mailbox") if state == MAILBOX else gettext("link not opened yet")


@register.filter
def in_sentence(quota: Quota) -> str:
    return place_in_sentence(quota)


@register.filter
def is_past(day: WorkshopDay) -> bool:
    return day.date < timezone.localdate()


@register.filter
def all_past(participant: Participant) -> bool:
    days = participant.days.all()
    return bool(days) and all(is_past(day) for day in days)


@register.filter
def could_change_until(participant: Participant) -> dt.datetime | None:
    return changes_close_at(participant)
