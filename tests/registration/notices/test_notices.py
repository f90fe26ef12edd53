"""The desk speaks up: digests on working days, and what coordinators are told at once."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from registration.actor import PARTICIPANT, Actor, ActorKind
from registration.choices import DeskNotice
from registration.coordinators.actions import Appointee, appoint, switch_off
from registration.invitations.actions.invitations import refuse
from registration.mail import compose
from registration.models import ClosedDay, Coordinator, Delivery, Participant
from registration.notices.actions import send_digests, switch_notices, tell_first_day, tell_full
from registration.operations.clock import tick
from registration.seats.actions.moves import approve, cancel
from registration.seats.working_days import a_working_day_after, is_working_day
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, seats_of
from tests.registration.mail.test_messages import html_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
#: A Monday. On the Thursday and the Friday after it the country is on holiday, and the office adds the Wednesday.
MONDAY = timezone.make_aware(dt.datetime(2026, 12, 28))


def at(day, hour, minute=0):
    return MONDAY + day * DAY + dt.timedelta(hours=hour, minutes=minute)


def waiting_in(workshop, code="55"):
    """Somebody on whom the province has to decide."""
    return make_participant(workshop, code, at=MONDAY - DAY)


def mails(message):
    return list(Delivery.objects.filter(message=message).order_by("pk").values_list("email", flat=True))


@pytest.fixture
def workshop():
    return make_workshop(decision="province_first")


class TestDigests:
    def test_a_week_by_a_moved_clock(self, workshop):
        """One a day, none at weekends and on holidays, none when nothing waits; the clock runs twice, late and all night."""
        ClosedDay.objects.create(date=dt.date(2026, 12, 30), name="วันหยุดพิเศษ")
        make_coordinator(workshop, "55", email="nan@example.org")
        make_coordinator(workshop, "56", email="phayao@example.org")
        person = waiting_in(workshop)
        sent = []
        for day in range(11):
            if day == 8:
                approve(participant=person, by=PARTICIPANT, at=at(8, 7))
            for hour in range(24):
                for _run in range(2):
                    if send_digests(at=at(day, hour, 40)):
                        sent.append((day, hour))
        assert sent == [(0, 8), (1, 8), (7, 8)]
        assert mails("desk_digest") == ["nan@example.org"] * 3

    @pytest.mark.parametrize(("hour", "minute", "sent"), [(8, 29, 0), (8, 30, 1), (16, 29, 1), (16, 30, 0), (23, 0, 0)])
    def test_a_late_clock_writes_in_office_hours_only(self, workshop, hour, minute, sent):
        make_coordinator(workshop)
        waiting_in(workshop)
        assert send_digests(at=at(0, hour, minute)) == sent

    def test_what_comes_up_later_on_the_day_waits_for_the_next(self, workshop):
        make_coordinator(workshop)
        assert send_digests(at=at(0, 9)) == 0
        waiting_in(workshop)
        assert [send_digests(at=at(0, 10)), send_digests(at=at(1, 9))] == [0, 1]

    def test_who_has_two_desks_gets_one_mail_of_those_where_something_waits(self, workshop):
        for code in ("55", "56", "57"):
            make_coordinator(workshop, code, email="both@example.org")
        waiting_in(workshop, "55")
        waiting_in(workshop, "57")
        assert send_digests(at=at(0, 9)) == 1
        mail = compose.compose(Delivery.objects.get(message="desk_digest"), at=at(0, 9))
        assert ["จังหวัดน่าน" in mail.body, "จังหวัดพะเยา" in mail.body, "จังหวัดเชียงราย" in mail.body] == [True, False, True]

    def test_another_provinces_people_are_in_nobodys_digest(self, workshop):
        make_coordinator(workshop, "55", email="nan@example.org")
        waiting_in(workshop, "56")
        assert (send_digests(at=at(0, 9)), mails("desk_digest")) == (0, [])

    def test_what_was_done_before_the_mail_left_is_not_written(self, workshop):
        make_coordinator(workshop)
        person = waiting_in(workshop)
        send_digests(at=at(0, 9))
        delivery = Delivery.objects.get(message="desk_digest")
        assert compose.is_needed(delivery, at(0, 9))
        approve(participant=person, by=PARTICIPANT, at=at(0, 9))
        assert not compose.is_needed(delivery, at(0, 9))

    def test_the_mail_says_what_waits_and_where(self, workshop):
        make_coordinator(workshop)
        waiting_in(workshop)
        send_digests(at=at(2, 9))
        mail = compose.compose(Delivery.objects.get(message="desk_digest"), at=at(2, 9))
        html = html_of(mail)
        assert mail.subject == "เรื่องที่รอท่านดำเนินการ: จังหวัดน่าน – การประชุมตัวอย่าง"
        for text in (mail.body, html):
            assert ["มีผู้รอการพิจารณาของท่าน ๑ คน รอนานที่สุด ๓ วัน" in text, f"/desk/{workshop.slug}/55/" in text, "/notices/" in text] == [
                True
            ] * 3


class TestFull:
    def test_the_last_seat_is_told_once_until_one_is_free_again(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        make_coordinator(workshop, "55", email="nan@example.org")
        make_coordinator(workshop, "56", email="phayao@example.org")
        assert tell_full(at=NOON) == 0
        person = make_participant(workshop)
        assert [tell_full(at=NOON) for _i in range(2)] == [1, 0]
        cancel(participant=person, by=PARTICIPANT, at=NOON)
        assert tell_full(at=NOON) == 0
        make_participant(workshop)
        assert tell_full(at=NOON + DAY) == 1
        assert mails("province_full") == ["nan@example.org"] * 2
        mail = compose.compose(Delivery.objects.filter(message="province_full").first(), at=NOON)
        assert "ที่นั่งทั้ง ๑ ที่ของจังหวัดน่านใน “การประชุมตัวอย่าง” เต็มแล้ว" in mail.body

    def test_a_province_without_seats_and_what_is_over_are_not_told_of(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=0)
        make_coordinator(workshop)
        assert tell_full(at=NOON) == 0
        seats_of(workshop, "56", capacity=1)
        make_participant(workshop, "56")
        assert tell_full(at=NOON + 60 * DAY) == 0


class TestRefusal:
    @pytest.mark.parametrize("waits", [False, True])
    def test_the_desk_is_told_at_once_who_cannot_come_and_who_has_the_seat(self, waits):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        make_coordinator(workshop, "55", email="nan@example.org")
        make_coordinator(workshop, "56", email="phayao@example.org")
        invitation = make_invitation(workshop, first_name="สมมุติ", last_name="ทดสอบดี")
        if waits:
            make_participant(workshop, first_name="ลำดับถัดไป")
        refuse(invitation=invitation, reason="ติดราชการ", by=PARTICIPANT, at=NOON)
        assert mails("invitation_refused") == ["nan@example.org"]
        mail = compose.compose(Delivery.objects.get(message="invitation_refused"), at=NOON)
        for text in (mail.body, html_of(mail)):
            said = ["สมมุติ ทดสอบดี" in text, "ติดราชการ" in text, "ลำดับถัดไป ทดสอบดี" in text, "ที่นั่งว่างแล้ว" in text]
            assert said == [True, True, waits, not waits]


class TestFirstDay:
    def test_each_desk_is_told_once_in_the_last_week_before_it(self):
        workshop = make_workshop()
        make_coordinator(workshop, email="nan@example.org")
        make_participant(workshop)
        first_day = timezone.make_aware(dt.datetime(2027, 2, 18))
        hours = [-24 * 8 + 9, -24 * 7 + 8, -24 * 7 + 9, -24 * 7 + 9, -24 * 3 + 9, 9]
        assert [tell_first_day(at=first_day + dt.timedelta(hours=hour)) for hour in hours] == [0, 0, 1, 0, 0, 0]
        mail = compose.compose(Delivery.objects.get(message="first_day_near"), at=NOON)
        assert ["๑๘ กุมภาพันธ์" in mail.body, "ยืนยันแล้ว ๑ คน จาก ๒๕ ที่นั่ง" in mail.body] == [True, True]

    def test_a_first_day_that_moved_is_told_anew(self):
        workshop = make_workshop()
        make_coordinator(workshop)
        at = timezone.make_aware(dt.datetime(2027, 2, 15, 9))
        assert tell_first_day(at=at) == 1
        workshop.days.order_by("date").first().delete()
        assert [tell_first_day(at=at), tell_first_day(at=at + 7 * DAY)] == [0, 1]


class TestWhoCoordinates:
    def staff(self):
        return Actor(ActorKind.STAFF, User.objects.create_user("staff", first_name="สมมุติ"))

    def test_the_colleagues_are_told_of_what_staff_do_but_not_who_is_new(self):
        workshop = make_workshop()
        own = make_coordinator(workshop, email="own@example.org")
        make_coordinator(workshop, "56", email="phayao@example.org")
        appointee = Appointee("นางใหม่ สมมุติ", "new@example.org")
        for by in (self.staff(), Actor(ActorKind.STAFF, own.user)):
            appoint(quota=seats_of(workshop), appointee=appointee, by=by, at=NOON)
        assert mails("coordinators_changed") == ["own@example.org"]
        mail = compose.compose(Delivery.objects.get(message="coordinators_changed"), at=NOON)
        assert "นางใหม่ สมมุติ เป็นผู้ประสานงานจังหวัดน่าน" in mail.body

    def test_whoever_is_switched_off_by_another_hand_is_told_too(self):
        workshop = make_workshop()
        first = make_coordinator(workshop, email="first@example.org")
        make_coordinator(workshop, email="second@example.org")
        switch_off(coordinator=first, by=self.staff())
        assert sorted(mails("coordinators_changed")) == ["first@example.org", "second@example.org"]
        mail = compose.compose(Delivery.objects.filter(message="coordinators_changed").first(), at=NOON)
        assert ["พ้นจากการเป็นผู้ประสานงาน" in text for text in (mail.body, html_of(mail))] == [True, True]


class TestSwitches:
    def test_each_can_be_switched_off_and_on_by_whoever_gets_it(self, client):
        workshop = make_workshop()
        own, colleague = make_coordinator(workshop), make_coordinator(workshop)
        client.force_login(own.user)
        page = f"/desk/{workshop.slug}/55/notices/"
        assert client.get(page).content.decode().count(" checked") == len(DeskNotice)
        client.post(page, {"wanted": ["refusal"]})
        own.refresh_from_db()
        colleague.refresh_from_db()
        assert [notice for notice in DeskNotice if getattr(own, notice.field)] == [DeskNotice.REFUSAL]
        assert all(getattr(colleague, notice.field) for notice in DeskNotice)

    @pytest.mark.parametrize("wanted", [["nonsense"], ["digest", "x" * 5000]])
    def test_what_is_no_notice_changes_nothing(self, client, wanted):
        own = make_coordinator(make_workshop())
        client.force_login(own.user)
        answer = client.post(f"/desk/{own.quota.workshop.slug}/55/notices/", {"wanted": wanted})
        own.refresh_from_db()
        assert (answer.status_code, own.wants_full) == (200, True)

    @pytest.mark.parametrize("notice", DeskNotice)
    def test_what_is_switched_off_is_not_sent(self, notice):
        workshop = make_workshop(decision="province_first")
        own = make_coordinator(workshop)
        switch_notices(coordinator=own, wanted=set(DeskNotice) - {notice})
        seats_of(workshop, capacity=2)
        waiting_in(workshop)
        refuse(invitation=make_invitation(workshop), by=PARTICIPANT, at=NOON)
        make_invitation(workshop)
        appoint(quota=seats_of(workshop), appointee=Appointee("", "new@example.org"), by=TestWhoCoordinates().staff(), at=NOON)
        Coordinator.objects.exclude(pk=own.pk).delete()
        at = timezone.make_aware(dt.datetime(2027, 2, 12, 9))
        tell_full(at=at), tell_first_day(at=at), send_digests(at=at)
        got = set(Delivery.objects.filter(user=own.user).values_list("message", flat=True))
        of = dict(
            zip(DeskNotice, ["desk_digest", "province_full", "invitation_refused", "first_day_near", "coordinators_changed"], strict=True)
        )
        assert got == set(of.values()) - {of[notice]}


def test_the_clock_does_all_of_it():
    workshop = make_workshop(decision="province_first")
    seats_of(workshop, capacity=1)
    make_coordinator(workshop)
    waiting_in(workshop)
    tick(timezone.make_aware(dt.datetime(2027, 2, 12, 9)))
    tick(timezone.make_aware(dt.datetime(2027, 2, 12, 9, 1)))
    assert sorted(Delivery.objects.filter(user__isnull=False).values_list("message", flat=True)) == [
        "desk_digest",
        "first_day_near",
        "province_full",
    ]
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_notice_is_written_in_both_languages(workshop, language):
    own = make_coordinator(workshop)
    waiting_in(workshop)
    invitation, quota = make_invitation(workshop), seats_of(workshop)
    details = {"quota": quota.pk, "quotas": [quota.pk], "invitation": invitation.pk, "next": [], "first_day": "2027-02-18"}
    details |= {"who": "Somebody", "by": "Staff", "language": language}
    for number, message in enumerate(["desk_digest", "province_full", "invitation_refused", "first_day_near", "coordinators_changed"]):
        for what in ("added", "removed"):
            delivery = Delivery.objects.create(
                key=f"{number}{what}", message=message, user=own.user, email="x@example.org", created_at=NOON, due_at=NOON,
                details=details | {"what": what},
            )  # fmt: skip
            mail = compose.compose(delivery, at=NOON)
            for text in (mail.subject, mail.body, html_of(mail)):
                assert text.strip() and "{{" not in text and "{%" not in text


def test_a_working_day_is_none_of_the_weekend_the_country_or_the_office():
    ClosedDay.objects.create(date=dt.date(2026, 12, 30), name="วันหยุดพิเศษ")
    open_on = [day.day for day in (dt.date(2026, 12, 26) + n * DAY for n in range(12)) if is_working_day(day)]
    assert open_on == [28, 29, 4, 5, 6]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-12-28 15:00", "2026-12-29 15:00"),
        ("2026-12-30 15:00", "2027-01-04 15:00"),
        ("2026-12-31 15:00", "2027-01-05 00:00"),
        ("2027-01-08 15:00", "2027-01-11 15:00"),
        ("2027-01-09 15:00", "2027-01-12 00:00"),
    ],
)
def test_a_working_day_after_skips_holidays(since, until):
    moment = timezone.make_aware(dt.datetime.fromisoformat(since))
    assert a_working_day_after(moment) == timezone.make_aware(dt.datetime.fromisoformat(until))
