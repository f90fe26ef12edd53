"""How a number is written: by a pattern of the office's, like `สศช. {number:4}/{year}`. Pure."""

import re

from sessions.formats import digits
from sessions.thai import BUDDHIST_ERA_OFFSET

_NUMBER = re.compile(r"\{number(?::(\d))?\}")
_ANY = re.compile(r"\{[^}]*\}|[{}]")


def fault_of(pattern: str) -> str:
    if not _NUMBER.search(pattern):
        return "no_number"
    rest = _NUMBER.sub("", pattern).replace("{year}", "").replace("{year_ce}", "")
    return "unknown" if _ANY.search(rest) else ""


def written(pattern: str, number: int, year: int, language: str) -> str:
    """The running `number` of the Christian `year`, in the digits of `language`."""
    text = _NUMBER.sub(lambda found: f"{number:0{found[1] or 1}d}", pattern)
    text = text.replace("{year_ce}", str(year)).replace("{year}", str(year + BUDDHIST_ERA_OFFSET if language == "th" else year))
    return digits(text, language)
