"""What happened to a participant, in words."""

from django.utils.translation import gettext

from registration.actor import ActorKind
from registration.choices import MessageName, State, Verb
from registration.models import Delivery, Event


def in_words(event: Event) -> str:
    """What was done, and what came of it: "Registered – On the waiting list"."""
    deed = Verb(event.verb).label if event.verb in Verb.values else event.verb
    state, said = event.details.get("state"), event.details.get("reason") or event.details.get("other")
    outcome = said or (State(state).label if state in State.values else "")
    notice = gettext("the privacy notice was read out") if event.details.get("notice_read_out") else ""
    return " – ".join(str(part) for part in (deed, outcome, notice) if part)


def actor_in_words(event: Event) -> str:
    """Who did it: the name of whoever signed in, else what he is."""
    if event.actor:
        return event.actor.get_full_name() or event.actor.get_username()
    return str(ActorKind(event.actor_kind).label) if event.actor_kind in ActorKind.values else event.actor_kind


def mail_in_words(delivery: Delivery) -> str:
    """What a mail is about."""
    return str(MessageName(delivery.message).label) if delivery.message in MessageName.values else delivery.message
