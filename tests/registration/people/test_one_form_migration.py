"""What was stored before Thai had one form, and names a key, is put into it and found."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from registration.models import Participant
from registration.people.alike import alike
from registration.people.search import search
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db


def test_names_that_were_stored_in_another_form_are_found_afterwards():
    person = make_participant(make_workshop(), first_name="สมชาย", last_name="ส่งเสริม")
    with connection.cursor() as cursor:  # as it was written by the version before
        cursor.execute(
            "UPDATE registration_participant SET first_name = %s, last_name = %s WHERE id = %s",
            ["สมช\u0e45ย", "ส\uf70aงเสริม", person.pk],
        )
    assert search(Participant.objects.all(), "สมชาย").count() == 0
    import_module("registration.migrations.0023_text_in_one_form").settle(apps, None)
    found = search(Participant.objects.all(), "สมชาย ส่งเสริม").get()
    assert (found.first_name, found.last_name, found.sort_key) == ("สมชาย", "ส่งเสริม", person.sort_key)


def test_who_was_there_before_names_had_a_kept_key_is_found_by_it_afterwards():
    workshop = make_workshop()
    people = [make_participant(workshop, first_name=first) for first in ("สมชาย", "สมช่าย", "สมหญิง")]
    Participant.objects.update(name_key="")
    import_module("registration.migrations.0065_keys_of_names").fill(apps, None)
    assert set(alike(Participant.objects.all(), Participant.objects.get(pk=people[0].pk))) == set(people[:2])
