import pytest

from registration.mail.unlinked import ZERO_WIDTH_SPACE, unlinked


@pytest.mark.parametrize(
    "text",
    [
        "www.evil.example",
        "https://evil.example/path",
        "evil.example",
        "Mr.evil.example",
        "t.co/abc",
        "somebody@evil.example",
        "mailto:somebody",
        "น่าน evil.example ครับ",
    ],
)
def test_what_looks_like_an_address_is_broken_and_reads_as_before(text):
    broken = unlinked(text)
    assert ZERO_WIDTH_SPACE in broken
    assert broken.replace(ZERO_WIDTH_SPACE, "") == text
    assert not any(sign + letter in broken for sign in ".:/@" for letter in "abcdefghijklmnopqrstuvwxyz/")


@pytest.mark.parametrize(
    "text",
    ["IPPD Mr.David", "Asst.Prof.Dr.Malee", "น่าน พช. นางสาวจริงใจ", "กศน./พช.น่าน", "สพป.น่าน เขต 1", "ม.44", "09.30", "U.S. Embassy", ""],
)
def test_names_as_people_write_them_stay_as_they_are(text):
    assert unlinked(text) == text
