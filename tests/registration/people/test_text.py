"""What people type, made fit to keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.people.text import clean_text, fault_of, means_nothing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  สมชาย   ใจดี ", "สมชาย ใจดี"),
        ("สมชาย\u200bใจดี\ufeff", "สมชายใจดี"),
        ("สม\u202eชาย", "สมชาย"),
        ("สม\x00ชาย\x0b\tใจดี\r\nมาก", "สมชาย ใจดี มาก"),
        ("\ufffeสมชาย\ud800", "สมชาย"),
        ("เเดง", "แดง"),
        ("ท\u0e4d\u0e32นอง", "ทำนอง"),
        ("น\u0e49\u0e4d\u0e32ใจ", "น้ำใจ"),
        ("น\u0e4d\u0e49\u0e32ใจ", "น้ำใจ"),
        ("Rene\u0301", "René"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_text_is_kept_as_it_is_properly_written(typed, kept):
    assert clean_text(typed) == kept


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize("text", ["=SUM(A1)", "+66", "-cmd", "@import", "a<b", "b>a"])
def test_formulas_and_markup_are_refused_in_words(text):
    assert fault_of(text) != ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("สมชาย😀", "“😀”"),
        ("สมชาย👍🏽", "“👍”"),
        ("☎สมชาย", "“☎”"),
        ("ว\ue000าว", "“ว”"),
        ("สม\ufffdชาย", "“สม”"),
        ("\ufffdชาย", "ตัวแรก"),
        ("ก" + "\u0e48" * 45, "“ก\u0e48\u0e48"),
        ("ดี\u0e35", "“ดี\u0e35”"),
        ("พันธุ์\u0e4c", "“ธุ์\u0e4c”"),
        ("A\u0e48", "“A\u0e48”"),
        ("\u0e48สมชาย", "“\u0e48สมชาย"),
        ("Z" + "\u0301\u0302\u0303\u0304\u0305\u0306", "“\u0179"),
    ],
)
def test_what_cannot_be_shown_as_it_was_meant_is_refused_by_its_name(text, named):
    assert named in fault_of(clean_text(text))


@pytest.mark.parametrize("text", ["-", "–", "—", ".", "- -", "…"[:0], "ไม่มี", "N/A", "ไม่ระบุ"])
def test_a_dash_stands_for_nothing(text):
    assert means_nothing(text)


@pytest.mark.parametrize("text", ["ก", "-ก", "นา", "0"])
def test_a_word_stands_for_something(text):
    assert not means_nothing(text)


_ORDINARY = [
    "",
    "สมชาย",
    "O'Brien-Smith",
    "สำนักงาน (กลาง) & ภาค = ดี",
    "ธมฺมวีโร",
    "สิทธิ์ พันธุ์ เล็่ก",
    "王小明 ㈱",
    "សុខ",
    "Nguyễn",
    "ฤๅษี",
    "เก๊ ๆ ฯ ๛",
]


@pytest.mark.parametrize("text", _ORDINARY)
def test_ordinary_text_has_no_fault(text):
    assert fault_of(text) == ""
