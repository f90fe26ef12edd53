"""The report as a docx, to go on writing in: styles, captions, tables whose heading comes again, Sarabun within the file."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from registration.people.text import clean_text
from registration.report.charts import chart_pictures
from registration.report.embedded_fonts import FONT, embed
from registration.report.paper import Block, Chart, NewPage, Paper, PaperHeading, PaperTable, Paragraph, WritingSpace, shown
from registration.report.word_tables import add_table
from sessions.line_breaks import pieces

_INK, _QUIET = RGBColor(0x1D, 0x24, 0x33), RGBColor(0x55, 0x60, 0x6E)
_SIZES = {"Normal": 12, "Heading 1": 16, "Heading 2": 13.5, "Heading 3": 12, "Caption": 11, "Title": 20, "Subtitle": 15}
_MARGINS = {"left_margin": 25, "right_margin": 20, "top_margin": 22, "bottom_margin": 20}
#: Between the margins of A4.
_WIDTH = 165
_NO_BREAK_SPACE = "\u00a0"


def write_docx(file: BinaryIO, paper: Paper) -> None:
    document = Document()
    _prepare(document, paper)
    _cover(document, paper.cover)
    pictures = iter(chart_pictures([block for block in paper.blocks if isinstance(block, Chart)]))
    for block in paper.blocks:
        _write(document, block, pictures)
    document.save(file)


def kept(text: str) -> str:
    """Dates, counts with their units and the like keep their spaces on one line; Word has a dictionary of Thai words itself."""
    return "".join(piece.replace(" ", _NO_BREAK_SPACE) if whole else piece for piece, whole in pieces(clean_text(text)))


def _write(document: DocxDocument, block: Block, pictures: Iterator[bytes]) -> None:
    if isinstance(block, PaperHeading):
        document.add_paragraph(kept(block.text), style=f"Heading {block.level}")
    elif isinstance(block, Paragraph):
        _paragraph(document, block)
    elif isinstance(block, PaperTable):
        if block.caption:
            document.add_paragraph(kept(block.caption), style="Caption")
        rows = [[kept(shown(cell)) for cell in row] for row in block.rows]
        add_table(document, [(kept(each.heading), each.width, each.align) for each in block.columns], rows, _WIDTH, block.has_total)
        document.add_paragraph().paragraph_format.space_after = Pt(0)
    elif isinstance(block, Chart):
        document.add_paragraph(kept(block.caption), style="Caption")
        document.add_picture(BytesIO(next(pictures)), width=Mm(_WIDTH))
        _describe(document, block.caption)
    elif isinstance(block, WritingSpace):
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        for _line in range(block.lines):
            dotted = document.add_paragraph("\t").paragraph_format
            dotted.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    elif isinstance(block, NewPage):
        document.add_paragraph().paragraph_format.page_break_before = True


def _paragraph(document: DocxDocument, block: Paragraph) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(kept(block.text))
    if block.is_note:
        run.font.size, run.font.color.rgb = Pt(10.5), _QUIET
    else:
        paragraph.paragraph_format.first_line_indent = Mm(12)


def _describe(document: DocxDocument, words: str) -> None:
    """Who cannot see the picture reads what it is of; the table of the same numbers stands above it."""
    for properties in document.paragraphs[-1]._p.iter(qn("wp:docPr")):
        properties.set("descr", words)


def _cover(document: DocxDocument, lines: Sequence[str]) -> None:
    for number, line in enumerate(line for line in lines if line):
        paragraph = document.add_paragraph(kept(line), style=("Title", "Subtitle")[number] if number < 2 else "Normal")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _prepare(document: DocxDocument, paper: Paper) -> None:
    document.core_properties.author, document.core_properties.title = "NESDC", paper.cover[0]
    document.core_properties.language = "th-TH"
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, millimetres in _MARGINS.items():
        setattr(section, name, Mm(millimetres))
    for name, size in _SIZES.items():
        _style(document.styles[name], size, name)
    _page_number(section.footer.paragraphs[0])
    _add(section._sectPr, "w:pgNumType", fmt="thaiNumbers")
    embed(document)


def _style(style: Any, size: float, name: str) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), _INK
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)
    for tag in ("w:szCs", "w:bCs", "w:iCs", "w:lang"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    is_bold = name != "Normal"
    style.font.bold, style.font.italic = is_bold, False
    _add(properties, "w:szCs", val=str(int(size * 2)))
    if is_bold:
        _add(properties, "w:bCs")
    _add(properties, "w:lang", val="en-US", bidi="th-TH")
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = (Pt(12 if name == "Heading 1" else 8), Pt(4)) if is_bold else (Pt(0), Pt(4))
    spacing.keep_with_next = name.startswith("Heading") or name == "Caption"
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break


def _page_number(paragraph: DocxParagraph) -> None:
    """ "– ๑ –". The digits are the section's: what a field asks for itself LibreOffice takes for letters (– ก –)."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("– ")
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()._r
        if kind:
            _add(run, "w:fldChar", fldCharType=kind)
        else:
            run.append(OxmlElement("w:instrText"))
            run[-1].text = " PAGE "
    paragraph.add_run(" –")


def _add(parent: Any, tag: str, **values: str) -> None:
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
