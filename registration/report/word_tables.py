"""Tables of a docx, written as XML at once: python-docx goes over a whole table for each of its cells."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from registration.report.paper import Align

#: Twentieths of a point.
_A_MILLIMETRE = 56.6929
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B9B5AC"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="E8EFF4"/>'
_SMALL = '<w:sz w:val="21"/><w:szCs w:val="21"/>'
_HEADING = '<w:sz w:val="19"/><w:szCs w:val="19"/>'

#: Its heading, its part of the page, and how its cells stand.
ColumnOfTable = tuple[str, float, Align]


def add_table(
    document: DocxDocument, columns: Sequence[ColumnOfTable], rows: Sequence[Sequence[str]], width: float, has_total: bool
) -> None:
    """`width` in millimetres. The heading comes again on every page, and no row is divided."""
    whole = sum(part for _heading, part, _align in columns)
    widths = [round(part / whole * width * _A_MILLIMETRE) for _heading, part, _align in columns]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    head = _row([heading for heading, _part, _align in columns], widths, [Align.CENTER] * len(columns), is_heading=True)
    aligns = [align for _heading, _part, align in columns]
    body = [_row(row, widths, aligns, is_bold=has_total and place == len(rows) - 1) for place, row in enumerate(rows)]
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{''.join(body)}</w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, table)  # before what is said of the pages, which stays last


def _row(cells: Sequence[str], widths: Sequence[int], aligns: Sequence[Align], *, is_heading: bool = False, is_bold: bool = False) -> str:
    bold = "<w:b/><w:bCs/>" if is_heading or is_bold else ""
    told = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_SHADE if is_heading else ""}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{align.value}"/></w:pPr>'
        f'<w:r><w:rPr>{bold}{_HEADING if is_heading else _SMALL}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for text, width, align in zip(cells, widths, aligns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_heading else ''}</w:trPr>{told}</w:tr>"
