"""A workshop as search engines read it. Source: https://schema.org/Event."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from sessions.models import Workshop, WorkshopDay

#: What would end the script element, or begin a comment in it.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def event(workshop: Workshop, days: Iterable[WorkshopDay], *, address: str, image: str) -> dict[str, Any]:
    """`workshop` as an event with one part a day. `address` is where its page is."""
    online = {"@type": "VirtualLocation", "name": workshop.platform, "url": address}
    common = {
        "@type": "Event",
        "name": workshop.title,
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": online,
        "inLanguage": "th",
        "isAccessibleForFree": True,
    }
    parts = [common | _where(day, online) | _when(day) for day in days]
    whole = common | {
        "@context": "https://schema.org",
        "url": address,
        "image": image,
        "description": workshop.lead or workshop.title,
        "organizer": {"@type": "GovernmentOrganization", "name": workshop.responsible, "url": address},
        "subEvent": parts,
    }
    if parts:
        whole |= {"startDate": parts[0]["startDate"], "endDate": parts[-1]["endDate"], "eventStatus": "https://schema.org/EventScheduled"}
    return whole


def _when(day: WorkshopDay) -> dict[str, str]:
    status = "EventCancelled" if day.is_cancelled else "EventScheduled"
    times = {"startDate": day.begins_at().isoformat(), "endDate": day.ends_at().isoformat()}
    return times | {"eventStatus": f"https://schema.org/{status}"}


def _where(day: WorkshopDay, online: dict[str, str]) -> dict[str, Any]:
    """What a day with a room says otherwise than the whole."""
    if not day.room:
        return {}
    place = {"@type": "Place", "name": day.room}
    mode = "Mixed" if day.has_meeting else "Offline"
    return {
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": [place, online] if day.has_meeting else place,
    }


def script_text(data: dict[str, Any]) -> SafeString:
    """`data` as JSON that may stand inside a script element whatever its texts are."""
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES))
