"""A code from an app on the phone, which staff enter besides their password.

Time-based codes (RFC 6238) and recovery codes for who lost the phone, by django-otp: it counts wrong ones, makes
whoever enters them wait, and takes no code twice. The session remembers whether the code was given.
"""

import datetime as dt
import secrets
import time
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp import match_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from registration.links.signed import absolute
from registration.security.access import AnyUser

#: In the session: WANTED from signing in until the code is given, for those who have one.
KEY, WANTED, GIVEN = "second_factor", "wanted", "given"
RECOVERY_CODES = 8
#: Rows of django-otp that make no codes: somebody may set up their first app because they opened a mailed link, which is asked for (ASKED)
#: and used up once, or because an administrator said so (WORD).
ASKED, WORD = "asked by mail", "an administrator's word"
#: In the session of who opened the mailed link.
MAY_SET_UP = "second_factor_may_set_up"
LINK_AGE, WORD_AGE = dt.timedelta(minutes=30), dt.timedelta(days=7)
_SALT = "registration.second-factor"
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


def may_set_up(user: User, session: SessionBase) -> bool:
    """Whether who signed in by password alone may make any app the second factor: a stolen password is not enough for that."""
    spoken = TOTPDevice.objects.filter(user=user, confirmed=False, name=WORD, created_at__gt=timezone.now() - WORD_AGE)
    return bool(session.get(MAY_SET_UP)) or spoken.exists()


def link_url(user: User) -> str:
    """The whole address that lets `user` set up their app, once and within half an hour; of the link that they asked for last."""
    asked = TOTPDevice.objects.filter(user=user, confirmed=False, name=ASKED).first()
    token = TimestampSigner(salt=_SALT, sep=".").sign_object([user.pk, asked.key[:16] if asked else ""])
    return absolute(reverse("second_factor_link", args=[token]))


def asked_by_token(user: User, token: str) -> TOTPDevice | None:
    """What `user` had asked for by the link with `token`; None for one that is forged, too old, used, or somebody else's."""
    try:
        pk, mark = TimestampSigner(salt=_SALT, sep=".").unsign_object(token, max_age=LINK_AGE)
    except (BadSignature, ValueError):
        return None
    asked: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False, name=ASKED).first()
    return asked if asked and pk == user.pk and constant_time_compare(mark, asked.key[:16]) else None


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
