"""Who is who: by address, by the exact name, and otherwise never by itself."""

import datetime as dt

import pytest

from registration.attendance.likeness import Likenesses, Named, Reason, is_near, words
from registration.attendance.matching import How, Match, Roster, Seen, bearers_of, known, matched
from tests.effort import effort
from tests.registration.attendance.report_files import at

SOMSRI = Named(1, "สมศรี", "แสนคำ", "somsri@example.org", ("เชียงราย", "พช."))
NARUMON = Named(2, "นฤมล", "จันทร์ดี", "naruemon@example.org", ("น่าน", "พช."))
SOMCHAI = [Named(key, "สมชาย", last, f"s{key}@example.org", (place,)) for key, last, place in
           ((3, "ทดสอบ", "เลย"), (4, "สมมุติ", "ระยอง"), (5, "ตัวอย่าง", "ตาก"))]  # fmt: skip
EVERYBODY = [SOMSRI, NARUMON, *SOMCHAI]


def roster(people=EVERYBODY, presses=None, **more):
    addresses = {person.email: {person.key} for person in people} | more.get("addresses", {})
    names = more.get("names", {})
    return Roster(people, addresses, names, presses or {})


def match(name="", email="", came_at=None, **options):
    return matched([Seen(9, (name,), email, came_at)], roster(**options))[9]


class TestKnown:
    def test_by_the_address_that_was_handed_over_whatever_the_name(self):
        assert match("iPhone", "somsri@example.org") == Match(How.ADDRESS, 1)

    def test_by_an_earlier_address(self):
        assert match("?", "old@example.org", addresses={"old@example.org": {2}}) == Match(How.ADDRESS, 2)

    def test_by_the_exact_name_that_one_alone_bears(self):
        assert match("เชียงราย  พช. นางสมศรี", names={"เชียงราย พช. นางสมศรี": {1}}) == Match(How.NAME, 1)

    @pytest.mark.parametrize("shown", ["พี่ศรี (เชียงราย พช. นางสมศรี)", "เชียงราย พช. นางสมศรี (iPhone)"])
    def test_by_the_original_name_in_brackets(self, shown):
        assert match(shown, names={"เชียงราย พช. นางสมศรี": {1}}) == Match(How.NAME, 1)

    def test_the_address_comes_before_the_name(self):
        names = {"เชียงราย พช. นางสมศรี": {1}}
        assert match("เชียงราย พช. นางสมศรี", "naruemon@example.org", names=names) == Match(How.ADDRESS, 2)

    def test_a_name_that_two_bear_is_nobodys(self):
        assert match("เลย นายสมชาย", names={"เลย นายสมชาย": {3, 4}}).how != How.NAME

    def test_an_address_that_two_had_is_nobodys_whatever_the_name(self):
        two = roster(addresses={"shared@example.org": {1, 2}}, names={"น่าน พช. นฤมล": {2}})
        assert known(bearers_of(Seen(9, ("น่าน พช. นฤมล",), "shared@example.org"), two)) is None


class TestSuggestions:
    def test_the_phone_of_somebody_who_pressed_the_button_a_minute_before(self):
        found = match("iPhone ของสมศรี", came_at=at("08:59"), presses={1: [at("08:58")]})
        assert (found.how, found.person, found.reasons) == (How.SUGGESTED, 1, (Reason.PRESSED, Reason.FIRST_NAME))

    def test_one_letter_else_in_the_name_and_the_address_is_as_sure_as_it_gets(self):
        found = match("น่าน พช นฤมล จันทรดี", "narumon@example.org")
        assert (found.how, found.person, found.is_sure) == (How.SUGGESTED, 2, True)
        assert set(found.reasons) >= {Reason.NEAR_ADDRESS, Reason.PLACE}

    def test_three_of_one_first_name_are_all_named_and_none_proposed(self):
        assert match("somchai สมชาย") == Match(How.UNKNOWN, choices=(3, 4, 5))

    def test_the_place_tells_namesakes_apart_for_who_confirms(self):
        found = match("เลย สมชาย")
        assert (found.how, found.person, found.is_sure) == (How.SUGGESTED, 3, False)

    def test_who_is_here_under_their_own_name_is_not_sure(self):
        seen = [Seen(1, ("x",), "naruemon@example.org"), Seen(2, ("นฤมล จันทร์ดี",), "narumon@example.org")]
        found = matched(seen, roster())
        assert (found[1], found[2].person, found[2].is_sure) == (Match(How.ADDRESS, 2), 2, False)

    @pytest.mark.parametrize("name", ["Galaxy A54", "ห้องประชุม อบจ.", "", "…", "😀"])
    def test_what_is_like_nobody_has_no_suggestion(self, name):
        assert match(name) == Match(How.UNKNOWN)

    def test_who_alone_pressed_and_is_missing_is_suggested_to_a_device(self):
        found = match("Galaxy A54", came_at=at("09:01"), presses={1: [at("09:00")]})
        assert (found.person, found.reasons, found.is_sure) == (1, (Reason.PRESSED,), False)
        two = {1: [at("09:00")], 2: [at("09:00")]}
        assert match("Galaxy A54", came_at=at("09:01"), presses=two) == Match(How.UNKNOWN)


NEAR_NAMESAKES = [
    ("สมชาย", "ใจดี", "สมชาย", "ใจดี"), ("สมชาย", "ใจดี", "สมชาย", "ใจดีงาม"), ("สมชาย", "ใจดี", "สมหมาย", "ใจดี"),
    ("สมศรี", "แก้วใส", "สมศรี", "แก้วไส"), ("ปิยะ", "ทองคำ", "ปิยา", "ทองคำ"), ("วรรณา", "สุขดี", "วรรณ", "สุขดี"),
    ("นภา", "ฟ้าใส", "นภา", "ฟ้าไส"), ("กมล", "รักไทย", "กมลา", "รักไทย"), ("ธนา", "มีสุข", "ธนา", "มีสุข"),
    ("อรุณ", "แสงทอง", "อรุณี", "แสงทอง"), ("ชัย", "ชนะ", "ชัย", "ชนะศึก"), ("David", "Smith", "David", "Smyth"),
    ("Ann", "Lee", "Anne", "Lee"), ("John", "Doe", "Jon", "Doe"), ("มาลี", "ดอกไม้", "มาลี", "ดอกไม"),
    ("สุดา", "พรหม", "สุดา", "พรม"), ("วิชัย", "กล้าหาญ", "วิชัย", "กล้าหาน"), ("จันทร์", "เพ็ญ", "จันทร", "เพ็ญ"),
    ("ประเสริฐ", "ยิ่งยง", "ประเสิฐ", "ยิ่งยง"), ("พิมพ์", "งาม", "พิม", "งาม"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "other_first", "other_last"), NEAR_NAMESAKES)
@pytest.mark.parametrize("email", ["", "unknown@mail.example"])
def test_twenty_pairs_of_namesakes_and_none_is_credited_by_itself(first, last, other_first, other_last, email):
    people = [Named(1, first, last, "one@example.org", ("น่าน",)), Named(2, other_first, other_last, "two@example.org", ("น่าน",))]
    names = {"น่าน พช. นาย" + first: {1}, "น่าน พช. นาย" + other_first: {2}}
    if first == other_first:
        names = {"น่าน พช. นาย" + first: {1, 2}}
    known_by_name = []
    for shown in (f"{first} {last}", f"{other_first} {other_last}", f"น่าน {first}", f"นาย{first} {last} น่าน", f"{first}{last}"):
        found = matched([Seen(9, (shown,), email)], Roster(people, {}, names))[9]
        known_by_name += [found] if found.how in (How.ADDRESS, How.NAME) else []
    assert known_by_name == []


class TestLikeness:
    @pytest.mark.parametrize(
        ("one", "other", "near"),
        [
            ("abc", "abc", True),
            ("abc", "abd", True),
            ("abc", "ab", True),
            ("abc", "xabc", True),
            ("abc", "acb", False),
            ("abc", "a", False),
        ],
    )
    def test_one_letter_more_less_or_else(self, one, other, near):
        assert (is_near(one, other), is_near(other, one)) == (near, near)

    def test_titles_are_no_words(self):
        assert words("น่าน พช. นางสาวนฤมล จันทร์ดี") == ["นาน", "พช", "นฤมล", "จันทรดี"]

    def test_a_short_first_name_suggests_nobody(self):
        assert Likenesses([Named(1, "ยง", "ยศ", "a@example.org")]).of("ยง", "") == {}


def test_a_meeting_without_registration_of_two_thousand_is_matched_with_little_work():
    people = [Named(n, f"สมมุติ{n}", f"ทดสอบ{n % 97}", f"person{n}@example.org", ("น่าน",)) for n in range(2_000)]
    seen = [Seen(n, (f"สมมุติ{n} ทดสอบ{n % 97}x",), f"other{n}@example.org", at("09:00") + dt.timedelta(seconds=n)) for n in range(2_000)]
    with effort() as spent:
        found = matched(seen, Roster(people, {}, {}))
    assert spent.units < 50
    assert sum(each.how == How.SUGGESTED and each.person == key for key, each in found.items()) > 1_900
