"""Nobody notices an upgrade: `python -m benchmarks.upgrade rolling` and `… first`, with the commands of docs/deploy.md, on PostgreSQL.

`rolling`: six rounds of restarts while a thousand people register. `first`: the first landing's portal (1.0.0) with 200,000 people in its
database becomes this one while people register. Every request that was not answered as it should be counts as lost, whoever tried again.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.crowd import Crowd
from benchmarks.database import WHEEL, Postgres
from benchmarks.processes import kill, until
from benchmarks.recipe import Machine, blocks, machine
from benchmarks.servers import ROOT, SLUG, free_port

FIRST = "31c846cd6f92d5738c8009daddb639b30293608c"
PEOPLE = int(os.environ.get("PEOPLE") or 200_000)
POSTS, ROUNDS, AT_ONCE = 1_000, 6, 4
#: Run by the version of then: its own way to write people, and a round that is still ahead.
FILL = f"""
import datetime as dt
from benchmarks.growth import _fill
import django
django.setup()
from sessions.models import Workshop
from sessions.next_workshop import make_next
from registration.models import Quota
_fill({PEOPLE})
source = Workshop.objects.order_by("pk").first()
shift = dt.timedelta(days=(dt.date.today() - source.days.first().date).days // 7 * 7 + 35)
make_next(source, slug="{SLUG}", title_th="รอบสาธิต", title_en="", dates={{day.pk: day.date + shift for day in source.days.all()}})
Workshop.objects.filter(slug="{SLUG}").update(is_published=True, registration_opens_at=None, registration_closes_at=None)
Quota.objects.update(capacity=1000000)
from registration import quotas
for quota, counted in quotas.mismatches():
    Quota.objects.filter(pk=quota.pk).update(taken=counted)
"""


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL of its own, whose programs the recipe finds."""
    (folder / "log").mkdir()
    os.environ["PATH"] = f"{WHEEL}:{os.environ['PATH']}"
    server = Postgres(folder / "postgres", free_port(), log=folder / "log/postgres")
    process = server.start()
    try:
        yield server.url
    finally:
        kill(process)


def upgrade_of(text: str) -> str:
    (block,) = blocks(text, "Upgrade without a pause")
    return block


def restarts(block: str) -> str:
    """What the recipe does once the new version lies there."""
    return block[block.index("until_ready()") :]


def tell(promise: str, crowd: Crowd, *, seconds: float, off: str) -> bool:
    lost = Counter(refusal for person in crowd.people for refusal in person.refusals)
    kept = not lost and bool(crowd.told)
    slowest = max((person.slowest for person in crowd.people), default=0)
    seen = (
        f"{len(crowd.told)} registered in {seconds:.0f} s, lost {sum(lost.values())} {dict(lost) or ''}, the slowest answer {slowest:.1f} s"
    )
    seen += f"; {off.strip()}"
    print(f"{'kept ' if kept else 'BROKEN'}  {promise}: {seen}", flush=True)
    return kept


def errors_of(log: str) -> str:
    """What PostgreSQL refused, with what it was asked; that a migration came again is none."""
    said = re.findall(r"^.*?(?:ERROR|FATAL):(?s:.*?)(?=^\d{4}-)", log, re.MULTILINE)
    return "".join(f"{error[:1500]}\n" for error in said if "lock timeout" not in error)


def rolling(folder: Path) -> bool:
    with database(folder) as url, machine(folder / "office", venv=VENV, DATABASE_URL=url, ABUSE_LIMITS="off") as office:
        install(office)
        crowd = office.crowd(at_once=AT_ONCE)
        began = time.monotonic()
        crowd.start()
        try:
            for _round in range(ROUNDS):
                office.run(restarts(upgrade_of(office.recipe())))
            until(lambda: len(crowd.told) >= POSTS, "a thousand people", seconds=900)
        finally:
            crowd.stop()
            print(office.troubles(), errors_of((folder / "log/postgres").read_text()), sep="\n", file=sys.stderr)
        took = time.monotonic() - began
        return tell(f"{ROUNDS} rolling restarts", crowd, seconds=took, off=office.manage("check_quotas"))


def first(folder: Path) -> bool:
    source = folder / "source"
    git("clone", "--quiet", "--no-local", str(ROOT), str(source), at=folder)
    newest = git("rev-parse", "HEAD", at=source)
    # That version, with the files of deploy/ that today's recipe copies
    git("checkout", "--quiet", "-B", "main", FIRST, at=source)
    git("checkout", "--quiet", newest, "--", "deploy", at=source)
    git("-c", "user.name=proof", "-c", "user.email=proof@example.org", "commit", "--quiet", "-m", "deploy", at=source)
    with database(folder) as url, machine(folder / "office", source, DATABASE_URL=url, ABUSE_LIMITS="off") as office:
        (office.root / "next.toml").write_text(git("show", f"{FIRST}:sessions/data/sdg-localisation-2565.toml", at=source))
        install(office)
        fill(office, url)
        crowd = office.crowd(at_once=AT_ONCE, is_there=True)
        crowd.start()
        try:
            until(lambda: len(crowd.told) >= 20, "people who register at 1.0.0")
            git("checkout", "--quiet", "-B", "main", newest, at=source)
            began, before = time.monotonic(), len(crowd.told)
            print(office.run(f"set -x\n{upgrade_of(office.recipe())}"))
            took, during = time.monotonic() - began, len(crowd.told) - before
            until(lambda: len(crowd.told) >= before + during + 20, "people who register at the new version")
        finally:
            crowd.stop()
            print(office.logs(), office.troubles(), errors_of((folder / "log/postgres").read_text()), sep="\n", file=sys.stderr)
        version, off = office.manage("version").strip(), office.manage("check_quotas")
        off = f"{during} of them during the {took:.0f} s of the upgrade to {version}; {off}"
        return tell(f"1.0.0 with {PEOPLE:,} people becomes this version", crowd, seconds=took, off=off)


def install(office: Machine) -> None:
    commands, look = blocks(office.recipe(), "One machine")
    office.run(commands)
    until(office.serves, "the portal through nginx")
    office.run(look)


def fill(office: Machine, url: str) -> None:
    """With this tree's Python, which has what a benchmark needs."""
    env = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(office.root / "fill"), "DJANGO_SETTINGS_MODULE": "sdgworkshop.settings"}
    subprocess.run([sys.executable, "-c", FILL], cwd=office.root / "opt/portal", env=env, check=True)


def git(*command: str, at: Path) -> str:
    return subprocess.run(["git", *command], cwd=at, check=True, capture_output=True, text=True).stdout.strip()


VENV = Path(sys.prefix).resolve()


def main() -> None:
    proofs = {"rolling": rolling, "first": first}
    for name in sys.argv[1:] or proofs:
        with tempfile.TemporaryDirectory(prefix="portal-upgrade-") as folder:
            if not proofs[name](Path(folder)):
                sys.exit(1)


if __name__ == "__main__":
    main()
