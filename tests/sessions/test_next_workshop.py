import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from registration.models import Coordinator, Delivery, Invitation, Participant
from sessions.models import AgendaItem, Contact, Track, Workshop
from sessions.next_workshop import make_next
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

OPENS = timezone.make_aware(dt.datetime(2027, 1, 4, 9, 0))
DATES = [dt.date(2028, 2, 17), dt.date(2028, 3, 1)]


@pytest.fixture
def source() -> Workshop:
    """A workshop that was lived in."""
    workshop = make_workshop(
        background_th="ความเป็นมา",
        decision="province_first",
        province_capacity=30,
        chat_name="ห้องสนทนา",
        chat_url="https://example.org/chat",
        chat_passcode="secret",
        rehearsal_email="rehearsal@example.org",
        registration_opens_at=OPENS,
    )
    Contact.objects.create(workshop=workshop, name_th="ผู้ติดต่อ", phone="02 000 0000", email="contact@example.org")
    workshop.days.update(join_url="https://example.org/day", join_opens_at=NOON, sequence=4)
    workshop.days.filter(date=dt.date(2027, 2, 25)).update(is_cancelled=True)
    Track.objects.update(join_url="https://example.org/track", speaker_th="ดร.สมมุติ", speaker_confirmed=False)
    seats_of(workshop, "55", capacity=40)
    seats_of(workshop, "central", capacity=60)
    quota = tracks_of(workshop)[1].quota
    quota.capacity = 500
    quota.save()
    make_participant(workshop, tracks=tracks_of(workshop)[:1])
    make_coordinator(workshop, phone="+66810000000")
    make_coordinator(workshop, "50", is_active=False)
    make_invitation(workshop)
    return workshop


@pytest.fixture
def target(source) -> Workshop:
    dates = dict(zip(source.days.values_list("pk", flat=True), DATES, strict=True))
    return make_next(source, slug="next", title_th="ปีถัดไป", title_en="Next", dates=dates, at=NOON)


def test_the_programme_stands_on_the_new_dates(source, target):
    assert [(day.date, day.is_cancelled, day.sequence) for day in target.days.all()] == [(DATES[0], False, 0), (DATES[1], False, 0)]

    def lines(workshop):
        items = AgendaItem.objects.filter(day__workshop=workshop)
        tracks = Track.objects.filter(item__day__workshop=workshop)
        return [
            *items.values_list("starts_at", "ends_at", "kind", "title_th", "title_en"),
            *tracks.values_list("number", "title_th", "title_en", "speaker_th", "speaker_confirmed"),
        ]

    assert lines(target) == lines(source)
    assert set(target.days.values_list("uid", flat=True)) & set(source.days.values_list("uid", flat=True)) == set()


def test_texts_rules_groups_and_contacts_are_kept(source, target):
    kept = ["background_th", "decision", "province_capacity", "chat_name", "reminder_time"]
    assert [getattr(target, name) for name in kept] == [getattr(source, name) for name in kept]
    groups = ("code", "name_th", "name_en", "scope")
    assert list(target.groups.values_list(*groups)) == list(source.groups.values_list(*groups))
    assert list(target.contacts.values_list("name_th", "email")) == [("ผู้ติดต่อ", "contact@example.org")]
    assert (target.slug, target.title_th, target.title_en) == ("next", "ปีถัดไป", "Next")


def test_ways_into_meetings_and_chat_are_not_kept(target):
    assert list(target.days.values_list("join_url", "join_opens_at")) == [("", None)] * 2
    assert set(Track.objects.filter(item__day__workshop=target).values_list("join_url", flat=True)) == {""}
    assert (target.chat_url, target.chat_passcode, target.rehearsal_email, target.is_published) == ("", "", "", False)


def test_registration_opens_as_long_before_the_first_day(target):
    assert target.registration_opens_at == OPENS + (DATES[0] - dt.date(2027, 2, 18))
    assert target.registration_closes_at is None


def test_places_are_kept_and_empty(source, target):
    def places(workshop):
        return list(workshop.quotas.in_thai_order().values_list("kind", "province__code", "track__number", "capacity"))

    assert places(target) == places(source)
    assert [seats_of(target, code).capacity for code in ("55", "50", "central")] == [40, 30, 60]
    assert set(target.quotas.values_list("taken", "last_ticket")) == {(0, 0)}


def test_coordinators_are_kept_and_nobody_is_written_to(source, target):
    desks = Coordinator.objects.filter(quota__workshop=target)
    assert [(desk.user, desk.quota, desk.phone, desk.last_seen_at) for desk in desks] == [
        (Coordinator.objects.get(quota=seats_of(source)).user, seats_of(target), "+66810000000", None)
    ]
    assert Delivery.objects.filter(created_at__gte=NOON, user__isnull=False).count() == 0


def test_people_are_not_kept(source, target):
    assert Participant.objects.filter(workshop=target).count() == 0
    assert Invitation.objects.filter(workshop=target).count() == 0
    assert Participant.objects.filter(workshop=source).count() == 1


def test_making_it_asks_the_database_as_often_with_many_quotas(source, django_assert_num_queries):
    """Quotas, groups and coordinators in one statement each, whatever their number."""
    dates = dict(zip(source.days.values_list("pk", flat=True), DATES, strict=True))
    make_coordinator(source, "80")
    make_coordinator(source, "81")
    with django_assert_num_queries(34):
        make_next(source, slug="next", title_th="ปีถัดไป", title_en="", dates=dates, at=NOON)


# The page


@pytest.fixture
def staff(client):
    user = User.objects.create_user("staff", "staff@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_workshop", "add_workshop"]))
    client.force_login(user)
    return client


def page_of(workshop):
    return f"/en/admin/agenda/workshop/{workshop.pk}/next/"


def answers(source, *dates):
    days = source.days.values_list("pk", flat=True)
    return {"slug": "next", "title_th": "ปีถัดไป", "title_en": ""} | {f"day_{pk}": date for pk, date in zip(days, dates, strict=True)}


def test_the_page_proposes_the_same_weekday_a_year_later(staff, source):
    form = staff.get(page_of(source)).context["form"]
    assert [form.fields[name].initial for name in form.days] == [dt.date(2028, 2, 17), dt.date(2028, 2, 24)]


def test_staff_make_the_next_workshop(staff, source):
    response = staff.post(page_of(source), answers(source, "2028-02-17", "2028-03-01"))
    new = Workshop.objects.get(slug="next")
    assert response.headers["Location"] == f"/en/admin/agenda/workshop/{new.pk}/change/"
    assert list(new.days.values_list("date", flat=True)) == DATES


def test_what_is_wrong_is_refused(staff, source):
    same = answers(source, "2028-02-17", "2028-02-17")
    assert staff.post(page_of(source), same).context["form"].non_field_errors() == ["Two days have the same date."]
    taken = answers(source, "2028-02-17", "2571-02-18") | {"slug": source.slug}
    assert staff.post(page_of(source), taken).context["form"].errors == {
        "slug": ["Workshop with this Web address already exists."],
        f"day_{source.days.last().pk}": ["Write the year of the Christian era, like 2022 for 2565."],
    }
    assert Workshop.objects.count() == 1


def test_who_may_not_add_workshops_is_refused(client, source):
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_workshop", "change_workshop"]))
    client.force_login(user)
    assert (client.get(page_of(source)).status_code, client.post(page_of(source)).status_code) == (403, 403)
