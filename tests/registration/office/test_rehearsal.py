"""What a rehearsal leaves behind: mails that went astray, and people who only tried the portal."""

import datetime as dt
import os

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from registration.actor import SYSTEM
from registration.errors import RehearsalOn
from registration.mail import outbox
from registration.mail.actions.rehearsal import send_missed
from registration.models import AuditEvent, Delivery, Invitation, Participant
from registration.privacy.actions.rehearsals import remove_rehearsal
from registration.seats import quotas
from sessions.models import Workshop
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

ADDRESS = "rehearsal@example.org"


@pytest.fixture
def workshop():
    return make_workshop(rehearsal_email=ADDRESS)


@pytest.fixture
def staff(client):
    user = User.objects.create_user("staff", "staff@example.org", is_staff=True)
    rights = ["view_workshop", "change_workshop", "delete_participant", "view_participant", "change_delivery"]
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


def send_all():
    Delivery.objects.update(due_at=NOON - dt.timedelta(days=9999))
    outbox.send_due("worker", seconds=30)


def end(workshop):
    Workshop.objects.filter(pk=workshop.pk).update(rehearsal_email="")
    workshop.refresh_from_db()


def page_of(workshop, rest=""):
    return f"/en/admin/registration/participant/rehearsal/{workshop.slug}/{rest}"


def strip_of(staff, workshop):
    cache.clear()
    page = staff.get(f"/en/admin/registration/participant/?workshop={workshop.slug}").content.decode()
    return " ".join(page.partition('class="strip"')[2].partition("</section>")[0].split())


def test_only_what_went_to_the_address_of_a_rehearsal_went_astray(workshop):
    make_participant(workshop)
    make_participant(make_workshop())
    make_invitation(workshop)
    send_all()
    assert sorted(Delivery.objects.values_list("message", "went_astray")) == [
        ("confirmed", False), ("confirmed", True), ("invitation", True),
    ]  # fmt: skip
    assert Delivery.objects.astray(workshop).count() == 2


def test_the_strip_counts_them_while_it_is_on_and_leads_to_clearing_up_afterwards(staff, workshop):
    make_participant(workshop)
    send_all()
    assert "1 e-mail went there." in strip_of(staff, workshop)
    end(workshop)
    shown = strip_of(staff, workshop)
    assert "1 people who registered, 1 e-mails that nobody got" in shown and page_of(workshop) in shown
    remove_rehearsal(workshop=workshop, people=list(workshop.participants.values_list("pk", flat=True)), by=SYSTEM)
    assert "rehearsal" not in strip_of(staff, workshop).lower()


def test_what_was_missed_is_sent_once_to_whom_it_was_for(workshop):
    person = make_participant(workshop)
    send_all()
    with pytest.raises(RehearsalOn):
        send_missed(workshop=workshop, by=SYSTEM)
    end(workshop)
    assert [send_missed(workshop=workshop, by=SYSTEM), send_missed(workshop=workshop, by=SYSTEM)] == [1, 0]
    send_all()
    assert [sent.recipients() for sent in mail.outbox] == [[ADDRESS], [person.email]]
    assert Delivery.objects.astray(workshop).count() == 0


def test_what_has_nothing_to_say_any_more_is_not_sent(workshop):
    person = make_participant(workshop)
    send_all()
    end(workshop)
    Participant.objects.filter(pk=person.pk).update(state="cancelled")
    send_missed(workshop=workshop, by=SYSTEM)
    send_all()
    assert [sent.recipients() for sent in mail.outbox] == [[ADDRESS]]


def test_the_people_go_with_their_seats_and_nobody_moves_up_who_is_to_go(workshop):
    seats_of(workshop, capacity=1)
    people = [make_participant(workshop) for _i in range(3)]
    make_invitation(workshop, "50")
    send_all()
    end(workshop)
    somebody = make_participant(workshop)
    assert remove_rehearsal(workshop=workshop, people=[one.pk for one in people], by=SYSTEM) == 3
    somebody.refresh_from_db()
    assert (list(workshop.participants.all()), somebody.state, Invitation.objects.count()) == ([somebody], "confirmed", 0)
    assert quotas.mismatches() == []
    assert Delivery.objects.astray(workshop).count() == 0
    assert AuditEvent.objects.filter(verb="erased").count() == 3


def test_nobody_is_removed_who_came_outside_a_rehearsal_and_who_is_kept_is_somebody(workshop):
    kept, gone = make_participant(workshop), make_participant(workshop)
    end(workshop)
    real = make_participant(workshop)
    other = make_participant(make_workshop(rehearsal_email=ADDRESS))
    assert remove_rehearsal(workshop=workshop, people=[gone.pk, real.pk, other.pk], by=SYSTEM) == 1
    assert set(Participant.objects.values_list("pk", "in_rehearsal")) == {(kept.pk, False), (real.pk, False), (other.pk, True)}


class TestPage:
    def test_people_are_removed_only_with_the_number_and_the_title_typed_in(self, staff, workshop):
        one, two = make_participant(workshop), make_participant(workshop)
        ticked = {"person": [one.pk, two.pk]}
        page = staff.post(page_of(workshop), {**ticked, "count": "2", "title": "something else"})
        assert "This is not the title" in page.content.decode()
        page = staff.post(page_of(workshop), {**ticked, "count": "1", "title": workshop.title_th})
        assert "The number is not that of the people who are ticked (2)" in page.content.decode()
        assert Participant.objects.count() == 2
        staff.post(page_of(workshop), {"person": [one.pk], "count": "1", "title": f"  {workshop.title_th} "})
        assert list(Participant.objects.all()) == [two]

    def test_what_is_no_key_is_nobody(self, staff, workshop):
        make_participant(workshop)
        staff.post(page_of(workshop), {"person": ["x", "-1", "9" * 30], "count": "0", "title": workshop.title_th})
        assert Participant.objects.count() == 1

    def test_the_mails_wait_for_the_end_of_the_rehearsal(self, staff, workshop):
        make_participant(workshop)
        send_all()
        assert page_of(workshop, "send/") not in staff.get(page_of(workshop)).content.decode()
        staff.post(page_of(workshop, "send/"))
        assert Delivery.objects.astray(workshop).count() == 1
        end(workshop)
        assert page_of(workshop, "send/") in staff.get(page_of(workshop)).content.decode()
        staff.post(page_of(workshop, "send/"))
        assert Delivery.objects.astray(workshop).count() == 0

    @pytest.mark.parametrize("people", [1, 3])
    def test_it_costs_the_same_queries_for_one_and_for_three(self, staff, workshop, people, django_assert_max_num_queries):
        for _i in range(people):
            make_participant(workshop)
        staff.get(page_of(workshop))
        with django_assert_max_num_queries(27):
            staff.get(page_of(workshop))


class TestStrip:
    def test_an_old_backup_is_told_and_a_new_one_is_not(self, staff, workshop, settings, tmp_path):
        settings.VAR_DIR = tmp_path
        assert "newest backup" not in strip_of(staff, workshop)  # this host makes none
        (tmp_path / "backups").mkdir()
        file = tmp_path / "backups" / "portal-1.zip"
        file.touch()
        assert "newest backup" not in strip_of(staff, workshop)
        old = timezone.now() - dt.timedelta(hours=40)
        os.utime(file, (old.timestamp(), old.timestamp()))
        assert "The newest backup is of" in strip_of(staff, workshop)

    def test_a_registration_that_closed_long_before_the_first_day_is_told_while_seats_are_left(self, staff):
        workshop = make_workshop()
        now = timezone.now()
        workshop.days.filter(pk=workshop.days.first().pk).update(date=timezone.localdate() + dt.timedelta(days=20))
        Workshop.objects.filter(pk=workshop.pk).update(registration_closes_at=now - dt.timedelta(hours=1))
        assert "Registration closed on" in strip_of(staff, workshop)
        workshop.quotas.seats().update(capacity=0)
        assert "Registration closed on" not in strip_of(staff, workshop)
        workshop.quotas.seats().update(capacity=5)
        workshop.days.filter(pk=workshop.days.first().pk).update(date=timezone.localdate() + dt.timedelta(days=3))
        assert "Registration closed on" not in strip_of(staff, workshop)
