"""Which code may know which other code, read from the imports themselves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent

#: The layers of `registration`, lowest first. A module that is not named here belongs to layer 2.
LAYERS = [
    {"actor", "choices", "errors"},
    {"models"},
    set(),
    {"actions", "erasures", "exports", "outbox", "tasks"},
    {"admin", "apps", "clock", "cookies", "desk_urls", "forms", "management", "responses", "templatetags", "urls", "views"},
]


def python_files(app: str) -> list[Path]:
    files = [file for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts]
    assert files, f"{app} has moved"
    return sorted(files)


def imports(file: Path) -> Iterator[str]:
    """Every module that `file` imports, anywhere in it, except for type checkers alone."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*start, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def importing(app: str, package: str) -> list[str]:
    """Where `app` imports something of `package`."""
    return [str(file.relative_to(ROOT)) for file in python_files(app) if any(name.split(".")[0] == package for name in imports(file))]


def layer(module: str) -> int:
    return next((number for number, names in enumerate(LAYERS) if module in names), 2)


def test_the_programme_does_not_know_who_comes():
    assert importing("sessions", "registration") == []


def test_those_who_come_know_the_programme():
    assert importing("registration", "sessions") != [], "the check above would see nothing"


@pytest.mark.parametrize("app", ["sessions", "registration"])
def test_nobody_imports_the_wiring(app):
    assert importing(app, "sdgworkshop") == []


def test_no_layer_of_registration_imports_a_higher_one():
    upwards = []
    for file in python_files("registration"):
        own = file.relative_to(ROOT / "registration").with_suffix("").parts[0]
        for name in imports(file):
            parts = name.split(".")
            if parts[0] == "registration" and layer(parts[1]) > layer(own):
                upwards.append(f"{file.relative_to(ROOT)} (layer {layer(own)}) imports {name} (layer {layer(parts[1])})")
    assert upwards == []


def test_every_layer_names_modules_that_exist():
    there = {path.stem for path in (ROOT / "registration").iterdir()}
    assert set().union(*LAYERS) - there == set()


def test_no_model_is_taken_for_the_http_session():
    ours = [*apps.get_app_config("agenda").get_models(), *apps.get_app_config("registration").get_models()]
    assert [model for model in ours if model.__name__ == "Session"] == []


def test_only_one_module_knows_the_buddhist_era():
    knowing = [
        str(file.relative_to(ROOT))
        for app in ("sessions", "registration", "sdgworkshop")
        for file in python_files(app)
        if any(isinstance(node, ast.Constant) and node.value == 543 for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    ]
    pages = [file for folder in ("templates", "static") for kind in ("*.html", "*.txt", "*.js") for file in (ROOT / folder).rglob(kind)]
    knowing += [str(file.relative_to(ROOT)) for file in pages if re.search(r"\b543\b", file.read_text(encoding="utf-8"))]
    assert knowing == ["sessions/thai.py"]


@pytest.mark.parametrize("app", ["sessions", "registration", "sdgworkshop"])
def test_nobody_asks_for_a_moment_without_its_zone(app):
    asking = []
    for file in python_files(app):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and ast.unparse(node.value) != "timezone":
                asking.append(f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}")
    assert asking == []
