"""Typst: a template of this folder and some data become a PDF."""

import json
from pathlib import Path
from typing import Any

import typst

from registration.people.fonts import fonts_for

HERE = Path(__file__).parent


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """The PDF that `template` (a name in this folder, without .typ) makes of `data` (whatever JSON holds).

    The template finds it in `sys.inputs.data`: text in it stays text, whatever signs it has.
    """
    text = json.dumps(data, ensure_ascii=False)
    return typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=fonts_for(text),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": text},
    )
