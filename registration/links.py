"""Signed personal links: who holds one may see and change that one registration.

A token is the participant's code, the version of his link and a signature. Nothing of it is stored,
so a stolen database opens nobody's page; raising `link_version` makes every older link dead.
"""

import datetime as dt

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse
from django.utils import translation

from registration.models import Participant, Quota

PERSONAL = "registration.personal-link"
CALENDAR = "registration.calendar-feed"
NEW_EMAIL = "registration.new-email"
#: How long the owner of a new address has to confirm it.
NEW_EMAIL_AGE = dt.timedelta(days=2)


def personal_token(participant: Participant) -> str:
    """The token of `participant`'s present link; safe in a path."""
    return _token(participant, PERSONAL)


def calendar_token(participant: Participant) -> str:
    """The token of his calendar feed: it shows his calendar and opens nothing else."""
    return _token(participant, CALENDAR)


def _token(participant: Participant, purpose: str) -> str:
    return Signer(salt=purpose, sep=".").sign(f"{participant.code}.{participant.link_version}")


def participant_behind(token: str, purpose: str = PERSONAL) -> Participant | None:
    """Whose link this is; None for a forged, mistyped or renewed one, or one made for another purpose."""
    try:
        code, version = Signer(salt=purpose, sep=".").unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    return Participant.objects.with_choices().filter(code=code, link_version=version).first()


def new_email_token(participant: Participant, email: str) -> str:
    """Says that whoever holds it reads the mail of `email` and asks it to become `participant`'s address."""
    return TimestampSigner(salt=NEW_EMAIL, sep=".").sign_object([participant.code, participant.link_version, participant.email, email])


def new_email_behind(token: str) -> tuple[Participant, str] | None:
    """The participant and his new address; None for a token that is forged, too old, or of a change already made."""
    try:
        code, version, before, email = TimestampSigner(salt=NEW_EMAIL, sep=".").unsign_object(token, max_age=NEW_EMAIL_AGE)
    except (BadSignature, ValueError):
        return None
    participant = Participant.objects.with_choices().filter(code=code, link_version=version, email__in=[before, email]).first()
    return (participant, email) if participant else None


def personal_path(participant: Participant) -> str:
    return reverse("participant", args=[personal_token(participant)])


def absolute(path: str) -> str:
    """`path` on the portal's own address, from the settings: a request's host is never believed."""
    return settings.SITE_URL + path


def personal_url(participant: Participant) -> str:
    """The personal page's whole address in the participant's language; for mails and calendars."""
    with translation.override(participant.language):
        return absolute(personal_path(participant))


def desk_url(quota: Quota) -> str:
    """The whole address of the desk of `quota`, which needs its workshop and province at hand."""
    return absolute(reverse("desk", args=[quota.workshop.slug, quota.code]))
