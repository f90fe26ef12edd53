"""What Zoom tells by itself: whether a message is Zoom's, fresh, and what of it we keep. Pure.

Source: developers.zoom.us, "Using webhooks": `x-zm-signature: v0=` and HMAC-SHA256 of `v0:{timestamp}:{raw body}`.
"""

import datetime as dt
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from registration.models import ZoomEvent

Kind = ZoomEvent.Kind
#: Seconds that a message may be old, or ahead of our clock.
FRESH = 300
MAX_BYTES = 64 * 1024
_KINDS = {
    "webinar.started": Kind.STARTED,
    "webinar.ended": Kind.ENDED,
    "webinar.participant_joined": Kind.JOINED,
    "webinar.participant_left": Kind.LEFT,
}
_TIMES = {Kind.STARTED: "start_time", Kind.ENDED: "end_time", Kind.JOINED: "join_time", Kind.LEFT: "leave_time"}
#: Nothing that is signed with the same secret has this form.
_PLAIN_TOKEN = re.compile(r"[A-Za-z0-9_=+/-]{1,100}", re.ASCII)


class NotFromZoom(ValueError):
    """The message is not signed by Zoom, or not fresh."""


class Unreadable(ValueError):
    """The message is signed and is no JSON object."""


@dataclass(frozen=True, slots=True)
class Told:
    """What we keep of a message."""

    kind: Kind
    number: str
    connection: str
    registrant_id: str
    moment: dt.datetime


def checked(body: bytes, signature: str, timestamp: str, secret: str, at: dt.datetime) -> dict[str, Any]:
    """The message in `body`. Raises NotFromZoom and Unreadable."""
    if not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII) or abs(at.timestamp() - int(timestamp)) > FRESH:
        raise NotFromZoom
    expected = "v0=" + _signed(secret, b"v0:" + timestamp.encode() + b":" + body)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise NotFromZoom
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(said, dict):
        raise Unreadable
    return said


def answer_to_validation(said: dict[str, Any], secret: str) -> dict[str, str] | None:
    """What Zoom wants to hear when it asks whether this address is ours; None where it does not ask that."""
    token = _inner(said, "payload").get("plainToken")
    if said.get("event") != "endpoint.url_validation" or not isinstance(token, str) or not _PLAIN_TOKEN.fullmatch(token):
        return None
    return {"plainToken": token, "encryptedToken": _signed(secret, token.encode())}


def told(said: dict[str, Any], at: dt.datetime) -> Told | None:
    """None for a message of which we keep nothing."""
    kind = _KINDS.get(str(said.get("event")))
    webinar = _inner(_inner(said, "payload"), "object")
    person = _inner(webinar, "participant")
    number = str(webinar.get("id") or "")
    if kind is None or not re.fullmatch(r"\d{9,12}", number, re.ASCII):
        return None
    registrant = _key(person.get("registrant_id"))
    connection = _key(person.get("user_id")) or registrant or _key(person.get("participant_uuid"))
    if kind in (Kind.JOINED, Kind.LEFT) and not connection:
        return None
    moment = _moment(person.get(_TIMES[kind]) or webinar.get(_TIMES[kind])) or at
    return Told(kind, number, connection, registrant, moment)


def _inner(said: dict[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _key(said: object) -> str:
    """Zoom's keys are short and plain; what is not, no database keeps alike."""
    text = str(said or "")
    return text if re.fullmatch(r"[ -~]{1,100}", text) else ""


def _moment(text: object) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo and 2000 < found.year < 2200 else None


def _signed(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
