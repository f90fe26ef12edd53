"""How the code is built, in numbers: `python -m benchmarks.structure [FOLDER]`, by default of this checkout.

Tests, migrations and generated files are left out.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

APPS = ("registration", "sessions", "sdgworkshop")
MAX_LINES, MAX_COLUMNS = 30, 140

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(root: Path) -> list[Path]:
    return sorted(file for app in APPS for file in (root / app).rglob("*.py") if "migrations" not in file.parts)


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines from `def` to the end, the docstring apart."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def imported(file: Path, root: Path, modules: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else node.module


def cycles(root: Path) -> int:
    """How many groups of modules import each other in a circle; one that names another for type checkers counts too."""
    names = {".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file for file in python_files(root)}
    graph = {name: {other for other in imported(file, root, set(names)) if other in names} - {name} for name, file in names.items()}
    reached: dict[str, set[str]] = {}
    for start in graph:
        seen, waiting = set[str](), [start]
        while waiting:
            for other in graph[waiting.pop()] - seen:
                seen.add(other)
                waiting.append(other)
        reached[start] = seen
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in graph if name in reached[name]}
    return len(groups)


def measure(root: Path) -> dict[str, str]:
    files = python_files(root)
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    every = [function for tree in trees for function in functions(tree)]
    folders = Counter(file.parent for file in files)
    fullest, most = max(folders.items(), key=lambda found: found[1])
    inner = {id(node) for function in every for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)}
    classes: dict[str, set[Path]] = defaultdict(set)
    for file, tree in zip(files, trees, strict=True):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name].add(file)
    templates = [line for file in (root / "templates").rglob("*.html") for line in file.read_text(encoding="utf-8").splitlines()]
    documented = sum(ast.get_docstring(function) is not None for function in every)
    return {
        "modules at the root of registration": str(len(list((root / "registration").glob("*.py")))),
        "files in the fullest folder": f"{most} ({fullest.relative_to(root)})",
        "circles of imports": str(cycles(root)),
        "imports within functions": str(len(inner)),
        f"functions over {MAX_LINES} lines": str(sum(length(function) > MAX_LINES for function in every)),
        "functions": str(len(every)),
        "functions with a docstring": f"{documented / len(every):.0%}",
        "class names that stand for several things": str(sum(len(places) > 1 for places in classes.values() if len(places) > 1)),
        f"lines of templates over {MAX_COLUMNS} columns": str(sum(len(line) > MAX_COLUMNS for line in templates)),
    }


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    for name, value in measure(root).items():
        print(f"{name:<46} {value}")


if __name__ == "__main__":
    main()
