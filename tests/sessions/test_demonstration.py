"""The demonstration round: the printed workshop on days that are still to come."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from registration.models import Quota
from sessions import workshop_file
from sessions.demonstration import round_of
from sessions.management.commands.load_workshop import DEFAULT
from sessions.models import Workshop, WorkshopDay
from sessions.state import WorkshopState

TODAY = dt.date(2026, 11, 30)


@pytest.fixture(scope="module")
def printed() -> workshop_file.FileEntry:
    return workshop_file.read(DEFAULT.read_bytes())


def dates(file: workshop_file.FileEntry) -> list[dt.date]:
    return [day.columns["date"] for day in file.lists["days"]]


@pytest.mark.parametrize("today", [TODAY, dt.date(2026, 12, 4), dt.date(2027, 2, 28), dt.date(2028, 2, 29)])
def test_it_is_on_the_same_weekdays_from_about_three_weeks_ahead(printed, today):
    moved = dates(round_of(printed, today=today))
    assert [date.weekday() for date in moved] == [date.weekday() for date in dates(printed)]
    assert [date - moved[0] for date in moved] == [date - dates(printed)[0] for date in dates(printed)]
    assert dt.timedelta(days=21) <= moved[0] - today < dt.timedelta(days=28)


def test_it_is_marked_and_says_otherwise_what_the_printed_one_says(printed):
    shown = round_of(printed, today=TODAY)
    assert shown.columns["slug"] == "sdg-localisation-demo"
    assert shown.columns["title_th"] == printed.columns["title_th"] + " (รอบสาธิต)"
    assert shown.columns["title_en"] == printed.columns["title_en"] + " (demonstration round)"
    assert shown.columns["short_name_th"] == "SDG Localisation (รอบสาธิต)"
    same = set(printed.columns) - {"slug", "title_th", "title_en", "short_name_th", "short_name_en"}
    assert {name: shown.columns[name] for name in same} == {name: printed.columns[name] for name in same}
    assert [day.lists for day in shown.lists["days"]] == [day.lists for day in printed.lists["days"]]


def test_moments_keep_their_distance_from_the_first_day(printed):
    columns = {**printed.columns, "registration_closes_at": dt.datetime(2022, 2, 11, 9, tzinfo=dt.UTC)}
    shown = round_of(workshop_file.FileEntry(printed.shape, printed.key, columns, printed.lists), today=TODAY)
    assert shown.columns["registration_closes_at"].date() == dates(shown)[0] - dt.timedelta(days=7)


def test_a_file_that_is_still_ahead_keeps_its_dates(printed):
    assert dates(round_of(printed, today=dt.date(2022, 1, 1))) == dates(printed)


@pytest.mark.django_db
class TestLoading:
    def test_one_is_over_as_printed_and_in_the_other_one_can_register_at_once(self):
        call_command("load_workshop", verbosity=0)
        call_command("load_workshop", demonstration=True, verbosity=0)
        assert {workshop.slug: workshop.standing().state for workshop in Workshop.objects.all()} == {
            "sdg-localisation-2565": WorkshopState.OVER,
            "sdg-localisation-demo": WorkshopState.OPEN,
        }
        assert Workshop.objects.current().first().slug == "sdg-localisation-demo"
        printed, shown = (Quota.objects.filter(workshop__slug=f"sdg-localisation-{name}") for name in ("2565", "demo"))
        assert list(shown.values_list("kind", "province", "capacity")) == list(printed.values_list("kind", "province", "capacity"))

    def test_loaded_again_it_stays_as_it_is(self):
        call_command("load_workshop", demonstration=True, verbosity=0)
        WorkshopDay.objects.filter(date__isnull=False).update(title_th="แก้แล้ว")
        with pytest.raises(CommandError, match="It stays as it is"):
            call_command("load_workshop", demonstration=True, verbosity=0)
        assert set(WorkshopDay.objects.values_list("title_th", flat=True)) == {"แก้แล้ว"}
