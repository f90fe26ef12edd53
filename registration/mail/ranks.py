"""Which mail goes first: what somebody waits for at this moment, then what happened to one, then what goes to many."""

from registration.choices import MessageName, Rank

ASKED = frozenset(
    {
        MessageName.LINK,
        MessageName.FRESH_LINK,
        MessageName.CONFIRM_EMAIL,
        MessageName.COORDINATOR_SIGN_IN,
        MessageName.COORDINATOR_PASSWORD,
        MessageName.SECOND_FACTOR_LINK,
        MessageName.ANNOUNCEMENT_TEST,
        MessageName.COORDINATOR_ANNOUNCEMENT_TEST,
    }
)
TO_MANY = frozenset(
    {
        MessageName.ANNOUNCEMENT,
        MessageName.COORDINATOR_ANNOUNCEMENT,
        MessageName.AGENDA_CHANGED,
        MessageName.MEETING_LINK,
        MessageName.REMINDER,
        MessageName.EVALUATION,
        MessageName.THANKS,
    }
)


def rank_of(message: str) -> Rank:
    if message in ASKED:
        return Rank.ASKED
    return Rank.MANY if message in TO_MANY else Rank.EVENT
