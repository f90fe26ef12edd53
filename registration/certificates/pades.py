"""The office's electronic seal on a sheet: PAdES, after which nothing may be changed.

Loaded by `sealing` only where a key is set: pyHanko and what it brings is needed by nobody else.

Source: ETDA's recommendation for electronic certificates (ขมธอ. 11-2560): a PDF with a PAdES signature.
"""

import datetime as dt
from io import BytesIO
from pathlib import Path

from asn1crypto import cms, tsp
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.metadata.xmp_xml import MetadataStream
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from registration.certificates.sealing import SealKeyFault

FIELD, READABLE = "Seal", "Electronic seal"
#: So long a time stamping authority may take, and so far its clock may be from ours.
STAMP_SECONDS = 10
STAMP_LEEWAY = dt.timedelta(minutes=5)


class CheckedTimeStamper(HTTPTimeStamper):
    """Takes no stamp that is not what was asked for: whoever opens the sheet would be told that its seal is broken."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Raises TimestampRequestError."""
        try:
            stamp = await super().async_timestamp(message_digest, md_algorithm)
            await _check(stamp, message_digest, md_algorithm)
        except (ValueError, TypeError, KeyError, AttributeError, SignatureValidationError) as error:
            raise TimestampRequestError("the answer is no stamp of what was asked for") from error
        return stamp


async def _check(stamp: cms.ContentInfo, digest: bytes, algorithm: str) -> None:
    """Whether it is of `digest`, now, and signed by whom it names; whom one trusts, who opens the sheet decides. Raises ValueError."""
    told: tsp.TSTInfo = stamp["content"]["encap_content_info"]["content"].parsed
    if abs(told["gen_time"].native - timezone.now()) > STAMP_LEEWAY:
        raise ValueError("of another time")
    signer = extract_certs_for_validation(stamp["content"]).signer_cert
    itself = ValidationContext(trust_roots=[signer], allow_fetching=False)
    found = await validate_tst_signed_data(stamp["content"], itself, lambda named: digest if named == algorithm else b"")
    if not (found["intact"] and found["valid"]):
        raise ValueError("not signed by whom it names")


class _OnlySealed(IncrementalPdfFileWriter):
    """Adds the seal and leaves what the sheet says of itself as it was: its own words make it an archive's file (PDF/A)."""

    def update_container(self, obj: generic.PdfObject) -> None:
        if not isinstance(obj, MetadataStream):
            super().update_container(obj)

    def mark_update(self, obj_ref: generic.Reference | generic.IndirectObject) -> None:
        info = self.prev.trailer.raw_get("/Info")
        if obj_ref != info:
            super().mark_update(obj_ref)


class PadesKey:
    """The office's key and its certificates, from a `.p12`; with the address of a time stamping authority, each seal has its stamp."""

    def __init__(self, file: Path, password: str, time_stamp_url: str = "") -> None:
        try:
            signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=password.encode())  # type: ignore[no-untyped-call]
        except OSError as error:
            raise SealKeyFault("unreadable") from error
        if signer is None or signer.signing_cert is None:
            raise SealKeyFault("unreadable")
        self.valid_until: dt.datetime = signer.signing_cert.not_valid_after
        if self.valid_until <= timezone.now():
            raise SealKeyFault("expired")
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        stamper = CheckedTimeStamper(time_stamp_url, timeout=STAMP_SECONDS) if time_stamp_url else None
        field = fields.SigFieldSpec(FIELD, readable_field_name=READABLE)
        self._signer = signers.PdfSigner(metadata, signer, timestamper=stamper, new_field_spec=field)

    def sealed(self, sheet: bytes) -> bytes:
        """`sheet`, with the seal behind its own bytes. About a tenth of a second. Raises SealKeyFault."""
        sealed = BytesIO()
        try:
            self._signer.sign_pdf(_OnlySealed(BytesIO(sheet)), output=sealed)
        except TimestampRequestError as error:
            raise SealKeyFault("unstamped") from error
        return sealed.getvalue()
