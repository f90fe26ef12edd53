"""What the documents name is there."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

DOCUMENTS = [settings.BASE_DIR / "README.md", *sorted((settings.BASE_DIR / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_a_document_names_is_there(document):
    named = re.findall(r"`(?:tests/)?([\w/]*test_\w+\.py)`", document.read_text(encoding="utf-8"))
    assert [name for name in named if not (settings.BASE_DIR / "tests" / name).is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_document_that_another_leads_to_is_there(document):
    linked = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [path for path in linked if not (document.parent / path).exists()] == []


def test_every_place_that_the_architecture_names_is_there():
    """Modules and folders, from the root of the checkout or of `registration`, and what it says is in them."""
    text = (settings.BASE_DIR / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+(?:\.py|/))(?:: ([\w, ]+))?`(?! \(not there yet\))", text)
    assert len(named) > 40
    assert [(path, name) for path, names in named for name in (names or "").split(", ") if not is_there(path, name)] == []


#: What Django looks for, and the office's own lists.
NO_ROOMS = {"data", "management", "migrations", "models", "templatetags"}


def test_the_map_and_the_readme_name_every_room():
    rooms = {file.parent.name for file in (settings.BASE_DIR / "registration").glob("*/__init__.py")} - NO_ROOMS
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^  (\w+)/  ", (settings.BASE_DIR / "docs" / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert (rooms - set(re.findall(r"`(\w+)/`", readme)), rooms ^ (set(drawn) - NO_ROOMS)) == (set(), set())


def is_there(path: str, name: str) -> bool:
    file = next((root / path for root in (settings.BASE_DIR, settings.BASE_DIR / "registration") if (root / path).exists()), None)
    return file is not None and (not name or name in defined(file))


def defined(file: Path) -> set[str]:
    nodes = ast.parse(file.read_text(encoding="utf-8")).body
    named = {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    set_to = [target for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign) for target in getattr(node, "targets", [node])]
    return named | {getattr(target, "target", target).id for target in set_to if isinstance(getattr(target, "target", target), ast.Name)}
