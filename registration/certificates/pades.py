"""The office's electronic seal on a sheet: PAdES, after which nothing may be changed.

Loaded by `sealing` only where a key is set: pyHanko and what it brings is needed by nobody else.

Source: ETDA's recommendation for electronic certificates (ขมธอ. 11-2560): a PDF with a PAdES signature.
"""

import datetime as dt
from io import BytesIO
from pathlib import Path

from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper

FIELD = "Seal"


class Unusable(Exception):
    """The key cannot seal; the text says why: "unreadable" or "expired"."""


class PadesKey:
    """The office's key and its certificates, from a `.p12`; with the address of a time stamping authority, each seal has its stamp."""

    def __init__(self, file: Path, password: str, time_stamp_url: str = "") -> None:
        try:
            signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=password.encode())  # type: ignore[no-untyped-call]
        except OSError as error:
            raise Unusable("unreadable") from error
        if signer is None or signer.signing_cert is None:
            raise Unusable("unreadable")
        self.valid_until: dt.datetime = signer.signing_cert.not_valid_after
        if self.valid_until <= timezone.now():
            raise Unusable("expired")
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        stamper = HTTPTimeStamper(time_stamp_url) if time_stamp_url else None
        self._signer = signers.PdfSigner(metadata, signer, timestamper=stamper)

    def sealed(self, sheet: bytes) -> bytes:
        """`sheet`, with the seal behind its own bytes. About a tenth of a second."""
        sealed = BytesIO()
        self._signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(sheet)), output=sealed)
        return sealed.getvalue()
