"""Where a workshop is in time, asked of every page and verb that has to know: one table over its seven states."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.utils import timezone

from registration.actor import SYSTEM
from registration.errors import WindowClosed, WorkshopOver
from registration.forms.by_hand import ByHandForm
from registration.mail.compose import compose, is_needed
from registration.models import Delivery, Participant
from registration.seats.actions import moves, reserve
from sessions.models import Workshop, WorkshopDay
from sessions.state import WorkshopState
from tests.factories import (
    apply_for,
    make_answers,
    make_coordinator,
    make_invitation,
    make_participant,
    make_person,
    make_workshop,
    seats_of,
)
from tests.visitors import Browser

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def workshop_that_is(name: str) -> Workshop:
    """One with a day before and one after now, as far as its state has them; somebody is registered in it."""
    workshop = make_workshop(days=2, tracks=0)
    participant = make_participant(workshop)
    today = timezone.localdate()
    dates = {"on today": (0, 7), "between two days": (-3, 4), "over": (-10, -3)}.get(name, (20, 27))
    for day, days in zip(workshop.days.all(), dates, strict=True):
        WorkshopDay.objects.filter(pk=day.pk).update(date=today + dt.timedelta(days=days))
    workshop.days.all()[0].items.update(starts_at=dt.time(0), ends_at=dt.time(23, 59, 59))
    now = timezone.now()
    window = {"not yet open": {"registration_opens_at": now + DAY}, "closed": {"registration_closes_at": now - HOUR}}
    Workshop.objects.filter(pk=workshop.pk).update(**window.get(name, {}))
    if name == "full":
        workshop.quotas.update(capacity=1)
        workshop.quotas.exclude(pk=participant.quota_id).update(taken=1)
    workshop.refresh_from_db()
    return workshop


STATES = [
    # name, state, takes registrations
    ("not yet open", WorkshopState.NOT_YET_OPEN, False),
    ("open", WorkshopState.OPEN, True),
    ("full", WorkshopState.FULL, True),
    ("closed", WorkshopState.CLOSED, False),
    ("on today", WorkshopState.ON_TODAY, True),
    ("between two days", WorkshopState.OPEN, True),
    ("over", WorkshopState.OVER, False),
]
SEVEN = pytest.mark.parametrize(("name", "state", "takes"), STATES)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r'<span class="nb">(.*?)</span>', r"\1", page)))


@SEVEN
def test_the_public_page_offers_the_form_exactly_while_one_can_register(client, name, state, takes):
    workshop = workshop_that_is(name)
    for path in (f"/w/{workshop.slug}/", "/"):
        response = client.get(path)
        page = response.content.decode()
        if path != "/" or name != "over":
            assert response.context["standing"].state == state
        assert (f"/w/{workshop.slug}/register/" in page) is takes
    assert ("การประชุมเสร็จสิ้นแล้ว" in words_of(client.get(f"/w/{workshop.slug}/").content.decode())) is (name == "over")


@SEVEN
def test_the_form_is_there_exactly_while_one_can_register(client, name, state, takes):
    workshop = workshop_that_is(name)
    page = client.get(f"/w/{workshop.slug}/register/").content.decode()
    assert ("<form" in page) is takes
    said = {"not yet open": "ยังไม่เปิดรับลงทะเบียน", "closed": "ปิดรับลงทะเบียนแล้ว", "over": "การประชุมเสร็จสิ้นแล้ว"}.get(name)
    assert said is None or f"<h1>{said}</h1>" in re.sub(r'</?span( class="nb")?>', "", page)


@SEVEN
def test_a_form_that_was_open_is_taken_exactly_while_one_can_register(client, name, state, takes):
    workshop = workshop_that_is(name)
    before = Participant.objects.count()
    response = client.post(f"/w/{workshop.slug}/register/", make_answers(workshop, waitlist_ok="on"))
    assert (response.status_code == 302, Participant.objects.count() - before) == (takes, int(takes))
    mails = list(Delivery.objects.exclude(participant=Participant.objects.order_by("pk")[0]).values_list("message", flat=True))
    assert mails == ({"full": ["waiting"]}.get(name, ["confirmed"]) if takes else [])


@SEVEN
def test_the_personal_page_knows_it(client, name, state, takes):
    workshop = workshop_that_is(name)
    participant = Participant.objects.get()
    response = Browser().open_page_of(participant)
    assert response.context["standing"].takes_registrations is takes
    assert response.context["standing"].is_over is (name == "over")
    assert workshop.standing().is_over is (name == "over")


@SEVEN
def test_the_desk_invites_and_decides_exactly_while_it_can_come_true(client, name, state, takes):
    workshop = workshop_that_is(name)
    waiting = make_participant(workshop, at=timezone.now() - DAY * 90) if name in ("open", "on today", "between two days") else None
    if waiting:
        Participant.objects.filter(pk=waiting.pk).update(state="pending")
    client.force_login(make_coordinator(workshop).user)
    shown = client.get(f"/desk/{workshop.slug}/55/").context
    assert shown["standing"].is_over is (name == "over")
    assert shown["may_invite"] is (name in ("not yet open", "open", "on today", "between two days"))
    if waiting:
        assert shown["people"].can_approve


@SEVEN
def test_mails_speak_of_what_is_still_to_come(name, state, takes):
    workshop, now = workshop_that_is(name), timezone.now()
    participant = Participant.objects.get()
    said = compose(Delivery.objects.get(message="confirmed"), at=now).body
    assert ("ก่อนวันประชุมแต่ละครั้ง ท่านจะได้รับลิงก์" in said) is (name != "over")
    last = workshop.days.last().pk
    kept = {"participant": participant, "email": participant.email, "created_at": now, "due_at": now}
    for message in ("reminder", "renamed"):
        delivery = Delivery.objects.create(key=message, message=message, details={"day": last}, **kept)
        assert is_needed(delivery, now) is (name != "over")
    assert (str(workshop.short_name) in compose(delivery, at=now).subject) is True


@pytest.mark.parametrize("name", ["closed", "over"])
def test_nobody_is_invited_to_what_takes_nobody(name):
    workshop = workshop_that_is(name)
    with pytest.raises(WindowClosed):
        make_invitation(workshop, at=timezone.now())


def test_when_it_is_over_not_even_staff_an_invitation_or_the_line_lead_to_a_seat():
    workshop = workshop_that_is("open")
    held = make_invitation(workshop, at=timezone.now())
    seats = seats_of(workshop, capacity=2)
    waiting = make_participant(workshop, at=timezone.now())
    assert waiting.state == "waitlisted"
    for ago, day in enumerate(workshop.days.all(), 1):
        WorkshopDay.objects.filter(pk=day.pk).update(date=timezone.localdate() - ago * DAY)
    options = {"workshop": workshop, "quota": seats, "group": workshop.groups.first(), "days": workshop.days.all(), "submission": uuid4()}
    for by, invitation in ((SYSTEM, None), (SYSTEM, held)):
        with pytest.raises(WorkshopOver):
            apply_for(person=make_person(), by=by, invitation=invitation, **options)
    with pytest.raises(WorkshopOver):
        moves.move_up(participant=waiting, by=SYSTEM)
    first = Participant.objects.exclude(pk=waiting.pk).get()
    assert moves.cancel(participant=first, by=SYSTEM) == []
    waiting.refresh_from_db()
    assert (waiting.state, seats_of(workshop).taken) == ("waitlisted", 1)
    with pytest.raises(WorkshopOver):
        moves.put_back(participant=first, by=SYSTEM)
    assert reserve.expire_offers(at=timezone.now()) == 0


@SEVEN
def test_the_office_registers_by_hand_until_it_is_over(admin_client, name, state, takes):
    workshop = workshop_that_is(name)
    page = admin_client.get(f"/admin/registration/participant/add/?workshop={workshop.slug}", follow=True)
    assert page.context["standing"].is_over is (name == "over")
    assert isinstance(page.context["form"], ByHandForm)
