"""Two checkouts register people in turns: `python -m benchmarks.side_by_side FOLDER [--at-once 8] [--rounds 8] [--threads 4]`, PostgreSQL.

What else the machine does falls on both. FOLDER is a checkout of an older commit with a `.venv`, on which `bin/build` was run.
People come from all places. Printed are registrations a second, the web processes' time for one, and the ratios of each round.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
SECONDS = 5


def serve(url: str, folder: str, threads: int) -> None:
    """Runs in a checkout, with the benchmarks that it has: for each number on stdin so many register at once, some seconds long."""
    sys.path.insert(0, os.getcwd())
    import psutil

    from benchmarks import registering
    from benchmarks.load import rate
    from benchmarks.servers import SLUG, environment, gunicorn
    from benchmarks.visitor import register

    env = environment(url, Path(folder))
    answers = registering.prepare(env, places=1_000_000)

    def visit(port: int, path: str) -> bool:
        place = random.choice(PLACES)
        own = {"province": place, "group": "4.2" if place == "central" else "4.1.1"}
        return register(port, path, [(name, own.get(name, value)) for name, value in answers]).state == "confirmed"

    with gunicorn("sdgworkshop.wsgi", env, workers=3, threads=threads) as port:
        [server] = [child for child in psutil.Process().children() if "gunicorn" in child.cmdline()]
        print("ready", flush=True)
        for line in sys.stdin:
            before = _used(server)
            done = rate(partial(visit, port, f"/w/{SLUG}/register/"), at_once=int(line), seconds=SECONDS)
            print(done, (_used(server) - before) / (done * SECONDS) * 1000, flush=True)


#: The provinces by the two digits that the form sends, and the central agencies.
PLACES = [line.split(",")[1] for line in (HERE / "registration/data/provinces.csv").read_text().splitlines()[1:]] + ["central"]


def _used(server) -> float:  # type: ignore[no-untyped-def] # psutil is imported where it is used
    times = [process.cpu_times() for process in [server, *server.children()]]
    return sum(each.user + each.system for each in times)


def main() -> None:
    from benchmarks.database import postgres

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name, value in (("--at-once", 8), ("--rounds", 8), ("--threads", 4)):
        parser.add_argument(name, type=int, default=value)
    asked = parser.parse_args()
    trees = {"now": HERE, "then": asked.folder.resolve()}
    with tempfile.TemporaryDirectory() as folder, postgres(list(trees)) as urls:
        serving = {}
        for name, tree in trees.items():
            own = Path(folder) / name
            own.mkdir()
            command = [str(tree / ".venv/bin/python"), __file__, "--serve", urls[name], str(own), str(asked.threads)]
            serving[name] = subprocess.Popen(command, cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert serving[name].stdout.readline() == "ready\n"  # type: ignore[union-attr]
        rounds = [_round(serving, asked.at_once, turn) for turn in range(asked.rounds + 1)][1:]  # the first one warms them up
        for process in serving.values():
            process.communicate()
    for name in trees:
        rates, times = zip(*(each[name] for each in rounds), strict=True)
        print(
            f"{name:>4}: {statistics.median(rates):6.1f} registrations a second, {statistics.median(times):5.1f} ms of the processor each"
        )
    for place, what in enumerate(("rate", "processor")):
        print(f"now / then, {what}: {statistics.median(each['now'][place] / each['then'][place] for each in rounds):.2f}")


def _round(serving: "dict[str, subprocess.Popen[str]]", at_once: int, turn: int) -> dict[str, list[float]]:
    found = {}
    for name in sorted(serving, reverse=bool(turn % 2)):
        process = serving[name]
        assert process.stdin and process.stdout
        process.stdin.write(f"{at_once}\n")
        process.stdin.flush()
        found[name] = [float(number) for number in process.stdout.readline().split()]
    print({name: [round(number, 1) for number in numbers] for name, numbers in found.items()}, flush=True)
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
