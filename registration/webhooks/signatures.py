"""Signing by Standard Webhooks 1.0, with secrets that are nowhere kept.

An endpoint's secret follows from its own random salt and the portal's SECRET_KEY, and is worked out anew for each signature: a
copy of the database signs nothing. When SECRET_KEY changes, the old one stays among SECRET_KEY_FALLBACKS until the secrets are
renewed; a check value says from which of them a secret follows.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from registration.models import WebhookEndpoint

PREFIX = "whsec_"
_SALT, _CHECK = "registration.webhooks.secret", "registration.webhooks.check"


class SecretLost(Exception):
    """The key that the secret followed from is neither SECRET_KEY nor among its fallbacks."""


def new_salt() -> tuple[str, str]:
    """A salt and its check, for a new secret of the portal's key of today."""
    salt = secrets.token_hex(16)
    return salt, _check(salt, settings.SECRET_KEY)


def secret_of(salt: str, check: str) -> bytes:
    """The secret itself, 32 bytes. Raises SecretLost."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if constant_time_compare(_check(salt, key), check):
            return salted_hmac(_SALT, salt, secret=key, algorithm="sha256").digest()
    raise SecretLost


def as_shown(secret: bytes) -> str:
    """As receivers are given it: whsec_ and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def follows_from_an_old_key(endpoint: WebhookEndpoint) -> bool:
    return not constant_time_compare(_check(endpoint.salt, settings.SECRET_KEY), endpoint.key_check)


def secrets_of(endpoint: WebhookEndpoint, at: dt.datetime) -> list[bytes]:
    """By which a message is signed at `at`: the secret, and the former one while that still counts. Raises SecretLost."""
    found = [secret_of(endpoint.salt, endpoint.key_check)]
    if endpoint.former_until and endpoint.former_until > at:
        try:
            found.append(secret_of(endpoint.former_salt, endpoint.former_key_check))
        except SecretLost:
            pass
    return found


def headers(message_id: str, body: bytes, secrets_: list[bytes], at: dt.datetime) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = ["v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode() for secret in secrets_]
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}


def _check(salt: str, key: str) -> str:
    return salted_hmac(_CHECK, salt, secret=key, algorithm="sha256").hexdigest()
