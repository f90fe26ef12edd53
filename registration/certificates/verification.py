"""What anybody may learn of a certificate by the token on its sheet, and nothing else."""

from dataclasses import dataclass
from enum import StrEnum

from registration.models import Certificate, Participant


class CertificateStanding(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Verified:
    """What is printed on the sheet; of a removed one the number alone."""

    standing: CertificateStanding
    number: str
    name: str = ""
    heading: str = ""
    title: str = ""
    when: str = ""
    given: str = ""
    edition: str = ""
    language: str = "th"


def verified(token: str) -> Verified | None:
    """One query, whether there is one or not."""
    certificate = Certificate.objects.filter(token=token).first()
    if certificate is None:
        return None
    standing = standing_of(certificate)
    printed = certificate.snapshot
    if standing in (CertificateStanding.REMOVED, CertificateStanding.FORGOTTEN):
        return Verified(standing, printed.get("number", ""), language=printed.get("lang", "th"))
    between = "" if printed["lang"] == "th" else " "
    return Verified(
        standing, printed["number"], printed["name"], printed["heading"], between.join(printed["title"]), printed["when"], printed["given"],
        printed["edition"], printed["lang"],
    )  # fmt: skip


def own_certificate(person: Participant) -> Certificate | None:
    """The valid one of `person`, if any; it may wait for the office's seal. One query."""
    return Certificate.objects.valid().filter(participant=person).first()


def standing_of(certificate: Certificate) -> CertificateStanding:
    if certificate.removed_at:
        return CertificateStanding.FORGOTTEN if certificate.snapshot.get("is_time_over") else CertificateStanding.REMOVED
    if certificate.withdrawn_at:
        return CertificateStanding.WITHDRAWN
    return CertificateStanding.REPLACED if certificate.replaced_at else CertificateStanding.VALID
