"""Somebody is asked to coordinate: nothing changes until they accept by the link in their own mail."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from registration.actor import SYSTEM
from registration.coordinators import actions
from registration.coordinators.actions import Appointee, accept, ask, switch_off
from registration.errors import AlreadyCoordinates, OfferOver
from registration.mail import compose
from registration.models import Coordinator, Delivery, DeskOffer
from registration.security import sign_in
from tests.factories import NOON, make_coordinator, make_workshop

pytestmark = pytest.mark.django_db

NEXT = Appointee("นางสาวผู้รับช่วง สมมุติ", "next@example.org", "+66812345678")


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def before(workshop):
    return make_coordinator(workshop, email="before@example.org")


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss", "boss@example.org")


def mails(message):
    return sorted(Delivery.objects.filter(message=message).values_list("email", flat=True))


def path_of(offer):
    return "/" + sign_in.offer_url(offer).split("/", 3)[3]


def at_the_desk(client, coordinator, **fields):
    client.force_login(coordinator.user)
    given = {"name": NEXT.name, "email": NEXT.email, "email_again": NEXT.email, "phone": "081 234 5678"} | fields
    return client.post(reverse("desk_coordinators", args=[coordinator.quota.workshop.slug, coordinator.quota.code]), given)


def test_the_predecessor_keeps_the_desk_until_the_successor_accepts(client, before, boss):
    colleague = make_coordinator(before.quota.workshop, email="colleague@example.org")
    assert at_the_desk(client, before, successor="").status_code == 302
    assert set(Coordinator.objects.active()) == {before, colleague}
    assert (mails("coordinator_asked"), mails("coordinators_changed")) == (["next@example.org"], [])
    visitor = Client()
    path = path_of(DeskOffer.objects.get())
    assert visitor.get(path).status_code == 200
    assert set(Coordinator.objects.active()) == {before, colleague}  # a scanner follows links
    assert visitor.post(path, follow=True).status_code == 200
    successor = Coordinator.objects.get(user__email="next@example.org")
    assert set(Coordinator.objects.active()) == {successor, colleague}
    assert (successor.name, successor.phone) == (NEXT.name, NEXT.phone)
    assert mails("coordinators_changed") == ["before@example.org", "boss@example.org", "colleague@example.org"]
    assert mails("coordinator_invited") == ["next@example.org"]
    assert client.get(f"/desk/{before.quota.workshop.slug}/55/").status_code == 404


def test_a_colleague_joins_and_nobody_leaves(client, before):
    at_the_desk(client, before, colleague="")
    accept(offer=DeskOffer.objects.get())
    assert {coordinator.user.email for coordinator in Coordinator.objects.active()} == {"before@example.org", "next@example.org"}
    assert mails("coordinators_changed") == ["before@example.org"]


def test_who_answers_a_question_of_the_form_has_asked_as_what_they_pressed_before(client, before):
    typed = {"name": "นางนางสาวผู้รับช่วง สมมุติ", "email": "next@gmial.com", "email_again": "next@gmial.com"}
    page = at_the_desk(client, before, colleague="", **typed)
    form, pressed = page.context["form"], page.context["pressed"]
    assert [sorted(form.open_questions), list(form.non_field_errors())] == [["email", "name"], []]
    kept = {"asked": [text for _name, text in form.asked], "pressed": pressed}
    page = at_the_desk(client, before, **typed | kept | {"use_name": form.name_question.value})
    form, typed = page.context["form"], typed | {"name": "นางสาวผู้รับช่วง สมมุติ"}
    kept = {"asked": [text for name, text in form.asked if name == "asked"], "pressed": page.context["pressed"]}
    at_the_desk(client, before, **typed | kept | {"use_email": "next@gmail.com"})
    offer = DeskOffer.objects.get()
    assert (offer.user.first_name, offer.user.email, offer.in_place_of) == ("นางสาวผู้รับช่วง สมมุติ", "next@gmail.com", None)


def test_who_says_neither_asks_nobody(client, before):
    page = at_the_desk(client, before)
    assert (page.status_code, DeskOffer.objects.count()) == (200, 0)
    assert "โปรดเลือกด้านล่าง" in page.content.decode()


@pytest.mark.parametrize("fields", [{"email_again": "nxt@example.org"}, {"email_again": ""}, {"email": "x", "email_again": "x"}])
def test_an_address_that_was_not_typed_twice_alike_asks_nobody(client, before, fields):
    assert at_the_desk(client, before, successor="", **fields).status_code == 200
    assert (DeskOffer.objects.count(), mails("coordinator_asked")) == (0, [])


def test_two_who_press_at_once_take_it_once(before):
    offer = ask(quota=before.quota, appointee=NEXT, in_place_of=before, by=SYSTEM, at=NOON)
    accept(offer=offer, at=NOON)
    with pytest.raises(OfferOver):
        accept(offer=offer, at=NOON)
    assert mails("coordinator_invited") == ["next@example.org"]


def test_after_seven_days_it_is_over(before):
    offer = ask(quota=before.quota, appointee=NEXT, in_place_of=before, by=SYSTEM, at=NOON)
    with pytest.raises(OfferOver):
        accept(offer=offer, at=NOON + dt.timedelta(days=7))
    assert before.is_active and Coordinator.objects.active().get() == before


def test_what_was_taken_back_is_over(client, before):
    at_the_desk(client, before, successor="")
    offer = DeskOffer.objects.get()
    client.post(reverse("desk_offer_back", args=[before.quota.workshop.slug, "55", offer.pk]))
    assert Client().post(path_of(offer)).status_code == 410
    assert Coordinator.objects.active().get() == before


def test_who_is_asked_anew_is_the_only_one(before):
    first = ask(quota=before.quota, appointee=NEXT, in_place_of=before, by=SYSTEM, at=NOON)
    ask(quota=before.quota, appointee=Appointee("นายอีกคน สมมุติ", "other@example.org"), in_place_of=before, by=SYSTEM, at=NOON)
    with pytest.raises(OfferOver):
        accept(offer=first, at=NOON)


def test_whose_desk_was_closed_has_none_to_pass_on(before):
    offer = ask(quota=before.quota, appointee=NEXT, in_place_of=before, by=SYSTEM, at=NOON)
    switch_off(coordinator=before, by=SYSTEM)
    with pytest.raises(OfferOver):
        accept(offer=offer, at=NOON)
    assert DeskOffer.objects.get().state == "open" and not Coordinator.objects.active().exists()


def test_a_colleague_is_not_asked_again(client, before):
    make_coordinator(before.quota.workshop, email=NEXT.email)
    with pytest.raises(AlreadyCoordinates):
        ask(quota=before.quota, appointee=NEXT, by=SYSTEM)
    assert list(at_the_desk(client, before, colleague="").context["form"].errors) == ["email"]


def test_the_mails_say_who_asks_and_what_changes(before):
    offer = ask(quota=before.quota, appointee=NEXT, in_place_of=before, by=actions.Actor("coordinator", before.user), at=NOON)
    asked = compose.compose(Delivery.objects.get(message="coordinator_asked"), at=NOON)
    assert before.name in asked.body and sign_in.offer_url(offer) in asked.body
    accept(offer=offer, at=NOON)
    told = compose.compose(Delivery.objects.get(message="coordinators_changed"), at=NOON)
    assert NEXT.name in told.body and before.name in told.body and "ท่านเปิดหน้าประสานงานไม่ได้อีกแล้ว" in told.body
    assert "/desk/" not in told.body
    invited = compose.compose(Delivery.objects.get(message="coordinator_invited"), at=NOON)
    assert f"{before.name} มอบหน้าที่" in invited.body and "สศช. ขอเชิญ" not in invited.body


def test_staff_and_colleagues_are_shown_the_desk_and_only_who_coordinates_the_notices(before, boss):
    accept(offer=ask(quota=before.quota, appointee=NEXT, by=actions.Actor("coordinator", before.user), at=NOON), at=NOON)
    mail = {one.email: compose.compose(one, at=NOON).body for one in Delivery.objects.filter(message="coordinators_changed")}
    assert [("/notices/" in mail[email], "/desk/" in mail[email]) for email in ("before@example.org", "boss@example.org")] == [
        (True, True),
        (False, True),
    ]


@pytest.mark.parametrize("token", ["x", "x.y", "WzFd.abc"])
def test_a_forged_link_opens_nothing(client, token):
    assert [client.get(f"/desk/offer/{token}/").status_code, client.post(f"/desk/offer/{token}/").status_code] == [410, 410]


def test_another_desks_offer_is_not_taken_back(client, before, workshop):
    offer = ask(quota=before.quota, appointee=NEXT, in_place_of=before, by=SYSTEM)
    client.force_login(make_coordinator(workshop, "56").user)
    for code in ("55", "56"):
        assert client.post(reverse("desk_offer_back", args=[workshop.slug, code, offer.pk])).status_code == 404
    assert DeskOffer.objects.get().state == "open"
