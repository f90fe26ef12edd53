import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from sessions.models import AgendaItem, Workshop, WorkshopDay
from sessions.schedule import BANGKOK
from tests.factories import make_workshop

pytestmark = pytest.mark.django_db


def bangkok(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=BANGKOK)


@pytest.fixture
def day() -> WorkshopDay:
    """18 February 2027, 9 to 11 o'clock."""
    return make_workshop().days.first()


def test_text_is_in_the_language_of_the_reader():
    workshop = Workshop(title_th="การประชุม", title_en="Workshop")
    assert str(workshop) == "การประชุม"
    with translation.override("en"):
        assert str(workshop) == "Workshop"


def test_thai_stands_where_no_english_was_written():
    with translation.override("en"):
        assert Workshop(title_th="การประชุม").title == "การประชุม"


@pytest.mark.parametrize(("language", "words"), [("th", "๑๘ ก.พ. ๒๕๗๐"), ("en", "18 Feb 2027")])
def test_a_day_is_called_by_its_date_as_the_reader_writes_it(day, language, words):
    with translation.override(language):
        assert str(day) == words


def test_a_day_lasts_from_its_first_item_to_its_last(day):
    assert day.begins_at() == bangkok(2027, 2, 18, 9)
    assert day.ends_at() == bangkok(2027, 2, 18, 11)
    assert day.begins_at().utcoffset() == dt.timedelta(hours=7)


def test_a_day_without_items_lasts_all_of_it(day):
    AgendaItem.objects.all().delete()
    assert (day.begins_at(), day.ends_at()) == (bangkok(2027, 2, 18), bangkok(2027, 2, 19))


def test_read_with_their_hours_days_need_their_items_no_more_and_keep_their_order(day, django_assert_num_queries):
    empty = WorkshopDay.objects.create(workshop=day.workshop, date=dt.date(2027, 2, 1))
    with django_assert_num_queries(1):
        found = {one.pk: (one.hours(), one.begins_at(), one.ends_at()) for one in WorkshopDay.objects.with_hours()}
    assert list(found.items()) == [(one.pk, (one.hours(), one.begins_at(), one.ends_at())) for one in WorkshopDay.objects.all()]
    assert found[day.pk][0] == (dt.time(9), dt.time(11)) and found[empty.pk][0] is None


def test_links_open_one_day_before_the_day_begins(day):
    assert not day.join_is_open(bangkok(2027, 2, 17, 8, 59))
    assert day.join_is_open(bangkok(2027, 2, 17, 9))


def test_links_open_when_staff_say(day):
    day.join_opens_at = bangkok(2027, 2, 18, 8)
    assert not day.join_is_open(bangkok(2027, 2, 18, 7, 59))
    assert day.join_is_open(bangkok(2027, 2, 18, 8))


def test_a_cancelled_day_has_no_links(day):
    day.is_cancelled = True
    assert not day.join_is_open(bangkok(2027, 2, 18, 9))


def test_a_workshop_reads_where_it_is_from_its_days(django_assert_num_queries):
    workshop = make_workshop(registration_closes_at=bangkok(2027, 2, 10))
    with django_assert_num_queries(1):
        states = [workshop.standing(bangkok(2027, month, day)).state for month, day in [(1, 5)]]
    states += [workshop.standing(bangkok(2027, month, day)).state for month, day in [(2, 12), (2, 18), (2, 20), (2, 26)]]
    assert states == ["open", "closed", "on_today", "closed", "over"]


def test_what_is_on_or_next_comes_first_and_then_the_latest_that_is_over():
    far, near, over, long_over = (make_workshop(days=1, tracks=0) for _number in range(4))
    for workshop, date in [(far, (2027, 6, 1)), (near, (2027, 3, 1)), (over, (2027, 1, 5)), (long_over, (2026, 1, 5))]:
        workshop.days.update(date=dt.date(*date))
    assert list(Workshop.objects.current(bangkok(2027, 3, 1))) == [near, far, over, long_over]
    assert list(Workshop.objects.current(bangkok(2027, 3, 2))) == [far, near, over, long_over]


def test_a_year_of_the_buddhist_era_is_refused(day):
    day.date = dt.date(2570, 2, 18)
    with pytest.raises(ValidationError) as refused:
        day.full_clean()
    assert refused.value.message_dict == {"date": ["โปรดกรอกปี ค.ศ. เช่น 2022 สำหรับปี 2565"]}


def test_the_current_workshop_is_the_published_one_whose_days_are_latest():
    make_workshop(days=1, tracks=0)
    latest = make_workshop(days=3, tracks=0)
    make_workshop(days=4, tracks=0, is_published=False)
    make_workshop(days=0, tracks=0)
    assert Workshop.objects.current().first() == latest
    assert Workshop.objects.published().count() == 3


def test_the_whole_programme_is_four_queries_however_long_it_is(django_assert_num_queries):
    make_workshop(days=1)
    make_workshop(days=6, tracks=5)
    with django_assert_num_queries(4):
        for workshop in Workshop.objects.with_programme():
            for day in workshop.days.all():
                day.ends_at()
                for item in day.items.all():
                    list(item.tracks.all())
