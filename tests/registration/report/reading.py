"""What stands in the three files of a report, read by libraries that did not write them."""

import re
from io import BytesIO
from zipfile import ZipFile

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl import load_workbook
from pypdf import PdfReader

_THAI = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMBER = re.compile(r"[๐-๙]+(?:[,.][๐-๙]+)*")


class Files:
    def __init__(self, archive: bytes) -> None:
        with ZipFile(BytesIO(archive)) as opened:
            self.names = sorted(opened.namelist())
            self.docx, self.pdf, self.xlsx = (opened.read(f"report.{suffix}") for suffix in ("docx", "pdf", "xlsx"))

    def tables_of_docx(self) -> dict[str, list[list[str]]]:
        """The rows beneath the heading, by caption."""
        found, caption = {}, ""
        document = Document(BytesIO(self.docx))
        for element in document.element.body:
            if element.tag.endswith("}p"):
                caption = Paragraph(element, document).text.replace("\u00a0", " ") or caption
            elif element.tag.endswith("}tbl"):
                rows = Table(element, document)._tbl.tr_lst
                found[caption] = [
                    ["".join(t.text or "" for t in cell.iter("{*}t")).replace("\u00a0", " ") for cell in row.tc_lst] for row in rows[1:]
                ]
        return found

    def tables_of_xlsx(self) -> dict[str, list[list]]:
        """The rows beneath title and heading, by title."""
        book = load_workbook(BytesIO(self.xlsx), read_only=True)
        sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
        return {rows[0][0]: [list(row) for row in rows[2:]] for rows in sheets}

    def text_of_docx(self) -> str:
        document = Document(BytesIO(self.docx))
        return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in document.element.body.iter("{*}p")).replace("\u00a0", " ")

    def numbers_of_pdf(self) -> list[str]:
        """Every number in the order of its lines, page numbers left out, with digits as this program writes them."""
        found = []
        for number, page in enumerate(PdfReader(BytesIO(self.pdf)).pages, start=1):
            on_page = _NUMBER.findall(page.extract_text())
            own = str(number).translate({ord(digit): thai for digit, thai in zip("0123456789", "๐๑๒๓๔๕๖๗๘๙", strict=True)})
            assert own in on_page, "its number stands on every page"
            last = len(on_page) - 1 - on_page[::-1].index(own)
            found += [text.translate(_THAI) for place, text in enumerate(on_page) if place != last]
        return found


def arabic(text: str) -> str:
    return text.translate(_THAI)
