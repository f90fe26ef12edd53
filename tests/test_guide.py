"""The guide for staff says what the portal says."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext

GUIDE = settings.BASE_DIR / "docs" / "guide-staff.th.md"
#: Bold because it must not be missed, not because it is on a button.
SAID_LOUDLY = {"สองการประชุมพร้อมกัน", "เลือกวิธีเข้าประชุมก่อน", "เมื่อซ้อมเสร็จต้องลบออก", "อ่านข้อความคุ้มครองข้อมูลส่วนบุคคลให้ฟัง", "รายการซ้ำ"}
#: Of Django's, in its Thai.
DJANGOS = {"บันทึก": "Save", "ตกลง": "Go", "ออกจากระบบ": "Log out", "หน้าหลัก": "Home", "เพิ่มผู้เข้าร่วม": ""}


def plain(words):
    """Without what is put in at the time: a number, a name."""
    return re.sub(r"%\(\w+\)s|…|\.\.\.", "", words).strip().casefold()


def said():
    with Path(settings.LOCALE_PATHS[0], "th/LC_MESSAGES/django.po").open("rb") as file:
        strings = [message.string for message in read_po(file)]
    return {plain(words) for string in strings for words in ([string] if isinstance(string, str) else string)}


def test_every_button_is_called_as_the_portal_calls_it():
    bold = set(re.findall(r"\*\*(.+?)\*\*", GUIDE.read_text(encoding="utf-8"))) - SAID_LOUDLY - set(DJANGOS)
    known = said()
    assert sorted(words for words in bold if plain(words) not in known) == []


@pytest.mark.parametrize(("thai", "english"), [pair for pair in DJANGOS.items() if pair[1]])
def test_djangos_buttons_are_called_as_django_calls_them(thai, english):
    assert gettext(english) == thai


def test_every_picture_is_there_is_small_and_says_what_it_shows():
    pictures = re.findall(r"!\[(.*?)\]\((.*?)\)", GUIDE.read_text(encoding="utf-8"))
    sizes = {path: (GUIDE.parent / path).stat().st_size for _words, path in pictures}
    assert [path for path, size in sizes.items() if size > 150_000] == []
    assert [path for words, path in pictures if not words] == []
    kept = {f"img/{file.name}" for kind in ("staff", "desk") for file in (GUIDE.parent / "img").glob(f"{kind}-*.png")}
    assert set(sizes) == kept
