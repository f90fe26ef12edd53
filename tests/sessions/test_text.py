"""One normal form of text: what reads alike is stored alike, and no letter disappears."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.text import clean_paragraphs, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ส\uf70aงเสริม", "ส่งเสริม"),
        ("วิญ\uf70fู", "วิญญู"),
        ("\uf700าน", "ฐาน"),
        ("ป\uf710จจุบ\uf710น", "ปัจจุบัน"),
        ("ป\uf711\uf714า", "ป้ำ"),
        ("ป\uf701\uf717", "ปิ์"),
        ("ฎ\uf718ฏ\uf719ญ\uf71a", "ฎุฏูญฺ"),
        ("สมช\u0e45ย", "สมชาย"),
        ("ฤ\u0e45ษี", "ฤ\u0e45ษี"),
        ("ใจด \u0e35", "ใจดี"),
        ("ก \u0e34 \u0e48ง", "กิ่ง"),
        ("ส ำนักงาน", "สำนักงาน"),
        ("ก\u0e48\u0e34ง", "กิ่ง"),
        ("น\u0e33\u0e49ใจ", "น้ำใจ"),
        ("น\u0e49\u0e4d\u0e32ใจ", "น้ำใจ"),
        ("น\u0e4d\u0e49\u0e32ใจ", "น้ำใจ"),
        ("น\u0e4d\u0e32\u0e49ใจ", "น้ำใจ"),
        ("คะ\u0e48", "ค่ะ"),
        ("พันธ\u0e4c\u0e38", "พันธุ์"),
        ("เเดง", "แดง"),
        ("ＳＯＭＣＨＡＩ　１", "SOMCHAI 1"),
        ("ชาย\u200bไทย\ufeff", "ชายไทย"),
        ("สำนัก งาน ๆ า", "สำนัก งาน ๆ า"),
        ("王小明 សុខ", "王小明 សុខ"),
        ("ว\ue000าว", "ว\ue000าว"),
        ("ก" + "\u0e48" * 45, "ก" + "\u0e48" * 45),
    ],
)
def test_what_reads_alike_is_stored_alike(typed, kept):
    assert clean_text(typed) == kept


THAI = "".join(chr(code) for code in range(0x0E01, 0x0E5C) if unicodedata.category(chr(code)) != "Cn")
DRAWN = "".join(chr(code) for code in range(0xF700, 0xF71B))
TYPED = st.text(st.one_of(st.sampled_from(THAI + DRAWN + " \u200b"), st.characters()), max_size=40)


@given(TYPED)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)


def spoken(text: str) -> list[str]:
    """The letters and marks of `text`, each the same however it is stored."""
    alike = {"\u0e45": "\u0e32", "แ": "เเ", "\u0e33": "\u0e4d\u0e32"}
    decomposed = unicodedata.normalize("NFKD", "".join(alike.get(c, c) for c in text))
    return sorted(c for c in decomposed if unicodedata.category(c)[0] in "LMNSP" or unicodedata.category(c) == "Co")


@given(st.text(st.sampled_from(THAI + " \u200b"), max_size=40))
def test_no_letter_of_thai_disappears(text):
    alike = {"\u0e45": "\u0e32"}
    assert spoken(clean_text(text)) == spoken("".join(alike.get(c, c) for c in text))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn"]), max_size=40))
def test_no_sign_of_any_writing_disappears(text):
    assert len(spoken(clean_text(text))) >= len([c for c in text if unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "Co"])


def test_lines_stay_lines():
    assert clean_paragraphs("หนึ่ง \r\n\r\n ส\uf70aง\n\n") == "หนึ่ง\n\nส่ง"


@given(st.text(st.sampled_from([*map(chr, range(0x0E00, 0x0E60)), *"เแาำ  aZ.-\u200b\ue000\uf70aé"]), max_size=8))
def test_what_looks_clean_at_a_glance_is(text):
    """A sign that nobody sees makes it look closer; without one nearly every text is told to be clean by one pattern."""
    assert clean_text(text) == clean_text(f"\u200b{text}")
