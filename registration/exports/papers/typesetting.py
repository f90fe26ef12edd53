"""Typst: a template of this folder and some data become a PDF."""

import json
import re
from pathlib import Path
from typing import Any

import fontpkg_sarabun
import manimgx_fonts
import noto_cjk_sans_otc
import typst

HERE = Path(__file__).parent
FONTS = Path(fontpkg_sarabun.__file__).parent / "files"
#: For names in Khmer, Lao, Burmese, Chinese and other writings, whose letters Sarabun has not: Noto.
OTHER_FONTS = [Path(manimgx_fonts.__file__).parent, Path(noto_cjk_sans_otc.__file__).parent]

_OF_SARABUN = re.compile("[\u0000-\u017e\u0e00-\u0e7f\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026]*")


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """The PDF that `template` (a name in this folder, without .typ) makes of `data` (whatever JSON holds).

    The template finds it in `sys.inputs.data`: text in it stays text, whatever signs it has.
    """
    text = json.dumps(data, ensure_ascii=False)
    fonts = [FONTS] if _OF_SARABUN.fullmatch(text) else [FONTS, *OTHER_FONTS]  # nearly 20 MB that most papers need not look into
    return typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": text},
    )
