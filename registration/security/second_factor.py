"""A code from an app on the phone, which staff enter besides their password.

Time-based codes (RFC 6238) and recovery codes for who lost the phone, by django-otp: it counts wrong ones, makes
whoever enters them wait, and takes no code twice. The session remembers whether the code was given.
"""

import secrets
import time
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django_otp import match_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from registration.security.access import AnyUser

#: In the session: WANTED from signing in until the code is given, for those who have one.
KEY, WANTED, GIVEN = "second_factor", "wanted", "given"
RECOVERY_CODES = 8
_KEY_BYTES = 20
_TOLERANCE = 1  # of 30 seconds each way: phones' clocks differ


def is_set_up(user: AnyUser) -> bool:
    """Whether `user` has an app that makes codes for them."""
    return user.is_authenticated and TOTPDevice.objects.filter(user=user.pk, confirmed=True).exists()


def is_missing(user: AnyUser, session: SessionBase) -> bool:
    """Whether `user` must give a code, or set up where codes come from, before they go on. Costs no query."""
    if not user.is_authenticated or not user.is_staff:
        return False
    given = session.get(KEY)
    return given != GIVEN and (settings.STAFF_SECOND_FACTOR or given == WANTED)


def new_key() -> str:
    """A secret for a new app, in hexadecimal."""
    return secrets.token_hex(_KEY_BYTES)


def as_typed(key: str) -> str:
    """`key` as apps want it typed: base 32, in groups of four."""
    text = _base32(key)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def uri(user: User, key: str) -> str:
    issuer = "SDG Localisation"
    return f"otpauth://totp/{quote(f'{issuer}:{user.get_username()}')}?{urlencode({'secret': _base32(key), 'issuer': issuer})}"


def step_of(key: str, code: str) -> int | None:
    """The time step at which an app with `key` shows `code`, about now; None for a wrong code."""
    digits = cleaned(code)
    if not digits.isdecimal() or len(digits) != 6:
        return None
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    return totp.t() if totp.verify(int(digits), tolerance=_TOLERANCE) else None


def matches(user: User, code: str) -> bool:
    """Whether `code` is the app's, or a recovery code, which is used up by this. False while `user` must wait after wrong ones."""
    return match_token(user, cleaned(code)) is not None


def cleaned(code: str) -> str:
    """`code` without the spaces that make it readable."""
    return "".join(code.split()).lower()[:16]


def _base32(key: str) -> str:
    return b32encode(bytes.fromhex(key)).decode()
