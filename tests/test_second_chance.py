"""Which tests `bin/test` tries once more, and what it tells of them."""

import json
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from django.conf import settings

LOADER = SourceFileLoader("bin_test", str(settings.BASE_DIR / "bin" / "test"))


@pytest.fixture
def bin_test(monkeypatch, tmp_path):
    """The program; `suite` runs nothing, but meets `outcomes`: for each run, the tests that fail in it."""
    program = module_from_spec(spec_from_loader("bin_test", LOADER))
    LOADER.exec_module(program)
    program.outcomes, program.commands = [], []

    def run(title, command, **environment):
        program.commands.append([*command])
        broken = program.outcomes.pop(0)
        remembered = tmp_path / "build" / "outcomes" / "browser" / "v" / "cache" / "lastfailed"
        remembered.parent.mkdir(parents=True, exist_ok=True)
        remembered.write_text(json.dumps(dict.fromkeys(broken, True)))
        return 1 if broken else 0

    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(program, "run", run)
    return program


@pytest.mark.parametrize(
    "outcomes, unsteady, failed",
    [
        ([[]], [], []),
        ([["a", "b"], []], ["a", "b"], []),
        ([["a", "b"], ["b"]], ["a"], ["browser"]),
        ([list("abcdef")], [], ["browser"]),
    ],
    ids=["none", "all pass then", "one fails twice", "too many for an accident"],
)
def test_the_few_that_failed_are_tried_once_more_and_named(bin_test, outcomes, unsteady, failed):
    bin_test.outcomes = [*outcomes]
    bin_test.suite("browser", "browser", again=True)
    assert bin_test.outcomes == []
    assert (sorted(bin_test.unsteady), bin_test.failed) == (unsteady, failed)
    assert ["--last-failed" in command for command in bin_test.commands] == [False, True][: len(outcomes)]


def test_a_database_test_has_one_chance(bin_test):
    bin_test.outcomes = [["a"]]
    bin_test.suite("browser", "not browser")
    assert (bin_test.unsteady, bin_test.failed) == ([], ["browser"])


def test_a_failed_phase_ends_the_run_with_an_error_that_names_it(bin_test, capsys):
    bin_test.unsteady, bin_test.failed = ["tests/test_a.py::test_b"], ["Tests on SQLite"]
    with pytest.raises(SystemExit, match="Tests on SQLite"):
        bin_test.conclude()
    assert "tests/test_a.py::test_b" in capsys.readouterr().out


@pytest.mark.parametrize(("ends", "word"), [(0, "passed"), (3, "failed")])
def test_how_far_a_phase_is_is_told_at_once_and_the_rest_in_one_piece(capsys, ends, word):
    program = module_from_spec(spec_from_loader("bin_test", LOADER))
    LOADER.exec_module(program)
    says = f"print('FAILED one'); print('..s.. [ 50%]'); print('what it was'); print('.. [100%]'); print('2 passed'); exit({ends})"
    assert program.run("Phase", [sys.executable, "-c", says]) == ends
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == ["== Phase", "..s.. [ 50%] Phase", ".. [100%] Phase"]
    assert said[3:6] == ["FAILED one", "what it was", "2 passed"]
    assert said[6].startswith(f"-- Phase: {word} after ")
