"""Reading Zoom's list of a webinar to its end, although its pages have no order that holds: a person may stand on two pages, or on none."""

from registration.models import ZoomWebinar
from registration.zoom.client import Registered, ZoomClient, ZoomRefused

#: More readings than that are not of the list, but of something else.
MAX_READINGS = 25
#: Where Zoom does not say how many there are: so many readings in a row bring nobody new.
CALM_READINGS = 3


def whole_list(client: ZoomClient, number: str) -> dict[str, Registered]:
    """Everybody who is approved, by key. Raises ZoomRefused where readings do not come to an end."""
    found: dict[str, Registered] = {}
    calm = 0
    for _reading in range(MAX_READINGS):
        before, total, pages = len(found), None, 0
        for page in client.list_pages(number):
            found |= {row.registrant_id: row for row in page.registered}
            total, pages = page.total, pages + 1
        calm = calm + 1 if len(found) == before else 0
        if pages == 1 or (total is not None and len(found) >= total) or (total is None and calm >= CALM_READINGS):
            return found
    raise ZoomRefused(ZoomWebinar.Trouble.UNREADABLE)
