"""What is not certain about a name or an address is asked, with the proposal one press away; nothing is changed without it."""

import pytest
from django import forms
from django.http import QueryDict

from registration.forms.fields import EmailField
from registration.forms.person import PersonForm
from registration.forms.questions import AskingForm

GIVEN = {
    "title": "นาง", "first_name": "นางสาวสมหญิง", "last_name": "ทดสอบดี", "organisation": "หน่วยงาน", "email": "a@example.org",
    "phone": "0812345678",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def sent(**changes) -> PersonForm:
    data = QueryDict(mutable=True)
    for name, value in (GIVEN | changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return PersonForm(data)


def question_about(**changes):
    form = sent(**changes)
    form.is_valid()
    return form.name_question


def name_of(form: PersonForm) -> tuple[str, str, str]:
    assert form.is_valid(), form.errors
    person = form.person()
    return person.title, person.first_name, person.last_name


class TestNames:
    def test_a_doubtful_name_is_asked_about_before_anything_is_done(self):
        form = sent()
        assert not form.is_valid()
        question = form.name_question
        assert question.words == "ต้องการใช้ชื่อนี้หรือไม่"
        assert question.proposed == "คำนำหน้า นางสาว · ชื่อ สมหญิง · นามสกุล ทดสอบดี"
        assert form["first_name"].value() == "นางสาวสมหญิง"

    def test_one_press_takes_the_proposal(self):
        question = question_about()
        assert name_of(sent(**{question.name: question.value})) == ("นางสาว", "สมหญิง", "ทดสอบดี")

    def test_the_other_press_keeps_what_was_typed(self):
        form = sent()
        form.is_valid()
        assert name_of(sent(asked=[text for _name, text in form.asked])) == ("นาง", "นางสาวสมหญิง", "ทดสอบดี")

    def test_another_name_is_asked_about_anew(self):
        form = sent()
        form.is_valid()
        assert sent(asked=[text for _name, text in form.asked], first_name="นายสมชาย").is_valid() is False

    @pytest.mark.parametrize("answer", ["{", "[]", '["a"]', "1", "[1, 2, 3, 4]", "x" * 2000, "null"])
    def test_an_answer_that_no_page_gave_changes_nothing(self, answer):
        form = sent(use_name=answer)
        assert not form.is_valid()
        assert form["first_name"].value() == "นางสาวสมหญิง"

    def test_what_a_proposal_leaves_out_is_named(self):
        form = sent(title="นาย", first_name="สมชาย ทดสอบดี ปร.ด.", last_name="")
        form.is_valid()
        assert (form.name_question.left_out, form.errors.get("last_name")) == ("ปร.ด.", None)

    def test_a_form_without_a_doubt_asks_nothing(self):
        assert name_of(sent(title="อ.", first_name="อรทัย")) == ("อ.", "อรทัย", "ทดสอบดี")


class TestNoFamilyName:
    @pytest.mark.parametrize("typed", ["-", "–", ".", "ไม่มี", "ไม่มีนามสกุล"])
    def test_a_dash_says_that_there_is_none(self, typed):
        assert name_of(sent(title="Mr.", first_name="Suharto", last_name=typed)) == ("Mr.", "Suharto", "")

    def test_so_does_the_choice(self):
        assert name_of(sent(title="Mr.", first_name="Suharto", last_name="", no_last_name="on")) == ("Mr.", "Suharto", "")

    def test_people_in_religion_need_not_say_so(self):
        assert name_of(sent(title="พระครู", first_name="สมมุติธรรมคุณ", last_name="")) == ("พระครู", "สมมุติธรรมคุณ", "")

    def test_a_family_name_that_is_merely_missing_is_asked_for(self):
        form = sent(title="Mr.", first_name="Suharto", last_name="")
        assert dict(form.errors) == {"last_name": ["โปรดกรอกนามสกุล หรือเลือก “ไม่มีนามสกุล”"]}

    def test_a_family_name_and_the_choice_contradict_each_other(self):
        form = sent(title="Mr.", first_name="David", last_name="Test", no_last_name="on")
        assert list(form.errors) == ["no_last_name"]


class AddressForm(AskingForm):
    email = EmailField(max_length=254, label="อีเมล")
    other = forms.CharField(required=False)


class TestAddresses:
    def test_a_mistyped_domain_is_asked_about(self):
        form = AddressForm({"email": "somchai@gmial.com"})
        assert not form.is_valid()
        question = form.email_question
        assert (question.words, question.use, question.keep) == (
            "หมายถึง somchai@gmail.com หรือไม่", "ใช้ gmail.com", "ใช้ gmial.com ตามที่กรอก",
        )  # fmt: skip

    def test_one_press_takes_the_right_one_and_one_keeps_the_typed_one(self):
        form = AddressForm({"email": "somchai@gmial.com"})
        form.is_valid()
        taken = AddressForm({"email": "somchai@gmial.com", form.email_question.name: form.email_question.value})
        kept = AddressForm({"email": "somchai@gmial.com", "asked": form.asked[0][1]})
        assert [taken.is_valid(), kept.is_valid()] == [True, True]
        assert [taken.cleaned_data["email"], kept.cleaned_data["email"]] == ["somchai@gmail.com", "somchai@gmial.com"]

    def test_a_row_of_many_has_its_own_answers(self):
        form = AddressForm({"row1-email": "somchai@gmial.com"}, prefix="row1")
        form.is_valid()
        assert form.email_question.name == "row1-use_email"
        assert AddressForm({"row1-email": "x", "row1-use_email": "somchai@gmail.com"}, prefix="row1").is_valid()

    def test_a_form_that_does_not_ask_takes_what_is_typed(self):
        class Silent(AddressForm):
            asks = False

        assert Silent({"email": "somchai@gmial.com"}).is_valid()
