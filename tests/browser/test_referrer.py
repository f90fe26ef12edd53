"""A real browser sends the forms of a personal page with their true origin, and they are taken."""

from playwright.sync_api import Page, expect

from registration.links import signed
from tests.factories import make_participant, make_workshop


def test_a_form_of_a_personal_page_comes_with_its_origin_and_is_taken(page: Page, live_server):
    participant = make_participant(make_workshop())
    page.goto(f"{live_server.url}{signed.personal_link(participant)}cancel/")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("form button.btn-danger").click()
    assert sent.value.all_headers().get("origin") == live_server.url
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "cancelled")
