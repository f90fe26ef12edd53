"""Which code may know which other code, read from the imports themselves."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent

#: What every room may know. `responses` turns it into HTTP.
VOCABULARY = {"actor", "choices", "errors", "models"}

#: The rooms of `registration`, lowest first, with what each may import beside the vocabulary and itself. A package's `actions`
#: are a room of their own: rules are read by whoever needs them, but writing goes one way down. What stands here under a longer
#: name (`operations.jobs`) is a room too. A package or module that is not named fails.
ROOMS: dict[str, set[str]] = {
    "actor": set(),
    "choices": set(),
    "errors": set(),
    "models": set(),
    "responses": set(),
    "operations.jobs": set(),
    "operations.kept_figures": set(),
    "operations.checks": set(),
    "invitations": set(),
    "selection": set(),
    "links": set(),
    "seats": set(),
    "materials": set(),
    "people": {"links", "materials"},
    "security": {"links"},
    "webhooks": set(),
    "apps": {"security", "operations.checks"},
    "audit": {"people"},
    "notices": {"seats", "people"},
    "mail": {"links", "seats", "people", "security", "notices", "materials"},
    "security.actions": {"security", "audit", "mail"},
    "spreadsheets": {"people", "security"},
    "attendance": {"people", "spreadsheets"},
    "evaluation": {"attendance"},
    "privacy": {"people", "evaluation"},
    "zoom": {"people"},
    "certificates": {"people", "attendance", "evaluation"},
    "exports": {"links", "seats", "people", "selection", "audit", "spreadsheets", "attendance", "certificates", "evaluation"},
    "report": {"seats", "people", "attendance", "evaluation", "exports"},
    "open_data": {"attendance", "evaluation", "exports"},
    "nominations": {"people", "spreadsheets"},
    "coordinators": {"people", "spreadsheets", "nominations"},
    "coordinators.actions": {"people", "mail", "security.actions"},
    "mail.actions": {"operations.jobs", "links", "mail"},
    "webhooks.actions": {"operations.jobs", "audit", "mail", "webhooks"},
    "seats.actions": {"seats", "people", "audit", "mail", "webhooks"},
    "notices.actions": {"seats", "mail", "notices"},
    "decisions": {"seats", "people", "seats.actions"},
    "decisions.actions": {"seats", "audit", "seats.actions", "decisions"},
    "selection.actions": {"seats", "audit", "mail", "seats.actions", "selection"},
    "invitations.actions": {"people", "seats", "audit", "mail", "seats.actions"},
    "links.actions": {"seats", "mail", "seats.actions"},
    "people.actions": {"seats", "people", "mail", "seats.actions", "invitations.actions", "links.actions"},
    "attendance.actions": {"operations.jobs", "operations.kept_figures", "people", "audit", "attendance", "seats", "seats.actions"},
    "certificates.actions": {"operations.jobs", "operations.kept_figures", "audit", "mail", "certificates", "seats.actions", "webhooks"},
    "zoom.actions": {"operations.jobs", "people", "audit", "zoom", "attendance", "attendance.actions"},
    "exports.actions": {"operations.jobs", "audit", "exports", "certificates.actions", "report"},
    "evaluation.actions": {"mail", "evaluation"},
    "materials.actions": {"audit", "mail", "materials"},
    "open_data.actions": {"operations.jobs", "audit", "open_data"},
    "privacy.actions": {
        "evaluation.actions",
        "seats",
        "audit",
        "mail",
        "privacy",
        "seats.actions",
        "exports.actions",
        "certificates.actions",
        "webhooks",
    },
    "nominations.actions": {
        "operations.jobs",
        "seats",
        "people",
        "invitations.actions",
        "people.actions",
        "seats.actions",
        "selection.actions",
    },
    "api.tokens": set(),
    "api.actions": {"audit", "api.tokens"},
    "forms": {"seats", "people", "people.actions", "mail", "evaluation", "coordinators.actions", "decisions", "decisions.actions"},
}

#: What works for nobody in particular: the clock, tasks, backups. It knows every concept and no house.
OPERATIONS = {"operations", "management"}
#: The three users' houses, and that of other systems, know every concept and the operations, and not each other.
HOUSES = {"participant", "desk", "office", "api"}
#: Above all: addresses, Django's admin, template tags.
WIRING = {"urls", "admin", "templatetags"}

#: Imports within a function that dodge no cycle: Django asks for the one, the limits of a process come before the other.
LATE_IMPORTS = {"registration/apps.py", "registration/spreadsheets/sandbox.py"}


@cache
def python_files(app: str) -> list[Path]:
    files = [file for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts]
    assert files, f"{app} has moved"
    return sorted(files)


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports(file: Path) -> tuple[str, ...]:
    """Every module that `file` imports, anywhere in it, except for type checkers alone."""
    return tuple(_imports(file, tree_of(file)))


def _imports(file: Path, tree: ast.Module) -> Iterator[str]:
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


def room(module: str) -> str:
    """The room in which a module of `registration` stands: the longest name that is known, or its first part."""
    parts = module.split(".")
    return next((name for length in (3, 2, 1) if (name := ".".join(parts[:length])) in ALL_ROOMS), parts[0])


def allowed(own: str) -> set[str]:
    concepts = VOCABULARY | ROOMS.keys() | {"responses"}
    if own in WIRING:
        return ALL_ROOMS
    if own in HOUSES:
        return concepts | OPERATIONS | {own}
    if own in OPERATIONS:
        return concepts | OPERATIONS
    return ROOMS.get(own, set()) | VOCABULARY | {own}


ALL_ROOMS = ROOMS.keys() | OPERATIONS | HOUSES | WIRING


def test_the_programme_does_not_know_who_comes():
    assert importing("sessions", "registration") == []


def test_those_who_come_know_the_programme():
    assert importing("registration", "sessions") != [], "the check above would see nothing"


@pytest.mark.parametrize("app", ["sessions", "registration"])
def test_nobody_imports_the_wiring(app):
    assert importing(app, "sdgworkshop") == []


def test_every_module_stands_in_a_room_that_is_named():
    there = {file.relative_to(ROOT / "registration").with_suffix("").parts[0] for file in python_files("registration")} - {"__init__"}
    assert there == {name.partition(".")[0] for name in ALL_ROOMS}


def test_every_room_imports_only_what_it_may():
    astray = []
    for file in python_files("registration"):
        own = room(".".join(file.relative_to(ROOT / "registration").with_suffix("").parts))
        for name in imports(file):
            first, _dot, module = name.partition(".")
            if first == "registration" and own != "__init__" and room(module) not in allowed(own):
                astray.append(f"{file.relative_to(ROOT)} ({own}) imports {name} ({room(module)})")
    assert astray == []


def test_rooms_form_no_circle():
    below: set[str] = set(VOCABULARY)
    for name, others in ROOMS.items():
        assert others <= below, f"{name} may import what stands above it: {others - below}"
        below.add(name)


@pytest.mark.parametrize("app", ["sessions", "registration", "sdgworkshop"])
def test_no_import_hides_in_a_function(app):
    hidden = [
        f"{file.relative_to(ROOT)}:{inner.lineno}"
        for file in python_files(app)
        if str(file.relative_to(ROOT)) not in LATE_IMPORTS
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


OURS = ("registration", "sessions", "sdgworkshop", "tests", "benchmarks")


def test_what_is_imported_is_there():
    """In tests and benchmarks too, many of which do not run with these: whoever moves something moves what names it."""
    there = {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in _all_python_files()}
    missing = []
    for file in there.values():
        for name in imports(file):
            if name.split(".")[0] not in OURS or name in there or name.endswith(("*", "__")):
                continue
            module, _dot, thing = name.rpartition(".")
            if module not in there or not re.search(rf"\b{thing}\b", there[module].read_text(encoding="utf-8")):
                missing.append(f"{file.relative_to(ROOT)}: {name}")
    assert missing == []


def _all_python_files() -> list[Path]:
    return [file for folder in OURS for file in (ROOT / folder).rglob("*.py")]


def test_at_most_eight_files_lie_at_the_root():
    assert len(list((ROOT / "registration").glob("*.py"))) <= 8


@pytest.mark.parametrize("app", ["sessions", "registration", "sdgworkshop"])
def test_no_python_module_imports_template_tags(app):
    assert [
        str(file)
        for file in python_files(app)
        if any(name.startswith(("sessions.templatetags", "registration.templatetags")) for name in imports(file))
    ] == []


def test_tests_stand_in_the_same_rooms_as_the_code():
    rooms = {name.partition(".")[0] for name in ALL_ROOMS}
    folders = {path.name for path in (ROOT / "tests" / "registration").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders - rooms == set()
    assert [path.name for path in (ROOT / "tests" / "registration").glob("test_*.py")] == []


@pytest.mark.parametrize(
    "name", ["_result_cache", "_prefetched_objects_cache", "_prefetch_done", "health_check_done", "_known_related_objects"]
)
def test_no_private_attribute_of_django_is_touched(name):
    code = [file for app in ("sessions", "registration", "sdgworkshop") for file in python_files(app)]
    assert [str(file.relative_to(ROOT)) for file in code if name in file.read_text(encoding="utf-8")] == []


def test_no_test_counts_seconds():
    """A busy machine is slow and right: work is counted in `tests.effort`'s units. Deadlines of loops that wait are something else."""
    tests = [
        file
        for file in (ROOT / "tests").rglob("*.py")
        if file.name not in ("effort.py", "awkward.py", "conftest.py", "test_architecture.py")
    ]
    clocks = ("process_time", "perf_counter", "getrusage", "HealthCheck")  # Hypothesis' own are turned off in one place
    assert [str(file.relative_to(ROOT)) for file in tests if any(clock in file.read_text(encoding="utf-8") for clock in clocks)] == []


def test_no_model_is_taken_for_the_http_session():
    ours = [*apps.get_app_config("agenda").get_models(), *apps.get_app_config("registration").get_models()]
    assert [model for model in ours if model.__name__ == "Session"] == []


def test_only_one_module_knows_the_buddhist_era():
    knowing = [
        str(file.relative_to(ROOT))
        for app in ("sessions", "registration", "sdgworkshop")
        for file in python_files(app)
        if any(isinstance(node, ast.Constant) and node.value == 543 for node in ast.walk(tree_of(file)))
    ]
    pages = [file for folder in ("templates", "static") for kind in ("*.html", "*.txt", "*.js") for file in (ROOT / folder).rglob(kind)]
    knowing += [str(file.relative_to(ROOT)) for file in pages if re.search(r"\b543\b", file.read_text(encoding="utf-8"))]
    assert knowing == ["sessions/thai.py"]


@pytest.mark.parametrize("app", ["sessions", "registration", "sdgworkshop"])
def test_nobody_asks_for_a_moment_without_its_zone(app):
    asking = []
    for file in python_files(app):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and ast.unparse(node.value) != "timezone":
                asking.append(f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}")
    assert asking == []


def test_what_moves_seats_is_done_again_after_a_deadlock():
    """Every verb of those rooms that begins a transaction; which others it takes part in is seen when it runs."""
    rooms = ["seats", "people", "invitations", "nominations", "selection", "decisions", "privacy", "links"]
    forgotten = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for name in rooms
        for file in python_files("registration")
        if file.relative_to(ROOT / "registration").as_posix().startswith((f"{name}/actions.py", f"{name}/actions/"))
        for node in tree_of(file).body
        if isinstance(node, ast.FunctionDef) and "transaction.atomic" in ast.unparse(node)
        if "repeated_after_deadlock" not in [ast.unparse(one) for one in node.decorator_list]
    ]
    assert forgotten == []


def test_templates_break_their_lines():
    """Mails as plain text apart: a break there is a break in the mail."""
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 140
    ]
    assert long == []


def test_what_scrolls_sideways_is_reached_by_keyboard():
    pages = {file: file.read_text(encoding="utf-8") for file in (ROOT / "templates").rglob("*.html")}
    scrolling = {file.name: re.findall(r'<div class="att-scroll"[^>]*>', page) for file, page in pages.items()}
    assert [name for name, found in scrolling.items() if any('tabindex="0"' not in each for each in found)] == []
