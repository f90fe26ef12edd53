"""Signed personal links: who holds one may see and change that one registration.

A token is the participant's code, the version of their link and a signature. Nothing of it is stored,
so a stolen database opens nobody's page; raising `link_version` makes every older link dead.
"""

import datetime as dt

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from registration.models import Invitation, Participant, Quota
from registration.models.participant import ParticipantQuerySet

PERSONAL = "registration.personal-link"
#: Opens the same page, but says nothing of a mailbox: it stands in cookies and calendar files, which whoever registered gets at once.
PAGE = "registration.personal-page"
CALENDAR = "registration.calendar-feed"
NEW_EMAIL = "registration.new-email"
GENERAL = "registration.general-link"
INVITATION = "registration.invitation"
GUARDIAN = "registration.guardian"
#: What the page after registering tells of somebody, and what its links are made of.
_SAID_AT_ONCE = (
    "code", "state", "ticket", "title", "first_name", "last_name", "email", "organisation", "language", "link_version",
    "guardian_name", "guardian_email", "workshop_id", "quota_id", "group_id",
)  # fmt: skip
#: How long the owner of a new address has to confirm it.
NEW_EMAIL_AGE = dt.timedelta(days=2)


def personal_token(participant: Participant) -> str:
    """The token of `participant`'s present link; safe in a path."""
    return _token(participant, PERSONAL)


def page_token(participant: Participant) -> str:
    """What a browser keeps that may open `participant`'s page."""
    return _token(participant, PAGE)


def calendar_token(participant: Participant) -> str:
    return _token(participant, CALENDAR)


def _token(participant: Participant, purpose: str) -> str:
    return Signer(salt=purpose, sep=".").sign(f"{participant.code}.{participant.link_version}")


def participant_of_token(token: str, purpose: str = PERSONAL) -> Participant | None:
    """Whose link this is; None for a forged, mistyped or renewed one, or one made for another purpose."""
    return participants_of_tokens(token, purpose).with_hours().first()


def person_of_token(token: str, purpose: str = PERSONAL) -> Participant | None:
    """As much of them as is said at once after registering; their place and workshop are what everybody shares."""
    return next(iter(participants_of_tokens(token, purpose).only(*_SAID_AT_ONCE)), None)


def participants_of_tokens(token: str, purpose: str = PERSONAL) -> ParticipantQuerySet:
    """As a query of one row or none."""
    try:
        code, version = Signer(salt=purpose, sep=".").unsign(token).split(".")
    except (BadSignature, ValueError):
        return Participant.objects.none()
    return Participant.objects.filter(code=code, link_version=version)


def new_email_token(participant: Participant, email: str) -> str:
    """Says that whoever holds it reads the mail of `email` and asks it to become `participant`'s address."""
    return TimestampSigner(salt=NEW_EMAIL, sep=".").sign_object([participant.code, participant.link_version, participant.email, email])


def new_email_of_token(token: str) -> tuple[Participant, str] | None:
    """The participant and their new address; None for a token that is forged, too old, or of a change already made."""
    try:
        code, version, before, email = TimestampSigner(salt=NEW_EMAIL, sep=".").unsign_object(token, max_age=NEW_EMAIL_AGE)
    except (BadSignature, ValueError):
        return None
    # The change itself makes older links dead, as a new version does.
    asked, changed = Q(link_version=version, email=before), Q(link_version=version + 1, email=email)
    participant = Participant.objects.with_choices().filter(asked | changed, code=code).first()
    return (participant, email) if participant else None


def guardian_path(participant: Participant) -> str:
    return reverse("guardian", args=[_token(participant, GUARDIAN)])


def guardian_url(participant: Participant) -> str:
    with translation.override(participant.language):
        return absolute(guardian_path(participant))


def participant_of_guardian_token(token: str) -> Participant | None:
    """For whom the holder agreed. It outlives a renewed personal link; None for a forged one, and where nobody agreed (any more)."""
    try:
        code, version = Signer(salt=GUARDIAN, sep=".").unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    if not version.isdecimal():
        return None
    return Participant.objects.with_hours().filter(code=code, link_version__gte=int(version)).exclude(guardian_name="").first()


def personal_path(participant: Participant) -> str:
    return reverse("participant", args=[participant.code])


def page_url(participant: Participant) -> str:
    """As `personal_url`, for what is no mail: opening it does not show that their mailbox exists."""
    with translation.override(participant.language):
        return absolute(reverse("personal_link", args=[page_token(participant), ""]))


def personal_link(participant: Participant) -> str:
    return reverse("personal_link", args=[personal_token(participant), ""])


def absolute(path: str) -> str:
    """`path` on the portal's own address, from the settings: a request's host is never believed."""
    return settings.SITE_URL + path


def calendar_feed_address(participant: Participant) -> str:
    """The address of the participant's calendar, to be copied into a program that does not know `webcal:`."""
    return absolute(reverse("calendar_feed", args=[calendar_token(participant)]))


def calendar_feed_url(participant: Participant) -> str:
    scheme, _colon, rest = calendar_feed_address(participant).partition(":")
    return f"{'webcals' if scheme == 'https' else 'webcal'}:{rest}"


def workshop_url(participant: Participant) -> str:
    with translation.override(participant.language):
        return absolute(reverse("workshop", args=[participant.workshop.slug]))


def personal_url(participant: Participant) -> str:
    with translation.override(participant.language):
        return absolute(personal_link(participant))


def desk_seats_url(quota: Quota) -> str:
    return absolute(reverse("desk_seats", args=[quota.workshop.slug, quota.code]))


def desk_url(quota: Quota) -> str:
    """The whole address of the desk of `quota`, which needs its workshop and province at hand."""
    return absolute(reverse("desk", args=[quota.workshop.slug, quota.code]))


def desk_notices_url(quota: Quota) -> str:
    """Where a coordinator of `quota` switches notices on and off."""
    return absolute(reverse("desk_notices", args=[quota.workshop.slug, quota.code]))


def invitation_token(quota: Quota) -> str:
    """The token of the present general link of `quota`: who brings it was asked by that province."""
    return Signer(salt=GENERAL, sep=".").sign(f"{quota.pk}.{quota.link_version}")


def quota_of_token(token: str) -> Quota | None:
    """Whose general link this is, with its workshop and province; None for a forged, mistyped or renewed one."""
    try:
        pk, version = Signer(salt=GENERAL, sep=".").unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    return Quota.objects.seats().select_related("workshop", "province").filter(pk=pk, link_version=version).first()


def general_url(quota: Quota) -> str:
    """The whole address that a province gives to those whom it asks to register; Thai, as its letters are."""
    with translation.override("th"):
        path = reverse("register", args=[quota.workshop.slug])
    return absolute(f"{path}?invite={invitation_token(quota)}")


def personal_invitation_token(invitation: Invitation) -> str:
    return Signer(salt=INVITATION, sep=".").sign(str(invitation.pk))


def invitation_link(invitation: Invitation) -> str:
    return reverse("invitation_link", args=[personal_invitation_token(invitation)])


def invitation_of_token(token: str) -> Invitation | None:
    """The invitation of a mailed link, in whatever state; None for a forged or mistyped one."""
    try:
        pk = Signer(salt=INVITATION, sep=".").unsign(token)
    except BadSignature:
        return None
    return Invitation.objects.with_places().filter(pk=pk).first()


def invitation_url(invitation: Invitation) -> str:
    """The whole address at which `invitation` is answered, in the language of who is invited."""
    with translation.override(invitation.language):
        return absolute(invitation_link(invitation))
