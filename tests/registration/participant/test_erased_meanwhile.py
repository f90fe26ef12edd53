"""Who is erased between the moment a request knew them and the moment it writes: it is said in words, and nothing is written."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone, translation

from registration.actor import SYSTEM
from registration.attendance.actions import check_ins, entries
from registration.attendance.check_in import CheckInOutcome
from registration.models import AttendanceDoubt, CheckIn, JoinPress, Participant
from registration.privacy.actions.erasure import erase
from registration.seats.deadlocks import points_nowhere
from tests.factories import make_participant, make_workshop
from tests.visitors import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def erased_before():
    """Before the first row of a model is written, whoever there is is erased."""
    table, done = "", []

    def wrapper(execute, sql, *rest):
        if table and sql.startswith(f'INSERT INTO "{table}"') and not done:
            done.append(table)
            erase(participant=Participant.objects.get(), by=SYSTEM)
        return execute(sql, *rest)

    def before(model):
        nonlocal table
        table = model._meta.db_table

    with connection.execute_wrapper(wrapper):
        yield before
    assert done, "nothing was written"


@pytest.fixture
def person():
    workshop = make_workshop(days=1)
    yesterday = timezone.now() - dt.timedelta(days=1)
    workshop.days.update(join_url="https://zoom.example.org/j/1", join_opens_at=yesterday, room_th="ห้องประชุม ๕๑๑")
    return make_participant(workshop, email="leaving@example.org")


@pytest.mark.parametrize(
    ("prefix", "language", "heading"), [("", "th", "ข้อมูลถูกลบไปในเวลาเดียวกัน"), ("/en", "en", "It was deleted at the same moment")]
)
def test_who_presses_a_button_of_their_page_is_told(person, erased_before, prefix, language, heading):
    visitor = Browser(headers={"accept-language": language}, raise_request_exception=False)
    visitor.open_page_of(person, language=prefix)
    erased_before(JoinPress)
    with translation.override(language):
        button = reverse("join", args=[person.code, f"day-{person.workshop.days.get().pk}"])
    told = visitor.get(button)
    page = told.content.decode()
    assert (told.status_code, re.search("<h1>(.*?)</h1>", page)[1], f'lang="{language}"' in page) == (409, heading, True)
    assert not Participant.objects.exists() and not JoinPress.objects.exists()


def test_it_is_not_taken_for_a_doubt_that_waits(person, erased_before):
    erased_before(AttendanceDoubt)
    with pytest.raises(IntegrityError) as refused:
        entries.doubt(participant=person, text="ดิฉันนั่งในห้องประชุม")
    assert points_nowhere(refused.value)
    assert not AttendanceDoubt.objects.exists()


def test_at_the_door_nobody_has_the_code_any_more(person, monkeypatch):
    genuine = check_ins.against

    def erased_first(found, day):
        hindrance = genuine(found, day)
        if Participant.objects.exists():
            erase(participant=Participant.objects.get(), by=SYSTEM)
        return hindrance

    monkeypatch.setattr(check_ins, "against", erased_first)
    day = person.workshop.days.with_hours().get()
    answer = check_ins.check_in(day=day, code=person.code, people=Participant.objects.all(), by=SYSTEM, at=day.begins_at())
    assert answer.outcome == CheckInOutcome.UNKNOWN
    assert not CheckIn.objects.exists()
