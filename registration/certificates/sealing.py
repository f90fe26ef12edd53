"""Whether the office seals its certificates, and each sheet as it is given out.

A seal is what stands behind the bytes of the sheet: that alone is kept, with the digest of the sheet it belongs to.
"""

import base64
import hashlib
import zlib
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from registration.certificates import layout
from registration.models import Certificate, CertificateSeal

#: Named, not imported: without a key nothing of it is loaded.
_KEY = "registration.certificates.pades.PadesKey"


class SealingKey(Protocol):
    def sealed(self, sheet: bytes) -> bytes: ...


class NotSealed(Exception):
    """The sheet waits for its seal: it is not given out before."""


class SealKeyFault(Exception):
    """It cannot be sealed; the text says why: "missing" (the package is not installed), "unreadable", "expired", or "unstamped"
    (the time stamping authority does not answer, or not rightly)."""


def is_sealing() -> bool:
    return bool(settings.CERTIFICATE_SEAL)


def key() -> SealingKey:
    """The office's key. Raises SealKeyFault."""
    try:
        of_file = import_string(_KEY)
    except ImportError as error:
        raise SealKeyFault("missing") from error
    found = of_file(settings.CERTIFICATE_SEAL, settings.CERTIFICATE_SEAL_PASSWORD, settings.CERTIFICATE_SEAL_TIME_STAMP_URL)
    return cast(SealingKey, found)


def seal_of(certificate: Certificate, key: SealingKey) -> CertificateSeal:
    """Not saved. Raises SealKeyFault."""
    sheet = layout.pdf(certificate.snapshot)
    behind = key.sealed(sheet)[len(sheet) :]
    packed = base64.b64encode(zlib.compress(behind)).decode()
    return CertificateSeal(certificate=certificate, sheet_digest=_digest(sheet), packed=packed)


def sheet_of(certificate: Certificate) -> bytes:
    """The PDF, with its seal where it has one: the same bytes each time.

    Raises NotSealed, also where the sheet is not what was sealed (another version of Typst makes other bytes): it is to be sealed anew.
    """
    if certificate.awaits_seal:
        raise NotSealed
    sheet = layout.pdf(certificate.snapshot)
    seal = CertificateSeal.objects.filter(certificate=certificate).first()
    if seal is None:
        return sheet
    if seal.sheet_digest != _digest(sheet):
        raise NotSealed
    return sheet + zlib.decompress(base64.b64decode(seal.packed))


def _digest(sheet: bytes) -> str:
    return hashlib.sha256(sheet).hexdigest()
