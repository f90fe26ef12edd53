"""The portal as `make run` starts it: real processes on a folder and a port of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from benchmarks.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
#: gunicorn and its one process, the worker and the clock.
PROCESSES = 4


def environment(folder: Path, port: int) -> dict[str, str]:
    own = {"VAR_DIR": str(folder), "PORT": str(port), "HOST": "127.0.0.1", "DATABASE_URL": "", "SITE_URL": "", "ENVIRONMENT": ""}
    return os.environ | own | {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "WEB_WORKERS": "1", "PYTHONUNBUFFERED": "1"}


@contextmanager
def serving(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen, list[psutil.Process]]]:
    """`bin/serve` once it says that it is ready, and all processes under it. What it printed is in `folder`/printed."""
    with (folder / "printed").open("w") as printed:
        server = subprocess.Popen(
            [sys.executable, "bin/serve"], cwd=ROOT, env=environment(folder, port), stdin=subprocess.DEVNULL, stdout=printed, stderr=printed
        )
    try:
        until(lambda: "The portal is ready" in said(folder) or server.poll() is not None)
        until(lambda: server.poll() is not None or len(psutil.Process(server.pid).children(recursive=True)) >= PROCESSES)
        yield server, psutil.Process(server.pid).children(recursive=True)
    finally:
        server.kill()
        server.wait()


def said(folder: Path) -> str:
    return (folder / "printed").read_text()


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def none_left(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def named(processes: list[psutil.Process], word: str) -> list[psutil.Process]:
    return [process for process in processes if word in process.cmdline()]


@pytest.fixture(scope="module")
def first_start(tmp_path_factory) -> Path:
    """The folder of a portal that was started once, and stopped."""
    folder = tmp_path_factory.mktemp("first")
    with serving(folder, free_port()) as (server, _processes):
        server.terminate()
        assert server.wait(PATIENCE) == 0
    return folder


@pytest.fixture
def folder(first_start, tmp_path) -> Path:
    return shutil.copytree(first_start, tmp_path / "var")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_every_process(number, folder):
    with serving(folder, free_port()) as (server, processes):
        assert [len(named(processes, word)) for word in ("gunicorn", "work", "tick")] == [2, 1, 1]
        server.send_signal(number)
        assert server.wait(PATIENCE) == 0
        until(lambda: none_left(processes))


@pytest.mark.parametrize("word", ["gunicorn", "work", "tick"])
def test_when_one_process_dies_all_stop_and_it_is_named(word, folder):
    with serving(folder, free_port()) as (server, processes):
        named(processes, word)[0].kill()
        assert server.wait(PATIENCE) == 1
        until(lambda: none_left(processes))
    name = {"gunicorn": "web server", "work": "worker", "tick": "clock"}[word]
    assert f"The {name} has ended (exit code -9); stopping everything.\n" in said(folder)


def test_nobody_goes_on_serving_when_the_supervisor_is_killed(folder):
    with serving(folder, free_port()) as (server, processes):
        server.kill()
        until(lambda: none_left(processes))


def test_the_first_start_loads_the_workshop_and_prints_a_password_and_the_second_does_neither(first_start, folder):
    before = said(first_start)
    with serving(folder, free_port()):
        after = said(folder)
    first, second = (["with the password " in text, "was loaded" in text] for text in (before, after))
    assert (first, second) == ([True, True], [False, False])


def test_two_serve_side_by_side_from_one_tree(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    with serving(folder, free_port()) as (one, _processes), serving(other, free_port()) as (two, _processes):
        assert (one.poll(), two.poll()) == (None, None)


@pytest.mark.parametrize(
    ("port", "line"),
    [
        ("taken", "Port {port} cannot be used (Address already in use). Choose another one: make run PORT=8001"),
        ("abc", "PORT must be a number up to 65535, and 'abc' is not."),
        ("80000", "PORT must be a number up to 65535, and '80000' is not."),
    ],
)
def test_a_port_that_cannot_be_had_is_said_in_one_line(port, line, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1]) if port == "taken" else port
        env = environment(tmp_path, 0) | {"PORT": port}
        done = subprocess.run([sys.executable, "bin/serve"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line.format(port=port) + "\n")
    assert list(tmp_path.iterdir()) == []


def setup_with(python: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """`bin/setup` in a tree of its own, with the Python that the shell script `python` pretends to be."""
    (folder / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "setup", folder / "bin" / "setup")
    pretender = folder / "python"
    pretender.write_text(f"#!/bin/sh\n{python}\n")
    pretender.chmod(0o755)
    return subprocess.run([folder / "bin" / "setup"], env=os.environ | {"PYTHON": str(pretender)}, capture_output=True, text=True)


def test_a_python_that_is_too_old_is_said_in_one_line(tmp_path):
    done = setup_with("exit 1", tmp_path)
    line = f"Python 3.11 or newer is needed, and {tmp_path}/python is not. Install it, or name it: make run PYTHON=/path/to/python3.11\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


def test_a_python_without_venv_is_said_in_one_line(tmp_path):
    done = setup_with('case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac', tmp_path)
    line = "Python's venv module is missing. On Debian or Ubuntu install it with: apt install python3-venv\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


class TestAnotherPython:
    """`make run PYTHON=…` in a tree whose .venv was made by the other one; what pretends to be a Python pretends to make a venv."""

    PRETENDER = """#!/bin/sh
case "$*" in
*"version_info[:3]"*) echo "{version}" ;;
--version) echo "Python {version}" ;;
"-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
bin/serve) echo "served by {version}" ;;
esac
"""

    @pytest.fixture
    def pythons(self, tmp_path) -> dict[str, Path]:
        for name in ("Makefile", "bin/setup"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
        for name in ("requirements.txt", "requirements-browser.txt"):
            (tmp_path / name).touch()
        made = {version: tmp_path / f"python-{version}" for version in ("3.11.2", "3.12.0")}
        for version, path in made.items():
            path.write_text(self.PRETENDER.format(version=version))
            path.chmod(0o755)
        return made

    def run(self, python: Path | str) -> str:
        named = [f"PYTHON={python}"] if python else []
        env = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "MAKEFLAGS", "MAKELEVEL")}
        return subprocess.run(["make", "-s", "run", *named], cwd=self.tree, env=env, capture_output=True, text=True, check=True).stdout

    @pytest.mark.skipif(not shutil.which("make"), reason="needs make")
    def test_the_one_that_is_named_takes_the_place_of_the_one_before(self, pythons, tmp_path):
        self.tree = tmp_path
        old, new = pythons
        assert self.run(pythons[old]).splitlines()[0::3] == [f"Making .venv with Python {old} ...", f"served by {old}"]
        assert self.run(pythons[old]) == f"served by {old}\n"
        assert self.run("") == f"served by {old}\n"
        assert self.run(pythons[new]).splitlines()[0::3] == [f"Making .venv with Python {new} ...", f"served by {new}"]


def test_a_checkout_that_may_only_be_read_is_said_in_one_line():
    """To root everything may be written, so they are somebody else then."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        (tree := Path(name) / "tree").mkdir()
        (tree / "bin").mkdir()
        shutil.copy(ROOT / "bin" / "setup", tree / "bin" / "setup")
        for folder in (tree / "bin", tree, Path(name)):
            folder.chmod(0o555)
        try:
            said = subprocess.run([tree / "bin/setup"], capture_output=True, text=True, cwd="/", user="nobody" if is_root else None)
        finally:
            for folder in (Path(name), tree, tree / "bin"):
                folder.chmod(0o755)
    line = f"Nothing can be written in {tree}. Give this folder to the user who runs the portal.\n"
    assert (said.returncode, said.stdout, said.stderr) == (1, "", line)
