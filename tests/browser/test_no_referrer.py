"""A real browser sends forms from a page that tells nobody where one came from, and they are taken."""

from playwright.sync_api import Page, expect

from registration.links import signed
from tests.factories import make_participant, make_workshop


def test_a_form_of_a_personal_page_comes_without_its_origin_and_is_taken(page: Page, live_server):
    participant = make_participant(make_workshop())
    page.goto(f"{live_server.url}{signed.personal_link(participant)}cancel/")
    assert page.request.head(page.url).headers["referrer-policy"] == "same-origin", "whoever does not say what he knows"
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("form button.btn-danger").click()
    headers = sent.value.all_headers()
    assert (headers.get("origin"), headers.get("referer"), headers["sec-fetch-site"]) == ("null", None, "same-origin")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "cancelled")
