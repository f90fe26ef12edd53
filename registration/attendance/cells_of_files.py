"""The cells of an uploaded report: a workbook through the sandbox of all files from outside, text by our own bounded reader."""

from registration.attendance.reports.cells import NotText, Rows, TooLong, cleaned, rows_of_text
from registration.spreadsheets import uploads
from registration.spreadsheets.tables import SpreadsheetFault

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class FileFault(ValueError):
    """The file cannot be read at all; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rows_of(data: bytes) -> Rows:
    """Raises FileFault."""
    try:
        if not data.startswith(_WORKBOOKS):
            return rows_of_text(data)
        return cleaned(uploads.read_values(data))
    except NotText as fault:
        raise FileFault("not_text") from fault
    except TooLong as fault:
        raise FileFault("too_long") from fault
    except SpreadsheetFault as fault:
        raise FileFault(fault.code) from fault
