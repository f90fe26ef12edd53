"""The file with which staff register people for a webinar of Zoom.

Source: Zoom's support page "Importing webinar registrants via CSV": one header, three fields, at most 2 MB a file.
Nothing is put before what looks like a formula: people would read the sign in Zoom, and Zoom is no spreadsheet.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from registration.people.display_names import DisplayName

HEADER = ("email", "first_name", "last_name")
#: A file stays below this size.
MAX_BYTES = 2_000_000

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Registrant:
    """Somebody to be registered: where their link is mailed to, and what they are called in the meeting."""

    email: str
    name: DisplayName


def registrant_files(registrants: Iterable[Registrant], most_bytes: int = MAX_BYTES) -> Iterator[bytes]:
    """CSV files, each smaller than `most_bytes` and complete in itself: UTF-8 with a byte order mark, the header, people in their order.

    Without people there is no file.
    """
    start = _BOM + _line(HEADER)
    file = bytearray(start)
    for registrant in registrants:
        line = _line((registrant.email, registrant.name.first, registrant.name.last))
        if len(file) + len(line) >= most_bytes and len(file) > len(start):
            yield bytes(file)
            file = bytearray(start)
        file += line
    if len(file) > len(start):
        yield bytes(file)


def _line(fields: Iterable[str]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(fields)
    return text.getvalue().encode()
