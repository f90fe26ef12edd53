"""Gunicorns to measure: the portal itself, and the thinnest Django beside it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: A round that is still ahead; the brief's own is over.
SLUG = "sdg-localisation-demo"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, var_dir: Path) -> dict[str, str]:
    """What a portal of its own needs to know; nothing of the developer's own portal."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "VAR_DIR": str(var_dir),
        "DJANGO_SETTINGS_MODULE": "sdgworkshop.settings",
        "ENVIRONMENT": "development",
        "EMAIL_URL": "",
        "LOG_LEVEL": "ERROR",
        "ABUSE_LIMITS": "off",
    }


def manage(env: dict[str, str], *command: str) -> str:
    """Runs a management command and returns what it printed. Raises RuntimeError with its complaint."""
    done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
    return done.stdout


@contextmanager
def gunicorn(application: str, env: dict[str, str], *, workers: int = 3, threads: int = 4) -> Iterator[int]:
    """Serves `application` as `bin/serve` does; yields the port."""
    port = free_port()
    options = ["--preload", "--no-control-socket", "--log-level=error", f"--workers={workers}", f"--threads={threads}", "--backlog=2048"]
    command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}", *options]
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _i in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
