"""Names are taken apart so that nobody loses a letter, and what is not certain is asked."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.people.names import (
    Name,
    NameQuestion,
    in_one_field,
    is_monks_title,
    is_title,
    match_key,
    means_no_last_name,
    propose,
    split_full_name,
    written_out,
)
from registration.people.titles import TITLES, TitleKind
from sessions.text import clean_text

Q = NameQuestion


@pytest.mark.parametrize(
    ("text", "title", "first", "last"),
    [
        ("นายสมมุติ ทดสอบดี", "นาย", "สมมุติ", "ทดสอบดี"),
        ("น.ส. สมมุติ ทดสอบดี", "นางสาว", "สมมุติ", "ทดสอบดี"),
        ("นส.สมมุติ ทดสอบดี", "นางสาว", "สมมุติ", "ทดสอบดี"),
        ("น ส สมมุติ ทดสอบดี", "นางสาว", "สมมุติ", "ทดสอบดี"),
        ("พญ.พญาดา ดี", "พญ.", "พญาดา", "ดี"),
        ("พ.อ.อ.สมชาย ทดสอบ", "พ.อ.อ.", "สมชาย", "ทดสอบ"),
        ("พ.อ.อรทัย ทดสอบ", "พ.อ.", "อรทัย", "ทดสอบ"),
        ("อ.อรทัย ทดสอบ", "อ.", "อรทัย", "ทดสอบ"),
        ("ศ.ศรีศักร ทดสอบ", "ศ.", "ศรีศักร", "ทดสอบ"),
        ("คุณากร ทดสอบ", "", "คุณากร", "ทดสอบ"),
        ("คุณคุณากร ทดสอบ", "คุณ", "คุณากร", "ทดสอบ"),
        ("นางสาวิตรี ทดสอบ", "นาง", "สาวิตรี", "ทดสอบ"),
        ("นางสาวสาวิตรี ทดสอบ", "นางสาว", "สาวิตรี", "ทดสอบ"),
        ("นายนายิก ทดสอบ", "นาย", "นายิก", "ทดสอบ"),
        ("นายกมล ทดสอบ", "นาย", "กมล", "ทดสอบ"),
        ("นพดล ทดสอบ", "", "นพดล", "ทดสอบ"),
        ("นพ ทดสอบ", "", "นพ", "ทดสอบ"),
        ("พอใจ ทดสอบ", "", "พอใจ", "ทดสอบ"),
        ("ศรีศักร ทดสอบ", "", "ศรีศักร", "ทดสอบ"),
        ("นายก อบต.บ่อทดสอบ", "", "นายก", "อบต.บ่อทดสอบ"),
        ("ดร สมชาย ทดสอบ", "ดร.", "สมชาย", "ทดสอบ"),
        ("พตท สุรชัย ทดสอบ", "พ.ต.ท.", "สุรชัย", "ทดสอบ"),
        ("พ.ต.ท.หญิง ดร.สมศรี ทดสอบ", "พ.ต.ท.หญิง ดร.", "สมศรี", "ทดสอบ"),
        ("พันตำรวจโทสุรชัย ทดสอบ", "พันตำรวจโท", "สุรชัย", "ทดสอบ"),
        ("ว่าที่ ร้อยโท พงศ์ ทดสอบ", "ว่าที่ร้อยโท", "พงศ์", "ทดสอบ"),
        ("ว่าที่ ร.ต.หญิง สมศรี ทดสอบ", "ว่าที่ ร.ต.หญิง", "สมศรี", "ทดสอบ"),
        ("รศ.(พิเศษ) ดร.อุดม ทดสอบ", "รศ.(พิเศษ) ดร.", "อุดม", "ทดสอบ"),
        ("ศ.เกียรติคุณ ดร.นพ.สมชาย ทดสอบ", "ศ.เกียรติคุณ ดร.นพ.", "สมชาย", "ทดสอบ"),
        ("นาวาอากาศเอก เวหา ทดสอบ", "นาวาอากาศเอก", "เวหา", "ทดสอบ"),
        ("กำนันบุญธรรม ทดสอบ", "กำนัน", "บุญธรรม", "ทดสอบ"),
        ("ม.ร.ว.สมชาย ณ ทดสอบ", "ม.ร.ว.", "สมชาย", "ณ ทดสอบ"),
        ("พระมหาวีระ ธมฺมวีโร", "พระมหา", "วีระ", "ธมฺมวีโร"),
        ("พระครูสุวรรณธรรมคุณ", "พระครู", "สุวรรณธรรมคุณ", ""),
        ("สมชาย -", "", "สมชาย", ""),
        ("Mr. John van Dyke", "Mr.", "John", "van Dyke"),
        ("Pol. Col. Somchai Test", "Pol. Col.", "Somchai", "Test"),
        ("Gen Yamada", "", "Gen", "Yamada"),
        ("Mspira Test", "", "Mspira", "Test"),
    ],
)
def test_a_whole_name_is_taken_apart_for_certain(text, title, first, last):
    proposal = split_full_name(text)
    assert (proposal.name, proposal.questions, proposal.rest) == (Name(title, first, last), (), "")


@pytest.mark.parametrize(
    ("text", "name", "questions"),
    [
        ("นายนายสมชาย ทดสอบ", Name("นาย", "สมชาย", "ทดสอบ"), (Q.TITLE_TWICE,)),
        ("นางนางสาวสมหญิง ทดสอบ", Name("นางสาว", "สมหญิง", "ทดสอบ"), (Q.TITLES_DIFFER,)),
        ("คุณธรรม ทดสอบ", Name("คุณ", "ธรรม", "ทดสอบ"), (Q.TITLE_OR_NAME,)),
        ("พลเอก ทดสอบ", Name("พลเอก", "ทดสอบ"), (Q.NO_LAST_NAME,)),
        ("Mr. Suharto", Name("Mr.", "Suharto"), (Q.NO_LAST_NAME,)),
        ("นายสมชาย ทดสอบ นักวิชาการ", Name("นาย", "สมชาย", "ทดสอบ"), (Q.MORE_THAN_A_NAME,)),
    ],
)
def test_what_a_whole_name_leaves_open_is_asked(text, name, questions):
    proposal = split_full_name(text)
    assert (proposal.name, proposal.questions) == (name, questions)


@pytest.mark.parametrize(
    ("typed", "name", "questions"),
    [
        (("อ.", "อรทัย", "ดี"), Name("อ.", "อรทัย", "ดี"), ()),
        (("นพ.", "นพดล", "ดี"), Name("นพ.", "นพดล", "ดี"), ()),
        (("ศ.", "ศรีศักร", "ดี"), Name("ศ.", "ศรีศักร", "ดี"), ()),
        (("รศ.", "รศนา", "ดี"), Name("รศ.", "รศนา", "ดี"), ()),
        (("คุณ", "คุณากร", "ดี"), Name("คุณ", "คุณากร", "ดี"), ()),
        (("คุณ", "คุณธรรม", "ดี"), Name("คุณ", "คุณธรรม", "ดี"), ()),
        (("นาย", "นายิกา", "ดี"), Name("นาย", "นายิกา", "ดี"), ()),
        (("Ms", "Mspira", "Test"), Name("Ms", "Mspira", "Test"), ()),
        (("", "นายสมชาย", "ดี"), Name("นาย", "สมชาย", "ดี"), ()),
        (("พระครู", "สุวรรณธรรมคุณ", ""), Name("พระครู", "สุวรรณธรรมคุณ"), ()),
        (("Mr.", "Suharto", "-"), Name("Mr.", "Suharto"), ()),
        (("Mr.", "Suharto", ""), Name("Mr.", "Suharto"), (Q.NO_LAST_NAME,)),
        (("นาย", "นายสมชาย", "ดี"), Name("นาย", "สมชาย", "ดี"), (Q.TITLE_TWICE,)),
        (("น.ส.", "นางสาวสมหญิง", "ดี"), Name("นางสาว", "สมหญิง", "ดี"), (Q.TITLE_TWICE,)),
        (("ร.ต.อ.", "ร้อยตำรวจเอกสมชาย", "ดี"), Name("ร.ต.อ.", "สมชาย", "ดี"), (Q.TITLE_TWICE,)),
        (("นาง", "นางสาวสมหญิง", "ดี"), Name("นางสาว", "สมหญิง", "ดี"), (Q.TITLES_DIFFER,)),
        (("ผศ.", "ดร.สมชาย", "ดี"), Name("ผศ.ดร.", "สมชาย", "ดี"), (Q.TITLES_DIFFER,)),
        (("นาย", "สมชาย ใจดี", "ใจดี"), Name("นาย", "สมชาย", "ใจดี"), (Q.LAST_NAME_TWICE,)),
        (("นาย", "สมชาย ใจดี", ""), Name("นาย", "สมชาย", "ใจดี"), (Q.LAST_NAME_WITHIN,)),
    ],
)
def test_three_fields_are_understood_or_asked_about(typed, name, questions):
    proposal = propose(*typed)
    assert (proposal.name, proposal.questions) == (name, questions)


def test_degrees_and_brackets_behind_a_name_are_kept_apart():
    assert split_full_name("นายพิเชษฐ ทดสอบ, ปร.ด.").degrees == "ปร.ด."
    assert split_full_name("Dr. David Test, Ph.D.").degrees == "Ph.D."
    assert split_full_name("พระมหาวีระ ธมฺมวีโร ป.ธ.๙").degrees == "ป.ธ.๙"
    assert split_full_name("นายสมชาย ทดสอบ (ต้น)").rest == "(ต้น)"
    assert split_full_name("Jack MA").name == Name("", "Jack", "MA")


def test_titles_are_known_alone_and_together():
    assert [is_title(text) for text in ("นาย", "ผศ.ดร.", "Mr", "รศ.(พิเศษ) ดร.", "ว่าที่ร้อยตรีหญิง")] == [True] * 5
    assert [is_title(text) for text in ("", "ว่าที่", "สมชาย", "นายก")] == [False] * 4
    assert {title.kind for title in TITLES if is_monks_title(title.full)} == {TitleKind.MONK}
    assert [title.full for title in TITLES if title.kind is TitleKind.MONK and not is_monks_title(title.full)] == []


def test_a_dash_says_that_there_is_no_family_name():
    assert [means_no_last_name(text) for text in ("-", "–", ".", "ไม่มี", "ไม่มีนามสกุล", "N/A")] == [True] * 6
    assert [means_no_last_name(text) for text in ("", "ดี", "Na", "-ดี")] == [False] * 4


def test_titles_are_written_as_the_office_does():
    assert [written_out(title) for title in ("นส", "ดร", "พ.ต.ท", "ว่าที่ ร้อยตรี", "ว่าที่ ร.ต.", "นาย")] == [
        "นางสาว", "ดร.", "พ.ต.ท.", "ว่าที่ร้อยตรี", "ว่าที่ ร.ต.", "นาย",
    ]  # fmt: skip


def test_one_name_has_one_key_however_it_is_spaced_and_toned():
    assert match_key("สมชาย", "ใจดี") == match_key("สม ชาย", "ใจ่ดี") == match_key("สมชายใจดี", "")
    assert match_key("José", "O'Brien") == match_key("jose", "OBrien")
    assert match_key("สมชาย", "ใจดี") != match_key("สมชาย", "ใจดำ")


def letters(text: str) -> Counter[str]:
    return Counter(c for c in text if unicodedata.category(c)[0] in "LMN")


THAI = "".join(chr(code) for code in range(0x0E01, 0x0E5B) if unicodedata.category(chr(code)) != "Cn")
WORDS = st.text(st.sampled_from(THAI + "abAB.,()- "), min_size=1, max_size=12)
SPELLINGS = st.sampled_from(sorted({text for title in TITLES for text in title.spellings}))


@given(st.lists(st.one_of(WORDS, SPELLINGS), min_size=1, max_size=6), st.sampled_from(["", " "]))
def test_no_letter_of_a_whole_name_is_lost(pieces, between):
    text = clean_text(between.join(pieces))
    proposal = split_full_name(text)
    name = proposal.name
    lost = letters(text) - letters(f"{name.title}{name.first}{name.last}{proposal.degrees}{proposal.rest}")
    asked = {Q.TITLE_TWICE, Q.TITLES_DIFFER, Q.LAST_NAME_TWICE} & set(proposal.questions)
    assert not lost or asked or proposal.no_last_name


@given(WORDS.map(clean_text), WORDS.map(clean_text), WORDS.map(clean_text))
def test_no_letter_of_three_fields_is_lost_without_a_question(title, first, last):
    proposal = propose(title, first, last)
    name = proposal.name
    lost = letters(f"{title}{first}{last}") - letters(f"{name.title}{name.first}{name.last}{proposal.degrees}{proposal.rest}")
    assert not lost or proposal.questions or proposal.no_last_name


@given(st.lists(st.one_of(WORDS, SPELLINGS), min_size=1, max_size=6), st.sampled_from(["", " "]))
def test_no_letter_of_a_name_in_one_field_is_lost(pieces, between):
    text = clean_text(between.join(pieces))
    assert not letters(text) - letters(in_one_field(text)) or split_full_name(text).no_last_name
    assert in_one_field(in_one_field(text)) == in_one_field(text)


@pytest.mark.parametrize("title", sorted({text for title in TITLES for text in title.spellings} - {"ว่าที่", "Acting"}))
def test_every_title_comes_off_a_name(title):
    between = " " if title.isascii() else ""
    for name in ("สมมุติ ทดสอบดี", "เพ็ญ ทดสอบดี", "อรทัย ทดสอบดี"):
        proposal = split_full_name(f"{title}{between}{name}")
        assert (proposal.name.title, f"{proposal.name.first} {proposal.name.last}") == (written_out(title), name)
