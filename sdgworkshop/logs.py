"""What must not stand in a log."""

import logging
import re

_TOKEN = re.compile(r"(?<=/)[^/\s?]*[\w-]{32,}[^/\s?]*")


class HideTokens(logging.Filter):
    """Writes … for every part of an address that is long enough to be a signed token: whoever has one gets in."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub("…", record.getMessage()), ()
        return True
