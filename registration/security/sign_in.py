"""How coordinators get in: by a link that is mailed and works once, and by a password they chose themselves.

Neither link is stored: both are made when the mail is written and are bound to what signing in changes.
Whoever works in the admin gets in by password alone, so that no mailbox opens it.
"""

import datetime as dt
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from registration.links.signed import absolute
from registration.models import Coordinator, DeskOffer

SALT = "registration.sign-in"
#: How long a mailed link works.
LINK_AGE = dt.timedelta(minutes=30)
#: Of the link with which somebody accepts a desk; how long it counts stands in the offer.
OFFER_SALT = "registration.desk-offer"


def known_by_link(email: str) -> int:
    """The key of the user who may sign in by a link mailed to `email` (lower case); 0 for nobody."""
    return may_use_links().filter(email__iexact=email).values_list("pk", flat=True).first() or 0


def link_url(user: User) -> str:
    """A whole address that signs `user` in once, within half an hour."""
    token = TimestampSigner(salt=SALT, sep=".").sign_object([user.pk, _fingerprint(user)])
    return absolute(reverse("desk_sign_in_link", args=[token]))


def user_of_token(token: str) -> User | None:
    """Whom `token` signs in; None for one that is forged, too old, used already, or overtaken by another sign-in."""
    try:
        pk, fingerprint = TimestampSigner(salt=SALT, sep=".").unsign_object(token, max_age=LINK_AGE)
    except (BadSignature, ValueError):
        return None
    user = may_use_links().filter(pk=pk).first()
    return user if user and constant_time_compare(fingerprint, _fingerprint(user)) else None


def use_link(token: str, *, at: dt.datetime | None = None) -> User | None:
    """As `user_of_token`, and the link is used up: of two who use it at once, one gets the user."""
    user = user_of_token(token)
    if user is None:
        return None
    unused = User.objects.filter(pk=user.pk, last_login=user.last_login, password=user.password)
    return user if unused.update(last_login=at or timezone.now()) else None


def password_url(user: User) -> str:
    """A whole address at which `user` may set their password, once and within PASSWORD_RESET_TIMEOUT."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return absolute(reverse("desk_set_password", args=[uid, default_token_generator.make_token(user)]))


def account_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Which account somebody tries to open with a password; capitals and spaces make no other account of it."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(name).strip().lower()


def address_of(request: HttpRequest) -> str | None:
    """The network address a request comes from, as the outermost of our own proxies saw it; None where there is none."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = [forwarded[-settings.PROXIES]] if 0 < settings.PROXIES <= len(forwarded) else []
    for address in [*seen, request.META.get("REMOTE_ADDR", "")]:
        try:
            return str(ip_address(address.strip()))
        except ValueError:
            continue
    return None


def offer_url(offer: DeskOffer) -> str:
    """A whole address at which whoever reads the mail of `offer.user` accepts the desk."""
    return absolute(reverse("desk_offer", args=[Signer(salt=OFFER_SALT, sep=".").sign_object([offer.pk])]))


def offer_of_token(token: str) -> DeskOffer | None:
    """Which offer `token` is about, open or not; None for a forged one."""
    try:
        (pk,) = Signer(salt=OFFER_SALT, sep=".").unsign_object(token)
    except (BadSignature, ValueError):
        return None
    people = ("user", "asked_by", "in_place_of__user", "in_place_of__quota")
    return DeskOffer.objects.select_related(*people, "quota__workshop", "quota__province").filter(pk=pk).first()


def may_use_links() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_staff=False, pk__in=Coordinator.objects.active().values("user")).order_by("pk")


def _fingerprint(user: User) -> str:
    """Changes whenever `user` signs in, by whatever way, and with their password and address."""
    last_login = user.last_login.astimezone(dt.UTC).isoformat() if user.last_login else ""
    return salted_hmac(SALT, f"{user.password}|{last_login}|{user.email}", algorithm="sha256").hexdigest()[:32]
