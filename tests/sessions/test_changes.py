import datetime as dt

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from registration.models import Participant, Quota, TrackChoice
from sessions import changes
from sessions.models import AgendaItem, Contact, StakeholderGroup, Track, Workshop, WorkshopDay
from tests.factories import NOON, make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

PEOPLE, CHOICES = (str(model._meta.verbose_name_plural) for model in (Participant, TrackChoice))

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def workshop() -> Workshop:
    """Two days, of which only the first has tracks; calendars know them as they are."""
    workshop = make_workshop()
    changes.after_change(workshop, at=NOON)
    return workshop


def sequences(workshop: Workshop) -> list[int]:
    return list(workshop.days.values_list("sequence", flat=True))


def test_what_was_never_looked_at_begins_with_revision_0(workshop):
    assert sequences(workshop) == [0, 0]
    assert set(workshop.days.values_list("revised_at", flat=True)) == {NOON}


def test_nothing_moves_where_nothing_changed(workshop):
    changes.after_change(workshop, at=LATER)
    assert sequences(workshop) == [0, 0]
    assert set(workshop.days.values_list("revised_at", flat=True)) == {NOON}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (WorkshopDay, {"title_th": "วันแรก"}),
        (WorkshopDay, {"title_en": "First day"}),
        (WorkshopDay, {"is_cancelled": True}),
        (WorkshopDay, {"join_url": "https://example.org/join"}),
        (AgendaItem, {"starts_at": dt.time(8, 30)}),
        (AgendaItem, {"ends_at": dt.time(9, 45)}),
        (AgendaItem, {"title_th": "อื่น"}),
        (AgendaItem, {"title_en": "Other"}),
        (AgendaItem, {"speaker_th": "ดร.สมมุติ"}),
        (AgendaItem, {"speaker_en": "Dr Sommut"}),
        (AgendaItem, {"speaker_confirmed": False}),
        (Track, {"number": 9}),
        (Track, {"title_th": "อื่น"}),
        (Track, {"title_en": "Other"}),
        (Track, {"speaker_th": "ดร.สมมุติ"}),
        (Track, {"speaker_confirmed": False}),
        (Track, {"join_url": "https://example.org/track"}),
    ],
)
def test_a_day_moves_on_when_its_calendar_event_does_and_the_other_day_stays(workshop, model, fields):
    model.objects.filter(pk=model.objects.first().pk).update(**fields)
    changes.after_change(workshop, at=LATER)
    assert sequences(workshop) == [1, 0]
    assert list(workshop.days.values_list("revised_at", flat=True)) == [LATER, NOON]


def test_a_day_that_is_moved_to_another_date_moves_on(workshop):
    workshop.days.filter(date=dt.date(2027, 2, 25)).update(date=dt.date(2027, 2, 26))
    changes.after_change(workshop)
    assert sequences(workshop) == [0, 1]


@pytest.mark.parametrize("fields", [{"title_th": "อื่น"}, {"title_en": "Other"}, {"platform": "Teams"}])
def test_all_days_move_on_when_the_workshop_is_called_otherwise(workshop, fields):
    Workshop.objects.update(**fields)
    changes.after_change(workshop)
    assert sequences(workshop) == [1, 1]


def test_a_day_before_the_others_changes_their_numbers(workshop):
    WorkshopDay.objects.create(workshop=workshop, date=dt.date(2027, 2, 1))
    changes.after_change(workshop)
    assert sequences(workshop) == [0, 1, 1]


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Workshop, {"background_th": "ที่มา", "province_capacity": 30, "is_published": False}),
        (WorkshopDay, {"join_opens_at": NOON}),
        (AgendaItem, {"kind": "lecture"}),
        (Track, {"capacity": 12}),
    ],
)
def test_what_calendars_do_not_show_moves_no_day(workshop, model, fields):
    model.objects.update(**fields)
    changes.after_change(workshop)
    assert sequences(workshop) == [0, 0]


def test_a_track_that_staff_add_gets_its_quota(workshop):
    block = AgendaItem.objects.get(kind="parallel")
    track = Track.objects.create(item=block, number=3, title_th="ใหม่", capacity=12)
    changes.after_change(workshop)
    assert Quota.objects.get(track=track).capacity == 12


def test_every_function_of_the_setting_is_called_with_the_workshop_as_it_now_is(workshop, settings):
    settings.AGENDA_AFTER_CHANGE = [f"{__name__}.rename"] * 2
    Workshop.objects.update(title_th="ใหม่")
    changes.after_change(workshop)
    assert Workshop.objects.get().title_th == "ใหม่ ใหม่ ใหม่"


def rename(workshop: Workshop) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(title_th=Concat("title_th", Value(f" {workshop.title_th}")))


class TestWhatHoldsOn:
    def test_nothing_holds_on_to_what_nobody_chose(self, workshop):
        for row in [*workshop.days.all(), *AgendaItem.objects.all(), *Track.objects.all(), *workshop.groups.all(), workshop]:
            assert changes.holders(row) == {}

    def test_a_participant_holds_on_to_what_they_chose(self, workshop):
        first, second = tracks_of(workshop)
        make_participant(workshop, tracks=[first], days=[first.item.day])
        day, other_day = workshop.days.all()
        found = {
            str(row): dict(changes.holders(row)) for row in [day, other_day, first.item, first, second, workshop.groups.get(code="4.1.1")]
        }
        assert found == {
            "๑๘ ก.พ. ๒๕๗๐": {PEOPLE: 1, CHOICES: 1},
            "๒๕ ก.พ. ๒๕๗๐": {},
            "10:00 หัวข้อคู่ขนาน": {CHOICES: 1},
            "1. หัวข้อที่ 1": {CHOICES: 1},
            "2. หัวข้อที่ 2": {},
            "4.1.1 สำนักงานจังหวัด": {PEOPLE: 1},
        }

    def test_what_is_held_stays(self, workshop):
        make_participant(workshop)
        with pytest.raises(changes.InUse) as refused:
            changes.remove(workshop.days.first())
        assert refused.value.words == f"มีข้อมูลที่ใช้อยู่ ({PEOPLE}: 1)"
        assert workshop.days.count() == 2

    def test_what_is_free_goes(self, workshop):
        contact = Contact.objects.create(workshop=workshop, name_th="นายสมมุติ ทดสอบดี")
        for row in [contact, workshop.groups.get(code="4.2"), workshop.days.first()]:
            changes.remove(row)
        assert (Contact.objects.count(), StakeholderGroup.objects.count(), workshop.days.count()) == (0, 1, 1)
        assert Quota.objects.filter(kind="track").count() == 0
