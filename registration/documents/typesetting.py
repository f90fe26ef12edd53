"""Typst: a template of this folder and some data become a PDF."""

import json
from pathlib import Path
from typing import Any

import fontpkg_sarabun
import typst

HERE = Path(__file__).parent
FONTS = Path(fontpkg_sarabun.__file__).parent / "files"


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """The PDF that `template` (a name in this folder, without .typ) makes of `data` (whatever JSON holds).

    The template finds it in `sys.inputs.data`: text in it stays text, whatever signs it has.
    """
    return typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
