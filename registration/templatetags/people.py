"""What templates say of people: what happened to them, by whom, and how they are reached."""

from django import template
from django.utils.translation import gettext

from registration import history, phones
from registration.choices import State
from registration.models import Coordinator, Delivery, Event, Participant, Quota
from registration.places import place_in_sentence

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


@register.filter
def phone_of(person: Participant | Coordinator) -> str:
    """The number as it is read: "02 280 4085 ext. 6414"."""
    return phones.readable(person.phone, person.phone_extension) if person.phone else ""


@register.filter
def state_at(state: str, quota: Quota) -> str:
    """A state in words; whom no province sends, no province decides on."""
    if state == State.PENDING and quota.province_id is None:
        return gettext("Waiting for the organisers' decision")
    return str(State(state).label)


@register.filter
def in_sentence(quota: Quota) -> str:
    """ "จังหวัดน่าน", "กรุงเทพมหานคร" or "หน่วยงานส่วนกลาง"."""
    return place_in_sentence(quota)
