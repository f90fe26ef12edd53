"""The fonts in which people's names are printed: Sarabun, and Noto for the letters of other writings."""

import re
from pathlib import Path

import fontpkg_sarabun
import manimgx_fonts
import noto_cjk_sans_otc

SARABUN = Path(fontpkg_sarabun.__file__).parent / "files"
#: For names in Khmer, Lao, Burmese, Chinese and other writings, whose letters Sarabun has not: Noto.
OTHERS = [Path(manimgx_fonts.__file__).parent, Path(noto_cjk_sans_otc.__file__).parent]

_OF_SARABUN = re.compile("[\u0000-\u017e\u0e00-\u0e7f\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026]*")


def fonts_for(text: str) -> list[Path]:
    """The folders of fonts that print `text`; nearly 20 MB that most papers need not look into only where it needs them."""
    return [SARABUN] if _OF_SARABUN.fullmatch(text) else [SARABUN, *OTHERS]
