"""Where a webhook may go: an address that is written plainly, and machines out in the internet alone.

Whoever may add an endpoint must not reach through the portal what only its own machines reach (server-side request forgery).
So names are resolved here, every address that comes of it is looked at, and the connection goes to one of exactly these.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Not out in the internet, or leading back from there, beside what `ipaddress` knows: its tables grew between the Pythons.
_SPECIAL = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"),
        *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16"),
        *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]


class Refusal(models.TextChoices):
    """Why nothing is sent to an address."""

    MALFORMED = "malformed", _("This is no address of a web server.")
    NOT_HTTPS = "not https", _("The address must begin with https://.")
    CREDENTIALS = "credentials", _("The address holds a user name or a password. Leave them out: messages are signed.")
    FRAGMENT = "fragment", _("Leave out what begins with “#”.")
    PORT = "port", _("This port is not allowed.")
    UNKNOWN_HOST = "unknown host", _("No machine is known by this name.")
    PRIVATE = "private", _("The address leads to a machine of a private network, or to the portal’s own.")


class Refused(Exception):
    """Nothing is sent there."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Destination:
    url: str
    host: str
    port: int


def read(url: str) -> Destination:
    """What `url` says, without asking anybody. Raises Refused."""
    if not url.isascii() or not url.isprintable() or any(sign in url for sign in ' \\"<>^`{|}'):
        raise Refused(Refusal.MALFORMED)
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise Refused(Refusal.MALFORMED) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOK_HTTP):
        raise Refused(Refusal.NOT_HTTPS)
    if not host or "%" in host:
        raise Refused(Refusal.MALFORMED)
    if "@" in parts.netloc:
        raise Refused(Refusal.CREDENTIALS)
    if "#" in url:
        raise Refused(Refusal.FRAGMENT)
    port = (443 if parts.scheme == "https" else 80) if port is None else port
    if port not in settings.WEBHOOK_PORTS and not (parts.scheme == "http" and port == 80):
        raise Refused(Refusal.PORT)
    return Destination(url, host, port)


def look_at(url: str) -> Destination:
    """As `read`, and an address in numbers is looked at too. Raises Refused."""
    found = read(url)
    try:
        ipaddress.ip_address(found.host)
    except ValueError:
        return found
    if not is_out_there(found.host):
        raise Refused(Refusal.PRIVATE)
    return found


def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host`, each of which may be connected to. Raises Refused where one of them may not: such a name is no mistake."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(Refusal.UNKNOWN_HOST) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise Refused(Refusal.UNKNOWN_HOST)
    for address in addresses:
        if not is_out_there(address):
            raise Refused(Refusal.PRIVATE)
    return addresses


def is_out_there(text: str) -> bool:
    """Whether `text` is the address of a machine out in the internet, or of a network that WEBHOOK_NETWORKS names."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if any(address in ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return False
    is_special = any(address in network for network in _SPECIAL if network.version == address.version)
    return address.is_global and not (is_special or address.is_multicast or address.is_reserved or address.is_unspecified)
