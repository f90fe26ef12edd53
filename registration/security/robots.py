"""What tells a robot from a person who fills in the registration form. Neither needs a script or a puzzle.

The form has a field that nobody sees, and says when it was opened, signed together with its submission: whoever fills in the one
or sends the form in no time gets it again, as they filled it in. A form may lie open for as long as somebody likes.
"""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

#: The field that nobody sees. Robots like its name, and no browser fills it in by itself.
TRAP = "website"
#: The field that says when the form was opened.
OPENED = "opened"
#: Somebody whose browser fills in their name and address still has to choose a province and topics, and to tick a box.
MIN_SECONDS = dt.timedelta(seconds=3)

_signer = Signer(salt="registration.form-opened", sep=".")


def stamp(submission: UUID | str, *, at: dt.datetime | None = None) -> str:
    opened = int((at or timezone.now()).timestamp() * 1000)
    return f"{opened}.{_signer.signature(f'{submission}.{opened}')}"


def opened_at(data: Mapping[str, str]) -> dt.datetime | None:
    """When the form that was sent was opened; None where it does not say so, or not truly."""
    opened, _dot, signature = data.get(OPENED, "").partition(".")
    try:
        _signer.unsign(f"{data.get('submission', '')}.{opened}.{signature}")
        return dt.datetime.fromtimestamp(int(opened) / 1000, dt.UTC)
    except (BadSignature, ValueError):
        return None


def is_likely(data: Mapping[str, str], *, at: dt.datetime | None = None) -> bool:
    """Whether a robot sent `data`. Always False where ABUSE_LIMITS is off."""
    if not settings.ABUSE_LIMITS:
        return False
    opened = opened_at(data)
    return bool(data.get(TRAP)) or opened is None or (at or timezone.now()) < opened + MIN_SECONDS
