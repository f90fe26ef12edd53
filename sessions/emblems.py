"""The emblem of the office that holds a workshop: a file that staff set, the mark that the portal draws until then.

Pictures lie in the database, so that every host has them, under the digest of what was drawn: their addresses never change meaning.
"""

import base64
import binascii
import hashlib
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import pictures
from sessions.models import Emblem, Workshop

#: On paper 26 mm are 307 pixels at 300 dpi, and every certificate keeps what it was printed with.
MAX_SIDE = 320
#: On a screen it is 52 pixels, or finer where the first visit of a page stays light with it.
PAGE_SIDES, PAGE_SIZE = (156, 104, 78, 52), 2_200


class Overtaken(Exception):
    """Somebody else set the emblem meanwhile; it is theirs that stands."""


def drawn(png: bytes) -> Emblem:
    """An emblem of `png` (from `pictures.redrawn`), not kept yet."""
    return Emblem(digest=hashlib.sha256(png).hexdigest(), original=png, small=pictures.small(png, sides=PAGE_SIDES, max_size=PAGE_SIZE))


def from_text(text: str) -> Emblem | None:
    """As a workshop's file writes it: the bytes of a PNG or JPEG in Base64; nothing for nothing. Raises ValidationError."""
    if not text.strip():
        return None
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValidationError(_("Write the bytes of the picture in Base64.")) from error
    if len(data) > pictures.MAX_SIZE:
        raise ValidationError(_("The picture is larger than 2 MB."))
    return drawn(pictures.redrawn(BytesIO(data), max_side=MAX_SIDE))


def keep(emblem: Emblem) -> None:
    """Keeps it for the transaction that asks: nobody lets it go before that ends."""
    known = Emblem.objects.filter(pk=emblem.pk)
    if known.update(kept_at=timezone.now()):
        return
    try:
        with transaction.atomic():
            emblem.save(force_insert=True)
    except IntegrityError:  # somebody else kept the same one at the same moment
        known.update(kept_at=timezone.now())


@transaction.atomic
def set_emblem(workshop: Workshop, emblem: Emblem | None, *, instead_of: str | None) -> None:
    """Gives `workshop` the emblem, or with None the drawn mark. `instead_of`: the digest that its page showed. Raises Overtaken."""
    if emblem:
        keep(emblem)
    if not Workshop.objects.filter(pk=workshop.pk, emblem=instead_of).update(emblem=emblem):
        raise Overtaken
    workshop.emblem = emblem
    if instead_of and (emblem is None or emblem.pk != instead_of):
        let_go(instead_of)


def let_go(digest: str) -> None:
    """Forgets an emblem that no workshop bears any more. Within a transaction."""
    if Emblem.objects.select_for_update().filter(pk=digest).exists() and not Workshop.objects.filter(emblem=digest).exists():
        Emblem.objects.filter(pk=digest).delete()


def held(workshop: Workshop) -> str | None:
    """The digest of its emblem, which stays until the transaction ends."""
    digest = workshop.emblem_id
    return digest if digest and Emblem.objects.filter(pk=digest).update(kept_at=timezone.now()) else None
