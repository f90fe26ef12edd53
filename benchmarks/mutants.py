"""`make mutants`: every small change to the modules that must not be wrong is made, and some test must notice.

`.venv/bin/python -m benchmarks.mutants quotas links` takes those modules only; `--sample 60` takes 60 mutants of each at random, always
the same ones.
mutmut changes the bodies of functions. It leaves out docstrings, annotations, decorators and decorated functions by itself, log
lines by `do_not_mutate_patterns` in pyproject.toml; values at the head of a module are not in a function and stay as they are.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from typing import Any

from benchmarks.servers import ROOT

ENOUGH = 0.8
TESTS = "tests/registration/"
#: The source files of each module, and the tests that are about it.
MODULES = {
    "quotas": (
        ["seats/quotas"],
        ["seats/test_capacities", "seats/test_quotas", "people/test_registrations", "seats/test_waiting_list", "seats/test_check_quotas"],
    ),
    "access": (["security/access"], ["security/test_access"]),
    "links": (["links/signed"], ["links/test_signed", "participant/test_personal_link"]),
    "outbox": (["mail/outbox"], ["mail/test_outbox", "mail/test_mailings"]),
    "nominations": (["nominations/*"], ["nominations/test_matching", "nominations/test_columns_and_rows", "nominations/test_known"]),
    "nominations.actions": (["nominations/actions"], ["desk/test_nominations"]),
}
KILLED = {"killed", "timeout"}


def database_once() -> None:
    """Lets pytest-django make one database, in memory: the process of each mutant is forked with a copy of its own."""
    from django.db import connections
    from django.test import utils

    make = utils.setup_databases

    @cache
    def setup_databases() -> list[Any]:
        connections["default"].settings_dict["TEST"]["NAME"] = None
        make(verbosity=0, interactive=False)
        return []  # nothing to take down after the tests

    utils.setup_databases = lambda *_args, **_options: setup_databases()


def mutate(name: str, sample: int) -> None:
    """Runs mutmut on the module `name`, in this process; its results are beside the mutated sources, in mutants/."""
    from mutmut.__main__ import _run
    from mutmut.configuration import config
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.utils.format_utils import get_mutant_name

    sources, tests = MODULES[name]
    config().only_mutate = [f"registration/{source}.py" for source in sources]
    config().pytest_add_cli_args_test_selection = [f"{TESTS}{test}.py" for test in tests]
    paths = [path.relative_to(ROOT) for pattern in config().only_mutate for path in sorted(ROOT.glob(pattern))]
    mutants = [get_mutant_name(path, one) for path in paths for one in mutate_file_contents(str(path), path.read_text()).mutant_names]
    if sample and sample < len(mutants):
        mutants = sorted(random.Random(0).sample(mutants, sample))
    database_once()
    _run(mutants, max_children=2)


def results(name: str) -> tuple[Counter[str], list[str]]:
    """How many mutants of the module came to which end, and what the changes were that no test noticed."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code

    ends, unnoticed = Counter[str](), []
    for source in MODULES[name][0]:
        for path in (ROOT / "mutants/registration").glob(f"{source}.py.meta"):
            for mutant, code in json.loads(path.read_text())["exit_code_by_key"].items():
                if code is None:
                    continue  # not in the sample
                end = status_by_exit_code[code]
                ends[end] += 1
                if end not in KILLED:
                    diff = get_diff_for_mutant(mutant, path=path.relative_to(ROOT / "mutants").with_suffix(""))
                    unnoticed.append(f"# {mutant}: {end}\n{diff}")
    return ends, unnoticed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="module", help=", ".join(MODULES))
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each module, at random")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.chdir(ROOT)
    if asked.here:
        return mutate(asked.modules[0], asked.sample)
    rows, too_few = ["module | mutants | killed | survived | ratio", "--- | --- | --- | --- | ---"], False
    for name in asked.modules or MODULES:
        shutil.rmtree("mutants", ignore_errors=True)
        again = [sys.executable, "-m", "benchmarks.mutants", "--here", name, f"--sample={asked.sample}"]
        done = subprocess.run(again, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            sys.exit(done.stdout)
        ends, unnoticed = results(name)
        killed, total = sum(ends[end] for end in KILLED), ends.total()
        print(*unnoticed, sep="\n", flush=True)
        rows.append(f"{name} | {total} | {killed} | {total - killed} | {killed / total:.0%}")
        print(rows[-1], flush=True)
        too_few |= killed < ENOUGH * total
    print("", *rows, sep="\n")
    shutil.rmtree("mutants")
    sys.exit(f"Fewer than {ENOUGH:.0%} were killed." if too_few else 0)


if __name__ == "__main__":
    main()
