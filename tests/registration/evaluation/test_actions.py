"""Forms that are written until somebody answers; answers once a person; one mail; counted once."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from registration.actor import Actor, ActorKind
from registration.evaluation.actions import drafts, runs
from registration.evaluation.actions.answers import AlreadyAnswered, FormChanged, NotOpen
from registration.evaluation.actions.urns import Frozen
from registration.evaluation.asked import own_evaluations
from registration.evaluation.questions import closed, open_questions
from registration.evaluation.template import TEMPLATE
from registration.models import AttendanceReport, Delivery, Evaluation, EvaluationQuestion, EvaluationUrn, OpenAnswer, Participant
from tests.factories import NOON, make_participant, make_workshop
from tests.registration.evaluation.answering import CLOSES, EVENING, OPENS, STAFF, answered, attend, counted, fresh, make_evaluation, take
from tests.registration.seats.test_concurrency import at_once

pytestmark = pytest.mark.django_db


class TestTheTemplate:
    def test_it_has_three_parts_a_pair_and_is_done_in_two_minutes(self):
        evaluation = make_evaluation()
        kinds = [question.kind for question in closed(evaluation)]
        assert {section.part for section in evaluation.sections.all()} == {1, 2, 3}
        assert kinds.count("pair") == 1
        assert 15 <= len(kinds) + len(open_questions(evaluation)) <= 20

    def test_every_text_is_there_in_both_languages(self):
        texts = [text for part in TEMPLATE for each in (part, *part.questions) for text in vars_of(each)]
        assert [text for text in texts if not text] == []


def vars_of(each):
    named = [each.title_th, each.title_en] if hasattr(each, "title_th") else [each.text_th, each.text_en]
    return [*named, *(word for option in getattr(each, "options", ()) for word in option)]


class TestWriting:
    def test_questions_may_be_written_until_the_first_answer_is_in(self):
        evaluation = make_evaluation()
        section = evaluation.sections.all()[1]
        values = {"kind": "scale", "text_th": "ข้อใหม่", "text_en": "", "options_th": "", "options_en": ""}
        drafts.save_question(section=section, question=None, values=values, by=STAFF)
        assert [str(question) for question in fresh(evaluation).sections.all()[1].questions.all()][-1] == "ข้อใหม่"
        answered(fresh(evaluation), 1)
        for write in (
            lambda: drafts.save_question(section=section, question=None, values=values, by=STAFF),
            lambda: drafts.save_section(evaluation=evaluation, section=section, values={"title_th": "อื่น"}, by=STAFF),
            lambda: drafts.remove_section(section=section, by=STAFF),
            lambda: drafts.remove_question(question=section.questions.all()[0], by=STAFF),
            lambda: drafts.move_up(row=section, by=STAFF),
            lambda: drafts.discard(evaluation=evaluation, by=STAFF),
            lambda: runs.withdraw(evaluation=evaluation, by=STAFF),
        ):
            with pytest.raises(Frozen):
                write()

    def test_a_copy_has_the_same_questions_and_nothing_of_the_answers(self):
        evaluation = make_evaluation()
        answered(evaluation, 1)
        made = fresh(drafts.copy(evaluation=evaluation, day=None, by=STAFF))
        texts = [[(q.kind, q.text_th, q.options_th) for q in closed(each) + open_questions(each)] for each in (evaluation, made)]
        assert texts[0] == texts[1]
        assert (made.state_at(EVENING), EvaluationUrn.objects.get(pk=made.pk).answers) == ("draft", 0)
        assert EvaluationQuestion.objects.filter(section__evaluation=evaluation).count() == len(texts[0])

    def test_a_row_moves_up_by_one_and_the_first_stays(self):
        section = make_evaluation().sections.all()[2]
        first, second, *rest = section.questions.all()
        drafts.move_up(row=second, by=STAFF)
        drafts.move_up(row=second, by=STAFF)
        assert list(section.questions.order_by("number")) == [second, first, *rest]

    def test_who_began_with_an_older_form_is_not_taken_at_their_word(self):
        evaluation = make_evaluation()
        drafts.remove_question(question=evaluation.sections.all()[1].questions.all()[0], by=STAFF)
        with pytest.raises(FormChanged):
            take(evaluation, make_participant(evaluation.workshop))

    def test_a_form_does_not_grow_for_ever(self, monkeypatch):
        monkeypatch.setattr(drafts, "MAX_QUESTIONS", 3)
        section = make_evaluation().sections.all()[1]
        values = {"kind": "scale", "text_th": "x", "text_en": "", "options_th": "", "options_en": ""}
        with pytest.raises(drafts.TooManyQuestions):
            drafts.save_question(section=section, question=None, values=values, by=STAFF)


class TestAnswering:
    def test_once_a_person(self):
        evaluation = make_evaluation()
        person = make_participant(evaluation.workshop)
        take(evaluation, person)
        with pytest.raises(AlreadyAnswered):
            take(evaluation, person, level=1)
        assert EvaluationUrn.objects.get().answers == 1

    @pytest.mark.parametrize(("at", "state"), [(OPENS - dt.timedelta(seconds=1), "planned"), (CLOSES, "closed")])
    def test_not_before_it_opens_and_not_from_the_moment_it_closes(self, at, state):
        evaluation = make_evaluation()
        assert evaluation.state_at(at) == state
        with pytest.raises(NotOpen):
            take(evaluation, make_participant(evaluation.workshop), at=at)

    def test_a_draft_cannot_be_answered(self):
        evaluation = make_evaluation(is_open=False)
        with pytest.raises(NotOpen):
            take(evaluation, make_participant(evaluation.workshop))

    def test_where_nothing_can_be_written_nobody_has_answered(self, monkeypatch):
        evaluation = make_evaluation()
        person = make_participant(evaluation.workshop)
        monkeypatch.setattr("registration.evaluation.actions.answers.cells.added", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take(evaluation, person)
        monkeypatch.undo()
        take(evaluation, person)
        assert EvaluationUrn.objects.get().answers == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_answer_and_two_people_are_two():
    evaluation = make_evaluation()
    one, other = make_participant(evaluation.workshop), make_participant(evaluation.workshop)

    def press(person):
        try:
            take(evaluation, person)
        except AlreadyAnswered:
            return "before"
        return "taken"

    results = at_once(lambda: press(one), lambda: press(one), lambda: press(other))
    assert sorted(results) == ["before", "taken", "taken"]
    urn = EvaluationUrn.objects.get()
    assert (urn.answers, len(urn.roll), len(urn.slips)) == (2, 2, 2)


class TestWhoIsAsked:
    def test_while_a_day_is_not_counted_those_who_are_confirmed_for_it(self):
        evaluation = make_evaluation()
        confirmed, declined = make_participant(evaluation.workshop), make_participant(evaluation.workshop)
        Participant.objects.filter(pk=declined.pk).update(state="declined")
        declined.refresh_from_db()
        assert [own.evaluation for own in own_evaluations(confirmed, EVENING)] == [evaluation]
        assert own_evaluations(declined, EVENING) == []

    def test_once_it_is_counted_those_who_came(self):
        workshop = make_workshop(tracks=0)
        day = workshop.days.first()
        make_evaluation(workshop, day=day)
        came, missed = make_participant(workshop), make_participant(workshop)
        attend(came, day)
        AttendanceReport.objects.create(workshop=workshop, name="x", digest="x", uploaded_at=NOON, state="applied", day=day)
        assert len(own_evaluations(came, EVENING)) == 1
        assert own_evaluations(missed, EVENING) == []

    def test_of_one_day_only_those_of_that_day(self):
        workshop = make_workshop(tracks=0)
        first, second = workshop.days.all()
        evaluation = make_evaluation(workshop, day=second)
        person = make_participant(workshop, days=[first])
        other = make_participant(workshop, days=[second])
        assert own_evaluations(person, EVENING) == []
        assert [own.evaluation for own in own_evaluations(other, EVENING)] == [evaluation]

    def test_after_it_has_closed_only_who_answered_still_sees_it(self):
        evaluation = make_evaluation()
        one, other = make_participant(evaluation.workshop), make_participant(evaluation.workshop)
        take(evaluation, one)
        assert [(own.is_open, own.has_answered) for own in own_evaluations(one, CLOSES)] == [(False, True)]
        assert own_evaluations(other, CLOSES) == []


class TestTheOneMail:
    def test_it_goes_to_everybody_who_came_whether_they_answered_or_not_and_once(self):
        evaluation = make_evaluation()
        came, answered_already, missed = (make_participant(evaluation.workshop) for _n in range(3))
        attend(came, *evaluation.workshop.days.all())
        attend(answered_already, *evaluation.workshop.days.all())
        take(evaluation, answered_already)
        assert runs.send(evaluation=evaluation, by=STAFF, at=EVENING) == 2
        mailed = Delivery.objects.filter(message="evaluation").values_list("participant", flat=True)
        assert set(mailed) == {came.pk, answered_already.pk}
        with pytest.raises(runs.NotNow):
            runs.send(evaluation=evaluation, by=STAFF, at=EVENING)
        assert missed.pk not in mailed

    def test_where_nobody_is_known_to_have_come_it_waits(self):
        evaluation = make_evaluation()
        make_participant(evaluation.workshop)
        with pytest.raises(runs.NotNow):
            runs.send(evaluation=evaluation, by=STAFF, at=EVENING)
        assert Evaluation.objects.get().mailed_at is None


class TestItsEnd:
    def test_it_is_counted_once_and_only_when_it_is_closed(self):
        evaluation = make_evaluation()
        answered(evaluation, 1, words=["ดี"])
        with pytest.raises(runs.NotNow):
            runs.count(evaluation=evaluation, by=STAFF, at=EVENING)
        user = User.objects.create_user("staff")
        runs.count(evaluation=evaluation, by=Actor(ActorKind.STAFF, user), at=CLOSES)
        with pytest.raises(runs.NotNow):
            runs.count(evaluation=evaluation, by=STAFF, at=CLOSES)
        assert (Evaluation.objects.get().counted_by, OpenAnswer.objects.count()) == (user, 1)

    def test_it_may_be_closed_early_and_prolonged_until_it_is_counted(self):
        evaluation = make_evaluation()
        runs.close(evaluation=evaluation, by=STAFF, at=EVENING)
        assert fresh(evaluation).state_at(EVENING) == "closed"
        with pytest.raises(runs.TimesChanged):
            runs.plan(evaluation=evaluation, opens_at=OPENS, closes_at=CLOSES, by=STAFF)
        runs.plan(evaluation=fresh(evaluation), opens_at=OPENS, closes_at=CLOSES, by=STAFF)
        assert fresh(evaluation).state_at(EVENING) == "open"
        counted(evaluation)
        with pytest.raises(runs.NotNow):
            runs.plan(evaluation=evaluation, opens_at=OPENS, closes_at=CLOSES, by=STAFF)

    def test_open_answers_are_judged_for_their_own_evaluation_alone(self):
        evaluation, other = make_evaluation(), make_evaluation()
        answered(evaluation, 1, words=["หนึ่ง"])
        answered(other, 1, words=["สอง"])
        counted(evaluation), counted(other)
        keys = list(OpenAnswer.objects.values_list("pk", flat=True))
        assert runs.judge(answers=keys, evaluation=evaluation, verdict=OpenAnswer.Verdict.PASSED, by=STAFF) == 1
        assert list(OpenAnswer.objects.filter(verdict="passed").values_list("text", flat=True)) == ["หนึ่ง"]
