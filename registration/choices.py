"""The states of a participant and the legal moves between them; what may happen to one, and the mails that tell of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    APPLIED = "applied", _("Waiting for the province's selection")
    PENDING = "pending", _("Waiting for the province's decision")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Offered a seat")
    DECLINED = "declined", _("Not selected")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")


#: States in which a participant counts against their province's (or the central) quota and their tracks'.
SEAT_HOLDING = frozenset({State.PENDING, State.CONFIRMED, State.OFFERED})

#: States in which the e-mail address is taken: no second registration with it in the same workshop.
#: A declined person is among them, so that the province's decision cannot be walked around.
LIVE = frozenset(set(State) - {State.CANCELLED})

#: States that end a registration. Out of them leads only `put_back`, the one exception to the map of moves.
ENDED = frozenset({State.DECLINED, State.CANCELLED})

#: Every legal move. What is not here raises `errors.IllegalMove`.
MOVES: dict[State | None, frozenset[State]] = {
    None: frozenset({State.APPLIED, State.PENDING, State.CONFIRMED, State.WAITLISTED}),
    State.APPLIED: frozenset({State.CONFIRMED, State.WAITLISTED, State.DECLINED, State.CANCELLED}),
    State.PENDING: frozenset({State.CONFIRMED, State.WAITLISTED, State.DECLINED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.PENDING, State.WAITLISTED, State.DECLINED, State.CANCELLED}),
    State.WAITLISTED: frozenset({State.APPLIED, State.PENDING, State.CONFIRMED, State.OFFERED, State.DECLINED, State.CANCELLED}),
    State.OFFERED: frozenset({State.PENDING, State.CONFIRMED, State.WAITLISTED, State.DECLINED, State.CANCELLED}),
    State.DECLINED: frozenset(),
    State.CANCELLED: frozenset(),
}


class DecisionName(models.TextChoices):
    """What a desk or the office can decide about a participant: see `decisions.commands`."""

    APPROVE = "approve", _("Approve")
    REOPEN = "reopen", _("Take the approval back")
    MOVE_UP = "move_up", _("Give a seat")
    SWAP = "swap", _("Give a seat to another person")
    DECLINE = "decline", _("Not selected")
    CANCEL = "cancel", _("Cancel the registration")
    PUT_BACK = "put_back", _("Put back")


class Verb(models.TextChoices):
    """What happened to a participant, as the history calls it."""

    REGISTERED = "registered", pgettext_lazy("history", "Registered")
    APPROVED = "approved", pgettext_lazy("history", "Approved")
    REOPENED = "reopened", pgettext_lazy("history", "Withdrew the approval")
    DECLINED = "declined", pgettext_lazy("history", "Not selected")
    CANCELLED = "cancelled", pgettext_lazy("history", "Cancelled the registration")
    MOVED_UP = "moved_up", pgettext_lazy("history", "Moved up from the waiting list")
    OFFERED = "offered", pgettext_lazy("history", "Was offered a seat")
    ACCEPTED = "accepted", pgettext_lazy("history", "Accepted the offered seat")
    OFFER_EXPIRED = "offer_expired", pgettext_lazy("history", "Did not accept the offered seat in time")
    LINK_OPENED = "link_opened", pgettext_lazy("history", "Opened the link in the e-mail")
    ASKED_TO_OPEN = "asked_to_open", pgettext_lazy("history", "Was asked to open the link in the e-mail")
    GAVE_WAY = (
        "gave_way",
        pgettext_lazy("history", "Seat passed to the next person on the waiting list: the link in the e-mail was never opened"),
    )
    SELECTED = "selected", pgettext_lazy("history", "Selected")
    TO_RESERVE = "to_reserve", pgettext_lazy("history", "Put on the waiting list")
    SUBSTITUTED = "substituted", pgettext_lazy("history", "Made way for a substitute")
    SUBSTITUTE_NAMED = "substitute_named", pgettext_lazy("history", "Named a substitute")
    PUT_BACK = "put_back", pgettext_lazy("history", "Put back on the list")
    REORDERED = "reordered", pgettext_lazy("history", "Moved within the waiting list")
    CHANGED = "changed", pgettext_lazy("history", "Changed details")
    RENAMED = "renamed", pgettext_lazy("history", "Called otherwise in Zoom, because a namesake came")
    EMAIL_CHANGE_ASKED = "email_change_asked", pgettext_lazy("history", "Asked for a new e-mail address")
    EMAIL_CHANGED = "email_changed", pgettext_lazy("history", "Changed the e-mail address")
    MERGED = "merged", pgettext_lazy("history", "Merged with the registration")
    OBJECTED = "objected", pgettext_lazy("history", "Objected to the use of the data")
    OBJECTION_ANSWERED = "objection_answered", pgettext_lazy("history", "Answered the objection")
    ATTENDANCE_ENTERED = "attendance_entered", pgettext_lazy("history", "Entered minutes of attendance")
    ATTENDANCE_ENTRY_REMOVED = "attendance_entry_removed", pgettext_lazy("history", "Removed minutes that were entered")
    ATTENDANCE_DOUBTED = "attendance_doubted", pgettext_lazy("history", "Said that the minutes are wrong")
    ATTENDANCE_DOUBT_SETTLED = "attendance_doubt_settled", pgettext_lazy("history", "Answered about the minutes")
    ATTENDANCE_STOPPED = "attendance_stopped", pgettext_lazy("history", "Stopped using the attendance, at the person's wish")
    ATTENDANCE_RESUMED = "attendance_resumed", pgettext_lazy("history", "Used the attendance again, at the person's wish")
    CHECKED_IN = "checked_in", pgettext_lazy("history", "Checked in at the door")
    CHECK_IN_TAKEN_BACK = "check_in_taken_back", pgettext_lazy("history", "Took the check-in back")
    CERTIFICATE_CORRECTED = "certificate_corrected", pgettext_lazy("history", "Issued a corrected certificate")
    CERTIFICATE_WITHDRAWN = "certificate_withdrawn", pgettext_lazy("history", "Withdrew the certificate")
    CERTIFICATE_RESTORED = "certificate_restored", pgettext_lazy("history", "Made the certificate valid again")
    AGREEMENT_TAKEN_BACK = "agreement_taken_back", pgettext_lazy("history", "Withdrew consent as parent or guardian")
    LINK_RENEWED = "link_renewed", pgettext_lazy("history", "Renewed the personal link")


class WebhookEvent(models.TextChoices):
    """What other systems can be told of. Which verbs are which: see `webhooks.events`."""

    REGISTERED = "participant.registered", pgettext_lazy("webhook", "Somebody registered")
    STATE_CHANGED = "participant.state_changed", pgettext_lazy("webhook", "The state of a registration changed")
    DETAILS_CHANGED = "participant.details_changed", pgettext_lazy("webhook", "Details of a registration changed")
    ATTENDANCE_CHANGED = (
        "participant.attendance_changed",
        pgettext_lazy("webhook", "Somebody checked in, or minutes were entered or removed"),
    )
    CERTIFICATE_ISSUED = "certificate.issued", pgettext_lazy("webhook", "A certificate was issued")
    CERTIFICATE_CORRECTED = "certificate.corrected", pgettext_lazy("webhook", "A corrected certificate was issued")
    CERTIFICATE_WITHDRAWN = "certificate.withdrawn", pgettext_lazy("webhook", "A certificate was withdrawn")
    CERTIFICATE_RESTORED = "certificate.restored", pgettext_lazy("webhook", "A certificate was made valid again")
    PROGRAMME_RELEASED = "programme.released", pgettext_lazy("webhook", "A revision of the agenda was released")


class MessageName(models.TextChoices):
    """Every mail of the portal. Its templates lie in a folder of this name."""

    CONFIRMED = "confirmed", pgettext_lazy("mail", "Confirmation of the seat")
    PENDING = "pending", pgettext_lazy("mail", "Waiting for the province's decision")
    APPLIED = "applied", pgettext_lazy("mail", "Received, waiting for the selection")
    RESERVE = "reserve", pgettext_lazy("mail", "Announced: place on the waiting list")
    SUBSTITUTED = "substituted", pgettext_lazy("mail", "Seat passed to the substitute")
    SUBSTITUTE_ASKED = "substitute_asked", pgettext_lazy("mail", "Request to come as a substitute")
    SUBSTITUTE_ENDED = "substitute_ended", pgettext_lazy("mail", "The substitute does not take the seat")
    WAITING = "waiting", pgettext_lazy("mail", "Place on the waiting list")
    MOVED_UP = "moved_up", pgettext_lazy("mail", "Moved up from the waiting list")
    OFFERED = "offered", pgettext_lazy("mail", "Offer of a seat")
    OFFER_EXPIRED = "offer_expired", pgettext_lazy("mail", "End of the offer")
    OPEN_LINK = "open_link", pgettext_lazy("mail", "Request to open the link")
    GAVE_WAY = "gave_way", pgettext_lazy("mail", "Seat passed on, because the link was never opened")
    DECLINED = "declined", pgettext_lazy("mail", "Not selected")
    CANCELLED = "cancelled", pgettext_lazy("mail", "Cancellation")
    CHANGED = "changed", pgettext_lazy("mail", "Change of details")
    RENAMED = "renamed", pgettext_lazy("mail", "New name in Zoom")
    LINK = "link", pgettext_lazy("mail", "Personal link")
    FRESH_LINK = "fresh_link", pgettext_lazy("mail", "Link for ten minutes")
    CONFIRM_EMAIL = "confirm_email", pgettext_lazy("mail", "Confirming a new e-mail address")
    EMAIL_CHANGED = "email_changed", pgettext_lazy("mail", "Change of the e-mail address")
    OBJECTION_ANSWERED = "objection_answered", pgettext_lazy("mail", "Answer to an objection")
    CERTIFICATE = "certificate", pgettext_lazy("mail", "Certificate")
    GUARDIAN_TOLD = "guardian_told", pgettext_lazy("mail", "Registration, to the parent or guardian")
    EVALUATION = "evaluation", pgettext_lazy("mail", "Request to answer the evaluation")
    THANKS = "thanks", pgettext_lazy("mail", "Thanks, with the documents of a day")
    REMINDER = "reminder", pgettext_lazy("mail", "Reminder")
    MEETING_LINK = "meeting_link", pgettext_lazy("mail", "Meeting link")
    INVITATION = "invitation", pgettext_lazy("mail", "Invitation")
    INVITATION_REMINDER = "invitation_reminder", pgettext_lazy("mail", "Reminder of the invitation")
    INVITATION_WITHDRAWN = "invitation_withdrawn", pgettext_lazy("mail", "Withdrawal of the invitation")
    INVITATION_PASSED_ON = "invitation_passed_on", pgettext_lazy("mail", "Invitation passed on to a substitute")
    AGENDA_CHANGED = "agenda_changed", pgettext_lazy("mail", "Change of the agenda")
    ANNOUNCEMENT = "announcement", pgettext_lazy("mail", "Message to many")
    COORDINATOR_ANNOUNCEMENT = "coordinator_announcement", pgettext_lazy("mail", "Message to coordinators")
    ANNOUNCEMENT_TEST = "announcement_test", pgettext_lazy("mail", "Test of a message to many")
    COORDINATOR_ANNOUNCEMENT_TEST = "coordinator_announcement_test", pgettext_lazy("mail", "Test of a message to coordinators")
    SELECTION_REMINDER = "selection_reminder", pgettext_lazy("mail", "Reminder to announce")
    RELEASE_NEAR = "release_near", pgettext_lazy("mail", "Free seats are released soon")
    SEATS_RELEASED = "seats_released", pgettext_lazy("mail", "Free seats were released")
    SELECTION_OVERDUE = "selection_overdue", pgettext_lazy("mail", "Provinces that have not announced")
    DESK_DIGEST = "desk_digest", pgettext_lazy("mail", "What waits at the desk")
    PROVINCE_FULL = "province_full", pgettext_lazy("mail", "All seats of the province are taken")
    INVITATION_REFUSED = "invitation_refused", pgettext_lazy("mail", "Somebody who was invited cannot come")
    FIRST_DAY_NEAR = "first_day_near", pgettext_lazy("mail", "A week before the first day")
    COORDINATORS_CHANGED = "coordinators_changed", pgettext_lazy("mail", "Change of who coordinates")
    COORDINATOR_INVITED = "coordinator_invited", pgettext_lazy("mail", "Invitation to the desk")
    COORDINATOR_ASKED = "coordinator_asked", pgettext_lazy("mail", "Question whether somebody coordinates")
    COORDINATOR_SIGN_IN = "coordinator_sign_in", pgettext_lazy("mail", "Link to sign in")
    COORDINATOR_PASSWORD = "coordinator_password", pgettext_lazy("mail", "Link to a new password")
    SECOND_FACTOR_LINK = "second_factor_link", pgettext_lazy("mail", "Link to set up the second factor")
    WEBHOOK_ENDED = "webhook_ended", pgettext_lazy("mail", "A webhook sends nothing any more")
    SECOND_FACTOR_CHANGED = "second_factor_changed", pgettext_lazy("mail", "Change of the second factor")
    IDENTITY_CHANGED = "identity_changed", pgettext_lazy("mail", "Change of how somebody signs in")


class DeskNotice(models.TextChoices):
    """What a coordinator is told without having asked; each can be switched off."""

    DIGEST = "digest", pgettext_lazy("notice", "On working days at 08:30: what waits at the desk, if something does")
    FULL = "full", pgettext_lazy("notice", "At once: all seats of the province are taken")
    REFUSAL = "refusal", pgettext_lazy("notice", "At once: somebody who was invited cannot come")
    FIRST_DAY = "first_day", pgettext_lazy("notice", "A week before the first day: how the province stands")
    COORDINATORS = "coordinators", pgettext_lazy("notice", "At once: somebody else changed who coordinates")

    @property
    def field(self) -> str:
        return f"wants_{self.value}"


class Rank(models.IntegerChoices):
    """Which mail goes first."""

    ASKED = 0, pgettext_lazy("mail", "Somebody waits for it")
    EVENT = 1, pgettext_lazy("mail", "About what happened")
    MANY = 2, pgettext_lazy("mail", "To many")
