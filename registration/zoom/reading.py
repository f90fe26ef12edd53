"""Reading Zoom's list of a webinar to its end, although its pages have no order that holds: a person may stand on two pages, or on none.

Zoom says how many there are. Whom we know to be registered need not be seen again and again, as long as the numbers agree.
"""

from collections.abc import Collection
from dataclasses import dataclass

from registration.models import ZoomWebinar
from registration.zoom.client import Registered, ZoomClient, ZoomRefused

#: More readings than that are not of the list, but of something else.
MAX_READINGS = 25
#: Where Zoom does not say how many there are: so many readings in a row bring nobody new.
CALM_READINGS = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """Whom Zoom's list showed, by key; `known_are_there` where it has no room for anybody of those who were known to be gone."""

    seen: dict[str, Registered]
    known_are_there: bool


def whole_list(client: ZoomClient, number: str, known: Collection[str] = (), *, status: str = "approved") -> Listed:
    """Everybody of `status`, beside those whose keys are `known`. Raises ZoomRefused where readings do not come to an end."""
    seen: dict[str, Registered] = {}
    there, calm = set(known), 0
    for _reading in range(MAX_READINGS):
        before, total, pages = len(there), None, 0
        for page in client.list_pages(number, status):
            seen |= {row.registrant_id: row for row in page.registered}
            total, pages = page.total, pages + 1
        there |= seen.keys()
        calm = calm + 1 if len(there) == before else 0
        if pages == 1 or len(seen) == total:
            return Listed(seen, False)
        if len(there) == total or (total is None and calm >= CALM_READINGS):
            return Listed(seen, True)
    raise ZoomRefused(ZoomWebinar.Trouble.UNREADABLE)
