"""Typst: a template of this folder and some data become a PDF."""

import json
from pathlib import Path
from typing import Any

import typst

from registration.people.fonts import fonts_for

HERE = Path(__file__).parent
#: A template of another room has what all papers share from here.
_ROOT = HERE.parent.parent


def typeset(template: str, data: dict[str, Any], *, folder: Path = HERE) -> bytes:
    """The PDF that `template` (a name in `folder`, without .typ) makes of `data` (whatever JSON holds).

    The template finds it in `sys.inputs.data`: text in it stays text, whatever signs it has.
    """
    pdf: bytes = _compiled(template, data, folder, format="pdf")
    return pdf


def pictures(template: str, data: dict[str, Any], *, folder: Path, ppi: float) -> list[bytes]:
    """The same as a PNG for each page."""
    made: list[bytes] | bytes = _compiled(template, data, folder, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def _compiled(template: str, data: dict[str, Any], folder: Path, **options: Any) -> Any:
    text = json.dumps(data, ensure_ascii=False)
    return typst.compile(
        folder / f"{template}.typ",
        root=_ROOT,
        font_paths=fonts_for(text),
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        **options,
    )
