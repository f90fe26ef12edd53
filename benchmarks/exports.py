"""The attendee list of 100,000 people: time beside openpyxl alone, memory of the worker, and whether LibreOffice reads it.

`python -m benchmarks.exports`. The worker's part runs in a process of its own, so that its memory is its own; openpyxl's bare
loop writes the very same cells in the same run, so that a busy machine slows both. Only processor time is compared.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import desk
from benchmarks.database import postgres

PEOPLE = 100_000
ROUNDS = 2
MAX_RATIO = 1.5
MAX_MEGABYTES = 300


def main() -> None:
    """Says what was measured, and stops with a fault where a promise is broken."""
    with tempfile.TemporaryDirectory(prefix="portal-exports-") as folder, postgres(["exports"]) as urls:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "VAR_DIR": folder, "EXPORTS_DIR": folder, "LOG_LEVEL": "ERROR"}
        os.environ["DATABASE_URL"] = urls["exports"]
        import django

        django.setup()
        _fill()
        kept = [_measure(["all"]), _measure(["summary", "all", "provinces"]), _open_in_libreoffice(Path(folder))]
    if not all(kept):
        sys.exit(1)


def _fill() -> None:
    """The brief's workshop with its 77 provinces and PEOPLE, each with a phone of their own."""
    from django.core.management import call_command
    from django.db import connection

    from registration.models import Quota
    from sessions.models import Workshop

    call_command("migrate", verbosity=0)
    call_command("load_workshop", demonstration=True, verbosity=0)
    workshop = Workshop.objects.get()
    seats = list(workshop.quotas.seats().filter(kind=Quota.Kind.PROVINCE))
    for first in range(0, PEOPLE, 5_000):
        desk.write(workshop, [seats[number % len(seats)] for number in range(first, first + 5_000)], first)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registration_participant SET phone = '+668' || lpad(id::text, 8, '0')")
        cursor.execute("VACUUM ANALYZE")


def _say(promise: str, kept: bool, seen: str) -> bool:
    print(f"{'kept ' if kept else 'BROKEN'}  {promise}: {seen}", flush=True)
    return kept


def _measure(sheets: list[str]) -> bool:
    """Asks for the list, lets a worker make it, and writes the same cells with openpyxl alone; ROUNDS times in turn."""
    from registration.actor import SYSTEM
    from registration.exports import actions as export_actions
    from sessions.models import Workshop

    workshop = Workshop.objects.get()
    made, bare, megabytes, asked = 0.0, 0.0, 0.0, 0.0
    for _round in range(ROUNDS):
        started = time.perf_counter()
        export, _new = export_actions.ask(workshop=workshop, kind="xlsx", filters={}, options={"sheets": sheets}, by=SYSTEM)
        asked = max(asked, time.perf_counter() - started)
        worker = subprocess.run([sys.executable, "-m", "benchmarks.exports", str(export.pk)], check=True, stdout=subprocess.PIPE, text=True)
        seconds, peak = (float(word) for word in worker.stdout.split())
        made, megabytes = made + seconds / ROUNDS, max(megabytes, peak)
        bare += _bare(workshop, copies=len(set(sheets) & {"all", "provinces"})) / ROUNDS
    export.refresh_from_db()
    ratio = made / bare
    told = f"{made:.1f} s of processor, openpyxl alone {bare:.1f} s, ratio {ratio:.2f} (at most {MAX_RATIO})"
    kept = _say(f"{export.people:,} people, sheets {', '.join(sheets)}", ratio <= MAX_RATIO, f"{told}; {export.file.size / 1e6:.1f} MB")
    return _say("memory of the worker", megabytes < MAX_MEGABYTES, f"{megabytes:.0f} MB; the request took {asked * 1000:.0f} ms") and kept


def _bare(workshop: Any, copies: int) -> float:
    """Seconds of processor that openpyxl takes for the same cells, held ready in a list, on as many sheets."""
    from django.utils import translation
    from openpyxl import Workbook

    from registration.exports.columns import for_staff
    from registration.exports.rows import attendee_lines
    from registration.models import Participant

    with translation.override("th"):
        columns = for_staff(workshop)
        rows = [[column.cell(line) for column in columns] for line in attendee_lines(Participant.objects.all(), workshop)]
    started = time.process_time()
    book = Workbook(write_only=True)
    for _copy in range(copies):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    with tempfile.TemporaryFile() as file:
        book.save(file)
    return time.process_time() - started


def _work(export_id: int) -> None:
    """What a worker does; prints its seconds of processor and its megabytes at the most.

    Not by `resource`: there a process begins with the memory of whoever started it.
    """
    import django

    django.setup()
    from registration.operations import tasks

    started = time.process_time()
    assert tasks.make_export.func(export_id), "the export has failed"
    seconds = time.process_time() - started
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(seconds, int(status["VmHWM"].split()[0]) / 1024)


def _open_in_libreoffice(folder: Path) -> bool:
    """Lets LibreOffice turn every sheet into CSV, and compares rows and Thai with the database."""
    from registration.models import Export, Participant

    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        print("left out  LibreOffice is not on this machine (apt install libreoffice-calc-nogui)", flush=True)
        return True
    export = Export.objects.first()
    assert export
    target = folder / "converted"
    # Comma, quotation mark, UTF-8, from the first line, no column formats, no language, quote nothing, as shown, …, every sheet.
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    home = f"-env:UserInstallation=file://{folder}/office"
    command = [office, home, "--headless", "--convert-to", every_sheet, "--outdir", str(target), export.file.path]
    subprocess.run(command, check=True, capture_output=True, timeout=1800)
    tables = {file.stem.partition("-")[2]: _table(file) for file in target.glob("*.csv")}
    everybody = tables.pop("ผู้เข้าร่วม")
    summary = tables.pop("กลุ่มเป้าหมายรายจังหวัด")
    names = Counter(Participant.objects.values_list("code", "first_name", "quota__province__name_th"))
    alike = names == Counter((row["รหัส"], row["ชื่อ"], row["จังหวัด"]) for row in everybody)
    by_province = names == Counter((row["รหัส"], row["ชื่อ"], name) for name, rows in tables.items() for row in rows)
    on_sheets = sum(map(len, tables.values()))
    told = f"{len(everybody):,} rows on one sheet, {on_sheets:,} on {len(tables)} of provinces, {len(summary)} in the summary"
    right = alike and by_province and len(tables) == 77 and len(summary) == 79
    return _say("LibreOffice opens it, every name and province as in the database", right, told)


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


if __name__ == "__main__":
    _work(int(sys.argv[1])) if len(sys.argv) > 1 else main()
