"""What the report says, whatever format it gets: headings with their numbers, paragraphs, tables, charts, room to write in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from sessions.formats import grouped, local_digits
from sessions.thai import thai_digits

#: None: nobody knows; it is printed as "no data". A Decimal has two places.
Cell = str | int | Decimal | None

_ANNEXES = "กขคงจฉช"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class PaperColumn:
    heading: str
    #: As a part of the page beside those of the other columns.
    width: float
    align: Align = Align.LEFT


def text_column(heading: str, width: float = 4) -> PaperColumn:
    return PaperColumn(heading, width)


def number_column(heading: str, width: float = 1.5) -> PaperColumn:
    return PaperColumn(heading, width, Align.RIGHT)


def middle_column(heading: str, width: float = 1.5) -> PaperColumn:
    return PaperColumn(heading, width, Align.CENTER)


@dataclass(frozen=True, slots=True)
class PaperHeading:
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class PaperTable:
    #: "ตารางที่ ๑ …"; empty where a heading says it.
    caption: str
    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[Cell]]
    #: The last row is a sum.
    has_total: bool = False
    #: Of the workbook; tables of one sheet follow each other there, each line with `of` before it.
    sheet: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: Sequence[int | Decimal]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside each other for each label, one a series. `most` is where the scale ends; none: at the largest value."""

    caption: str
    labels: Sequence[str]
    series: Sequence[Series]
    most: int | None = None


@dataclass(frozen=True, slots=True)
class WritingSpace:
    """Empty lines, for who goes on writing."""

    lines: int = 6


@dataclass(frozen=True, slots=True)
class NewPage:
    pass


Block = PaperHeading | Paragraph | PaperTable | Chart | WritingSpace | NewPage


@dataclass(slots=True)
class Paper:
    """Grows block by block, and numbers what it is given: ๑., ๑.๑, ตารางที่ ๑, แผนภาพที่ ๑, ภาคผนวก ก."""

    cover: Sequence[str]
    #: What a line of it must not divide, besides the usual: a dictionary of Thai words breaks น|นทบุรี.
    names: tuple[str, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    _chapter: int = 0
    _section: int = 0
    _tables: int = 0
    _charts: int = 0
    _annexes: int = 0

    def chapter(self, title: str) -> None:
        self._chapter, self._section = self._chapter + 1, 0
        self.blocks.append(PaperHeading(f"{thai_digits(self._chapter)}. {title}"))

    def section(self, title: str) -> None:
        self._section += 1
        self.blocks.append(PaperHeading(f"{thai_digits(f'{self._chapter}.{self._section}')} {title}", level=2))

    def annex(self, title: str) -> None:
        words = _("Annex %(letter)s %(title)s") % {"letter": _ANNEXES[self._annexes], "title": title}
        self.blocks += [NewPage(), PaperHeading(words)]
        self._annexes += 1

    def heading(self, title: str) -> None:
        self.blocks.append(PaperHeading(title, level=3))

    def say(self, text: str) -> None:
        self.blocks += [Paragraph(part) for part in text.splitlines() if part.strip()] or [Paragraph(shown(None))]

    def note(self, text: str) -> None:
        self.blocks.append(Paragraph(text, is_note=True))

    def number(self, items: Sequence[str]) -> None:
        for place, item in enumerate(items, start=1):
            self.say(f"{thai_digits(f'({place})')} {item}")

    def table(self, title: str, columns: Sequence[PaperColumn], rows: Sequence[Sequence[Cell]], *, has_total: bool = False) -> None:
        self._tables += 1
        number = thai_digits(self._tables)
        caption = _("Table %(number)s %(title)s") % {"number": number, "title": title}
        self.blocks.append(
            PaperTable(caption, columns, rows, has_total, sheet=_("Table %(number)s %(title)s") % {"number": number, "title": ""})
        )

    def plain_table(self, columns: Sequence[PaperColumn], rows: Sequence[Sequence[Cell]], *, sheet: str, of: str) -> None:
        self.blocks.append(PaperTable("", columns, rows, sheet=sheet, of=of))

    def chart(self, title: str, labels: Sequence[str], series: Sequence[Series], *, most: int | None = None) -> None:
        if labels:
            self._charts += 1
            caption = _("Chart %(number)s %(title)s") % {"number": thai_digits(self._charts), "title": title}
            self.blocks.append(Chart(caption, labels, series, most))

    def room(self, lines: int = 6) -> None:
        self.blocks.append(WritingSpace(lines))


def shown(cell: Cell) -> str:
    """As the paper prints it, in the reader's digits."""
    if cell is None:
        return _("No data")
    if isinstance(cell, Decimal):
        return local_digits(f"{cell:,.2f}")
    return grouped(cell) if isinstance(cell, int) else cell
