"""Links that open one thing for ten minutes: who follows one reads the participant's mail at this moment.

A personal link lies in a mailbox for weeks and its cookie in a browser, so what matters asks for one of these
besides. The purpose is part of the salt: a link to one thing opens nothing else. The view of a purpose has its
name and stands under `registration.participant.views.fresh_links.requires_fresh_link`, which asks for the link and checks it.
"""

import datetime as dt

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.links.signed import absolute
from registration.models import Participant

SALT = "registration.fresh-link."
LINK_AGE = dt.timedelta(minutes=10)
#: A mail that could not be sent in this time has no link any more: whoever asked has gone, and says so once more if they still want it.
GONE_AFTER = dt.timedelta(minutes=30)

#: What asks for a fresh link: the name of its view and URL, and what it does, as a page's heading.
PURPOSES: dict[str, Promise] = {
    "new_email": _("Change the e-mail address"),
    "my_data": _("See all my data"),
    "erase": _("Delete all my data"),
}


def is_needed(participant: Participant, purpose: str) -> bool:
    """Whether `purpose` asks for a link. Who never read a mail of ours may correct their address without: it was mistyped, perhaps."""
    return purpose != "new_email" or participant.link_opened_at is not None


def token(participant: Participant, purpose: str) -> str:
    """Says that whoever holds it reads the mail of `participant`; for `purpose` alone, from now on for LINK_AGE."""
    return _signer(purpose).sign(f"{participant.code}.{participant.link_version}")


def participant_of_token(token: str, purpose: str) -> Participant | None:
    """Whom `token` was mailed to; None for one that is forged, too old, renewed since, or made for another purpose."""
    try:
        code, version = _signer(purpose).unsign(token, max_age=LINK_AGE).split(".")
    except (BadSignature, ValueError):
        return None
    return Participant.objects.filter(code=code, link_version=version).first()


def url(participant: Participant, purpose: str) -> str:
    with translation.override(participant.language):
        return absolute(reverse("fresh_link", args=[purpose, token(participant, purpose)]))


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(salt=SALT + purpose, sep=".")
