"""Zip archives that a stranger made: looked into before a library unpacks them."""

import re
import zipfile
from io import BytesIO

from django.utils.translation import gettext as _

from registration.spreadsheets.tables import SpreadsheetFault

MAX_PARTS = 2_000
MAX_UNPACKED = 80 * 1024 * 1024
MAX_PART = 32 * 1024 * 1024
#: Cells of one sheet in which something stands, and the cells that its merges cover.
MAX_CELLS = 200_000
#: A document type stands before the first element; so far it is looked for.
_HEAD = 64 * 1024
_DOCTYPE = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
#: No program writes a tag or a comment of that length; a parser reads it again from its beginning with every piece.
_ENDLESS_TAG = re.compile(rb"<[^<>]{1000000}")
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]{0,200})?/>")
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]{0,400})?(?:/>|>\s{0,9}</(?:\w+:)?row>)")
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]{0,200}?ref=[\"']\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})[\"'][^<>]{0,100}/>"
)


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive `data`, no part of which is too large, locked or brings a document type.

    Raises SpreadsheetFault ("workbook", "locked", "too_large_inside").
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise too_large()
        if any(part.flag_bits & 1 for part in parts):
            raise locked()
        for part in parts:
            _look_into(archive, part)
    except SpreadsheetFault:
        raise
    except Exception as error:  # whatever zlib and zipfile find wrong, it is the file that is wrong
        raise damaged() from error
    return archive


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    if part.file_size > MAX_PART:
        raise too_large()
    with archive.open(part) as file:
        content = file.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise too_large()
    if any(mark in content[:_HEAD] for mark in _DOCTYPE) or _ENDLESS_TAG.search(content):
        raise damaged()


def trimmed(sheet: bytes) -> bytes:
    """The XML of a worksheet without cells and rows in which nothing stands (a million of them where somebody drew borders to the
    end), and without merged ranges that cover more than a sheet of people has.

    Raises SpreadsheetFault ("too_many_cells").
    """
    sheet = _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", sheet))
    if sum(1 for _cell in _CELL.finditer(sheet)) > MAX_CELLS:
        raise SpreadsheetFault(
            "too_many_cells", _("A sheet of the file has far more cells than a list of names. Copy the list of names into a new file.")
        )
    covered = 0

    def kept(found: re.Match[bytes]) -> bytes:
        nonlocal covered
        covered += _area(*found.groups())
        return found[0] if covered <= MAX_CELLS else b""

    return _MERGE.sub(kept, sheet)


def _area(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    return (abs(_number(right) - _number(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def damaged() -> SpreadsheetFault:
    return SpreadsheetFault(
        "workbook", _("The file is damaged and cannot be read. Open it in Excel or Word, save it again, and upload that file.")
    )


def locked() -> SpreadsheetFault:
    return SpreadsheetFault("locked", _("The file is locked with a password. Remove the password in Excel or Word, and upload it again."))


def too_large() -> SpreadsheetFault:
    return SpreadsheetFault("too_large_inside", _("The file is far larger inside than a list of names. Copy the list into a new file."))
