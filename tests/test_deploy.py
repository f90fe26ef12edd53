"""The files of deploy/, as far as they can be tried without a machine of their own."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registration.materials import files
from sdgworkshop import doors

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_leave_an_intruder_little(unit, tmp_path):
    copy = tmp_path / unit.name.replace("@.", "@1.")
    shutil.copy(unit, copy)
    rated = subprocess.run(["systemd-analyze", "security", "--offline=true", copy], capture_output=True, text=True)
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", rated.stdout)
    assert level and float(level[1]) < 3, rated.stdout + rated.stderr


HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent))


@pytest.mark.skipif(not HADOLINT, reason="needs hadolint, which is there for x86_64 alone")
def test_the_image_is_made_as_images_should_be():
    checked = subprocess.run([HADOLINT, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("mtail"), reason="needs mtail")
def test_answers_of_nginx_are_counted_by_mtail_itself(tmp_path):
    log = tmp_path / "portal.log"
    log.write_text("".join(f"2026-11-30T15:00:00+07:00 {status} POST 0.010 - 1234 0123\n" for status in (200, 404, 502, 503)))
    command = ["mtail", "--one_shot", "--one_shot_format=prometheus", "--progs", DEPLOY / "nginx.mtail", "--logs", log]
    counted = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    assert sorted(re.findall(r'^portal_nginx_answers_total\{.*status="(\w+)"\} (\d)', counted, re.MULTILINE)) == [
        ("2xx", "1"),
        ("4xx", "1"),
        ("5xx", "2"),
    ]


@pytest.mark.skipif(not shutil.which("promtool"), reason="needs promtool")
def test_alert_rules_are_understood():
    checked = subprocess.run(["promtool", "check", "rules", DEPLOY / "alerts.yml"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_each_alert_asks_for_numbers_that_there_are_and_leads_to_its_runbook():
    alerts = (DEPLOY / "alerts.yml").read_text()
    sources = "".join((ROOT / path).read_text() for path in ("registration/operations/metrics.py", "sdgworkshop/metrics.py"))
    known = {f"portal_{name}" for name in re.findall(r'\bMetric\("(\w+)"', sources)} | {"portal_requests_total"}
    known |= {*re.findall(r'GaugeMetricFamily\("(\w+)"', sources)}
    known |= {*re.findall(r"^counter (\w+)", (DEPLOY / "nginx.mtail").read_text(), re.MULTILINE)}
    assert {*re.findall(r"\bportal_\w+", alerts)} - known == set()
    headings = {
        re.sub(r"[^\w]+", "-", line[3:].lower()) for line in (ROOT / "docs/runbooks.md").read_text().splitlines() if line.startswith("## ")
    }
    assert {*re.findall(r"runbooks\.md#([\w-]+)", alerts)} - headings == set()


def test_nginx_lets_in_whatever_the_portal_itself_would_refuse_in_words():
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())
    assert doors.MAX_FILE_BYTES < files.MAX_BYTES < doors.MAX_DOCUMENT_BYTES < int(megabytes) * 1024 * 1024


def test_the_recipe_copies_files_that_there_are():
    recipe = (ROOT / "docs/deploy.md").read_text()
    named = {name for name in re.findall(r"deploy/([\w.@*-]+\w)", recipe) if not name.startswith("deploy")}
    assert [name for name in named if not list(DEPLOY.glob(name))] == []
