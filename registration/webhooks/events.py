"""Which of the things that happen to a participant other systems can be told of, and as what."""

from registration.choices import Verb, WebhookEvent

_STATE = (
    *(Verb.APPROVED, Verb.REOPENED, Verb.DECLINED, Verb.CANCELLED, Verb.MOVED_UP, Verb.OFFERED, Verb.ACCEPTED, Verb.OFFER_EXPIRED),
    *(Verb.GAVE_WAY, Verb.SELECTED, Verb.TO_RESERVE, Verb.SUBSTITUTED, Verb.PUT_BACK),
)
_DETAILS = (Verb.CHANGED, Verb.EMAIL_CHANGED, Verb.RENAMED, Verb.REORDERED, Verb.SUBSTITUTE_NAMED, Verb.MERGED)
_ATTENDANCE = (Verb.ATTENDANCE_ENTERED, Verb.ATTENDANCE_ENTRY_REMOVED, Verb.CHECKED_IN, Verb.CHECK_IN_TAKEN_BACK)

EVENTS: dict[str, WebhookEvent] = {
    Verb.REGISTERED: WebhookEvent.REGISTERED,
    **dict.fromkeys(_STATE, WebhookEvent.STATE_CHANGED),
    **dict.fromkeys(_DETAILS, WebhookEvent.DETAILS_CHANGED),
    **dict.fromkeys(_ATTENDANCE, WebhookEvent.ATTENDANCE_CHANGED),
    Verb.CERTIFICATE_CORRECTED: WebhookEvent.CERTIFICATE_CORRECTED,
    Verb.CERTIFICATE_WITHDRAWN: WebhookEvent.CERTIFICATE_WITHDRAWN,
    Verb.CERTIFICATE_RESTORED: WebhookEvent.CERTIFICATE_RESTORED,
}

#: Between a person and the portal, the office or their guardian: nobody else is told.
PRIVATE = frozenset(
    {
        *(Verb.LINK_OPENED, Verb.ASKED_TO_OPEN, Verb.LINK_RENEWED, Verb.EMAIL_CHANGE_ASKED, Verb.AGREEMENT_TAKEN_BACK),
        *(Verb.OBJECTED, Verb.OBJECTION_ANSWERED, Verb.ATTENDANCE_DOUBTED, Verb.ATTENDANCE_DOUBT_SETTLED),
        *(Verb.ATTENDANCE_STOPPED, Verb.ATTENDANCE_RESUMED),
    }
)

#: Nobody chooses it: whoever is told of people is told when to delete what they have of them.
ERASED = "participant.erased"
ABOUT_PEOPLE = frozenset(WebhookEvent) - {WebhookEvent.PROGRAMME_RELEASED}
