"""The privacy notice: which text of it somebody has read (Personal Data Protection Act B.E. 2562, section 23).

Its short layer stands on the forms; the whole text of version n is `templates/registration/privacy/<n>.html`, which is never
changed once it was shown: another text is another version.
"""

import datetime as dt

#: Since when each version holds, the oldest first.
VERSIONS = {
    "1": dt.date(2026, 11, 23),
    "2": dt.date(2026, 11, 23),
    "3": dt.date(2026, 11, 30),
    "4": dt.date(2026, 11, 30),
    "5": dt.date(2026, 11, 30),
    "6": dt.date(2026, 11, 30),
}
#: Kept with every registration.
NOTICE_VERSION = list(VERSIONS)[-1]


def text_of(version: str) -> str:
    """The template that holds the text of `version`."""
    return f"registration/privacy/{version}.html"
