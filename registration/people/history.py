"""What happened to a participant, in words."""

import datetime as dt

from django.contrib.admin.utils import label_for_field
from django.utils.translation import gettext

from registration.actor import ActorKind
from registration.choices import MessageName, State, Verb
from registration.models import Delivery, Event, Participant
from sessions.formats import date_short


def in_words(event: Event) -> str:
    deed = Verb(event.verb).label if event.verb in Verb.values else event.verb
    state, said = event.details.get("state"), event.details.get("reason") or event.details.get("other")
    outcome = said or (State(state).label if state in State.values else "")
    notice = gettext("the privacy notice was read out") if event.details.get("notice_read_out") else ""
    return " – ".join(str(part) for part in (deed, outcome, notice) if part)


def actor_in_words(event: Event) -> str:
    if token := event.details.get("token"):
        return gettext("API token “%(name)s”") % {"name": token}
    if event.actor:
        return event.actor.get_full_name() or event.actor.get_username()
    return str(ActorKind(event.actor_kind).label) if event.actor_kind in ActorKind.values else event.actor_kind


def mail_in_words(delivery: Delivery) -> str:
    return str(MessageName(delivery.message).label) if delivery.message in MessageName.values else delivery.message


def values_in_words(event: Event) -> list[tuple[str, str, str]]:
    """What an event changed: the name of each thing, what it was and what it is. Nothing for events from before that was kept."""
    return [(_called(name), _shown(name, before), _shown(name, after)) for name, (before, after) in event.details.get("values", {}).items()]


def _called(name: str) -> str:
    names = {"days": gettext("days"), "tracks": gettext("tracks"), "province": gettext("province")}
    return names.get(name) or str(label_for_field(name, Participant))


def _shown(name: str, value: str) -> str:
    if name != "days" or not value:
        return value
    return ", ".join(date_short(dt.date.fromisoformat(day)) for day in value.split(", "))
