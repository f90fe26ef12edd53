"""After a restore: whoever was erased since the backup was made is erased again."""

import datetime as dt

from django.utils import timezone

from registration.actor import SYSTEM
from registration.mail import files as mail_files
from registration.models import Delivery, Invitation, Nominee, Participant
from registration.privacy import erasure_register
from registration.privacy.actions.erasure import erase, erase_invitations
from registration.privacy.erasure_register import Erasure, digests


def apply_register(*, at: dt.datetime | None = None) -> int:
    """Erases everybody in the register of erasures who is in the database. Returns how many registrations. Safe to run twice.

    Who has registered again since then has another code and stays; invitations, mails and rows of lists of an erased
    address go where they are older than its erasure. Run `storage.scrub` afterwards.
    """
    at = at or timezone.now()
    register = list(erasure_register.entries())
    codes = frozenset[str]().union(*(entry.codes for entry in register))
    erased = 0
    for pk, code in list(Participant.objects.known().values_list("pk", "code")) if codes else []:
        if digests(code) & codes and (person := Participant.objects.filter(pk=pk).first()):
            erased += erase(participant=person, by=SYSTEM, note=False, at=at)
    _erase_by_address(register, at)
    return erased


def _erase_by_address(register: list[Erasure], at: dt.datetime) -> None:
    moments: dict[str, dt.datetime] = {}
    for entry in register:
        moments |= dict.fromkeys(entry.emails, entry.at)
    if not moments:
        return

    def erased_at(email: str) -> dt.datetime | None:
        return max((moments[found] for found in digests(email) & moments.keys()), default=None)

    addresses = set(Invitation.objects.values_list("email", flat=True)) | set(
        Nominee.objects.exclude(email="").values_list("email", flat=True)
    )
    addresses |= set(Delivery.objects.filter(participant=None, user=None).values_list("email", flat=True))
    for email in addresses:
        if (before := erased_at(email)) is not None:
            erase_invitations([email], by=SYSTEM, at=at, before=before)
            Nominee.objects.filter(email=email, file__created_at__lte=before).delete()
            mail_files.delete_about([email])
