"""Processes that a proof starts, waits for, and kills."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks.servers import ROOT

Process = subprocess.Popen[bytes]
PATIENCE = 120


def spawn(command: list[str], *, env: dict[str, str], log: Path, user: str | None = None) -> Process:
    """Starts `command` from the portal's folder in a session of its own. What it prints is added to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd="/" if user else ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            user=user,
        )


def _end_with_parent() -> None:
    """Linux: nobody goes on when the proof is killed."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def kill(process: Process) -> None:
    """SIGKILL to `process` and everything under it, at one moment."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    try:
        os.killpg(process.pid, signal.SIGKILL)  # whoever is just being forked, too
    except ProcessLookupError:
        pass
    for child in family:  # PostgreSQL's have groups of their own
        try:
            child.kill()
        except psutil.NoSuchProcess:
            pass
    process.wait()
    psutil.wait_procs(family, timeout=10)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port: int, what: str) -> None:
    """Returns when somebody listens on `port`. Raises RuntimeError."""
    until(lambda: answers(port), what)


def until(condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    """Waits for `condition`. Raises RuntimeError that names `what` did not come in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds:.0f} seconds for {what}")
        time.sleep(0.05)
