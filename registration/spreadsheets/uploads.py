"""The one way in for files: counted by who uploads them, and read by a process of its own that may neither grow nor dawdle.

Libraries read the files (`files`), and no library promises to stay small on a file that was made to hurt. So a child reads, under
limits that the system keeps; where it ends, the person is told that the file cannot be read, and the server goes on.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib.auth.models import User
from django.core.files import File
from django.utils.translation import gettext as _

from registration.errors import TooOften
from registration.security import rate_limits
from registration.spreadsheets.tables import MAX_BYTES, MAX_EXPORTED_BYTES, Sheet, SpreadsheetFault, from_json, too_much
from sessions.formats import language, moment

#: By the clock; `registration.spreadsheets.sandbox` ends by itself after some seconds of the processor's time.
PATIENCE = 20
_ROOT = Path(__file__).resolve().parents[2]


def read(upload: File | BinaryIO, *, by: User | None) -> list[Sheet]:
    """The sheets of an uploaded file, as `files.read` gives them. Raises SpreadsheetFault, also for one file too many.

    Call it outside of a transaction.
    """
    if by:
        try:
            rate_limits.count(rate_limits.of_upload(by))
        except TooOften as refused:
            words = _("Too many files arrived within a few minutes. Please upload this one again after %(moment)s.")
            raise SpreadsheetFault("too_often", words % {"moment": moment(refused.until)}) from refused
    return _read_apart(upload.read(MAX_BYTES + 1))


def read_values(data: bytes) -> list[list[str]]:
    """The rows of a workbook that a program exported, as `values.read_values` gives them. Raises SpreadsheetFault."""
    if len(data) > MAX_EXPORTED_BYTES:
        raise too_much()
    rows: list[list[str]] = _answer(data, "values")["rows"]
    return rows


def _read_apart(data: bytes) -> list[Sheet]:
    return from_json(_answer(data)["sheets"])


def _answer(data: bytes, *how: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "registration.spreadsheets.sandbox", language(), *how]
    try:
        done = subprocess.run(command, input=data, capture_output=True, cwd=_ROOT, timeout=PATIENCE, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise too_much() from error
    if "fault" in answer:
        raise SpreadsheetFault(*answer["fault"])
    return answer
