"""The office's pages of attendance and certificates read what a worker has counted, and go over nobody."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registration.actor import PARTICIPANT
from registration.attendance.actions import entries
from registration.attendance.actions.kept import keep_figures
from registration.certificates import actions as certificates
from registration.models import KeptFigures, Participant
from registration.office.dashboard import Dashboard
from registration.operations import kept_figures, tasks
from registration.people import board, found
from registration.seats.actions.moves import cancel
from sessions.formats import moment_short
from tests.factories import make_participant, make_workshop, work_off
from tests.registration.certificates.test_actions import STAFF, workshop_with

pytestmark = pytest.mark.django_db

ATTENDANCE = KeptFigures.Subject.ATTENDANCE
PAGES = ["attendance_board", "attendance_live", "attendancereport_reports", "certificate_overview", "certificate_rule"]
#: Tables that have a row for each person, or more: nothing is counted over them or read from them. What is there at all may be asked.
OF_PEOPLE = {"attendance", "participant", "participant_days", "joinpress", "reportrow", "trackchoice", "evaluationurn"}


@pytest.fixture
def workshop():
    """Three have minutes, of whom all fulfil the rule."""
    return workshop_with(3)[0]


@pytest.fixture
def office(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def address(page, workshop):
    return reverse(f"admin:registration_{page}", args=[workshop.slug])


@pytest.mark.parametrize("page", PAGES)
def test_no_page_goes_over_people(office, workshop, page):
    office.get(address(page, workshop))
    work_off()
    with CaptureQueriesContext(connection) as asked:
        answer = office.get(address(page, workshop))
    assert answer.context["kept"].counted_at
    assert [query["sql"] for query in asked if goes_over_people(query["sql"])] == []


def goes_over_people(sql):
    first = re.search(r'FROM "registration_(\w+)"', sql)
    return bool(first) and first[1] in OF_PEOPLE and " LIMIT " not in sql and "MAX(" not in sql


def test_who_looks_first_is_told_that_it_is_being_counted_and_one_worker_is_sent(office, workshop):
    pages = [office.get(address("attendance_board", workshop)) for _once in range(2)]
    assert [page.context["kept"].is_moving for page in pages] == [True, True]
    assert "hx-trigger" in pages[1].content.decode()
    assert work_off() == ["registration.operations.tasks.count_figures"] or work_off() == []
    assert not office.get(address("attendance_board", workshop)).context["kept"].is_moving


def test_what_is_changed_is_counted_anew(workshop):
    person = make_participant(workshop)
    keep_figures(workshop=workshop)
    kept, _is_to_be_sent = kept_figures.look(workshop, ATTENDANCE)
    before = kept.figures["days"]
    entries.enter_minutes(participant=person, day=workshop.days.first(), minutes=10, reason="x", by=STAFF)
    assert kept_figures.look(workshop, ATTENDANCE)[1], "a worker is sent"
    keep_figures(workshop=workshop)
    kept, is_to_be_sent = kept_figures.look(workshop, ATTENDANCE)
    assert kept.figures["days"] != before
    assert not is_to_be_sent and not kept.is_moving


def test_old_numbers_are_counted_anew_when_somebody_looks(workshop):
    keep_figures(workshop=workshop)
    later = timezone.now() + dt.timedelta(minutes=1)
    assert [kept_figures.look(workshop, ATTENDANCE, at=later)[1] for _twice in range(2)] == [True, False]


def test_who_took_long_to_count_is_not_sent_again_at_once(workshop):
    keep_figures(workshop=workshop)
    KeptFigures.objects.update(seconds=60)
    later = [timezone.now() + dt.timedelta(minutes=n) for n in (1, 3, 5, 7, 10)]
    assert [kept_figures.look(workshop, ATTENDANCE, at=at)[1] for at in later] == [False, False, True, False, True]


def test_a_slower_worker_does_not_write_over_a_newer_count(workshop):
    keep_figures(workshop=workshop)

    def slow():
        kept_figures.ask(workshop.pk)
        kept_figures.keep(workshop, ATTENDANCE, lambda: {"newer": True})
        return {"older": True}

    assert not kept_figures.keep(workshop, ATTENDANCE, slow)
    assert KeptFigures.objects.get(subject=ATTENDANCE).figures == {"newer": True}


def test_those_who_wait_are_kept_page_by_page(office, workshop, monkeypatch):
    monkeypatch.setattr("registration.certificates.kept.PAGE", 2)
    certificates.keep_figures(workshop=workshop)
    people = [office.get(address("certificate_issue", workshop), {"page": page}).context["people"] for page in (1, 2)]
    assert [len(page) for page in people] == [2, 1]
    run = certificates.order_issue(workshop=workshop, by=STAFF)
    certificates.issue(run_id=run.pk)
    certificates.keep_figures(workshop=workshop)
    assert office.get(address("certificate_issue", workshop)).context["count"] == 0


# The front page and who is perhaps there twice, where a workshop is long

PEOPLE = "/en/admin/registration/participant/"


@pytest.fixture
def long_workshop(monkeypatch):
    """Longer than two people, whom this calls long; three have one name, two of them one phone."""
    monkeypatch.setattr(found, "MAX_SEARCHED", 2)
    workshop = make_workshop()
    for number in (1, 2, 2):
        make_participant(workshop, first_name="สมชาย", phone=f"+6681234000{number}")
    make_participant(workshop, first_name="ทดสอบ", phone="+66812340009")
    return workshop


def test_the_front_page_of_a_long_workshop_goes_over_nobody_and_says_what_is_counted(office, long_workshop):
    assert "The numbers are being counted." in office.get("/en/admin/").content.decode()
    work_off()
    with CaptureQueriesContext(connection) as asked:
        page = office.get("/en/admin/")
    assert [query["sql"] for query in asked if goes_over_people(query["sql"])] == []
    kept, counted = Dashboard(long_workshop), board.counted_board(long_workshop)
    assert KeptFigures.objects.get(subject="board").figures == counted
    assert (kept.everybody, kept.totals.held, "Numbers of" in page.content.decode()) == (4, 4, True)


def test_a_worker_counts_as_the_page_of_a_short_workshop_does(long_workshop, monkeypatch):
    waiting = make_participant(long_workshop, "50")
    Participant.objects.filter(pk=waiting.pk).update(state="waitlisted", ticket=1)
    tasks.count_figures.call(long_workshop.pk)
    kept = Dashboard(long_workshop)
    monkeypatch.setattr(found, "MAX_SEARCHED", 100)
    now = Dashboard(long_workshop)
    assert (now.kept, kept.kept is None) == (None, False)
    assert [getattr(kept, name) == getattr(now, name) for name in ("places", "totals", "groups", "tracks", "days")] == [True] * 5


@pytest.mark.parametrize(("by", "listed"), [("name", 3), ("phone", 2)])
def test_who_is_perhaps_twice_in_a_long_workshop_is_read_from_what_a_worker_found(office, long_workshop, by, listed):
    def people():
        return list(office.get(PEOPLE, {"twice": by}).context["cl"].result_list)

    assert people() == []
    assert "The numbers are being counted." in office.get(PEOPLE, {"twice": by}).content.decode()
    work_off()
    with CaptureQueriesContext(connection) as asked:
        assert len(people()) == listed
    assert [query["sql"] for query in asked if "HAVING" in query["sql"]] == []
    cancel(participant=people()[0], by=PARTICIPANT)
    assert len(people()) == listed - 1


def test_of_very_many_who_are_perhaps_twice_some_are_listed(office, long_workshop, monkeypatch):
    monkeypatch.setattr(board, "MAX_DOUBLES", 2)
    tasks.count_figures.call(long_workshop.pk)
    answer = office.get(PEOPLE, {"twice": "name"})
    assert len(answer.context["cl"].result_list) == 2
    assert "at least 2;" in " ".join(answer.content.decode().split())


@pytest.mark.parametrize(("by", "listed"), [("name", 4), ("phone", 3)])
def test_who_is_perhaps_twice_in_all_workshops_is_read_from_what_a_worker_found(office, long_workshop, by, listed):
    """One of them in another workshop; the page says of when that is."""
    make_participant(make_workshop(slug="other"), first_name="สมชาย", phone="+66812340002")
    asked = {"workshop": "all", "twice": by}

    def words(page):
        return " ".join(page.content.decode().split())

    assert "The numbers are being counted." in words(office.get(PEOPLE, asked))
    work_off()
    with CaptureQueriesContext(connection) as queries:
        page = office.get(PEOPLE, asked)
    assert [query["sql"] for query in queries if "HAVING" in query["sql"]] == []
    kept = KeptFigures.objects.get(workshop=None)
    assert (len(page.context["cl"].result_list), len(kept.figures[by])) == (listed, listed)
    assert f"Numbers of {moment_short(kept.counted_at)}" in words(page).replace("&nbsp;", " ")


def test_numbers_over_all_are_kept_once(long_workshop):
    rows = [kept_figures.look(None, KeptFigures.Subject.DOUBLES)[0].pk for _twice in range(2)]
    assert rows == [KeptFigures.objects.get(workshop=None).pk] * 2
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptFigures.objects.create(workshop=None, subject=KeptFigures.Subject.DOUBLES)
