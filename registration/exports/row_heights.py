"""How high a row of a printed sheet must be: neither Excel nor LibreOffice makes it so of a file that a program wrote."""

import unicodedata

#: Of a cell's width a part is lost at both edges, and words are not cut: Thai has no spaces where they may be.
_USED = 0.88


def width_of(text: str) -> int:
    """How many columns of a letter's width `text` takes: Thai vowels and tone marks above and below take none."""
    return sum(unicodedata.category(sign) not in ("Mn", "Me", "Cf") for sign in text)


def lines_of(text: str, width: float) -> int:
    """On how many lines `text` stands in a cell of `width` letters, words kept whole as far as spaces show them."""
    room = max(int(width * _USED), 1)
    lines = 0
    for paragraph in text.splitlines() or [""]:
        lines += 1
        used = 0
        for word in paragraph.split(" "):
            needed = width_of(word)
            if used and used + 1 + needed > room:
                lines, used = lines + 1, 0
            if needed > room:
                lines += (needed - 1) // room
                needed = (needed - 1) % room + 1
            used += needed + (1 if used else 0)
    return lines


def height_of(cells: list[tuple[str, float]], *, line: float) -> float:
    """The height in points of a row of `cells` (text and width), each line of which is `line` points high."""
    return max((lines_of(text, width) for text, width in cells), default=1) * line
