import re
from pathlib import Path

import pytest
from django.template import Context, Template

from sessions.line_breaks import keep_together, pieces, words
from tests.effort import effort

TEMPLATES = Path(__file__).parents[2] / "templates"


def unbroken(html):
    return keep_together(html).replace('<span class="nb">', "[").replace("</span>", "]")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ลงทะเบียนแล้ว", "[ลงทะเบียน]แล้ว"),
        ("เชิงพื้นที่", "[เชิงพื้นที่]"),
        ("วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕", "[วันศุกร์ที่ ๑๘ กุมภาพันธ์] ๒๕๖๕"),
        ("๐๙.๐๐ – ๑๒.๐๐ น.", "[๐๙.๐๐ – ๑๒.๐๐ น.]"),
        ("เหลือ ๑,๙๗๕ ที่นั่ง", "เหลือ [๑,๙๗๕ ที่นั่ง]"),
        ("ครั้งที่ ๑ และอื่น ๆ", "[ครั้งที่ ๑] และ[อื่น ๆ]"),
        ("Registration opens on Monday", "Registration opens on Monday"),
    ],
)
def test_a_line_divides_no_word_date_hour_or_count(text, kept):
    assert unbroken(text) == kept


def test_the_longest_word_is_kept():
    assert unbroken("สำนักงานจังหวัดน่าน") == "[สำนักงานจังหวัด]น่าน"


def test_what_is_not_set_in_lines_stays_as_it_is():
    html = '<title>ลงทะเบียน</title><option value="ลงทะเบียน">ลงทะเบียน</option><script>"ลงทะเบียน"</script><textarea>ลงทะเบียน</textarea>'
    assert keep_together(html) == html
    assert unbroken('<a title="ลงทะเบียน">ลงทะเบียน</a><br>ลงทะเบียน') == '<a title="ลงทะเบียน">[ลงทะเบียน]</a><br>[ลงทะเบียน]'


def test_options_without_their_ends_stay_as_they_are_and_cost_little():
    page = "<select>" + "<option value=1>เชิงพื้นที่" * 5_000 + "</select>"
    with effort() as spent:
        assert keep_together(page) == page
    assert spent.units < 5


def test_words_are_written_once_and_have_no_blanks():
    assert len(words()) == len(set(words()))
    assert [word for word in words() if word.split() != [word]] == []


def test_a_template_keeps_words_together_and_escapes():
    page = Template("{% load look %}{{ typed|nb }} {% nb %}<p>{{ typed }}</p>{% endnb %}").render(Context({"typed": "<b>ลงทะเบียน"}))
    assert page == '&lt;b&gt;<span class="nb">ลงทะเบียน</span> <p>&lt;b&gt;<span class="nb">ลงทะเบียน</span></p>'


def test_an_icon_is_drawn_and_says_nothing():
    page = Template('{% load look %}{% icon "calendar" %}').render(Context())
    assert page.startswith('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><rect ')


def test_names_are_kept_whole_on_paper_where_they_stand_alone():
    found = pieces("ได้แก่ นนทบุรี, เลย และทะเลยาว", ("นนทบุรี", "เลย"))
    assert [piece for piece, is_kept in found if is_kept] == ["นนทบุรี", "เลย"]
    assert "".join(piece for piece, _is_kept in found) == "ได้แก่ นนทบุรี, เลย และทะเลยาว"


def test_every_page_of_a_participant_keeps_its_words_together():
    """What extends a page that does so already does not do it twice."""
    houses = [*TEMPLATES.glob("*.html"), *(TEMPLATES / "sessions").glob("*.html")]
    for folder in ("participant", "register", "workshop", "invitations", "certificate"):
        houses += (TEMPLATES / "registration" / folder).glob("*.html")
    pages = {page: text for page in houses if re.search(r'extends "base(_plain)?.html"', text := page.read_text())}
    assert len(pages) > 25
    assert [str(page) for page, text in pages.items() if "{% nb %}" not in text] == []
