"""The QR codes of participants on labels, for badges and for the desk at the door."""

from collections.abc import Callable, Iterable

from django.utils import translation

from registration.exports.papers.typesetting import typeset
from registration.links import qr
from registration.models import Participant
from sessions.models import Workshop


def code_labels(workshop: Workshop, people: Iterable[Participant], each: Callable[[], object] = lambda: None) -> bytes:
    """A label with the reference code of each of `people` (with their quotas and provinces), 24 on an A4 page; a PDF in Thai.

    `each` is called after every label that is ready to be set.
    """
    labels = []
    with translation.override("th"):
        for person in people:
            labels.append(_label(person))
            each()
        return typeset("code_labels", {"title": workshop.title, "labels": labels})


def _label(person: Participant) -> dict[str, str]:
    return {
        "name": person.full_name,
        "organisation": person.organisation_short or person.organisation,
        "place": person.quota.name,
        "code": person.code,
        "svg": qr.qr_svg(person.code).decode(),
    }
