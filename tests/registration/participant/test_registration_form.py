"""What the registration form understands, and what it says where it does not."""

from uuid import UUID

import pytest
from django.http import QueryDict
from django.utils import translation

from registration.forms.registration import RegistrationForm
from registration.models import Quota
from registration.people.registration_options import RegistrationOptions
from sessions.models import WorkshopDay
from sessions.thai import thai_digits
from tests.factories import make_answers, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


def sent(workshop, **changes) -> RegistrationForm:
    """The form as somebody sent it, their answers changed by `changes`."""
    data = QueryDict(mutable=True)
    for name, value in make_answers(workshop, **changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return RegistrationForm(data, options=RegistrationOptions(workshop, data.get("province", "")))


def faults(form) -> dict[str, list[str]]:
    return {name: list(messages) for name, messages in form.errors.items()}


def test_a_right_form_has_everything_that_registering_needs(workshop):
    form = sent(workshop, email="Somchai@Example.ORG", phone="๐๒ ๒๘๐ ๑๒๓๔ ต่อ ๖๔")
    assert faults(form) == {}
    person = form.person()
    assert (person.title, person.first_name, person.last_name) == ("นาย", "สมมุติ", "ทดสอบดี")
    assert (person.email, person.phone, person.phone_extension) == ("somchai@example.org", "+6622801234", "64")
    assert (form.seats, form.chosen_group.code) == (seats_of(workshop), "4.1.1")
    assert form.cleaned_data["days"] == list(workshop.days.all())
    assert form.cleaned_data["tracks"] == [tracks_of(workshop)[0]]


def test_an_empty_form_says_everything_that_is_missing_at_its_place_in_the_order_of_the_page(workshop):
    workshop.groups.create(code="4.1.2", name_th="หน่วยงานส่วนภูมิภาค")
    form = RegistrationForm(QueryDict("province=55"), options=RegistrationOptions(workshop, "55"))
    block = tracks_of(workshop)[0].item_id
    assert [(fault.anchor, fault.message) for fault in form.faults()] == [
        ("id_title", "โปรดเลือกคำนำหน้าชื่อ หรือกรอกคำอื่น เช่น ดร."),
        ("id_first_name", "โปรดกรอกชื่อ"),
        ("id_last_name", "โปรดกรอกนามสกุล หรือเลือก “ไม่มีนามสกุล”"),
        ("id_email", "โปรดกรอกอีเมลสำหรับรับลิงก์เข้าประชุม"),
        ("id_phone", "โปรดกรอกหมายเลขโทรศัพท์ เช่น 08x xxx xxxx"),
        ("id_organisation", "โปรดกรอกชื่อหน่วยงานของท่าน"),
        ("id_group_1", "โปรดเลือกกลุ่มเป้าหมายของท่าน"),
        ("id_days_1", "โปรดเลือกวันเข้าร่วมอย่างน้อยหนึ่งวัน"),
    ]
    assert f"track_{block}" not in form.errors


# Where from ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["", "99", "น่าน", "centrale", "5 5", "๕๕"])
def test_a_place_that_is_none_is_asked_for(workshop, code):
    assert faults(sent(workshop, province=code)) == {"province": ["โปรดเลือกจังหวัดของท่าน หรือเลือก “หน่วยงานส่วนกลาง”"]}


def test_the_group_of_central_agencies_need_not_be_chosen(workshop):
    form = sent(workshop, province="central", group=None)
    assert (faults(form), form.chosen_group.code, form.seats.kind) == ({}, "4.2", Quota.Kind.CENTRAL)


@pytest.mark.parametrize(
    ("province", "group", "words"),
    [
        ("55", "4.2", "ท่านเลือกจังหวัด โปรดเลือกกลุ่มของจังหวัด หรือเลือก “หน่วยงานส่วนกลาง” ด้านบน"),
        ("central", "4.1.1", "ท่านเลือก “หน่วยงานส่วนกลาง” โปรดเลือกกลุ่มของหน่วยงานส่วนกลาง หรือเลือกจังหวัดของท่านด้านบน"),
        ("55", "9.9", "โปรดเลือกกลุ่มเป้าหมายของท่าน"),
    ],
)
def test_the_group_must_fit_the_place(workshop, province, group, words):
    assert faults(sent(workshop, province=province, group=group)) == {"group": [words]}


def test_whoever_chose_neither_place_nor_group_is_told_both_at_once(workshop):
    assert faults(sent(workshop, province=None, group=None)) == {
        "province": ["โปรดเลือกจังหวัดของท่าน หรือเลือก “หน่วยงานส่วนกลาง”"],
        "group": ["โปรดเลือกกลุ่มเป้าหมายของท่าน"],
    }


def test_a_full_place_is_told_unless_waiting_was_agreed_to(workshop):
    seats_of(workshop, capacity=0)
    assert faults(sent(workshop)) == {"waitlist_ok": ["ที่นั่งของจังหวัดน่านเต็มแล้ว หากประสงค์เข้ารายชื่อสำรอง โปรดทำเครื่องหมายในช่องนี้"]}
    assert faults(sent(workshop, waitlist_ok="on")) == {}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("10", "ที่นั่งของกรุงเทพมหานครเต็มแล้ว หากประสงค์เข้ารายชื่อสำรอง โปรดทำเครื่องหมายในช่องนี้"),
        ("central", "ที่นั่งของหน่วยงานส่วนกลางเต็มแล้ว หากประสงค์เข้ารายชื่อสำรอง โปรดทำเครื่องหมายในช่องนี้"),
    ],
)
def test_a_full_place_is_named_as_thais_name_it(workshop, code, words):
    seats_of(workshop, code, capacity=0)
    assert faults(sent(workshop, province=code, group="4.2" if code == "central" else "4.1.1")) == {"waitlist_ok": [words]}


# Who -------------------------------------------------------------------------------------------


def test_names_are_cleaned(workshop):
    form = sent(workshop, title=" นาย ", first_name="สม\u200bชาย", last_name=" เเดง  ท\u0e4d\u0e32ดี ")
    assert faults(form) == {}
    assert (form.person().title, form.person().first_name, form.person().last_name) == ("นาย", "สมชาย", "แดง ทำดี")


@pytest.mark.parametrize("name", ["title", "first_name", "last_name", "position", "organisation", "organisation_short", "email"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_nothing_may_begin_like_a_formula(workshop, name, sign):
    assert faults(sent(workshop, **{name: f"{sign}ก"}))[name] == [f"ขึ้นต้นด้วยเครื่องหมาย “{sign}” ไม่ได้ โปรดลบเครื่องหมายนี้"]


@pytest.mark.parametrize("name", ["title", "first_name", "last_name", "position", "organisation", "organisation_short"])
def test_markup_is_refused(workshop, name):
    assert faults(sent(workshop, **{name: "<b>ก</b>"})) == {name: ["ใช้เครื่องหมาย < หรือ > ในช่องนี้ไม่ได้ โปรดลบเครื่องหมายดังกล่าว"]}


@pytest.mark.parametrize(
    ("name", "limit"),
    [("title", 60), ("first_name", 100), ("last_name", 100), ("position", 200), ("organisation", 200), ("organisation_short", 40)],
)
def test_too_long_a_text_is_told_with_its_length(workshop, name, limit):
    assert faults(sent(workshop, **{name: "ก" * limit})) == {}
    words = f"ข้อความนี้ยาว {thai_digits(limit + 1)} ตัวอักษร โปรดย่อให้ไม่เกิน {thai_digits(limit)} ตัวอักษร"
    assert faults(sent(workshop, **{name: "ก" * (limit + 1)})) == {name: [words]}


def test_the_summary_names_the_field_where_the_words_beside_it_need_not(workshop):
    form = sent(workshop, first_name="=1", last_name="ก" * 101)
    assert [(fault.anchor, fault.message) for fault in form.faults()] == [
        ("id_first_name", "ชื่อ: ขึ้นต้นด้วยเครื่องหมาย “=” ไม่ได้ โปรดลบเครื่องหมายนี้"),
        ("id_last_name", "นามสกุล: ข้อความนี้ยาว ๑๐๑ ตัวอักษร โปรดย่อให้ไม่เกิน ๑๐๐ ตัวอักษร"),
    ]
    assert list(form.errors["first_name"]) == ["ขึ้นต้นด้วยเครื่องหมาย “=” ไม่ได้ โปรดลบเครื่องหมายนี้"]


def test_a_text_of_a_million_letters_is_refused_unread(workshop):
    assert faults(sent(workshop, first_name="ก" * 1_000_000)) == {"first_name": ["ข้อความนี้ยาว ๑๐๐๐๐๐๐ ตัวอักษร โปรดย่อให้ไม่เกิน ๑๐๐ ตัวอักษร"]}


@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_a_name_has_letters(workshop, name):
    assert faults(sent(workshop, **{name: "123"})) == {name: ["ชื่อต้องมีตัวอักษร โปรดกรอกชื่อ"]}


def test_what_cannot_be_seen_is_nothing(workshop):
    assert faults(sent(workshop, first_name=" \u200b\u00a0 ")) == {"first_name": ["โปรดกรอกชื่อ"]}


def test_position_and_abbreviation_may_be_empty(workshop):
    form = sent(workshop, position="", organisation="กลุ่มรักน่าน", organisation_short="")
    assert (faults(form), form.person().position, form.person().organisation_short) == ({}, "", "")


def test_a_known_abbreviation_is_filled_in_and_an_own_one_is_kept(workshop):
    assert sent_person(workshop, organisation_short="").organisation_short == "พช."
    assert sent_person(workshop, organisation_short="สพจ.").organisation_short == "สพจ."


def sent_person(workshop, **changes):
    form = sent(workshop, **changes)
    assert faults(form) == {}
    return form.person()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Somchai.J@Example.ORG ", "somchai.j@example.org"),
        ("somchai๑๒@example.org", "somchai12@example.org"),
        ("mailto:somchai@example.org", "somchai@example.org"),
        ("somchai@example.org\u200b", "somchai@example.org"),
    ],
)
def test_an_address_is_understood(workshop, typed, kept):
    assert sent_person(workshop, email=typed).email == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("somchai", "อีเมลยังไม่ครบถ้วน ตัวอย่างเช่น name@example.org โปรดตรวจสอบและแก้ไข"),
        ("somchai@localhost", "อีเมลยังไม่ครบถ้วน ตัวอย่างเช่น name@example.org โปรดตรวจสอบและแก้ไข"),
        ("somchai@example..org", "อีเมลยังไม่ครบถ้วน ตัวอย่างเช่น name@example.org โปรดตรวจสอบและแก้ไข"),
        ("a@example.org, b@example.org", "โปรดกรอกอีเมลเพียงหนึ่งรายการ"),
        ("a@example.org;b", "โปรดกรอกอีเมลเพียงหนึ่งรายการ"),
        ("a@example.org b@example.org", "โปรดกรอกอีเมลเพียงหนึ่งรายการ"),
        ("a@example.org\nBcc: b", "โปรดกรอกอีเมลในบรรทัดเดียว"),
        ("a@example.org\r\nb@example.org", "โปรดกรอกอีเมลในบรรทัดเดียว"),
        ("som chai@example.org", "อีเมลมีช่องว่างอยู่ โปรดลบช่องว่าง"),
        ("สมชาย@example.org", "อีเมลใช้ตัวอักษร “ส” ไม่ได้ โปรดเปลี่ยนแป้นพิมพ์เป็นภาษาอังกฤษ แล้วแก้ไข"),
    ],
)
def test_an_address_to_which_no_mail_can_go_is_refused_with_what_to_do(workshop, typed, words):
    assert faults(sent(workshop, email=typed)) == {"email": [words]}


def test_a_number_that_cannot_be_called_is_refused(workshop):
    assert faults(sent(workshop, phone="ไม่มี")) == {"phone": ["หมายเลขโทรศัพท์ต้องเป็นตัวเลข เช่น 08x xxx xxxx โปรดแก้ไขหมายเลข"]}


@pytest.mark.parametrize("typed", ["+66812345678", "+66 (0)81 234 5678", "+๖๖ ๘๑-๒๓๔-๕๖๗๘"])
def test_a_number_may_begin_with_the_sign_of_a_country(workshop, typed):
    form = sent(workshop, phone=typed)
    assert faults(form) == {}
    assert form.person().phone == "+66812345678"


def test_faults_are_told_in_english_to_who_reads_english(workshop):
    with translation.override("en"):
        form = sent(workshop, email="somchai", phone="none", first_name="")
        assert faults(form) == {
            "first_name": ["Enter the first name."],
            "email": ["This is not a complete e-mail address. It looks like name@example.org."],
            "phone": ["A phone number has digits only, like 08x xxx xxxx. Correct the number."],
        }


# When ------------------------------------------------------------------------------------------


def test_the_topics_of_a_day_that_is_not_chosen_do_not_matter(workshop):
    track = tracks_of(workshop)[0]
    second = workshop.days.last()
    form = sent(workshop, days=[str(second.pk)], **{f"track_{track.item_id}": "nonsense"})
    assert (faults(form), form.cleaned_data["days"], form.cleaned_data["tracks"]) == ({}, [second], [])


@pytest.mark.parametrize("value", ["999999", "x"])
def test_a_topic_that_is_none_is_asked_for_again(workshop, value):
    name = f"track_{tracks_of(workshop)[0].item_id}"
    assert faults(sent(workshop, **{name: value})) == {name: ["โปรดเลือกหัวข้อจากรายการ หรือเลือกภายหลัง"]}


def test_a_topic_can_be_chosen_later(workshop):
    form = sent(workshop, **{f"track_{tracks_of(workshop)[0].item_id}": ""})
    assert (faults(form), form.cleaned_data["tracks"]) == ({}, [])


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({"title": "นางสาว"}, "นางสาว"),
        ({"title": "other", "title_other": "ผศ.ดร."}, "ผศ.ดร."),
        ({"title": "", "title_other": "Dr."}, "Dr."),
        ({"title": "นาย", "title_other": "ดร."}, "นาย"),
    ],
)
def test_a_title_is_pressed_or_typed(workshop, answers, title):
    form = sent(workshop, **answers)
    assert (faults(form), form.cleaned_data["title"]) == ({}, title)


def test_another_title_that_was_not_typed_is_asked_for(workshop):
    assert list(faults(sent(workshop, title="other"))) == ["title"]


def fill(*tracks):
    Quota.objects.filter(track__in=tracks).update(capacity=0)


def test_a_full_topic_leads_to_the_first_that_has_room(workshop):
    first, second = tracks_of(workshop)
    fill(first)
    form = sent(workshop)
    assert [(fault.anchor, fault.message) for fault in form.faults()] == [
        (f"id_track_{first.item_id}_2", "หัวข้อที่ท่านเลือกเต็มแล้ว โปรดเลือกหัวข้ออื่น หรือเลือกภายหลัง")
    ]
    assert faults(sent(workshop, **{f"track_{first.item_id}": str(second.pk)})) == {}


def test_where_all_topics_are_full_none_is_asked_for(workshop):
    first, second = tracks_of(workshop)
    fill(first, second)
    name = f"track_{first.item_id}"
    form = sent(workshop, **{name: ""})
    assert (faults(form), form.cleaned_data["tracks"]) == ({}, [])
    assert [(fault.anchor, fault.message) for fault in sent(workshop).faults()] == [
        (f"field_{name}", "ขณะนี้ทุกหัวข้อเต็มแล้ว ท่านลงทะเบียนโดยไม่เลือกหัวข้อได้")
    ]


def test_a_cancelled_day_is_not_offered(workshop):
    WorkshopDay.objects.filter(pk=workshop.days.first().pk).update(is_cancelled=True)
    form = sent(workshop)
    assert faults(form) == {"days": ["โปรดเลือกวันจากรายการที่แสดง"]}
    assert [choice.day for choice in form.day_choices()] == [workshop.days.last()]


def test_at_first_every_day_is_chosen_and_no_topic(workshop):
    choices = RegistrationForm(options=RegistrationOptions(workshop)).day_choices()
    assert [choice.is_chosen for choice in choices] == [True, True]
    assert [option.is_chosen for option in choices[0].blocks[0].options] == [False, False]


def test_what_was_chosen_is_kept_when_the_form_comes_back(workshop):
    first_day, _second_day = workshop.days.all()
    second = tracks_of(workshop)[1]
    form = sent(workshop, first_name="", days=[str(first_day.pk)], **{f"track_{second.item_id}": str(second.pk)})
    assert list(form.errors) == ["first_name"]
    choices = form.day_choices()
    assert [choice.is_chosen for choice in choices] == [True, False]
    assert [option.is_chosen for option in choices[0].blocks[0].options] == [False, True]


# The page's list of places ---------------------------------------------------------------------


def choices_of(form) -> list[str]:
    return str(form["province"]).replace("</option>", "\n").split("\n")


def test_every_place_says_what_is_left(workshop):
    seats_of(workshop, capacity=3)
    seats_of(workshop, "81", capacity=0)
    Quota.objects.filter(province__code="82").update(capacity=None)
    form = RegistrationForm(options=RegistrationOptions(workshop), initial={"province": "55"})
    lines = choices_of(form)
    assert '<option value="55" selected>น่าน – เหลือ ๓ ที่นั่ง' in lines
    assert '<option value="82">พังงา – ยังมีที่นั่ง' in lines
    assert next(line for line in lines if "กระบี่" in line).endswith('<option value="81">กระบี่ – เต็ม ขอเข้ารายชื่อสำรองได้')
    assert [line for line in lines if "ส่วนกลาง" in line][1].endswith("หน่วยงานส่วนกลาง – เหลือ ๕๐ ที่นั่ง")


def test_a_place_is_also_known_by_the_name_that_people_use(workshop):
    form = RegistrationForm(options=RegistrationOptions(workshop))
    assert '<option value="30">นครราชสีมา (โคราช) – เหลือ ๒๕ ที่นั่ง' in choices_of(form)
    assert '<option value="34">อุบลราชธานี – เหลือ ๒๕ ที่นั่ง' in choices_of(form)
    with translation.override("en"):
        assert '<option value="30">Nakhon Ratchasima (Korat) – 25 seats left' in choices_of(form)


def test_places_stand_in_the_order_of_the_reader_s_language(workshop):
    def names(form):
        return [line.partition('">')[2].partition(" –")[0].partition(" (")[0] for line in choices_of(form) if 'option value="' in line][2:]

    form = RegistrationForm(options=RegistrationOptions(workshop))
    thai = names(form)
    assert (len(thai), thai[1], thai[-1]) == (77, "กรุงเทพมหานคร", "อุบลราชธานี")
    with translation.override("en"):
        assert names(form)[1:] == sorted(names(form)[1:])


# Sent twice ------------------------------------------------------------------------------------


def test_the_submission_comes_with_the_form_and_back(workshop):
    made = RegistrationForm(options=RegistrationOptions(workshop)).submission
    assert sent(workshop, submission=str(made)).submission == made


@pytest.mark.parametrize("value", [None, "", "x", "\x00", "12345678"])
def test_a_form_without_a_submission_gets_a_new_one(workshop, value):
    first, second = sent(workshop, submission=value), sent(workshop, submission=value)
    assert isinstance(first.submission, UUID)
    assert first.submission == first.submission != second.submission


def test_a_quota_that_filled_up_while_registering_is_told_where_it_belongs(workshop):
    form = sent(workshop)
    assert form.is_valid()
    form.say_full(form.cleaned_data["tracks"][0].quota)
    form.say_full(form.seats)
    assert sorted(form.errors) == sorted(["waitlist_ok", f"track_{tracks_of(workshop)[0].item_id}"])


def test_what_is_waiting_is_read_with_the_place(workshop):
    seats_of(workshop, capacity=1)
    for _person in range(3):
        make_participant(workshop)
    assert RegistrationOptions(workshop).seat("55").waiting == 2
    assert sent(workshop).place.waiting == 2
    assert RegistrationOptions(workshop, "55").seat("54") is None


def test_options_are_read_in_three_queries(workshop, django_assert_num_queries):
    with django_assert_num_queries(3):
        options = RegistrationOptions(workshop)
        assert (len(options.seats), len(options.blocks[0].tracks)) == (78, 2)
    with django_assert_num_queries(3):
        assert RegistrationOptions(workshop, "central").seat("central").kind == Quota.Kind.CENTRAL
