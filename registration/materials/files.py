"""What may be a document, by its bytes and never by its name alone: PDF, PowerPoint, Word and Excel, and nothing that runs.

Never HTML, SVG or an archive: a browser would show them as a page of ours, or nobody knows what is in them.
"""

import re
import zipfile
from collections.abc import Collection
from os import SEEK_END
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from registration.models import DocumentVersion
from sessions.text import clean_text

Format = DocumentVersion.Format

#: The one limit. Pages say it, `sdgworkshop.doors` lets no more in, and a test holds deploy/nginx.conf to it.
MAX_BYTES = 25 * 1024 * 1024
MAX_PARTS = 5_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_NAME = 150
#: The list of an archive's parts, and what stands at its end.
_MAX_DIRECTORY = MAX_PARTS * 400
_END, _LARGE, _END_BYTES = b"PK\x05\x06", b"PK\x06\x07", 22
_LONGEST_END = 20 + _END_BYTES + 0xFFFF

CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MAIN_PARTS = {"ppt/presentation.xml": Format.PPTX, "word/document.xml": Format.DOCX, "xl/workbook.xml": Format.XLSX}
_TYPES = "[content_types].xml"
_MAX_TYPES = 4 * 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
#: What a program runs, or a browser shows as a page, has no place inside.
_RUNS = (".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".html", ".htm", ".svgz", ".jar", ".scr", ".hta", ".lnk")
#: Signs that a system's file names may not have, and that would break out of a header.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class DocumentRefused(Exception):
    """Why a file is not taken, in words for who sent it."""


def look_at(file: File | IO[Any], name: str, size: int) -> Format:
    """What `file` is. Raises DocumentRefused."""
    if size > MAX_BYTES:
        raise DocumentRefused(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES >> 20})
    file.seek(0)
    begin = file.read(1024)
    if begin.startswith(b"%PDF-"):
        found = _pdf(file, size)
    elif begin.startswith(b"PK\x03\x04"):
        found = _office(file)
    elif begin.startswith(_OLD_OFFICE):
        raise DocumentRefused(_("This is an old Office file or one with a password. Save it as .pptx, .docx, .xlsx or PDF without one."))
    else:
        raise _unknown()
    if PurePosixPath(name).suffix.lower() != f".{found}":
        raise DocumentRefused(
            _("The file is %(format)s, but its name ends otherwise. Check that it is the right file.") % {"format": found.label}
        )
    return found


def _pdf(file: File | IO[Any], size: int) -> Format:
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise _damaged()
    return Format.PDF


def _office(file: File | IO[Any]) -> Format:
    try:
        if _has_endless_directory(file):
            raise DocumentRefused(_("The file is far larger inside than a document."))
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise DocumentRefused(_("The file is far larger inside than a document."))
            if any(part.flag_bits & 1 for part in parts):
                raise DocumentRefused(_("The file is locked with a password. Save it without one."))
            names = {part.filename.replace("\\", "/").casefold(): part for part in parts}
            if len(names) < len(parts) or any(name.startswith("/") or ".." in name.split("/") for name in names):
                raise _damaged()
            return _kind(archive, names)
    except DocumentRefused:
        raise
    except Exception as error:  # whatever zlib and zipfile find wrong, it is the file that is wrong
        raise _damaged() from error


def _has_endless_directory(file: File | IO[Any]) -> bool:
    """Whether more stands in the list of its parts than a document has: opening the archive would read all of it.

    A list that only the large form of the format (ZIP64) holds is one. Source: APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16.
    """
    file.seek(0, SEEK_END)
    file.seek(max(0, file.tell() - _LONGEST_END))
    tail = file.read()
    at = len(tail) - _END_BYTES if tail[-_END_BYTES:].startswith(_END) and tail.endswith(b"\0\0") else tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        return False  # no archive, which is found out next
    return tail[max(0, at - 20) : at].startswith(_LARGE) or int.from_bytes(tail[at + 12 : at + 16], "little") > _MAX_DIRECTORY


def _kind(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> Format:
    kinds = [kind for part, kind in _MAIN_PARTS.items() if part in names]
    if _TYPES not in names or len(kinds) != 1:
        raise _unknown()
    if names[_TYPES].file_size > _MAX_TYPES:
        raise _damaged()
    types = archive.read(names[_TYPES]).lower()
    if b"<!doctype" in types or b"<types" not in types:
        raise _damaged()
    if b"macroenabled" in types or _has_program(names):
        raise DocumentRefused(_("The file contains a program (macros). Save it without, as .pptx, .docx or .xlsx."))
    return kinds[0]


def _has_program(names: Collection[str]) -> bool:
    return any(name.endswith(_RUNS) or name.endswith("vbaproject.bin") or "/activex/" in name for name in names)


def kept_name(name: str, kind: Format) -> str:
    """What the file is called for whoever takes it along: its own name on one line, without signs that no system takes."""
    stem = clean_text(_NOT_IN_NAMES.sub(" ", PurePosixPath(name.replace("\\", "/")).stem)).strip(" .") or "document"
    return f"{stem[: MAX_NAME - 5]}.{kind}"


def _damaged() -> DocumentRefused:
    return DocumentRefused(_("The file is damaged. Open it, save it again, and upload that file."))


def _unknown() -> DocumentRefused:
    return DocumentRefused(_("Only PDF, PowerPoint (.pptx), Word (.docx) and Excel (.xlsx) can be uploaded."))
