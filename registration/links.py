"""Signed personal links: who holds one may see and change that one registration.

A token is the participant's code, the version of his link and a signature. Nothing of it is stored,
so a stolen database opens nobody's page; raising `link_version` makes every older link dead.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation

from registration.models import Participant

_signer_salt = "registration.personal-link"


def personal_token(participant: Participant) -> str:
    """The token of `participant`'s present link; safe in a path."""
    return Signer(salt=_signer_salt, sep=".").sign(f"{participant.code}.{participant.link_version}")


def participant_behind(token: str) -> Participant | None:
    """Whose link this is; None for a forged, mistyped or renewed one."""
    try:
        code, version = Signer(salt=_signer_salt, sep=".").unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    return Participant.objects.with_choices().filter(code=code, link_version=version).first()


def personal_path(participant: Participant) -> str:
    return reverse("participant", args=[personal_token(participant)])


def absolute(path: str) -> str:
    """`path` on the portal's own address, from the settings: a request's host is never believed."""
    return settings.SITE_URL + path


def personal_url(participant: Participant) -> str:
    """The personal page's whole address in the participant's language; for mails and calendars."""
    with translation.override(participant.language):
        return absolute(personal_path(participant))
