"""From the bytes of a text file to rows of cells, whatever program wrote or saved it."""

import csv
from collections.abc import Sequence
from io import StringIO

from registration.attendance.reports.headings import columns_of
from sessions.text import clean_text

#: A day of two thousand people who each came three times has some six thousand rows.
MAX_ROWS = 60_000
MAX_COLUMNS = 80
MAX_CELL = 1_000
_SEPARATORS = ",;\t|"
#: So far down at most the first heading of a table stands.
_SAMPLE = 60

Rows = list[list[str]]


class NotText(ValueError):
    """The bytes are not a text file."""


class TooLong(ValueError):
    """The file has more rows than any meeting has people."""


def rows_of_text(data: bytes) -> Rows:
    """The rows of `data`. Raises NotText and TooLong."""
    text = _decoded(data)
    start = "\n".join(text.splitlines()[:_SAMPLE])
    separator = max(_SEPARATORS, key=lambda each: _understood(_parsed(start, each)))
    return cleaned(_parsed(text, separator))


def cleaned(rows: Sequence[Sequence[str]]) -> Rows:
    """Rows of a sheet or a file without control characters and blank ends. Raises TooLong."""
    if len(rows) > MAX_ROWS:
        raise TooLong
    return [[clean_text(cell[:MAX_CELL]) for cell in row[:MAX_COLUMNS]] for row in rows]


def _decoded(data: bytes) -> str:
    """By its byte order mark; without one as UTF-8 or the Thai encoding of Windows. NUL bytes are dropped."""
    if data.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise NotText
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        even, odd = data[:400:2].count(0), data[1:400:2].count(0)
        if max(even, odd) > 50:  # UTF-16 whose mark was lost
            encodings = ["utf-16-le" if odd > even else "utf-16-be"]
        else:
            data, encodings = data.replace(b"\x00", b""), ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise NotText


def _understood(rows: Sequence[Sequence[str]]) -> int:
    return max((len(columns_of(row)) * 100 + len(row) for row in rows), default=0)


def _parsed(text: str, separator: str) -> Rows:
    rows = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) > MAX_ROWS:
                raise TooLong
    except csv.Error as error:
        raise NotText from error
    return rows
