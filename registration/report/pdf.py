"""The report as a PDF, set by Typst."""

from pathlib import Path
from typing import Any

from registration.exports.papers.typesetting import typeset
from registration.report.charts import chart_data
from registration.report.paper import Block, Chart, Paper, PaperHeading, PaperTable, Paragraph, WritingSpace, shown
from sessions.line_breaks import pieces

HERE = Path(__file__).parent

Pieces = list[tuple[str, bool]]


def report_pdf(paper: Paper) -> bytes:
    data = {
        "title": paper.cover[0],
        "cover": [pieces(line, paper.names) for line in paper.cover],
        "blocks": [_block(block, paper.names) for block in paper.blocks],
    }
    return typeset("report", data, folder=HERE)


def _block(block: Block, names: tuple[str, ...]) -> dict[str, Any]:
    def kept(text: str) -> Pieces:
        return pieces(text, names)

    if isinstance(block, PaperHeading):
        return {"kind": "heading", "level": block.level, "text": kept(block.text)}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": kept(block.text), "note": block.is_note}
    if isinstance(block, PaperTable):
        columns = [{"heading": kept(each.heading), "width": each.width, "align": each.align.value} for each in block.columns]
        rows = [[kept(shown(cell)) for cell in row] for row in block.rows]
        return {"kind": "table", "caption": kept(block.caption), "columns": columns, "rows": rows, "total": block.has_total}
    if isinstance(block, Chart):
        return {"kind": "chart", "caption": kept(block.caption), **chart_data(block)}
    return {"kind": "room", "lines": block.lines} if isinstance(block, WritingSpace) else {"kind": "new_page"}
