"""Nothing that is kept leads from an answer to a person: tried over the schema, over every row, and over what comes in which order."""

import itertools
import json
import logging

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test import override_settings

from registration.evaluation import roll
from registration.evaluation.actions.answers import AlreadyAnswered, NotOpen, forget
from registration.models import EvaluationUrn, OpenAnswer, Participant
from tests.factories import make_participant
from tests.registration.evaluation.answering import answered, counted, make_evaluation, take

pytestmark = pytest.mark.django_db

#: Where answers are, before and after they are counted.
OF_ANSWERS = {EvaluationUrn, OpenAnswer}


def everything():
    """Every row of every table, as text."""
    return {
        (model._meta.label, row.pk): serializers.serialize("json", [row])
        for model in apps.get_models()
        for row in model._base_manager.all()
    }


def leads_to(model, wanted):
    """Whether keys lead from a row of `model` to one of `wanted`; what both belong to (the workshop) joins everybody with everything."""
    seen, todo = set(), [model]
    while todo:
        here = todo.pop()
        for field in here._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model not in seen:
                seen.add(field.related_model)
                todo.append(field.related_model)
    return wanted in seen


class TestTheSchema:
    def test_no_relation_leads_from_an_answer_to_a_participant(self):
        assert {model for model in OF_ANSWERS if leads_to(model, Participant)} == set()

    def test_no_relation_leads_from_a_participant_to_an_answer(self):
        assert {model for model in OF_ANSWERS if leads_to(Participant, model)} == set()

    def test_no_time_number_or_address_stands_beside_an_answer(self):
        columns = {field.name for model in OF_ANSWERS for field in model._meta.get_fields() if field.concrete}
        assert columns == {"evaluation", "answers", "roll", "slips", "texts", "cells", "id", "question", "text", "verdict"}

    def test_an_answer_has_no_row_of_its_own_before_it_is_counted(self):
        evaluation = make_evaluation()
        answered(evaluation, 3, words=["คำตอบ"])
        assert (EvaluationUrn.objects.count(), OpenAnswer.objects.count()) == (1, 0)


class TestTheData:
    def test_an_answer_changes_one_row_of_one_table_and_nothing_else(self, caplog):
        evaluation = make_evaluation()
        answered(evaluation, 2)
        person = make_participant(evaluation.workshop)
        before = everything()
        with caplog.at_level(logging.DEBUG):
            take(evaluation, person, words=["ลับเฉพาะ"])
        after = everything()
        assert [key for key in after if before.get(key) != after[key]] == [("registration.EvaluationUrn", evaluation.pk)]
        assert before.keys() == after.keys()
        assert "ลับเฉพาะ" not in "".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")

    def test_the_same_answers_leave_the_same_bytes_in_whatever_order_they_came(self):
        """So there is no order to be read: no key, no place on the disk, no number of a transaction is of one answer."""
        evaluation = make_evaluation()
        people = [make_participant(evaluation.workshop, code) for code in ("55", "56", "central", "10")]
        given = [{"level": 5, "words": ["ก", "ข"]}, {"level": 1}, {"level": [5, 1, 3]}, {"level": 5, "words": ["ข", "ก", "ค"]}]
        left = set()
        for order in itertools.permutations(range(4)):
            EvaluationUrn.objects.filter(pk=evaluation.pk).update(answers=0, roll=[], slips=[], texts={}, cells={})
            for number in order:
                take(evaluation, people[number], **given[number])
            with connection.cursor() as cursor:
                cursor.execute("SELECT answers, roll, slips, texts, cells FROM registration_evaluationurn")
                left.add(json.dumps(cursor.fetchall()))
        assert len(left) == 1

    def test_nothing_of_a_person_stands_in_the_urn(self):
        evaluation = make_evaluation()
        person = make_participant(evaluation.workshop)
        take(evaluation, person, words=["ดีมาก"])
        kept = serializers.serialize("json", EvaluationUrn.objects.all())
        known = {person.code, person.email, person.first_name, person.last_name, person.phone, person.organisation, str(person.submission)}
        assert [word for word in known if word in kept] == []

    def test_without_the_servers_key_nobody_can_be_looked_up_on_the_roll(self):
        evaluation = make_evaluation()
        person = make_participant(evaluation.workshop)
        take(evaluation, person)
        kept = EvaluationUrn.objects.get().roll
        assert roll.stands_on(kept, evaluation.pk, person.pk)
        with override_settings(SECRET_KEY="another that is long enough", SECRET_KEY_FALLBACKS=[]):
            assert not roll.stands_on(kept, evaluation.pk, person.pk)

    def test_a_new_key_of_the_server_lets_nobody_answer_twice(self, settings):
        evaluation = make_evaluation()
        person = make_participant(evaluation.workshop)
        take(evaluation, person)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another that is long enough", [settings.SECRET_KEY]
        with pytest.raises(AlreadyAnswered):
            take(evaluation, person)

    def test_ticks_do_not_say_from_where_they_came_and_sums_not_what_was_ticked(self):
        evaluation = make_evaluation()
        take(evaluation, make_participant(evaluation.workshop, "55"), level=[5, 4, 3, 2, 1])
        urn = EvaluationUrn.objects.get()
        assert all(isinstance(tick, int | list) for slip in urn.slips for tick in slip)
        assert set(urn.cells) == {"region/north", "province/55", f"group/{evaluation.workshop.groups.get(scope='province').pk}"}
        assert set(urn.cells["province/55"]) == {"n", "sums"}

    def test_words_stand_apart_from_ticks_and_from_each_other(self):
        evaluation = make_evaluation()
        take(evaluation, make_participant(evaluation.workshop), words=["ประทับใจ", "นำไปใช้", "เสนอแนะ"])
        assert [texts for texts in EvaluationUrn.objects.get().texts.values()] == [["ประทับใจ"], ["นำไปใช้"], ["เสนอแนะ"]]


class TestOnceCounted:
    def test_small_cells_are_nowhere_any_more(self):
        evaluation = make_evaluation()
        answered(evaluation, 6, "55")
        answered(evaluation, 2, "10", level=1)
        counted(evaluation)
        cells = EvaluationUrn.objects.get().cells
        assert {name for name, cell in cells.items() if cell is None} == {"region/bangkok", "region/north", "province/10", "province/55"}

    def test_words_come_out_in_an_order_of_chance(self, monkeypatch):
        evaluation = make_evaluation()
        for text in "กขคงจ":
            take(evaluation, make_participant(evaluation.workshop), words=[text])
        monkeypatch.setattr("secrets.SystemRandom.shuffle", lambda self, rows: rows.reverse())
        counted(evaluation)
        assert "".join(OpenAnswer.objects.order_by("pk").values_list("text", flat=True)) == "จงคขก"

    def test_there_are_no_two_readings_that_one_answer_lies_between(self):
        """Before it is counted nothing is told; afterwards nothing comes in."""
        evaluation = make_evaluation()
        answered(evaluation, 6)
        counted(evaluation)
        before = EvaluationUrn.objects.values().get()
        with pytest.raises(NotOpen):
            take(evaluation, make_participant(evaluation.workshop))
        assert EvaluationUrn.objects.values().get() == before


def test_whoever_is_forgotten_is_taken_off_the_roll_and_their_answer_stays():
    evaluation = make_evaluation()
    people = [make_participant(evaluation.workshop) for _n in range(3)]
    for person in people:
        take(evaluation, person)
    forget(participants=people[:1], workshop_id=evaluation.workshop_id)
    urn = EvaluationUrn.objects.get()
    assert (len(urn.roll), len(urn.slips), urn.answers) == (2, 3, 3)
    assert not roll.stands_on(urn.roll, evaluation.pk, people[0].pk)
