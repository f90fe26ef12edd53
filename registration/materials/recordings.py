"""Where recordings may lie: https, on hosts that the office trusts (the setting RECORDING_HOSTS)."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from registration.materials.files import DocumentRefused

MAX_ADDRESS = 500
#: No sign in it that an address would have to escape, and nothing before the host.
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(/[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?")


def address_of(text: str) -> str:
    """The address `text`, if recordings may lie there. Raises DocumentRefused."""
    address = text.strip()
    if len(address) > MAX_ADDRESS or not _ADDRESS.fullmatch(address) or not _is_trusted(urlsplit(address).hostname or ""):
        raise DocumentRefused(
            _("The link has to begin with https:// and lead to one of these: %(hosts)s.") % {"hosts": ", ".join(settings.RECORDING_HOSTS)}
        )
    return address


def _is_trusted(host: str) -> bool:
    return any(host == trusted or host.endswith(f".{trusted}") for trusted in settings.RECORDING_HOSTS)
