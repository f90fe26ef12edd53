"""Telephone numbers as people write them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from registration.people import phones
from registration.people.phones import Phone, PhoneFault, numbers_in, parse, readable


@pytest.mark.parametrize(
    ("typed", "number", "extension"),
    [
        ("0812345678", "+66812345678", ""),
        ("081-234-5678", "+66812345678", ""),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "+66812345678", ""),
        ("+66 81 234 5678", "+66812345678", ""),
        ("+66 (0)81 234 5678", "+66812345678", ""),
        ("0066812345678", "+66812345678", ""),
        ("812345678", "+66812345678", ""),
        ("โทร. 0812345678", "+66812345678", ""),
        ("Tel: 053-123-456", "+6653123456", ""),
        ("02 280 1234 ต่อ 6414", "+6622801234", "6414"),
        ("๐๒ ๒๘๐ ๑๒๓๔ ต่อ ๖๔๑๔", "+6622801234", "6414"),
        ("022801234ต่อ6414", "+6622801234", "6414"),
        ("(02) 280-1234 #12", "+6622801234", "12"),
        ("02 280 1234 ext. 7", "+6622801234", "7"),
        ("02 280 1234 กด 0", "+6622801234", "0"),
        ("+1 202 555 0143", "+12025550143", ""),
        ("02-280-1234 ต่อ 6414-5", "+6622801234", "6414-5"),
        ("02-280-1234 ต่อ 12, 13", "+6622801234", "12,13"),
        ("0812345678 (มือถือ)", "+66812345678", ""),
        ("081 234 5678 มือถือ", "+66812345678", ""),
        ("เบอร์มือถือ: 081 234 5678", "+66812345678", ""),
        ("'0812345678", "+66812345678", ""),
    ],
)
def test_a_number_is_understood(typed, number, extension):
    assert parse(typed) == Phone(number, extension)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "หมายเลขโทรศัพท์ต้องเป็นตัวเลข เช่น 08x xxx xxxx โปรดแก้ไขหมายเลข"),
        ("ไม่มี", "หมายเลขโทรศัพท์ต้องเป็นตัวเลข เช่น 08x xxx xxxx โปรดแก้ไขหมายเลข"),
        ("08O2345678", "หมายเลขโทรศัพท์ต้องเป็นตัวเลข เช่น 08x xxx xxxx โปรดแก้ไขหมายเลข"),
        ("0812345678, 0898765432", "โปรดระบุหมายเลขเดียวที่ติดต่อท่านได้สะดวกที่สุด"),
        ("081-234-5678/9", "โปรดระบุหมายเลขเดียวที่ติดต่อท่านได้สะดวกที่สุด"),
        ("0812345678 หรือ 0898765432", "โปรดระบุหมายเลขเดียวที่ติดต่อท่านได้สะดวกที่สุด"),
        ("02 280 1234 ต่อ", "โปรดกรอกหมายเลขต่อเป็นตัวเลข เช่น 02 xxx xxxx ต่อ 123"),
        ("02 280 1234 ต่อ 12345678901", "โปรดกรอกหมายเลขต่อเป็นตัวเลข เช่น 02 xxx xxxx ต่อ 123"),
        ("+1 123", "ไม่พบหมายเลขรูปแบบนี้ในประเทศดังกล่าว โปรดตรวจสอบรหัสประเทศและตัวเลขอีกครั้ง"),
    ],
)
def test_what_cannot_be_called_is_refused_with_what_to_do(typed, words):
    with pytest.raises(PhoneFault) as fault:
        parse(typed)
    assert str(fault.value) == words


@pytest.mark.parametrize(
    ("cell", "found", "rest"),
    [
        ("", [], ""),
        ("02-280-1234 ต่อ 6414-5 มือถือ 081-234-5678", [("+66812345678", ""), ("+6622801234", "6414-5")], "มือถือ"),
        ("0812345678, 0898765432", [("+66812345678", ""), ("+66898765432", "")], ""),
        ("0812345678 0898765432", [("+66812345678", ""), ("+66898765432", "")], ""),
        ("081-234-5678/089-876-5432", [("+66812345678", ""), ("+66898765432", "")], ""),
        ("๐๘๑ ๒๓๔ ๕๖๗๘ (คุณสมมุติ)", [("+66812345678", "")], "(คุณสมมุติ)"),
        ("02 280 1234-5", [("+6622801234", "")], "-5"),
        ("0812345678 (มือถือ)", [("+66812345678", "")], ""),
        ("812345678", [("+66812345678", "")], ""),
        ("เลขที่ 12/3 หมู่ 4", [], "เลขที่ 12/3 หมู่ 4"),
    ],
)
def test_all_numbers_of_a_cell_are_found_and_the_rest_is_kept(cell, found, rest):
    assert numbers_in(cell) == ([Phone(*phone) for phone in found], rest)


@pytest.mark.parametrize(("typed", "count"), [("081234567", "๙"), ("08123456789", "๑๑"), ("1111", "๔")])
def test_a_wrong_number_of_digits_is_told(typed, count):
    with pytest.raises(PhoneFault) as fault:
        parse(typed)
    assert str(fault.value).startswith(f"หมายเลขนี้มี {count} หลัก")


@given(st.text(alphabet="0123456789๐๑๒+-().#xext ต่อกด,/", max_size=30))
def test_whatever_is_typed_is_a_number_or_a_fault(text):
    try:
        phone = parse(text)
    except PhoneFault:
        return
    assert parse(readable(phone.number, phone.extension)) == phone
    assert len(phone.number) <= 20 and len(phone.extension) <= 10


@pytest.mark.parametrize("first", range(100))
def test_a_mobile_number_is_shown_as_the_numbering_plan_has_it(first):
    """The short way of nearly all numbers agrees with the library, whatever digits it begins with."""
    number = f"+66{first:02}1234567"
    assert readable(number) == phones._readable(number)


def test_a_kept_number_is_shown_as_people_write_it():
    assert readable("+66812345678") == "081 234 5678"
    assert readable("+6622801234", "6414") == "02 280 1234 ต่อ 6414"
    with translation.override("en"):
        assert readable("+6622801234", "6414") == "02 280 1234 ext. 6414"
    assert readable("+12025550143") == "+1 202-555-0143"
    assert readable("unknown") == "unknown"
