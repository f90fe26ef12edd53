"""The cells of an Excel workbook that a stranger made: what the file keeps in them, and nothing else of it.

Source: ECMA-376, parts 1 and 2. A workbook is a zip archive of XML parts; only those that lead to cells are
opened. Nothing is built from styles, links, names, macros or drawings, no formula is evaluated (its kept
result is read), and no part may bring a DTD. The zip directory is looked at before anything is unpacked.
Bounded in memory and time, where a general library is not: openpyxl needed gigabytes for a small file
with a hostile range, also when it only reads.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.parsers import expat

from django.utils.translation import gettext as _

MAX_PARTS = 2_000
MAX_UNPACKED = 80 * 1024 * 1024
MAX_UNPACKED_PART = 32 * 1024 * 1024
#: Opening tags in one part; a sheet of two thousand people has some fifty thousand.
MAX_TAGS = 1_500_000
MAX_SHEETS = 20
MAX_COLUMNS = 60
MAX_MERGES = 2_000
MAX_CELL_LENGTH = 1_000
#: In bytes; what is longer is no tag that a spreadsheet program writes.
MAX_TAG_LENGTH = 1024 * 1024

Row = tuple[int, list[str]]


class WorkbookFault(ValueError):
    """Not a workbook that can be read; the message says to who sent it what to do."""


class _Damaged(Exception):
    """The file is not what its format promises."""


@dataclass(slots=True)
class RawSheet:
    """A visible sheet: its name, and its rows that hold anything, by the numbers that Excel shows."""

    name: str
    rows: list[Row]


def read_workbook(data: bytes, most_rows: int) -> list[RawSheet]:
    """The visible sheets of the workbook `data`, in order. Raises WorkbookFault and nothing else.

    No sheet gives more than one row beyond `most_rows`: enough to see that there are too many. A cell beneath
    the first one of a merged range repeats it, as it looks to the reader. Columns after the sixtieth are left
    out, and so is what stands beyond a thousand characters in one cell.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _sheets(_Package(archive), most_rows)
    except WorkbookFault:
        raise
    except Exception as error:  # whatever zlib, zipfile and expat find wrong, it is the file that is wrong
        raise WorkbookFault(
            _("The file is damaged and cannot be read. Open it in Excel, save it anew as .xlsx, and upload that file.")
        ) from error


def _sheets(package: "_Package", most_rows: int) -> list[RawSheet]:
    book = package.workbook()
    strings = package.shared_strings(book)
    found = [sheet for sheet in package.sheets(book) if sheet.path in package.members]
    if len(found) > MAX_SHEETS:
        raise WorkbookFault(
            _("The file has more than %(count)s sheets. Copy the list of names into a file of its own.") % {"count": MAX_SHEETS}
        )
    return [RawSheet(sheet.name, package.rows(sheet.path, strings, most_rows)) for sheet in found]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    path: str


class _Package:
    """The parts of the archive, by their paths in small letters."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise WorkbookFault(_too_large())
        self.members = {part.filename.replace("\\", "/").lstrip("/").casefold(): part for part in parts}

    def parse(self, path: str, target: "_Target") -> None:
        """Feeds the part at `path` to `target`."""
        member = self.members.get(path)
        if member is None:
            raise _Damaged(path)
        if member.flag_bits & 1:
            raise WorkbookFault(_("The file is locked with a password. Remove the password and upload it again."))
        if member.file_size > MAX_UNPACKED_PART:
            raise WorkbookFault(_too_large())
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Damaged(path)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_dtd
        parser.StartElementHandler = target.start
        parser.EndElementHandler = target.end
        parser.CharacterDataHandler = target.text
        fed = 0
        with self.archive.open(member) as file:
            while piece := file.read(_PIECE):
                parser.Parse(piece)
                fed += len(piece)
                # With every piece an endless tag is read again from its begin, and kept whole.
                if fed - max(0, parser.CurrentByteIndex) > MAX_TAG_LENGTH:
                    raise _Damaged("a tag has no end")
        parser.Parse(b"", True)

    def relations(self, path: str) -> dict[str, tuple[str, str]]:
        """What the part at `path` refers to: the last word of each relation's kind, and its path, by id."""
        folder, _slash, name = path.rpartition("/")
        found = _Relations(folder)
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        if rels in self.members:
            self.parse(rels, found)
        return found.by_id

    def workbook(self) -> str:
        for kind, path in self.relations("").values():
            if kind == "officedocument":
                if path.endswith(".bin"):
                    raise WorkbookFault(_("This is an Excel binary workbook (.xlsb). Save it as .xlsx and upload that file."))
                return path
        if "mimetype" in self.members:
            raise WorkbookFault(_("This is an OpenDocument file. Save it as .xlsx and upload that file."))
        raise WorkbookFault(_("This is not an Excel workbook. Save the list as .xlsx or .csv and upload that file."))

    def shared_strings(self, book: str) -> list[str]:
        found = _SharedStrings()
        for kind, path in self.relations(book).values():
            if kind == "sharedstrings" and path in self.members:
                self.parse(path, found)
        return found.strings

    def sheets(self, book: str) -> Iterator[_Sheet]:
        """The visible worksheets."""
        relations = self.relations(book)
        found = _Sheets()
        self.parse(book, found)
        for name, reference in found.sheets:
            kind, path = relations.get(reference, ("", ""))
            if kind == "worksheet":
                yield _Sheet(name, path)

    def rows(self, path: str, strings: list[str], most: int) -> list[Row]:
        found = _Cells(strings, most)
        self.parse(path, found)
        return found.finished()


def _too_large() -> str:
    return _("The file unpacks to far more than a list of names needs. Copy the list into a new file and upload that one.")


def _refuse_dtd(*_args: object) -> None:
    raise _Damaged("a part brings a DTD")


Attributes = dict[str, str]


@dataclass
class _Target:
    """Hears the tags of a part by their names without namespaces, which differ from one program to the next."""

    tags: int = 0
    path: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: Attributes) -> None:
        self.tags += 1
        if self.tags > MAX_TAGS:
            raise WorkbookFault(_too_large())
        local = name.rpartition(" ")[2]
        self.path.append(local)
        self.opened(local, attributes)

    def end(self, name: str) -> None:
        self.closed(self.path.pop())

    def text(self, text: str) -> None:
        """Character data."""

    def opened(self, name: str, attributes: Attributes) -> None:
        """A tag opens."""

    def closed(self, name: str) -> None:
        """A tag closes."""


class _Relations(_Target):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.by_id: dict[str, tuple[str, str]] = {}

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2].casefold()
            self.by_id[attributes.get("Id", "")] = kind, _resolved(self.folder, attributes.get("Target", ""))


def _resolved(folder: str, target: str) -> str:
    """The path in the archive of a relation's target: from the root after a slash, else from `folder`."""
    target = unquote(target).replace("\\", "/").casefold()
    parts: list[str] = []
    for part in PurePosixPath("/" if target.startswith("/") else f"/{folder}", target).parts[1:]:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


class _Sheets(_Target):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            reference = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes.get("name", ""), reference))


class _Text(_Target):
    """Gathers the text of `t` elements, without the readings (`rPh`) that East Asian workbooks add."""

    def __init__(self, of: frozenset[str]) -> None:
        super().__init__()
        self.of = of
        self.gathering = False
        self.pieces: list[str] = []
        self.length = 0

    def opened(self, name: str, attributes: Attributes) -> None:
        self.gathering = name in self.of and "rPh" not in self.path

    def text(self, text: str) -> None:
        if self.gathering and self.length < MAX_CELL_LENGTH:
            self.pieces.append(text)
            self.length += len(text)

    def closed(self, name: str) -> None:
        self.gathering = False

    def gathered(self) -> str:
        text = "".join(self.pieces)[:MAX_CELL_LENGTH]
        self.pieces.clear()
        self.length = 0
        return _ESCAPED.sub(_unescape, text)


class _SharedStrings(_Text):
    def __init__(self) -> None:
        super().__init__(frozenset({"t"}))
        self.strings: list[str] = []

    def closed(self, name: str) -> None:
        super().closed(name)
        if name == "si":
            self.strings.append(self.gathered())


class _Cells(_Text):
    def __init__(self, strings: list[str], most_rows: int) -> None:
        super().__init__(frozenset({"v", "t"}))
        self.strings = strings
        self.most_rows = most_rows
        self.rows: dict[int, dict[int, str]] = {}
        self.merges: list[tuple[int, int, int]] = []
        self.row = self.column = 0
        self.kind = "n"

    def opened(self, name: str, attributes: Attributes) -> None:
        super().opened(name, attributes)
        if name == "row":
            self.row = _whole(attributes.get("r")) or self.row + 1
            self.column = 0
        elif name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self.column = _column(place[1]) if place else self.column + 1
            self.kind = attributes.get("t", "n")
        elif name == "mergeCell" and len(self.merges) < MAX_MERGES:
            self._merge(attributes.get("ref", ""))

    def closed(self, name: str) -> None:
        super().closed(name)
        if name != "c" or not (text := self.gathered()):
            return
        seen = self.column <= MAX_COLUMNS and (self.row in self.rows or len(self.rows) <= self.most_rows)
        if seen and (value := self._value(text).strip()):
            self.rows.setdefault(self.row, {})[self.column] = value

    def _value(self, text: str) -> str:
        read: dict[str, Callable[[str], str]] = {
            "s": lambda text: self.strings[int(text)],
            "b": lambda text: "TRUE" if text.strip() == "1" else "FALSE",
            "e": lambda text: "",  # what Excel shows there (#REF!) is not what anybody wrote
            "n": _number,
        }
        return read.get(self.kind, str)(text)

    def _merge(self, reference: str) -> None:
        first, _colon, last = reference.partition(":")
        begin, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
        if begin and end:
            self.merges.append((_column(begin[1]), int(begin[2]), int(end[2])))

    def finished(self) -> list[Row]:
        """The rows in order, with merged cells filled downwards where their rows hold something else too."""
        numbers = sorted(self.rows)
        for column, first, last in self.merges:
            value = self.rows.get(first, {}).get(column)
            if value:
                for number in numbers:
                    if first < number <= last:
                        self.rows[number].setdefault(column, value)
        return [(number, _line(self.rows[number])) for number in numbers]


_PIECE = 1 << 16
_ESCAPED = re.compile("_x(000[0-9A-Fa-f]|005[Ff])_")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def _unescape(found: re.Match[str]) -> str:
    """A control character that XML cannot hold becomes a space; `_x005F_` is an underscore."""
    return "_" if found[1].upper() == "005F" else " "


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 7 else 0


def _number(text: str) -> str:
    """A number as it looks in a cell that is wide enough: 8.12345678E8 is 812345678."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else str(number)


def _line(cells: dict[int, str]) -> list[str]:
    return [cells.get(column, "") for column in range(1, max(cells) + 1)]
