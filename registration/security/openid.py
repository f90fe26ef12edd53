"""Sign-in by OpenID Connect: with ThaID, DGA Digital ID or the office's own provider, for those who are known already.

mozilla-django-oidc knows state, nonce, PKCE and the exchange of the code. Here it is told where the provider is, and what it leaves out
is checked: by which key a token is signed, from whom it is, for whom, and until when. Of people it learns their `sub` alone.
"""

import datetime as dt
import logging
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language, override
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from registration.errors import ProviderAway, SignInRefused
from registration.links.signed import absolute
from registration.models import Coordinator, LinkedIdentity
from registration.security.sign_in import LINK_AGE

logger = logging.getLogger(__name__)

#: Whoever is at the provider is asked for who they are, and for nothing of them: no name, no address, no citizen number.
SCOPE = "openid"
#: Signatures made with a key that the provider alone has.
ALGORITHMS = ["RS256", "ES256", "PS256"]
#: Seconds for each answer of the provider, of which a sign-in needs two and now and then three.
TIMEOUT = 5
#: What the provider says of itself is read once in so long.
KNOWN_FOR = dt.timedelta(days=1)
#: So long somebody may take at the provider, and so long a code or a link that was mailed proves who they are.
FRESH = dt.timedelta(minutes=10)
#: Seconds by which the provider's clock and ours may differ.
LEEWAY = 30
_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
#: In the session: the library's, with what we add; when somebody last proved who they are, and asked for a link for this.
_STATES, _PROVEN, _WISHED = "oidc_states", "proven_at", "openid_wished_at"


def is_on() -> bool:
    return bool(settings.OPENID_ISSUER)


def provider_name() -> str:
    """The provider as people know it, in the language of the page; empty where there is none."""
    if not is_on():
        return ""
    return str(settings.OPENID_NAME_EN if get_language() == "en" else settings.OPENID_NAME_TH)


def redirect_uri() -> str:
    """The one address to which the provider sends people back, in whatever language they began."""
    with override("th"):
        return absolute(reverse("openid_callback"))


def may_sign_in() -> QuerySet[User]:
    desks = Coordinator.objects.active().values("user")
    return User.objects.filter(Q(is_staff=True) | Q(pk__in=desks), is_active=True)


def identity_of(user: User) -> LinkedIdentity | None:
    return LinkedIdentity.objects.filter(user=user, issuer=settings.OPENID_ISSUER).first()


def note_proof(session: SessionBase) -> None:
    """They have just shown who they are: by the code of their second factor, or by a link from their mailbox."""
    session[_PROVEN] = time.time()


def is_proven(session: SessionBase) -> bool:
    return time.time() - session.get(_PROVEN, 0) < FRESH.total_seconds()


def note_wish(session: SessionBase) -> None:
    """They ask for the link from their mailbox in order to link the provider: it leads them back to that."""
    session[_WISHED] = time.time()


def was_wished(session: SessionBase) -> bool:
    return is_on() and time.time() - session.pop(_WISHED, 0) < LINK_AGE.total_seconds()


def link_key(session: SessionBase) -> str:
    """What the address that begins a linking must hold: no other site knows it, so none links a stranger to who is signed in."""
    return salted_hmac("registration.openid", session.session_key or "", algorithm="sha256").hexdigest()[:32]


def is_link_key(session: SessionBase, key: str) -> bool:
    return constant_time_compare(key, link_key(session))


def begin(request: HttpRequest, *, links: int = 0) -> str:
    """The provider's address at which to sign in, or to be linked to the user with the key `links`. Raises ProviderAway."""
    response = _Begin().get(request)
    (state,) = parse_qs(urlsplit(response.url).query)["state"]
    onward = request.session.pop("oidc_login_next", None)
    request.session[_STATES][state] |= {"links": links, "onward": onward, "language": get_language()}
    return str(response.url)


def come_back(request: HttpRequest) -> dict[str, Any] | None:
    """What was begun with the state in the address, which is used up by this; None for one that is unknown, used or too old."""
    asked: dict[str, Any] | None = request.session.get(_STATES, {}).pop(request.GET.get("state", ""), None)
    if asked is None:
        return None
    request.session.save()  # before the provider is asked, which takes its time
    return asked if time.time() - asked["added_on"] < FRESH.total_seconds() else None


def subject_of(request: HttpRequest, asked: dict[str, Any]) -> str:
    """Who came back, as the provider calls them. Raises ProviderAway; SignInRefused where anything is not as it was asked for."""
    try:
        subject = _Provider().authenticate(request, nonce=asked["nonce"], code_verifier=asked["code_verifier"])
    except requests.RequestException as error:
        answer = error.response
        if answer is not None and 400 <= answer.status_code < 500:
            raise _refused(f"the provider answered {answer.status_code}") from None
        raise ProviderAway from None
    except (SuspiciousOperation, jwt.PyJWTError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise _refused(type(error).__name__) from error
    if not subject:
        raise _refused("no code")
    if is_citizen_number(subject):
        logger.error("OpenID Connect: this provider's sub is the citizen number, which is not kept here. Ask for one that is not.")
        raise SignInRefused
    return str(subject)


def is_citizen_number(subject: str) -> bool:
    """Thirteen digits, the last of which follows from the others."""
    if len(subject) != 13 or not (subject.isascii() and subject.isdecimal()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(subject, range(13, 1, -1), strict=False))
    return int(subject[-1]) == (11 - total % 11) % 10


def _refused(why: str) -> SignInRefused:
    logger.warning("OpenID Connect: a sign-in was refused (%s).", why)
    return SignInRefused()


def _discovered() -> dict[str, Any]:
    """What the provider says of itself: addresses, and how it takes our secret. Raises ProviderAway."""
    key = f"openid:{settings.OPENID_ISSUER}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = _read()
        cache.set(key, known, KNOWN_FOR.total_seconds())
    return known


def _read() -> dict[str, Any]:
    issuer = settings.OPENID_ISSUER
    try:
        answer = requests.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=TIMEOUT)
        answer.raise_for_status()
        told = answer.json()
        if told["issuer"] != issuer:
            raise ValueError("another issuer")
        found = {name: str(told[name]) for name in _ADDRESSES}
        if not all(address.startswith(("https://", f"{urlsplit(issuer).scheme}://")) for address in found.values()):
            raise ValueError("an address without TLS")
        ways = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    except (requests.RequestException, AttributeError, KeyError, TypeError, ValueError) as error:
        logger.warning("OpenID Connect: nothing was read of the provider (%s: %s).", type(error).__name__, str(error)[:200])
        raise ProviderAway from error
    return found | {"basic": "client_secret_basic" in ways}


def _setting(name: str, *default: Any) -> Any:
    """What the library asks of the settings."""
    told = _discovered()
    known = {
        "OIDC_OP_AUTHORIZATION_ENDPOINT": told["authorization_endpoint"],
        "OIDC_OP_TOKEN_ENDPOINT": told["token_endpoint"],
        "OIDC_OP_JWKS_ENDPOINT": told["jwks_uri"],
        "OIDC_OP_USER_ENDPOINT": "",  # not asked: `sub` stands in the token
        "OIDC_RP_CLIENT_ID": settings.OPENID_CLIENT_ID,
        "OIDC_RP_CLIENT_SECRET": settings.OPENID_CLIENT_SECRET,
        "OIDC_RP_SIGN_ALGO": ALGORITHMS[0],  # has the library look for the provider's key
        "OIDC_RP_SCOPES": SCOPE,
        "OIDC_TOKEN_USE_BASIC_AUTH": told["basic"],
        "OIDC_AUTHENTICATION_CALLBACK_URL": "openid_callback",
        "OIDC_USE_PKCE": True,
        "OIDC_TIMEOUT": TIMEOUT,
    }
    if name not in known and not default:
        raise ImproperlyConfigured(name)
    return known[name] if name in known else default[0]


class _Begin(OIDCAuthenticationRequestView):
    get_settings = staticmethod(_setting)

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        """Offices share computers: whoever is still signed in at the provider may be a colleague."""
        return {"redirect_uri": redirect_uri(), "prompt": "login"}


class _Provider(OIDCAuthenticationBackend):
    """Ends with the `sub` of who came back. Django is not told of it as a way to sign in: the library's own would go by e-mail."""

    get_settings = staticmethod(_setting)

    def get_token(self, payload: dict[str, Any]) -> Any:
        return super().get_token(payload | {"redirect_uri": redirect_uri()})

    def retrieve_matching_jwk(self, token: Any) -> jwt.PyJWK:
        """The provider's public key that `token` names; one that names none is of the only key there is. Raises ValueError."""
        answer = requests.get(_setting("OIDC_OP_JWKS_ENDPOINT"), timeout=TIMEOUT)
        answer.raise_for_status()
        name = jwt.get_unverified_header(token).get("kid")
        keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.key_type in ("RSA", "EC") and key.public_key_use != "enc"]
        (key,) = [key for key in keys if name in (None, key.key_id)]
        return key

    def get_payload_data(self, token: Any, key: Any) -> dict[str, Any]:
        """The claims of a token whose signature, issuer, audience and time are right. Raises PyJWTError."""
        expected = {"audience": settings.OPENID_CLIENT_ID, "issuer": settings.OPENID_ISSUER, "leeway": LEEWAY}
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=ALGORITHMS, options={"require": _CLAIMS}, **expected)
        if claims.get("azp", settings.OPENID_CLIENT_ID) != settings.OPENID_CLIENT_ID:
            raise jwt.InvalidAudienceError
        return claims

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> str:
        return str(payload["sub"])
