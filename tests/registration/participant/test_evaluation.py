"""The form of an evaluation on a phone: what it promises, what it keeps, and that it is sent once."""

import re

import pytest
from django.core.cache import cache

from registration.evaluation.actions import drafts
from registration.models import AuditEvent, Delivery, EvaluationUrn, Event
from tests.factories import make_participant
from tests.registration.evaluation.answering import CLOSES, EVENING, OPENS, STAFF, fresh, make_answer, make_evaluation, take
from tests.visitors import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The evening on which it is open."""
    cache.clear()

    def set_to(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    set_to(EVENING)
    return set_to


@pytest.fixture
def evaluation():
    return make_evaluation()


@pytest.fixture
def person(evaluation):
    return make_participant(evaluation.workshop)


def words_of(response) -> str:
    """As they are read: what keeps words in one line is left out."""
    page = re.sub(r'<span class="nb">([^<]*)</span>', r"\1", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def path(person, evaluation) -> str:
    return f"/p/{person.code}/evaluation/{evaluation.pk}/"


def filled(evaluation, **changes) -> dict[str, str]:
    """What a browser sends of a form with 4 for every statement."""
    answer = make_answer(evaluation, 4, words=["ดีมาก", "", "เพิ่มเวลา"])
    sent = {"revision": str(evaluation.revision)}
    for key, tick in answer.ticks.items():
        pairs = zip(("before", "after"), tick, strict=True) if isinstance(tick, list) else []
        sent |= {f"q{key}_{side}": str(level) for side, level in pairs} or {f"q{key}": str(tick)}
    return sent | {f"q{key}": text for key, text in answer.texts.items()} | changes


@pytest.fixture
def visitor(person):
    visitor = Browser()
    visitor.open_page_of(person)
    return visitor


class TestTheWayThere:
    def test_from_the_end_of_the_day_it_stands_on_the_personal_page(self, visitor, person, evaluation, clock):
        assert "ตอบแบบประเมิน" in words_of(visitor.get(f"/p/{person.code}/"))
        clock(OPENS.replace(hour=1))
        assert "ตอบแบบประเมิน" not in words_of(visitor.get(f"/p/{person.code}/"))

    def test_the_code_on_the_last_slide_leads_who_has_opened_their_page_here_straight_to_the_form(self, visitor, person, evaluation):
        response = visitor.get(f"/w/{evaluation.workshop.slug}/evaluation/")
        assert (response.status_code, response["Location"]) == (302, path(person, evaluation))

    def test_it_tells_everybody_else_the_way_and_nothing_about_anybody(self, person, evaluation):
        response = Browser().get(f"/w/{evaluation.workshop.slug}/evaluation/")
        assert response.status_code == 200
        assert f"/w/{evaluation.workshop.slug}/my-link/" in response.content.decode()
        assert person.code not in response.content.decode()

    def test_the_link_in_the_mail_leads_to_it(self, person, evaluation):
        response = Browser().open_page_of(person, rest=f"evaluation/{evaluation.pk}/")
        assert response.redirect_chain[-1][0] == path(person, evaluation)

    def test_of_another_workshop_there_is_none(self, visitor, person):
        assert visitor.get(path(person, make_evaluation())).status_code == 404

    def test_one_that_is_being_written_is_nobodys(self, visitor, person, evaluation):
        draft = make_evaluation(evaluation.workshop, is_open=False)
        assert visitor.get(path(person, draft)).status_code == 404

    def test_when_it_is_over_it_says_so(self, visitor, person, evaluation, clock):
        clock(CLOSES)
        response = visitor.get(path(person, evaluation))
        assert (response.status_code, "ปิดแล้ว" in words_of(response)) == (200, True)


class TestTheForm:
    def test_it_answers_the_four_things_that_people_ask(self, visitor, person, evaluation):
        shown = words_of(visitor.get(path(person, evaluation)))
        asked = ["ไม่ระบุชื่อผู้ตอบจริงหรือไม่", "แก้ไขคำตอบได้หรือไม่", "ผู้ใดเห็นคำตอบ", "นำไปใช้อย่างไร"]
        assert [words for words in asked if words not in shown] == []

    def test_every_part_is_asked_in_the_readers_language(self, visitor, person, evaluation):
        assert "เนื้อหาครบถ้วน เข้าใจง่าย" in words_of(visitor.get(path(person, evaluation)))
        shown = words_of(visitor.get(f"/en{path(person, evaluation)}"))
        assert [words for words in ("Part 2: Opinion", "The speakers explained clearly", "Very high") if words not in shown] == []

    def test_an_answer_goes_into_the_urn_and_thanks_come_back(self, visitor, person, evaluation):
        response = visitor.post(path(person, evaluation), filled(evaluation))
        assert (response.status_code, response["Location"]) == (302, path(person, evaluation))
        assert "ได้รับคำตอบของท่านแล้ว" in words_of(visitor.get(path(person, evaluation)))
        urn = EvaluationUrn.objects.get()
        assert (urn.answers, sorted(urn.texts.values())) == (1, [["ดีมาก"], ["เพิ่มเวลา"]])

    def test_it_leaves_no_trace_elsewhere(self, visitor, person, evaluation):
        def traces():
            return [model.objects.count() for model in (Event, AuditEvent, Delivery)]

        before = traces()
        visitor.post(path(person, evaluation), filled(evaluation))
        assert traces() == before

    def test_sent_twice_it_is_one_answer(self, visitor, person, evaluation):
        for _n in range(2):
            visitor.post(path(person, evaluation), filled(evaluation))
        assert EvaluationUrn.objects.get().answers == 1

    def test_what_is_missing_is_said_and_what_was_ticked_and_written_is_kept(self, visitor, person, evaluation):
        sent = filled(evaluation)
        missing = next(name for name in sent if name.endswith("_before"))
        del sent[missing]
        response = visitor.post(path(person, evaluation), sent)
        page = response.content.decode()
        assert (response.status_code, EvaluationUrn.objects.get().answers) == (200, 0)
        assert f'href="#id_{missing}_0"' in page and f'id="id_{missing}_0"' in page
        assert page.count(" checked") + page.count("checked>") >= len(sent) - 4
        assert "ดีมาก" in page

    @pytest.mark.parametrize("value", ["0", "6", "x", "-1", "4.5", "٤", "4; DROP TABLE"])
    def test_a_level_that_is_none_is_refused(self, visitor, person, evaluation, value):
        sent = filled(evaluation)
        name = next(name for name in sent if re.fullmatch(r"q\d+", name) and sent[name] == "4")
        response = visitor.post(path(person, evaluation), sent | {name: value})
        assert (response.status_code, EvaluationUrn.objects.get().answers) == (200, 0)

    def test_a_text_that_is_too_long_is_refused_and_not_cut(self, visitor, person, evaluation):
        sent = filled(evaluation)
        name = next(name for name, text in sent.items() if text == "ดีมาก")
        response = visitor.post(path(person, evaluation), sent | {name: "ก" * 1001})
        assert (response.status_code, EvaluationUrn.objects.get().answers) == (200, 0)

    def test_a_form_that_was_changed_meanwhile_is_shown_anew_with_what_was_ticked(self, visitor, person, evaluation):
        sent = filled(evaluation)
        drafts.remove_question(question=evaluation.sections.all()[1].questions.all()[0], by=STAFF)
        response = visitor.post(path(person, evaluation), sent)
        assert "มีการแก้ไขข้อคำถามระหว่างที่ท่านตอบ" in words_of(response)
        assert f'value="{fresh(evaluation).revision}"' in response.content.decode()
        assert EvaluationUrn.objects.get().answers == 0
        visitor.post(path(person, evaluation), sent | {"revision": str(fresh(evaluation).revision)})
        assert EvaluationUrn.objects.get().answers == 1

    def test_after_it_has_closed_nothing_is_taken(self, visitor, person, evaluation, clock):
        clock(CLOSES)
        assert visitor.post(path(person, evaluation), filled(evaluation)).status_code == 200
        assert EvaluationUrn.objects.get().answers == 0

    def test_who_has_answered_cannot_read_their_answers_again(self, visitor, person, evaluation):
        take(evaluation, person, words=["ลับเฉพาะ"])
        assert "ลับเฉพาะ" not in visitor.get(path(person, evaluation)).content.decode()


def test_the_form_is_read_in_as_many_queries_however_many_questions_it_has(visitor, person, evaluation, django_assert_num_queries):
    with django_assert_num_queries(10):
        visitor.get(path(person, evaluation))
    section = evaluation.sections.all()[1]
    for _n in range(3):
        values = {"kind": "scale", "text_th": "ข้อใหม่", "text_en": "", "options_th": "", "options_en": ""}
        drafts.save_question(section=section, question=None, values=values, by=STAFF)
    with django_assert_num_queries(10):
        visitor.get(path(person, evaluation))
