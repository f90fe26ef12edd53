"""What kind of file somebody sent, by its bytes and never by its name; each kind that is no list is refused in words of its own."""

import zipfile

from django.utils.translation import gettext as _

from registration.spreadsheets import archives, documents, texts, workbooks
from registration.spreadsheets.tables import MAX_BYTES, Sheet, SpreadsheetFault, measured

_OLE = b"\xd0\xcf\x11\xe0"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


def read(data: bytes) -> list[Sheet]:
    """The sheets of the file `data`, those without any content left out. Raises SpreadsheetFault, and nothing else."""
    if len(data) > MAX_BYTES:
        raise SpreadsheetFault(
            "too_large", _("The file is larger than %(size)s MB. Remove pictures and other sheets from it.") % {"size": MAX_BYTES >> 20}
        )
    return measured(_sheets(data))


def _sheets(data: bytes) -> list[Sheet]:
    if data.startswith(b"PK"):
        return _of_archive(data)
    if data.startswith(_OLE):
        return _of_compound(data)
    if b"%PDF-" in data[:1024]:
        raise SpreadsheetFault("pdf", _("This file is a PDF. Ask for the Excel or Word file, or copy the list of names into the template."))
    if data.startswith(_PICTURES) or data[4:8] == b"ftyp" or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        raise SpreadsheetFault("picture", _("This file is a picture. Ask for the Excel or Word file, or type the names into the template."))
    return _of_text(texts.decoded(data))


def _of_archive(data: bytes) -> list[Sheet]:
    archive = archives.opened(data)
    names = {name.replace("\\", "/").lstrip("/").casefold() for name in archive.namelist()}
    if "word/document.xml" in names:
        return documents.read_document(archive)
    if "xl/workbook.bin" in names or "content.xml" in names:
        return _of_others(data, archive)
    if any(name.startswith("ppt/") for name in names):
        raise SpreadsheetFault("slides", _("This file is a presentation. Copy the list of names into Excel or Word."))
    if any(name.endswith(".iwa") for name in names):
        raise SpreadsheetFault("numbers", _("This is a file of Numbers or Pages. Export it there to Excel or Word, and upload that file."))
    if "[content_types].xml" not in names and not any(name.startswith("xl/") for name in names):
        raise SpreadsheetFault("archive", _("This file is an archive (.zip). Unpack it, and upload the list that is in it."))
    return workbooks.read_excel(archive)


def _of_others(data: bytes, archive: zipfile.ZipFile) -> list[Sheet]:
    kind = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
    if b"opendocument.text" in kind:
        raise SpreadsheetFault("writer", _("This is a file of LibreOffice Writer. Save it there as Word (.docx), and upload that file."))
    if b"<manifest:encryption-data" in (archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""):
        raise archives.locked()
    return workbooks.read_other(data)


def _of_compound(data: bytes) -> list[Sheet]:
    """The container of old Excel and Word, and of whatever has a password; its streams are named in UTF-16."""
    streams = {
        name for name in ("EncryptedPackage", "EncryptionInfo", "WordDocument", "Workbook", "Book") if name.encode("utf-16-le") in data
    }
    if streams & {"EncryptedPackage", "EncryptionInfo"}:
        raise archives.locked()
    if streams & {"Workbook", "Book"}:
        return workbooks.read_other(data)
    if "WordDocument" in streams:
        raise SpreadsheetFault("old_word", _("This is an old Word file (.doc). Save it in Word as .docx, and upload that file."))
    raise texts.not_a_list()


def _of_text(text: str) -> list[Sheet]:
    begin = text.lstrip()[:2000].casefold()
    if begin.startswith("{\\rtf"):
        raise SpreadsheetFault("rtf", _("This is a rich-text file (.rtf). Save it in Word as .docx, and upload that file."))
    if begin.startswith("<"):
        if "schemas-microsoft-com:office:spreadsheet" in begin or "<table" not in text.casefold():
            raise texts.not_a_list()
        return texts.read_page(text)
    if begin.startswith("mime-version:"):
        raise texts.not_a_list()
    return texts.read_separated(text)
