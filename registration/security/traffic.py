"""Traffic data: when, from which address and for what kind of page the portal was asked. Apart from every other log.

The Computer-Related Crime Act (B.E. 2550 as amended 2560), section 26, has service providers keep them for at least ninety days. Off unless
TRAFFIC_LOG_DAYS is set. A file a day in VAR_DIR/traffic, which the portal's own user alone reads; the number of the request leads to the
other logs and to the audit trail. Not in a backup, not on any page.
"""

import datetime as dt
import json
import logging
import os
import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from registration.security.sign_in import address_of

logger = logging.getLogger(__name__)

#: No setting deletes a day earlier: not a lower number, and not switching the log off.
MIN_DAYS = 90

_FILE = re.compile(r"(\d{4}-\d{2}-\d{2})\.jsonl")


def folder() -> Path:
    return Path(settings.VAR_DIR) / "traffic"


def write(request: HttpRequest, *, status: int, request_id: str, at: dt.datetime) -> None:
    """One line; the route, never the address of a page, which may be a secret. A line that cannot be written stops no request."""
    match = request.resolver_match
    facts = {
        "time": at.isoformat(timespec="milliseconds"),
        "from": address_of(request),
        "method": request.method,
        "route": match.route if match else "-",
        "status": status,
        "request_id": request_id,
    }
    file = folder() / f"{timezone.localdate(at).isoformat()}.jsonl"
    try:
        folder().mkdir(mode=0o700, exist_ok=True)
        # At once and at the end of the file, so that processes do not mix their lines.
        opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(opened, f"{json.dumps(facts)}\n".encode())
        finally:
            os.close(opened)
    except OSError as error:
        logger.error("traffic data cannot be written: %s", error.strerror)


def forget(at: dt.datetime) -> int:
    """Deletes the files of this host whose days are over. Returns how many."""
    first_kept = timezone.localdate(at) - dt.timedelta(days=max(settings.TRAFFIC_LOG_DAYS, MIN_DAYS))
    dated = ((file, _FILE.fullmatch(file.name)) for file in folder().glob("*.jsonl"))
    over = [file for file, match in dated if match and dt.date.fromisoformat(match[1]) < first_kept]
    for file in over:
        file.unlink(missing_ok=True)
    return len(over)
