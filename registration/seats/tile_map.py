"""Thailand as a map of equal tiles, one a province.

Columns run from west to east, rows from north to south. Every province touches some of its real
neighbours, and the outline can be recognised: the north at the top left, the north-east at the
right, the gulf open in the middle, the south hanging down.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registration.models import Quota
from sessions.formats import language

#: Rows of DOPA codes; "--" is sea or another country.
_ROWS = """
-- -- 57
58 50 56 55
-- 51 52 54 53 -- 43 38
-- 63 64 65 42 39 41 47 48
-- 62 60 66 67 40 44 46 49
-- 61 18 17 16 36 45 35 37
-- 71 72 15 19 30 31 32 33 34
-- 70 73 14 13 26 25
-- 75 74 12 10 24 27
-- 76 -- -- 11 20 22
-- 77 -- -- -- 21 23
85 86
82 84
83 81 80
-- 92 93
-- -- 91 90 94
-- -- -- -- 95 96
"""

#: code -> (column, row), both from 0.
POSITIONS: dict[str, tuple[int, int]] = {
    code: (column, row) for row, line in enumerate(_ROWS.strip().splitlines()) for column, code in enumerate(line.split()) if code != "--"
}

#: Names that need two lines on a tile, divided where a reader would; in the few that stay too long, the usual short form.
ON_TILES = {
    "th": {
        "10": "กรุงเทพ|มหานคร",
        "11": "สมุทร|ปราการ",
        "14": "พระนครศรี|อยุธยา",
        "30": "นคร|ราชสีมา",
        "34": "อุบล|ราชธานี",
        "37": "อำนาจ|เจริญ",
        "39": "หนองบัว|ลำภู",
        "44": "มหา|สารคาม",
        "62": "กำแพง|เพชร",
        "58": "แม่ฮ่อง|สอน",
        "74": "สมุทร|สาคร",
        "75": "สมุทร|สงคราม",
        "77": "ประจวบ|คีรีขันธ์",
        "80": "นครศรี|ธรรมราช",
        "84": "สุราษฎร์|ธานี",
    },
    "en": {
        "11": "Samut|Prakan",
        "13": "Pathum|Thani",
        "14": "Ayutthaya",
        "26": "Nakhon|Nayok",
        "30": "Nakhon|Ratchasima",
        "34": "Ubon|Ratchathani",
        "37": "Amnat|Charoen",
        "39": "Nong Bua|Lam Phu",
        "41": "Udon|Thani",
        "44": "Maha|Sarakham",
        "47": "Sakon|Nakhon",
        "48": "Nakhon|Phanom",
        "58": "Mae Hong|Son",
        "60": "Nakhon|Sawan",
        "61": "Uthai|Thani",
        "62": "Kamphaeng|Phet",
        "72": "Suphan|Buri",
        "73": "Nakhon|Pathom",
        "74": "Samut|Sakhon",
        "75": "Samut|Songkhram",
        "77": "Prachuap|Khiri Khan",
        "80": "Nakhon Si|Thammarat",
        "84": "Surat|Thani",
    },
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One province (or the central agencies) with its seats."""

    quota: Quota
    lines: list[str]
    column: int
    row: int

    @property
    def name(self) -> str:
        return self.quota.name

    @property
    def x(self) -> int:
        return self.column * 30

    @property
    def y(self) -> int:
        return self.row * 30

    @property
    def number(self) -> str:
        if self.quota.left is None:
            return _("free")
        return str(self.quota.left) if self.quota.left > 0 else _("full")

    @property
    def level(self) -> int:
        """How full, for colour and bar: 0 under half, 1 from half, 2 from four fifths, 3 full."""
        return level(self.quota)


def level(quota: Quota) -> int:
    """0 under half full, 1 from half, 2 from four fifths, 3 full."""
    if quota.capacity is None:
        return 0
    if quota.taken >= quota.capacity:
        return 3
    return (quota.taken * 10 >= quota.capacity * 5) + (quota.taken * 10 >= quota.capacity * 8)


def map_of(quotas: Iterable[Quota]) -> list[Tile]:
    """The tiles of provincial `quotas`, row by row, as an eye or a keyboard goes over them."""
    tiles = []
    for quota in quotas:
        if quota.province:
            column, row = POSITIONS[quota.province.code]
            lines = ON_TILES.get(language(), {}).get(quota.province.code, quota.province.name).split("|")
            tiles.append(Tile(quota, lines, column, row))
    return sorted(tiles, key=lambda tile: (tile.row, tile.column))
