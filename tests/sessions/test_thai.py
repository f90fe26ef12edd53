import csv
import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from registration.migrations import __path__ as _migrations
from sessions import formats, thai

PROVINCES = Path(_migrations[0]).parent / "data" / "provinces.csv"

FRIDAY = dt.date(2022, 2, 18)


def provinces_in_dictionary_order():
    with PROVINCES.open(encoding="utf-8-sig", newline="") as file:
        return [row["name_th"] for row in sorted(csv.DictReader(file), key=lambda row: int(row["order_th"]))]


def test_all_77_provinces_sort_as_a_thai_dictionary_has_them():
    expected = provinces_in_dictionary_order()
    assert len(expected) == 77
    assert sorted(reversed(expected), key=thai.sort_key) == expected


def test_code_points_alone_would_misplace_most_provinces():
    expected = provinces_in_dictionary_order()
    misplaced = [name for name, other in zip(expected, sorted(expected), strict=True) if name != other]
    assert len(misplaced) > 50


def test_a_leading_vowel_is_sorted_behind_its_consonant():
    assert sorted(["แพร่", "พะเยา", "เพชรบุรี", "ภูเก็ต"], key=thai.sort_key) == ["พะเยา", "เพชรบุรี", "แพร่", "ภูเก็ต"]


def test_tone_marks_decide_only_between_words_that_are_alike_without_them():
    assert sorted(["ปา", "ป้าน", "ป้า", "ป่า"], key=thai.sort_key) == ["ปา", "ป่า", "ป้า", "ป้าน"]


def test_capitals_and_spaces_do_not_change_the_place():
    assert thai.sort_key("  Nan   Province ") == thai.sort_key("nan province")


@given(st.text(max_size=200))
def test_a_key_fits_its_column_and_is_plain_ascii(text):
    key = thai.sort_key(text)
    assert key == key.lower()
    assert set(key) <= set("0123456789abcdef")


@given(st.text(alphabet=st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=201))
def test_a_key_is_no_longer_than_it_says(text):
    assert len(thai.sort_key(text)) <= 4 * (2 * len(text.casefold()) + 1)


@pytest.mark.parametrize(("spoken", "words"), [("th", "ศุกร์"), ("en", "Fri")])
def test_a_tile_has_room_for_its_weekday(spoken, words):
    with translation.override(spoken):
        assert formats.weekday_short(FRIDAY) == words


def test_the_words_for_a_date():
    assert formats.format_date(FRIDAY, "th") == "วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕"
    assert formats.format_date(FRIDAY, "th", weekday=False) == "๑๘ กุมภาพันธ์ ๒๕๖๕"
    assert formats.format_date_short(FRIDAY, "th") == "๑๘ ก.พ. ๒๕๖๕"
    assert formats.format_date(FRIDAY, "en") == "Friday 18 February 2022"
    assert formats.format_date(FRIDAY, "en", weekday=False) == "18 February 2022"
    assert formats.format_date_short(FRIDAY, "en") == "18 Feb 2022"


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (dt.date(2022, 3, 3), "วันพฤหัสบดีที่ ๓ มีนาคม ๒๕๖๕"),
        (dt.date(2022, 3, 11), "วันศุกร์ที่ ๑๑ มีนาคม ๒๕๖๕"),
        (dt.date(2022, 3, 16), "วันพุธที่ ๑๖ มีนาคม ๒๕๖๕"),
        (dt.date(2024, 2, 29), "วันพฤหัสบดีที่ ๒๙ กุมภาพันธ์ ๒๕๖๗"),
        (dt.date(2027, 1, 3), "วันอาทิตย์ที่ ๓ มกราคม ๒๕๗๐"),
        (dt.date(2026, 12, 7), "วันจันทร์ที่ ๗ ธันวาคม ๒๕๖๙"),
    ],
)
def test_dates_fall_on_their_weekday_in_the_buddhist_era(date, words):
    assert formats.format_date(date, "th") == words


def test_the_buddhist_year_is_543_ahead():
    assert thai.buddhist_year(FRIDAY) == 2565


def test_times_are_written_as_the_office_writes_them():
    assert formats.format_time(dt.time(9, 5), "th") == "๐๙.๐๕ น."
    assert formats.format_time(dt.time(9, 5), "en") == "09:05"
    assert formats.format_time_range(dt.time(9, 30), dt.time(10, 45), "th") == "๐๙.๓๐ – ๑๐.๔๕ น."
    assert formats.format_time_range(dt.time(9, 30), dt.time(10, 45), "en") == "09:30–10:45"


def test_a_moment_has_date_and_time():
    moment = dt.datetime(2022, 2, 18, 9, 30)
    assert formats.format_moment(moment, "th") == "วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕ เวลา ๐๙.๓๐ น."
    assert formats.format_moment(moment, "en") == "Friday 18 February 2022, 09:30"


def test_digits_follow_the_language_of_the_prose():
    assert formats.digits(1975, "th") == "๑๙๗๕"
    assert formats.digits(1975, "en") == "1975"


@given(st.text(alphabet="0123456789กข ab", max_size=30))
def test_thai_digits_and_back_is_the_same(text):
    assert thai.arabic_digits(thai.thai_digits(text)) == text


def test_thai_digits_that_people_type_are_understood():
    assert thai.arabic_digits("๐๒ ๒๘๐ ๔๐๘๕ ต่อ ๖๔๑๔") == "02 280 4085 ต่อ 6414"
