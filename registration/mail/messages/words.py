"""What several messages say alike."""

from collections.abc import Iterable
from typing import Any

from registration.models import TrackChoice
from sessions import formats
from sessions.formats import language
from sessions.models import WorkshopDay


def day_in_words(day: WorkshopDay, choices: Iterable[TrackChoice]) -> dict[str, Any]:
    """A day for `_days` in the templates: its hours, and which of its tracks were chosen."""
    hours = day.hours()
    return {
        "day": day,
        "hours": formats.format_time_range(*hours, language()) if hours else "",
        "tracks": [choice.track for choice in choices if choice.track.item.day_id == day.pk],
    }
