"""What happened to a participant, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registration.choices import State
from registration.models import Delivery, Event

_DEEDS = {
    "registered": gettext_noop("Registered"),
    "approved": gettext_noop("Approved"),
    "declined": gettext_noop("Declined"),
    "cancelled": gettext_noop("Cancelled the registration"),
    "moved_up": gettext_noop("Moved up from the waiting list"),
    "offered": gettext_noop("Was offered a seat"),
    "accepted": gettext_noop("Accepted the offered seat"),
    "offer_expired": gettext_noop("Let the offered seat pass"),
    "put_back": gettext_noop("Put back on the list"),
    "reordered": gettext_noop("Moved within the waiting list"),
    "changed": gettext_noop("Changed details"),
    "email_change_asked": gettext_noop("Asked for a new e-mail address"),
    "email_changed": gettext_noop("Changed the e-mail address"),
    "link_renewed": gettext_noop("Renewed the personal link"),
}

_ACTORS = {
    "participant": gettext_noop("The participant"),
    "coordinator": gettext_noop("The province's coordinator"),
    "staff": gettext_noop("NESDC staff"),
    "system": gettext_noop("The portal"),
}

_MAILS = {
    "confirmed": gettext_noop("Confirmation of the seat"),
    "pending": gettext_noop("Waiting for the province's decision"),
    "waiting": gettext_noop("Place on the waiting list"),
    "moved_up": gettext_noop("Moved up from the waiting list"),
    "offered": gettext_noop("Offer of a seat"),
    "offer_expired": gettext_noop("End of the offer"),
    "declined": gettext_noop("Declined"),
    "cancelled": gettext_noop("Cancellation"),
    "changed": gettext_noop("Change of details"),
    "link": gettext_noop("Personal link"),
    "confirm_email": gettext_noop("Confirming a new e-mail address"),
    "email_changed": gettext_noop("Change of the e-mail address"),
    "reminder": gettext_noop("Reminder"),
    "meeting_link": gettext_noop("Meeting link"),
    "coordinator_invited": gettext_noop("Invitation to the desk"),
    "coordinator_sign_in": gettext_noop("Link to sign in"),
    "coordinator_password": gettext_noop("Link to a new password"),
}


def in_words(event: Event) -> str:
    """What was done, and what came of it: "Registered – On the waiting list"."""
    deed = _(_DEEDS[event.verb]) if event.verb in _DEEDS else event.verb
    state, reason = event.details.get("state"), event.details.get("reason")
    outcome = reason or (State(state).label if state in State.values else "")
    return f"{deed} – {outcome}" if outcome else deed


def actor_in_words(event: Event) -> str:
    """Who did it: the name of whoever signed in, else what he is."""
    if event.actor:
        return event.actor.get_full_name() or event.actor.get_username()
    return _(_ACTORS[event.actor_kind]) if event.actor_kind in _ACTORS else event.actor_kind


def mail_in_words(delivery: Delivery) -> str:
    """What a mail is about."""
    return _(_MAILS[delivery.message]) if delivery.message in _MAILS else delivery.message
