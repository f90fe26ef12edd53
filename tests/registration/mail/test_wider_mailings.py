"""Messages to coordinators, at a time that is set, copied, and continued after a stop."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core import mail
from django.utils import timezone
from django.utils.html import strip_tags

from registration.actor import SYSTEM, Actor, ActorKind
from registration.coordinators.actions import switch_off
from registration.errors import MailingSent, NobodyToWriteTo
from registration.mail import outbox
from registration.mail.actions.mailings import (
    continue_mailing,
    copy_mailing,
    queue_deliveries,
    schedule_mailing,
    send_mailing,
    send_scheduled,
    stop_mailing,
    unschedule_mailing,
)
from registration.models import Delivery, Mailing
from registration.operations import clock
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of
from tests.registration.mail.test_mailings import first_names, make_mailing, states, to_whom

pytestmark = pytest.mark.django_db

S = Delivery.State
LATER = NOON + dt.timedelta(hours=3)


@pytest.fixture
def workshop():
    return make_workshop(slug="sample", title_th="การประชุมสมมุติ")


@pytest.fixture
def staff(client):
    user = User.objects.create_user("member", "member@example.org", first_name="สมศรี", is_staff=True)
    user.groups.add(Group.objects.get(name="งานลงทะเบียน"))
    client.force_login(user)
    client.user = user
    return client


def sent(mailing, at=NOON):
    send_mailing(mailing=mailing, by=SYSTEM, at=at)
    queue_deliveries(mailing_id=mailing.pk, seconds=60, at=at)
    mailing.refresh_from_db()
    return mailing


class TestToCoordinators:
    def test_each_gets_one_mail_whatever_desks_they_have(self, workshop):
        make_coordinator(workshop, "55", email="nan@example.org")
        make_coordinator(workshop, "56", email="nan@example.org")
        make_coordinator(workshop, "80", email="south@example.org")
        switch_off(coordinator=make_coordinator(workshop, "50", email="off@example.org"), by=SYSTEM)
        make_coordinator(make_workshop(), "55", email="other@example.org")
        make_participant(workshop)
        everybody = make_mailing(workshop, recipients="coordinators")
        assert to_whom(sent(everybody)) == ["nan@example.org", "south@example.org"]
        assert (everybody.people, set(Delivery.objects.filter(mailing=everybody).values_list("participant", flat=True))) == (2, {None})
        north = make_mailing(workshop, recipients="coordinators", region="north")
        assert to_whom(sent(north)) == ["nan@example.org"]
        some = make_mailing(workshop, recipients="coordinators", provinces=[seats_of(workshop, "80").province])
        assert to_whom(sent(some)) == ["south@example.org"]

    def test_it_names_the_desk_and_leads_to_it(self, workshop):
        make_coordinator(workshop, "55", name="นางสาวสมหญิง สมมุติ", email="nan@example.org")
        sent(
            make_mailing(workshop, recipients="coordinators", subject_th="ถึง {province}", body_th="เรียน {name}\n\nดู {link}"), timezone.now()
        )
        outbox.send_due("worker", seconds=10)
        (message,) = [one for one in mail.outbox if one.subject.startswith("ถึง")]
        assert (message.to, message.subject.split(" (")[0]) == (["nan@example.org"], "ถึง น่าน")
        assert ("เรียน นางสาวสมหญิง สมมุติ" in message.body, "/desk/sample/55/" in message.body) == (True, True)

    def test_who_is_switched_off_meanwhile_gets_none(self, workshop):
        coordinator = make_coordinator(workshop, "55", email="nan@example.org")
        mailing = sent(make_mailing(workshop, recipients="coordinators"), timezone.now())
        switch_off(coordinator=coordinator, by=SYSTEM)
        outbox.send_due("worker", seconds=10)
        assert (states(mailing), [one.subject for one in mail.outbox if "ห้องประชุม" in one.subject]) == ([S.OBSOLETE], [])

    def test_staff_look_at_it_try_it_and_send_it(self, staff, workshop):
        make_coordinator(workshop, "55", name="นางสาวสมหญิง สมมุติ", email="nan@example.org")
        sent = {"recipients": "coordinators", "subject_th": "เรื่อง", "body_th": "ข้อความ", "state": "confirmed"}
        answer = staff.post("/admin/registration/mailing/add/?workshop=sample", sent | {"body_th": "รหัส {code}"})
        assert "ผู้ประสานงานไม่มี {code}" in strip_tags(answer.content.decode())
        answer = staff.post("/admin/registration/mailing/add/?workshop=sample", sent, follow=True)
        page, mailing = answer.content.decode(), Mailing.objects.get()
        assert ("ส่งถึง ๑ คน" in page, "นางสาวสมหญิง สมมุติ" in page, "ผู้ประสานงานจังหวัดและส่วนกลาง" in page) == (True, True, True)
        user = mailing.readers().get()
        assert "ข้อความ" in staff.get(f"/admin/registration/mailing/{mailing.pk}/review/{user.pk}/").content.decode()
        staff.post(f"/admin/registration/mailing/{mailing.pk}/test/")
        assert Delivery.objects.get(message="coordinator_announcement_test").email == "member@example.org"
        outbox.send_due("worker", seconds=10)
        assert [one.subject for one in mail.outbox if one.to == ["member@example.org"]][0].startswith("[ทดสอบ] เรื่อง")
        staff.post(f"/admin/registration/mailing/{mailing.pk}/send/")
        mailing.refresh_from_db()
        assert mailing.people == 1


class TestAtATime:
    def test_the_clock_sends_it_once_when_it_is_due(self, workshop, staff):
        make_participant(workshop)
        mailing = make_mailing(workshop)
        schedule_mailing(mailing=mailing, moment=LATER, by=Actor(ActorKind.STAFF, staff.user))
        assert send_scheduled(at=LATER - dt.timedelta(minutes=1)) == 0
        assert [send_scheduled(at=LATER), send_scheduled(at=LATER)] == [1, 0]
        mailing.refresh_from_db()
        assert (mailing.sent_at, mailing.people) == (LATER, 1)
        assert LogEntry.objects.filter(user=staff.user).count() == 2

    def test_a_round_of_the_clock_does_it(self, workshop):
        make_participant(workshop)
        mailing, now = make_mailing(workshop), timezone.now()
        schedule_mailing(mailing=mailing, moment=now - dt.timedelta(minutes=1), by=SYSTEM)
        clock.tick(now)
        mailing.refresh_from_db()
        assert mailing.sent_at == now

    def test_what_is_much_too_late_or_has_no_reader_is_left_to_staff(self, workshop):
        person = make_participant(workshop)
        late, empty = make_mailing(workshop), make_mailing(workshop)
        for mailing in (late, empty):
            schedule_mailing(mailing=mailing, moment=LATER, by=SYSTEM)
        assert send_scheduled(at=LATER + dt.timedelta(hours=13)) == 0
        late.refresh_from_db()
        assert (late.sent_at, late.scheduled_at, late.was_missed) == (None, None, True)
        schedule_mailing(mailing=empty, moment=LATER, by=SYSTEM)
        person.delete()
        assert send_scheduled(at=LATER) == 0
        empty.refresh_from_db()
        assert (empty.sent_at, empty.was_missed) == (None, True)

    def test_it_can_be_taken_back_but_not_after_it_was_sent(self, workshop):
        make_participant(workshop)
        mailing = make_mailing(workshop)
        schedule_mailing(mailing=mailing, moment=LATER, by=SYSTEM)
        assert unschedule_mailing(mailing=mailing, by=SYSTEM)
        assert send_scheduled(at=LATER) == 0
        send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
        assert not unschedule_mailing(mailing=mailing, by=SYSTEM)
        with pytest.raises(MailingSent):
            schedule_mailing(mailing=mailing, moment=LATER, by=SYSTEM)

    @pytest.mark.parametrize("moment", [None, LATER + dt.timedelta(hours=1)])
    def test_what_gets_another_time_while_the_clock_turns_to_it_is_not_sent(self, workshop, moment):
        make_participant(workshop)
        mailing = make_mailing(workshop)
        schedule_mailing(mailing=mailing, moment=LATER, by=SYSTEM)
        (due,) = Mailing.objects.due(LATER)
        Mailing.objects.update(scheduled_at=moment)
        with pytest.raises(MailingSent):
            send_mailing(mailing=due, by=SYSTEM, planned_for=due.scheduled_at, at=LATER)
        mailing.refresh_from_db()
        assert (mailing.sent_at, mailing.scheduled_at) == (None, moment)

    def test_nobody_to_write_to_is_said_when_the_time_is_set(self, workshop):
        with pytest.raises(NobodyToWriteTo):
            schedule_mailing(mailing=make_mailing(workshop), moment=LATER, by=SYSTEM)

    def test_staff_set_the_time_and_the_text_stays_as_it_is_until_it_is_taken_back(self, staff, workshop):
        make_participant(workshop)
        mailing = make_mailing(workshop)
        page = f"/admin/registration/mailing/{mailing.pk}/"
        soon = timezone.localtime() + dt.timedelta(days=1)
        assert "เวลานี้ผ่านไปแล้ว" in staff.post(f"{page}schedule/", {"moment": "2020-01-01T10:00"}).content.decode()
        assert "คริสต์ศักราช" in staff.post(f"{page}schedule/", {"moment": "2570-01-01T10:00"}).content.decode()
        answer = staff.post(f"{page}schedule/", {"moment": f"{soon:%Y-%m-%dT%H:%M}"}, follow=True).content.decode()
        assert ("กำหนดส่ง" in answer, "ยกเลิกกำหนดส่ง" in answer, "แก้ไขข้อความ" in answer) == (True, True, False)
        assert staff.post(f"{page}change/", {"subject_th": "อื่น", "body_th": "อื่น"}).status_code == 302
        mailing.refresh_from_db()
        assert mailing.subject_th == "เรื่องห้องประชุม"
        staff.post(f"{page}unschedule/")
        assert staff.get(f"{page}change/").status_code == 200

    def test_a_time_for_what_was_sent_meanwhile_leads_to_how_far_it_is(self, staff, workshop):
        make_participant(workshop)
        page = f"/admin/registration/mailing/{sent(make_mailing(workshop)).pk}/"
        for moment in ("2020-01-01T10:00", "no moment", f"{timezone.localtime() + dt.timedelta(days=1):%Y-%m-%dT%H:%M}"):
            assert staff.post(f"{page}schedule/", {"moment": moment}).url == f"{page}progress/"


class TestOnceMore:
    def test_a_copy_goes_to_the_same_people_and_nothing_of_it_is_sent(self, workshop):
        make_participant(workshop, first_name="น่าน")
        make_participant(workshop, "80", first_name="นคร")
        province = seats_of(workshop, "80").province
        mailing = sent(make_mailing(workshop, provinces=[province], groups=workshop.groups.all(), body_en="Text", subject_en="Subject"))
        copy = copy_mailing(mailing=mailing, by=SYSTEM, at=NOON)
        assert (first_names(copy), copy.sent_at, copy.deliveries.count(), copy.body_en) == (["นคร"], None, 0, "Text")

    def test_after_a_stop_it_goes_on_and_nobody_gets_it_twice(self, workshop):
        for _i in range(3):
            make_participant(workshop)
        mailing = sent(make_mailing(workshop))
        first = Delivery.objects.filter(mailing=mailing).first()
        Delivery.objects.filter(pk=first.pk).update(state=S.SENT)
        assert stop_mailing(mailing=mailing, by=SYSTEM, at=NOON) == 2
        assert continue_mailing(mailing=mailing, by=SYSTEM, at=LATER) == 2
        assert continue_mailing(mailing=mailing, by=SYSTEM, at=LATER) == 0
        assert (states(mailing), mailing.stopped_at) == ([S.QUEUED, S.QUEUED, S.SENT], None)

    def test_what_was_not_written_yet_when_it_was_stopped_is_written(self, workshop):
        make_participant(workshop)
        mailing = make_mailing(workshop)
        send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
        stop_mailing(mailing=mailing, by=SYSTEM, at=NOON)
        assert queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON) == 0
        continue_mailing(mailing=mailing, by=SYSTEM, at=LATER)
        assert queue_deliveries(mailing_id=mailing.pk, seconds=60, at=LATER) == 1
        assert states(mailing) == [S.QUEUED]

    def test_the_pages_offer_both(self, staff, workshop):
        make_participant(workshop)
        mailing = sent(make_mailing(workshop))
        page = f"/admin/registration/mailing/{mailing.pk}/"
        staff.post(f"{page}stop/")
        assert "ส่งต่ออีก ๑ ฉบับ" in staff.get(f"{page}progress/").content.decode()
        staff.post(f"{page}continue/")
        assert states(mailing) == [S.QUEUED]
        answer = staff.post(f"{page}copy/")
        copy = Mailing.objects.exclude(pk=mailing.pk).get()
        assert (answer.url, copy.created_by) == (f"/admin/registration/mailing/{copy.pk}/change/", staff.user)
