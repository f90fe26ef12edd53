"""What happened to a participant, in words."""

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from registration.choices import State
from registration.models import Delivery, Event

_DEEDS = {
    "registered": pgettext_lazy("history", "Registered"),
    "approved": pgettext_lazy("history", "Approved"),
    "reopened": pgettext_lazy("history", "Took the approval back"),
    "declined": pgettext_lazy("history", "Declined"),
    "cancelled": pgettext_lazy("history", "Cancelled the registration"),
    "moved_up": pgettext_lazy("history", "Moved up from the waiting list"),
    "offered": pgettext_lazy("history", "Was offered a seat"),
    "accepted": pgettext_lazy("history", "Accepted the offered seat"),
    "offer_expired": pgettext_lazy("history", "Let the offered seat pass"),
    "link_opened": pgettext_lazy("history", "Opened the link in the mail"),
    "asked_to_open": pgettext_lazy("history", "Was asked to open the link in the mail"),
    "gave_way": pgettext_lazy("history", "Made way for the next in line: the link in the mail was never opened"),
    "put_back": pgettext_lazy("history", "Put back on the list"),
    "reordered": pgettext_lazy("history", "Moved within the waiting list"),
    "changed": pgettext_lazy("history", "Changed details"),
    "email_change_asked": pgettext_lazy("history", "Asked for a new e-mail address"),
    "email_changed": pgettext_lazy("history", "Changed the e-mail address"),
    "merged": pgettext_lazy("history", "Merged with the registration"),
    "objected": pgettext_lazy("history", "Objected to the use of the data"),
    "objection_answered": pgettext_lazy("history", "Answered the objection"),
    "link_renewed": pgettext_lazy("history", "Renewed the personal link"),
}

_ACTORS = {
    "participant": gettext_lazy("The participant"),
    "coordinator": gettext_lazy("The province's coordinator"),
    "staff": gettext_lazy("NESDC staff"),
    "system": gettext_lazy("The portal"),
}

_MAILS = {
    "confirmed": pgettext_lazy("mail", "Confirmation of the seat"),
    "pending": pgettext_lazy("mail", "Waiting for the province's decision"),
    "waiting": pgettext_lazy("mail", "Place on the waiting list"),
    "moved_up": pgettext_lazy("mail", "Moved up from the waiting list"),
    "offered": pgettext_lazy("mail", "Offer of a seat"),
    "offer_expired": pgettext_lazy("mail", "End of the offer"),
    "open_link": pgettext_lazy("mail", "Request to open the link"),
    "gave_way": pgettext_lazy("mail", "Seat passed on, because the link was never opened"),
    "declined": pgettext_lazy("mail", "Declined"),
    "cancelled": pgettext_lazy("mail", "Cancellation"),
    "changed": pgettext_lazy("mail", "Change of details"),
    "link": pgettext_lazy("mail", "Personal link"),
    "fresh_link": pgettext_lazy("mail", "Link for ten minutes"),
    "confirm_email": pgettext_lazy("mail", "Confirming a new e-mail address"),
    "email_changed": pgettext_lazy("mail", "Change of the e-mail address"),
    "objection_answered": pgettext_lazy("mail", "Answer to an objection"),
    "reminder": pgettext_lazy("mail", "Reminder"),
    "meeting_link": pgettext_lazy("mail", "Meeting link"),
    "invitation": pgettext_lazy("mail", "Invitation"),
    "invitation_reminder": pgettext_lazy("mail", "Reminder of the invitation"),
    "invitation_withdrawn": pgettext_lazy("mail", "Withdrawal of the invitation"),
    "agenda_changed": pgettext_lazy("mail", "Change of the agenda"),
    "announcement": pgettext_lazy("mail", "Message to many"),
    "announcement_test": pgettext_lazy("mail", "Test of a message to many"),
    "coordinator_invited": pgettext_lazy("mail", "Invitation to the desk"),
    "coordinator_sign_in": pgettext_lazy("mail", "Link to sign in"),
    "coordinator_password": pgettext_lazy("mail", "Link to a new password"),
}


def in_words(event: Event) -> str:
    """What was done, and what came of it: "Registered – On the waiting list"."""
    deed = str(_DEEDS.get(event.verb, event.verb))
    state, said = event.details.get("state"), event.details.get("reason") or event.details.get("other")
    outcome = said or (State(state).label if state in State.values else "")
    notice = gettext("the privacy notice was read out") if event.details.get("notice_read_out") else ""
    return " – ".join(str(part) for part in (deed, outcome, notice) if part)


def actor_in_words(event: Event) -> str:
    """Who did it: the name of whoever signed in, else what he is."""
    if event.actor:
        return event.actor.get_full_name() or event.actor.get_username()
    return str(_ACTORS.get(event.actor_kind, event.actor_kind))


def mail_in_words(delivery: Delivery) -> str:
    """What a mail is about."""
    return str(_MAILS.get(delivery.message, delivery.message))
