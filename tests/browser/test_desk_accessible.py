"""What axe says of every page on a coordinator's way: from their mail to their desk, empty, at work, and with faults."""

from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from registration.actor import SYSTEM
from registration.invitations.actions.invitations import withdraw
from registration.links import signed
from registration.seats.actions.moves import decline
from registration.security import sign_in
from tests.browser.accessibility import objections_in, visitor
from tests.browser.test_desk import sign_in as take_in
from tests.factories import make_coordinator, make_invitation, make_participant, make_workshop, seats_of

widths = pytest.mark.parametrize("width", [360, 1280])


@pytest.fixture
def workshop(live_server):
    return make_workshop(decision="province_first")


@pytest.fixture
def seen(browser, live_server):
    """What axe objects to at `path`, for `user` if there is one, after `click` if something is to be clicked."""
    visitors = {}

    def objected(path, width, user=None, click=""):
        def arrive(page):
            if click:
                page.locator(click).first.click()
                page.wait_for_load_state()

        who = user and user.pk
        if who not in visitors:
            visitors[who] = stack.enter_context(visitor(browser))
            if user:
                take_in(visitors[who].new_page(), live_server, user)
        return [f"{path} {fault}" for fault in objections_in(visitors[who], live_server.url + path, width=width, after=arrive)]

    with ExitStack() as stack:
        yield objected


@widths
def test_the_way_in(seen, workshop, width):
    user = make_coordinator(workshop).user
    link, password = (urlsplit(url(user)).path for url in (sign_in.link_url, sign_in.password_url))
    assert seen("/desk/sign-in/", width, click=".btn-primary") == []
    assert seen("/desk/sign-in/sent/", width) == []
    assert seen(link, width) == []
    assert seen(f"{link[:-3]}x/", width) == []
    assert seen(password, width, click="main .btn-primary") == []
    assert seen("/desk/password/MQ/x-y/", width) == []


@widths
def test_the_desk_empty_at_work_and_with_faults(seen, workshop, width):
    user = make_coordinator(workshop).user
    desk = f"/desk/{workshop.slug}/55/"
    assert seen(desk, width, user) == []
    seats_of(workshop, capacity=3)
    people = [make_participant(workshop) for _i in range(4)]
    decline(participant=people[0], reason="", by=SYSTEM)
    assert seen(desk, width, user) == []
    assert seen(desk, width, user, click=".desk-columns-chosen summary") == []
    for person in people:
        assert seen(f"{desk}people/{person.code}/", width, user) == []
    assert seen(f"{desk}invite/", width, user) == []
    assert seen(f"{desk}nominations/", width, user, click=".btn-primary") == []
    assert seen(f"{desk}coordinators/", width, user, click="main .btn-danger") == []


@widths
def test_several_desks_and_none(seen, workshop, width):
    coordinator = make_coordinator(workshop)
    make_coordinator(workshop, "56", email=coordinator.user.email)
    assert seen("/desk/", width, coordinator.user) == []
    coordinator.user.desks.update(is_active=False)
    assert seen("/desk/", width, coordinator.user) == []


@widths
def test_an_invitation_with_faults_and_one_that_is_over(seen, workshop, width):
    invitation = make_invitation(workshop, at=timezone.now())
    path = f"/i/{signed.personal_invitation_token(invitation)}/"
    assert seen(path, width, click="main form .btn-primary") == []
    withdraw(invitation=invitation, by=SYSTEM)
    assert seen(path, width) == []
