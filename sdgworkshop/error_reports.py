"""Errors, told to a Sentry or to whatever speaks as it does (SENTRY_DSN), without anybody's data.

What goes out is what the log says of an error and no more: its kind, its places in the source, its words without names, addresses, numbers
and whatever was typed, and the number of the request, which leads to the log. No form, no header, no cookie, no variable; so no package of
theirs, which gathers those first. One thread a process sends; while there is no answer the newest wait, and the rest is counted in the log.
"""

import json
import logging
import queue
import threading
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from sdgworkshop import __version__
from sdgworkshop.logs import Json

#: How many wait at most, and how long the other end may take.
MAX_WAITING, SECONDS = 100, 5


@dataclass(frozen=True, slots=True)
class Address:
    """Where envelopes go, and the public key that lets them in."""

    url: str
    key: str

    @classmethod
    def of(cls, dsn: str) -> "Address":
        """`dsn` as the settings have found it good: https://key@host/path/project."""
        parts = urlsplit(dsn)
        path, _slash, project = parts.path.rpartition("/")
        return cls(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}/api/{project}/envelope/", parts.username or "")


class Reporter(logging.Handler):
    """Takes errors from the log (level ERROR and above) and sends them from a thread of its own. Never stops who logs."""

    def __init__(self, dsn: str, environment: str) -> None:
        super().__init__(logging.ERROR)
        self.address, self.environment = Address.of(dsn), environment
        self.waiting: queue.Queue[dict[str, Any]] = queue.Queue(MAX_WAITING)
        self.formatter = Json()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == __name__:
            return
        try:
            self.waiting.put_nowait(event_of(json.loads(self.format(record)), self.environment))
        except queue.Full:
            return
        with self._starting:
            # In the process that has the error: one that was forked has no threads of the first.
            if not (self._thread and self._thread.is_alive()):
                self._thread = threading.Thread(target=self._send_all, daemon=True, name="error-reports")
                self._thread.start()

    def _send_all(self) -> None:
        while True:
            event = self.waiting.get()
            try:
                send(event, self.address)
            except OSError as error:
                logging.getLogger(__name__).warning("an error report was not taken: %s", error)
            finally:
                self.waiting.task_done()


def event_of(entry: dict[str, Any], environment: str) -> dict[str, Any]:
    """What the log says, in the words of Sentry's protocol. Its place in the source groups alike errors."""
    event: dict[str, Any] = {
        "event_id": uuid4().hex,
        "timestamp": entry["time"],
        "platform": "python",
        "level": entry["level"].lower(),
        "logger": entry["logger"],
        "release": f"sdgworkshop@{__version__}",
        "environment": environment,
        "logentry": {"formatted": entry["message"]},
        "tags": {"request_id": entry["request_id"]} if "request_id" in entry else {},
    }
    if "exception" in entry:
        event["exception"] = {"values": list(_chain(entry["exception"]))}
    return event


def _chain(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The oldest cause first."""
    module, _dot, kind = told["type"].rpartition(".")
    frames = [_frame(place) for place in told["at"]]
    own = {"type": kind, "module": module, "value": told["message"], "stacktrace": {"frames": frames}}
    return [*(_chain(told["because"]) if "because" in told else []), own]


def _frame(place: str) -> dict[str, Any]:
    """Of `file:line function`."""
    where, _space, function = place.partition(" ")
    file, _colon, line = where.rpartition(":")
    return {"filename": file, "lineno": int(line), "function": function, "in_app": "site-packages" not in file}


def send(event: dict[str, Any], address: Address) -> None:
    """Raises OSError where it was not taken."""
    lines = [{"event_id": event["event_id"]}, {"type": "event"}, event]
    body = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    headers = {
        "Content-Type": "application/x-sentry-envelope",
        "X-Sentry-Auth": f"Sentry sentry_version=7, sentry_key={address.key}, sentry_client=sdgworkshop/{__version__}",
    }
    with urllib.request.urlopen(urllib.request.Request(address.url, body, headers), timeout=SECONDS) as answer:
        answer.read()
