"""What people upload is read elsewhere, and whatever it is, they get an answer."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from benchmarks.hostile_files import FILES, GOOD
from registration.models import NominationFile
from registration.security import rate_limits
from registration.spreadsheets import sandbox, uploads
from registration.spreadsheets.files import read
from registration.spreadsheets.tables import SpreadsheetFault
from sessions.models import Workshop
from tests.factories import make_coordinator, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    workshop = make_workshop()
    client = Client(headers={"accept-language": "th"})
    client.force_login(make_coordinator(workshop).user)
    client.path = f"/desk/{workshop.slug}/55/nominations/"
    return client


def upload(client, data: bytes, path: str = "", **fields):
    return client.post(path or client.path, {**fields, "file": SimpleUploadedFile("รายชื่อ.xlsx", data)})


def test_what_is_read_elsewhere_is_what_is_read_here():
    assert uploads.read(SimpleUploadedFile("x.xlsx", GOOD), by=None) == read(GOOD)


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_fault_comes_back_in_the_words_of_the_reader_s_language(settings, language):
    with translation.override(language):
        with pytest.raises(SpreadsheetFault) as here:
            read(b"%PDF-1.7\n")
        with pytest.raises(SpreadsheetFault) as elsewhere:
            uploads.read(SimpleUploadedFile("x", b"%PDF-1.7\n"), by=None)
    assert (elsewhere.value.code, str(elsewhere.value)) == (here.value.code, str(here.value))


@pytest.mark.parametrize(("trouble", "code"), [("memory", "too_much"), ("time", "too_much"), ("none", "")])
def test_a_reader_that_wants_too_much_ends_and_says_so(monkeypatch, tmp_path, trouble, code):
    greedy = {"memory": f"bytearray({sandbox.MAX_MEMORY})", "time": "__import__('time').sleep(60)", "none": "[]"}[trouble]
    start = tmp_path / "python"
    start.write_text(
        f"#!{uploads.sys.executable}\nimport registration.spreadsheets.sandbox as r, sys\nsys.argv[1:3] = []\n"
        + LIMITED.format(greedy=greedy)
    )
    start.chmod(0o700)
    monkeypatch.setattr(uploads.sys, "executable", str(start))
    monkeypatch.setattr(uploads, "PATIENCE", 3 if trouble == "time" else 60)
    monkeypatch.setenv("PYTHONPATH", str(uploads._ROOT))
    try:
        found = uploads.read(SimpleUploadedFile("x", GOOD), by=None)
    except SpreadsheetFault as fault:
        found = fault.code
    assert found == (code or [])


#: A reader that goes wrong once its limits are set.
LIMITED = """
import registration.spreadsheets.files
registration.spreadsheets.files.read = lambda data: {greedy}
r.main()
"""


def test_one_file_too_many_is_told_when_to_come_again(desk, limits, monkeypatch):
    monkeypatch.setattr(rate_limits, "UPLOADS", 1)
    assert upload(desk, GOOD).status_code == 302
    answer = upload(desk, GOOD)
    assert "โปรดอัปโหลดไฟล์นี้อีกครั้งตั้งแต่วัน" in answer.content.decode()
    assert NominationFile.objects.count() == 1


def test_there_are_fifty_two_hostile_files():
    assert len(FILES) == 52


@pytest.mark.parametrize("name", list(FILES)[::4])
def test_a_hostile_file_gets_an_answer_at_every_upload(desk, name):
    """All of them, with what they cost: `make prove`."""
    data = FILES[name]()
    assert upload(desk, data).status_code in (200, 302)
    boss = Client(headers={"accept-language": "th"})
    boss.force_login(User.objects.create_superuser("boss"))
    workshop = Workshop.objects.get()
    assert upload(boss, data, "/admin/registration/coordinator/import/", workshop=workshop.pk).status_code == 200
