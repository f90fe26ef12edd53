"""The office's pages of an evaluation, from the template to the file of raw answers."""

import re
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from openpyxl import load_workbook

from registration.evaluation.actions import runs
from registration.models import Evaluation, EvaluationQuestion, EvaluationUrn, Export, OpenAnswer
from tests.factories import make_participant, make_workshop, work_off
from tests.registration.evaluation.answering import CLOSES, EVENING, STAFF, answered, attend, counted, fresh, make_evaluation

pytestmark = pytest.mark.django_db
FRONT = "/admin/registration/evaluation"


@pytest.fixture
def clock(monkeypatch, client):
    """The evening on which it is open; whoever was signed in before is so again."""
    boss = User.objects.create_superuser("boss")

    def set_to(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)
        client.force_login(boss)

    set_to(EVENING)
    return set_to


@pytest.fixture(autouse=True)
def signed_in(clock, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "th"


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_form_is_made_opened_and_closed_by_pages_alone(client):
    workshop = make_workshop(tracks=0)
    response = client.post(f"{FRONT}/{workshop.slug}/", {"day": workshop.days.last().pk})
    evaluation = Evaluation.objects.get()
    assert (response["Location"], evaluation.day) == (f"{FRONT}/one/{evaluation.pk}/", workshop.days.last())
    assert "แบบประเมินการประชุม" in words_of(client.get(f"{FRONT}/{workshop.slug}/"))
    shown = client.get(f"{FRONT}/one/{evaluation.pk}/plan/").content.decode()
    assert 'value="2027-02-25T09:45"' in shown, "a quarter of an hour before the last item ends"
    client.post(f"{FRONT}/one/{evaluation.pk}/plan/", {"opens_at": "2027-02-25T09:45", "closes_at": "2027-03-04T23:59"})
    assert fresh(evaluation).state_at(EVENING) == "open"
    client.post(f"{FRONT}/one/{evaluation.pk}/end/", {"close": ""})
    assert fresh(evaluation).state_at(EVENING) == "closed"


def test_times_that_somebody_set_meanwhile_are_not_overwritten_unseen(client):
    evaluation = make_evaluation(is_open=False)
    page = f"{FRONT}/one/{evaluation.pk}/plan/"
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(page).content.decode())[1]
    runs.plan(evaluation=evaluation, opens_at=EVENING, closes_at=CLOSES, by=STAFF)
    late = {"opens_at": "2027-02-25T09:45", "closes_at": "2027-03-01T12:00", "seen": seen}
    assert "มีผู้แก้ไข" in words_of(client.post(page, late, follow=True))
    assert fresh(evaluation).closes_at == CLOSES


def test_it_has_to_close_after_it_opens(client):
    evaluation = make_evaluation(is_open=False)
    response = client.post(f"{FRONT}/one/{evaluation.pk}/plan/", {"opens_at": "2027-02-25T09:45", "closes_at": "2027-02-25T09:45"})
    assert "เวลาปิดต้องอยู่หลังเวลาเปิด" in words_of(response)
    assert fresh(evaluation).opens_at is None


def test_questions_are_written_moved_and_removed(client):
    evaluation = make_evaluation()
    section = evaluation.sections.all()[1]
    new = f"{FRONT}/one/{evaluation.pk}/section/{section.pk}/question/0/"
    assert client.post(new, {"kind": "scale", "text_th": "ข้อใหม่"}).status_code == 302
    question = EvaluationQuestion.objects.get(text_th="ข้อใหม่")
    client.post(f"{FRONT}/one/{evaluation.pk}/up/question/{question.pk}/")
    assert list(section.questions.values_list("text_th", flat=True))[1] == "ข้อใหม่"
    assert "ข้อใหม่" in words_of(client.get(f"{FRONT}/one/{evaluation.pk}/remove/question/{question.pk}/"))
    client.post(f"{FRONT}/one/{evaluation.pk}/remove/question/{question.pk}/")
    assert not EvaluationQuestion.objects.filter(pk=question.pk).exists()
    client.post(f"{FRONT}/one/{evaluation.pk}/section/0/", {"part": "2", "title_th": "หัวข้อใหม่"})
    assert [str(each) for each in fresh(evaluation).sections.filter(part=2)][-1] == "หัวข้อใหม่"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "choice", "text_th": "ข้อ", "options_th": "ใช่"}, "โปรดระบุตัวเลือกอย่างน้อย ๒ ข้อ"),
        ({"kind": "choice", "text_th": "ข้อ", "options_th": "ใช่\nใช่"}, "มีตัวเลือกซ้ำกัน"),
        ({"kind": "choice", "text_th": "ข้อ", "options_th": "ใช่\nไม่", "options_en": "yes"}, "ให้ครบเท่าภาษาไทย"),
        ({"kind": "scale", "text_th": "ข้อ", "options_th": "ใช่\nไม่"}, "เฉพาะชนิด “เลือก ๑ ข้อ” จึงมีตัวเลือก"),
        ({"kind": "nonsense", "text_th": "ข้อ"}, "nonsense"),
        ({"kind": "scale", "text_th": ""}, "เพิ่มข้อคำถาม"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_in_words(client, given, words):
    evaluation = make_evaluation()
    section = evaluation.sections.all()[1]
    before = EvaluationQuestion.objects.count()
    response = client.post(f"{FRONT}/one/{evaluation.pk}/section/{section.pk}/question/0/", given)
    assert (response.status_code, EvaluationQuestion.objects.count()) == (200, before)
    assert words in words_of(response)


def test_once_somebody_has_answered_the_form_offers_no_change_and_takes_none(client):
    evaluation = make_evaluation()
    answered(evaluation, 1)
    section = evaluation.sections.all()[1]
    page = client.get(f"{FRONT}/one/{evaluation.pk}/").content.decode()
    assert f"/section/{section.pk}/" not in page
    client.post(f"{FRONT}/one/{evaluation.pk}/section/{section.pk}/", {"part": "2", "title_th": "อื่น"})
    client.post(f"{FRONT}/one/{evaluation.pk}/end/", {"withdraw": ""})
    client.post(f"{FRONT}/one/{evaluation.pk}/end/", {"discard": ""})
    assert (str(fresh(evaluation).sections.all()[1]), fresh(evaluation).state_at(EVENING)) == (str(section), "open")


def test_while_it_is_open_one_sees_how_many_answered_and_nothing_else(client):
    evaluation = make_evaluation()
    answered(evaluation, 6, words=["ลับเฉพาะ"])
    pages = ["", "results/", "words/", "count/", "preview/", "mail/"]
    shown = {page: client.get(f"{FRONT}/one/{evaluation.pk}/{page}").content.decode() for page in pages}
    assert "๖ คำตอบ" in shown[""]
    assert [page for page, content in shown.items() if "ลับเฉพาะ" in content or "4.00" in content] == []


def test_the_one_mail_looks_ahead_and_is_sent_once(client):
    evaluation = make_evaluation()
    for _n in range(2):
        attend(make_participant(evaluation.workshop), evaluation.workshop.days.first())
    assert "ผู้เข้าร่วม ๒ คนจะได้รับอีเมล" in words_of(client.get(f"{FRONT}/one/{evaluation.pk}/mail/"))
    client.post(f"{FRONT}/one/{evaluation.pk}/mail/")
    assert "ส่งแล้วเมื่อ" in words_of(client.get(f"{FRONT}/one/{evaluation.pk}/mail/"))


def test_it_is_counted_by_a_deliberate_step_and_results_are_told(client, clock):
    evaluation = make_evaluation()
    answered(evaluation, 6, "55", level=5, words=["น่าสนใจ"])
    answered(evaluation, 3, "10", level=4)
    clock(CLOSES)
    client.post(f"{FRONT}/one/{evaluation.pk}/count/")
    assert fresh(evaluation).counted_at is None, "nothing was ticked"
    client.post(f"{FRONT}/one/{evaluation.pk}/count/", {"sure": "on"})
    shown = words_of(client.get(f"{FRONT}/one/{evaluation.pk}/results/"))
    assert "๙ คำตอบ" in shown and "๔.๖๗" in shown and "มากที่สุด" in shown and "๖๖.๖๗ %" in shown
    assert "น่าสนใจ" not in shown, "nobody has looked it through"
    assert "ไม่แสดง (ผู้ตอบน้อย)" in shown


def test_open_answers_are_looked_through_before_they_leave(client, clock):
    evaluation = make_evaluation()
    answered(evaluation, 3, words=["ข้อความดี"])
    answered(evaluation, 2, words=["นายสมมุติพูดไม่รู้เรื่อง"])
    evaluation = counted(evaluation)
    clock(CLOSES)
    good = OpenAnswer.objects.filter(text="ข้อความดี").values_list("pk", flat=True)
    client.post(f"{FRONT}/one/{evaluation.pk}/words/", {"answer": [*good, "x", "99999999999999999999"], "to_passed": ""})
    rest = OpenAnswer.objects.exclude(text="ข้อความดี").values_list("pk", flat=True)
    client.post(f"{FRONT}/one/{evaluation.pk}/words/", {"answer": list(rest), "to_held": ""})
    shown = words_of(client.get(f"{FRONT}/one/{evaluation.pk}/results/"))
    assert ("ข้อความดี" in shown, "พูดไม่รู้เรื่อง" in shown) == (True, False)
    assert "พูดไม่รู้เรื่อง" in words_of(client.get(f"{FRONT}/one/{evaluation.pk}/words/?verdict=held"))


def test_raw_answers_come_in_random_order_without_places_people_or_what_was_held_back(client, clock, settings, tmp_path):
    evaluation = make_evaluation()
    for level in (1, 2, 3, 4, 5):
        answered(evaluation, 1, level=level, words=[f"ข้อความ{level}"])
    evaluation = counted(evaluation)
    clock(CLOSES)
    runs.judge(
        answers=list(OpenAnswer.objects.filter(text="ข้อความ5").values_list("pk", flat=True)), evaluation=evaluation,
        verdict=OpenAnswer.Verdict.PASSED, by=STAFF,
    )  # fmt: skip
    assert client.post(f"{FRONT}/one/{evaluation.pk}/answers/").status_code == 302
    work_off()
    export = Export.objects.get()
    book = load_workbook(BytesIO(b"".join(client.post(f"/admin/registration/export/{export.pk}/file/").streaming_content)))
    figures, ticks, words = book.worksheets
    rows = [row[1:] for row in ticks.iter_rows(min_row=2, values_only=True)]
    assert sorted(row[0] for row in rows) == [1, 2, 3, 4, 5]
    assert [row for row in words.iter_rows(min_row=2, values_only=True)] == [("สิ่งที่ท่านประทับใจ", "ข้อความ5")]
    everything = str([list(sheet.values) for sheet in book.worksheets])
    assert [word for word in ("น่าน", "สมมุติ", "example.org", "สำนักงานจังหวัด") if word in everything] == []
    assert figures.cell(2, 4).value == 3 and figures.cell(2, 5).value == 1.58
    assert (export.kind, export.people) == ("answers", 5)


def test_of_fewer_than_five_answers_there_is_no_file(client, clock):
    evaluation = make_evaluation()
    answered(evaluation, 4)
    evaluation = counted(evaluation)
    clock(CLOSES)
    client.post(f"{FRONT}/one/{evaluation.pk}/answers/")
    assert not Export.objects.exists()
    assert "มีผู้ตอบน้อยกว่า ๕ คน จึงไม่แสดงผล" in words_of(client.get(f"{FRONT}/one/{evaluation.pk}/results/"))


def test_the_list_takes_as_many_queries_with_one_as_with_three(client, django_assert_num_queries):
    workshop = make_workshop(tracks=0)
    for _n in range(2):
        make_evaluation(workshop)
        client.get(f"{FRONT}/{workshop.slug}/")
        with django_assert_num_queries(QUERIES_OF_LIST):
            client.get(f"{FRONT}/{workshop.slug}/")
        make_evaluation(workshop)
    assert EvaluationUrn.objects.count() == 4


QUERIES_OF_LIST = 10
