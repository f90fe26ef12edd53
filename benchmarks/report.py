"""The office's report of a whole series, as a worker makes it: `python -m benchmarks.report`.

1,975 people, four days, 900 answers on PostgreSQL; every number of docx, PDF and xlsx is compared with one worked out from the rows.
The worker is a process of its own. LibreOffice, where it is there, opens docx and xlsx; the pages are for whoever looks at them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.database import postgres

PEOPLE, ANSWERS = 1_975, 900
MAX_SECONDS = 20.0


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-report-") as folder, postgres(["report"]) as urls:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "VAR_DIR": folder, "EXPORTS_DIR": folder, "LOG_LEVEL": "ERROR"}
        os.environ["DATABASE_URL"] = urls["report"]
        import django

        django.setup()
        kept = _measure(Path(folder))
    if not kept:
        sys.exit(1)


def _say(promise: str, kept: bool, seen: str) -> bool:
    print(f"{'kept ' if kept else 'BROKEN'}  {promise}: {seen}", flush=True)
    return kept


def _measure(folder: Path) -> bool:
    from django.core.management import call_command
    from django.utils import timezone

    from registration.actor import SYSTEM
    from registration.exports import actions as export_actions
    from tests.registration.report.comparing import differences, made_between
    from tests.registration.report.reading import Files
    from tests.registration.report.series import make_series

    call_command("migrate", verbosity=0)
    series = make_series(PEOPLE, ANSWERS)
    export, _new = export_actions.ask(workshop=series.workshop, kind="report", filters={}, by=SYSTEM)
    since, started = timezone.localtime(), time.perf_counter()
    subprocess.run([sys.executable, "-m", "benchmarks.report", str(export.pk)], check=True)
    seconds = time.perf_counter() - started
    export.refresh_from_db()
    with export.file.open() as file:
        archive = file.read()
    told = f"{seconds:.1f} s with the start of the process, {len(archive) / 1e6:.1f} MB, {export.people:,} people listed"
    kept = _say(f"made in less than {MAX_SECONDS:.0f} s by a worker", seconds < MAX_SECONDS, told)
    found = differences(series, archive, made_between(archive, since, timezone.localtime()))
    figures = f"{len(series.people):,} people, {len(series.answers):,} answers, {len(found)} lines differ {found[:3] or ''}"
    kept = _say("every number in docx, PDF and xlsx is that of the rows", not found, figures) and kept
    return _opens(folder, Files(archive)) and kept


def _opens(folder: Path, files: object) -> bool:
    """Leaves the three files, and what LibreOffice makes of two of them, in REPORT_DIR where that is set."""
    target = Path(os.environ.get("REPORT_DIR") or folder / "opened")
    target.mkdir(parents=True, exist_ok=True)
    for suffix in ("docx", "pdf", "xlsx"):
        (target / f"report.{suffix}").write_bytes(getattr(files, suffix))
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        print("left out  LibreOffice is not on this machine (apt install libreoffice-writer-nogui libreoffice-calc-nogui)", flush=True)
        return True
    sizes = []
    for suffix in ("docx", "xlsx"):
        home, out = f"-env:UserInstallation=file://{folder}/office", target / f"of-{suffix}"
        command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(target / f"report.{suffix}")]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        sizes.append((out / "report.pdf").stat().st_size)
    return _say("LibreOffice opens docx and xlsx", all(size > 10_000 for size in sizes), f"as PDFs of {sizes} bytes")


def _work(export_id: int) -> None:
    import django

    django.setup()
    from registration.operations import tasks

    assert tasks.make_export.func(export_id), "the report has failed"


if __name__ == "__main__":
    _work(int(sys.argv[1])) if len(sys.argv) > 1 else main()
