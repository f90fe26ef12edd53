"""Logs for people (`OneLineFormatter`) and for machines (`Json`), and what must not stand in either.

Whoever reads a log shall not learn who registered: no names, no e-mail addresses, no telephone numbers, no addresses of
computers, and no token, for whoever has one gets in.
"""

import datetime as dt
import json
import logging
import re
import traceback
from typing import Any

from registration.audit.request_id import REQUEST_ID

_HIDDEN = re.compile(
    r"""
      (?<=/)[^/\s?]*[\w-]{32,}[^/\s?]*                  # a signed token in an address
    | (?<=/v/)[^/\s?]+                                  # that of a certificate: the page behind it names somebody
    | [^\s@<>"'(]{1,254}@[^\s@<>"')]{1,254}\.\w+           # an e-mail address; bounded, or a long word takes long
    | (?<![\d.])(?:\+66|0)[ -]?\d(?:[ -]?\d){6,8}(?!\d)  # a telephone number
    | (?<![\d.])(?!127\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])
    | [฀-๿]+(?:[\s.]+[฀-๿]+)*        # Thai: our own messages are in English, names are not
    """,
    re.VERBOSE,
)
#: Where PostgreSQL quotes the row that it refused.
_DETAIL = re.compile(r"DETAIL:.*?(?=\n\n|\Z)", re.DOTALL)
#: What an exception quotes may be what somebody typed.
_QUOTED = re.compile(r"'[^']*'")

#: What `logging` itself puts into a record; the rest was handed to it as `extra`.
_OWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "request", "taskName"}


def hide(text: str) -> str:
    """`text` with … in place of everything that tells of a person."""
    return _HIDDEN.sub("…", _DETAIL.sub("DETAIL: …", text))


class OneLineFormatter(logging.Formatter):
    """One line an event, and the whole traceback under it."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        request_id = _request_id(record)
        return hide(f"{line} [{request_id}]" if request_id and not record.exc_info else line)


class Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request_id, what was handed over as `extra`, and the exception."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": hide(record.getMessage()),
        }
        if request_id := _request_id(record):
            entry["request_id"] = request_id
        entry |= {name: hide(value) if isinstance(value, str) else value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info and record.exc_info[1]:
            entry["exception"] = _exception(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False, default=lambda value: hide(str(value)))


def _request_id(record: logging.LogRecord) -> str:
    """Django writes down what became of a request when all middleware is over, and hands the request over."""
    return REQUEST_ID.get() or getattr(getattr(record, "request", None), "request_id", "")


def _exception(error: BaseException) -> dict[str, Any]:
    """Kind, words and places of `error`. Its words lose what they quote; places are source code, which knows nobody."""
    told: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "message": _QUOTED.sub("'…'", hide(str(error))),
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)],
    }
    if error.__cause__:
        told["because"] = _exception(error.__cause__)
    return told
