"""What stands in the three files of a report, read by libraries that did not write them."""

from io import BytesIO
from zipfile import ZipFile

from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import ContentStream

from tests.registration.report.pieces import arabic, numbers_in


class Files:
    def __init__(self, archive: bytes) -> None:
        with ZipFile(BytesIO(archive)) as opened:
            self.names = sorted(opened.namelist())
            self.docx, self.pdf, self.xlsx = (opened.read(f"report.{suffix}") for suffix in ("docx", "pdf", "xlsx"))

    def lines_of_docx(self) -> list[str | list[str]]:
        """Paragraphs as text and rows of tables as lists, in their order; empty paragraphs left out."""
        found: list[str | list[str]] = []
        for element in Document(BytesIO(self.docx)).element.body:
            if element.tag.endswith("}p"):
                found += [text] if (text := _text(element)) else []
            elif element.tag.endswith("}tbl"):
                found += [[_text(cell) for cell in row.tc_lst] for row in element.tr_lst]
        return found

    def tables_of_docx(self) -> dict[str, list[list[str]]]:
        """The rows beneath the heading, by caption."""
        found, caption = {}, ""
        for line in self.lines_of_docx():
            if isinstance(line, str):
                caption = line
            else:
                found.setdefault(caption, []).append(line)
        return {caption: rows[1:] for caption, rows in found.items()}

    def pictures_of_docx(self) -> list[bytes]:
        document = Document(BytesIO(self.docx))
        places = [place.get(f"{{{document.element.nsmap['r']}}}embed") for place in document.element.body.iter("{*}blip")]
        return [document.part.related_parts[place].blob for place in places]

    def tables_of_xlsx(self) -> dict[str, list[list]]:
        """The rows beneath title and heading, by title."""
        return {rows[0][0]: rows[2:] for _name, rows in self.sheets()}

    def sheets(self) -> list[tuple[str, list[list]]]:
        book = load_workbook(BytesIO(self.xlsx), read_only=True)
        return [(sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book.worksheets]

    def text_of_docx(self) -> str:
        return "\n".join(line if isinstance(line, str) else "\n".join(line) for line in self.lines_of_docx())

    def numbers_of_pdf(self) -> list[str]:
        """Every number in the order of reading; what a page repeats (its number, the headings of a table that goes on) left out."""
        reader = PdfReader(BytesIO(self.pdf))
        return [number for page in reader.pages for text in _texts(page, reader) for number in numbers_in(text)]

    def page_numbers_of_pdf(self) -> list[str]:
        reader = PdfReader(BytesIO(self.pdf))
        return [arabic("".join(_texts(page, reader, repeated=True)).split("–")[-2].strip()) for page in reader.pages]


def _text(element) -> str:
    return "".join(text.text or "" for text in element.iter("{*}t")).replace("\u00a0", " ")


def _texts(page, reader, *, repeated=False):
    """What each piece of type says: by its actual text where Thai marks were moved, else by the font's own map.

    With `repeated` only what is marked as an artifact of the page: a line's number, headings that come again.
    """
    maps = {name: _letters(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    marks, letters, piece = [], {}, ""
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            properties = operands[1] if operator == b"BDC" else {}
            told = properties.get("/ActualText") if hasattr(properties, "get") else None
            marks.append((operands[0] == "/Artifact", told is not None))
            if told is not None and any(mark[0] for mark in marks) == repeated:
                piece += str(told)
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"Tf":
            letters = maps[operands[0]]
        elif operator == b"ET":
            yield piece
            piece = ""
        elif operator in (b"Tj", b"TJ") and any(mark[0] for mark in marks) == repeated and not any(mark[1] for mark in marks):
            piece += "".join(_said(part, letters) for part in (operands[0] if operator == b"TJ" else operands) if not _is_shift(part))


def _is_shift(part) -> bool:
    return isinstance(part, int | float) or not hasattr(part, "original_bytes")


def _said(part, letters) -> str:
    codes = part.original_bytes
    return "".join(letters.get(codes[place : place + 2], "") for place in range(0, len(codes), 2))


def _letters(font) -> dict[bytes, str]:
    """By the two bytes of a glyph."""
    found = {}
    for line in font["/ToUnicode"].get_object().get_data().decode("latin-1").splitlines():
        parts = line.replace("<", " ").replace(">", " ").split()
        if len(parts) == 2 and line.startswith("<") and len(parts[0]) == 4 and "codespace" not in line and parts[0] != "0000":
            found[bytes.fromhex(parts[0])] = bytes.fromhex(parts[1]).decode("utf-16-be", "ignore")
    return found
