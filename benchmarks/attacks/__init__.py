"""Attacks that were tried on the portal, each a program that prints what it got: `python -m benchmarks.attacks.ceilings`.

With `--tree FOLDER` the portal of another checkout is attacked, so that a version before the mend tells what it gave; every program
also tries what must go on working (its control). All traffic stays on this machine.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import ROOT, environment, free_port, wait_for


@contextmanager
def portal(**changes: str) -> Iterator[int]:
    """The port of a portal of its own, with limits as in real life and behind one proxy, so that visitors come from everywhere."""
    with tempfile.TemporaryDirectory(prefix="portal-attack-") as folder:
        env = environment("", Path(folder)) | {"ABUSE_LIMITS": "on", "PROXIES": "1", "LOG_LEVEL": "CRITICAL"} | changes
        for command in (["migrate", "-v0"], ["load_workshop"], ["load_workshop", "--demonstration"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=tree(), env=env, capture_output=True)
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "sdgworkshop.wsgi", f"--bind=127.0.0.1:{port}", "--workers=1", "--log-level=error"]
        server = subprocess.Popen(command, cwd=tree(), env=env, stderr=subprocess.DEVNULL)
        try:
            wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(20)


def tree() -> Path:
    """The checkout whose portal is attacked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tree", type=Path, default=ROOT)
    return parser.parse_known_args()[0].tree.resolve()


def tell(attack: str, before: str, now: object) -> None:
    """One line: what the first landing gave, as it was seen then, and what this run got."""
    print(f"{attack}\n    1.0.0: {before}\n    here:  {now}", flush=True)
