"""What `bin/build` makes: run it, or `make test`, before these."""

import gettext
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from sdgworkshop import __version__

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module", autouse=True)
def built():
    subprocess.run([sys.executable, "bin/build"], cwd=ROOT, check=True)


@pytest.fixture(params=[400, 600])
def font(request) -> Path:
    return ROOT / "build" / "static" / "fonts" / f"sarabun-{request.param}.woff2"


def test_a_weight_of_the_font_costs_a_visitor_little(font):
    assert font.stat().st_size <= 18 * 1024


def test_the_font_has_every_letter_and_sign_of_our_pages(font):
    letters = set(map(ord, "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์ํ๎ฯ฿๐๑๒๓๔๕๖๗๘๙AZaz09éüß“”‘’–—…•·€"))
    assert letters - TTFont(font).getBestCmap().keys() == set()


def test_the_font_can_still_place_thai_marks(font):
    tables = TTFont(font)
    features = {record.FeatureTag for table in ("GSUB", "GPOS") for record in tables[table].table.FeatureList.FeatureRecord}
    assert {"ccmp", "mark", "mkmk"} - features == set()


def test_building_again_rewrites_nothing():
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "build").rglob("*") if path.is_file() and path.suffix != ".lock"}
    done = subprocess.run([sys.executable, "bin/build"], cwd=ROOT, check=True, capture_output=True, text=True)
    after = {path: path.stat().st_mtime_ns for path in (ROOT / "build").rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert (done.stdout, after) == ("", before)


def test_the_script_that_reads_qr_codes_is_html5_qrcode_2_3_8_as_published_with_its_licence():
    reader = ROOT / "build" / "static" / "js" / "html5-qrcode"
    digest = hashlib.sha256((reader / "html5-qrcode.min.js").read_bytes()).hexdigest()
    assert digest == "660b12437b1d747e3e68b8be0685c08cb728140110ad213f167b14b66f8b1d8e"
    assert "Apache License" in (reader / "LICENSE").read_text()


def test_compiled_messages_say_what_the_catalogue_says():
    with (ROOT / "locale" / "th" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        thai = gettext.GNUTranslations(file)
    assert thai.gettext("Register") == "ลงทะเบียน"


def test_a_wheel_builds_and_holds_what_pages_are_made_of(tmp_path):
    """In a copy: setuptools writes beside what it packs."""
    for name in ("sdgworkshop", "sessions", "registration", "templates", "static", "locale"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.in"):
        shutil.copy(ROOT / name, tmp_path)
    command = [sys.executable, "-c", "from setuptools import build_meta; print(build_meta.build_wheel('.'))"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    name = made.stdout.splitlines()[-1]
    assert name == f"sdgworkshop-{__version__}-py3-none-any.whl"
    held = set(zipfile.ZipFile(tmp_path / name).namelist())
    there = {"sessions/models.py", "registration/data/provinces.csv", "templates/base.html", "static/css/portal.css"}
    assert there - held == set()
    assert [file for file in held if file.startswith(("tests/", "benchmarks/"))] == []
