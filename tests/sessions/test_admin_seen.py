"""Two of staff with the same page open: nothing of the one is lost by the other."""

import datetime as dt
import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions import changes
from sessions.models import Contact, Track, Workshop
from tests.factories import make_workshop, tracks_of
from tests.pages import HeldForms, held
from tests.sessions.test_admin import page_of, refusals

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    workshop = make_workshop(slug="sample", background_th="หนึ่ง\n\nสอง")
    Contact.objects.create(workshop=workshop, name_th="นางสาวสมมุติ ทดสอบ", phone="02 280 4085")
    changes.after_change(workshop)
    return workshop


@pytest.fixture
def two():
    """Two members of staff."""
    found = []
    for name in ("first", "second"):
        client = Client(headers={"accept-language": "th"})
        client.force_login(User.objects.create_superuser(name))
        found.append(client)
    return found


def opened(client, row, part=""):
    page = client.get(page_of(row, part)).content.decode()
    return held(page, next(name for name in HeldForms(page).forms if name.endswith("_form")))


def save(client, row, page, part="", **typed):
    """A browser writes ends of lines its own way."""
    sent = {name: [value.replace("\n", "\r\n") for value in values] for name, values in page.items()}
    return client.post(page_of(row, part), sent | {name.replace("__", "-"): value for name, value in typed.items()})


def test_different_fields_of_one_page_are_both_kept(two, workshop):
    first, second = two
    one, other = opened(first, workshop), opened(second, workshop)
    assert save(first, workshop, one, title_th="ชื่อใหม่", platform="ห้อง").status_code == 302
    assert save(second, workshop, other, title_en="New title").status_code == 302
    workshop.refresh_from_db()
    assert (workshop.title_th, workshop.title_en, workshop.platform) == ("ชื่อใหม่", "New title", "ห้อง")
    assert workshop.background_th == "หนึ่ง\n\nสอง"


def test_the_same_field_is_refused_once_with_what_it_now_says_and_then_meant(two, workshop):
    first, second = two
    one, other = opened(first, workshop), opened(second, workshop)
    save(first, workshop, one, title_th="ของคนแรก")
    answer = save(second, workshop, other, title_th="ของคนที่สอง", title_en="Both")
    assert [error for error in refusals(answer) if "ของคนแรก" in error] != []
    workshop.refresh_from_db()
    assert (workshop.title_th, workshop.title_en) == ("ของคนแรก", "Sample workshop")
    page = answer.content.decode()
    again = held(page, next(name for name in HeldForms(page).forms if name.endswith("_form")))
    assert save(second, workshop, again).status_code == 302
    workshop.refresh_from_db()
    assert (workshop.title_th, workshop.title_en) == ("ของคนที่สอง", "Both")


def test_rows_below_the_page_are_compared_too(two, workshop):
    first, second = two
    day = workshop.days.first()
    one, other = opened(first, day), opened(second, day)
    assert save(first, day, one, items__0__title_th="พิธีเปิดใหม่").status_code == 302
    assert save(second, day, other, items__0__speaker_th="นางสมมุติ", title_th="วันแรก").status_code == 302
    item = day.items.first()
    assert (item.title_th, item.speaker_th) == ("พิธีเปิดใหม่", "นางสมมุติ")


def test_a_tick_and_a_moment_are_noticed(two, workshop):
    first, second = two
    closes = timezone.make_aware(dt.datetime(2027, 2, 1, 12, 0, 30))
    Workshop.objects.filter(pk=workshop.pk).update(registration_closes_at=closes)
    one, other = opened(first, workshop, "dates"), opened(second, workshop, "dates")
    assert save(first, workshop, one, "dates", registration_closes_at="2027-02-02T12:00").status_code == 302
    answer = save(second, workshop, other, "dates", registration_closes_at="2027-02-03T12:00")
    assert len(refusals(answer)) == 1
    without = {name: values for name, values in opened(second, workshop).items() if name != "is_published"}
    assert save(second, workshop, without).status_code == 302
    workshop.refresh_from_db()
    assert (workshop.is_published, timezone.localtime(workshop.registration_closes_at).day) == (False, 2)


def test_a_track_by_two(two, workshop):
    first, second = two
    block = tracks_of(workshop)[0].item
    one, other = opened(first, block), opened(second, block)
    save(first, block, one, tracks__0__join_url="https://example.org/1")
    answer = save(second, block, other, tracks__0__join_url="https://example.org/2")
    assert len(refusals(answer)) == 1
    assert Track.objects.get(item=block, number=1).join_url == "https://example.org/1"


def test_the_log_tells_what_really_changed_with_old_and_new_values(two, workshop):
    client, _other = two
    save(client, workshop, opened(client, workshop))
    assert LogEntry.objects.count() == 0
    save(client, workshop, opened(client, workshop), title_en="New title")
    assert json.loads(LogEntry.objects.get().change_message)[0]["changed"]["values"] == [["title_en", "Sample workshop", "New title"]]


class TestHowLongPeopleAreKept:
    @pytest.mark.parametrize("until", ["2027-02-24", "2020-01-01"])
    def test_a_date_before_the_last_day_is_refused(self, two, workshop, until):
        assert len(refusals(save(two[0], workshop, opened(two[0], workshop, "privacy"), "privacy", retain_until=until))) == 1

    def test_a_date_that_is_over_is_refused(self, two, workshop):
        workshop.days.update(date=dt.date(2020, 1, 1)) if workshop.days.count() == 1 else workshop.days.all()[1].delete()
        workshop.days.update(date=dt.date(2020, 1, 1))
        assert len(refusals(save(two[0], workshop, opened(two[0], workshop, "privacy"), "privacy", retain_until="2021-01-01"))) == 1

    def test_a_later_date_is_taken(self, two, workshop):
        assert save(two[0], workshop, opened(two[0], workshop, "privacy"), "privacy", retain_until="2040-01-01").status_code == 302
