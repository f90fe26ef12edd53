"""A workshop that is over, from counting its numbers in the office to fetching them on a phone without scripts, by keyboard."""

from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from registration.models import OpenDataSet
from registration.open_data.actions import make
from tests.browser.accessibility import objections
from tests.browser.test_attendance import sign_in
from tests.browser.test_evaluation import looked_at
from tests.registration.open_data.making import come, make_over


def test_numbers_are_looked_at_published_and_fetched(page: Page, browser: Browser, live_server, transactional_db):
    workshop = make_over()
    come(workshop, "55", "4.1.1", (30, 25))
    come(workshop, "56", "4.1.2", (3, 3))
    come(workshop, "10", "4.1.2", (20, 20))
    sign_in(page, live_server, User.objects.create_superuser("staff", "staff@example.org", "x"))
    page.goto(f"{live_server.url}/admin/registration/opendataset/{workshop.slug}/")
    looked_at(page, "office-open-data-empty", within="#content")
    page.get_by_role("button", name="นับ", exact=True).click()
    make(set_id=OpenDataSet.objects.get().pk)
    page.reload()
    looked_at(page, "office-open-data", within="#content")
    page.get_by_label("ข้าพเจ้าตรวจจำนวนแล้ว").check()
    page.get_by_role("button", name="เผยแพร่ฉบับที่ ๑").click()
    expect(page.get_by_role("heading", name="ฉบับที่เผยแพร่แล้ว")).to_be_visible()

    address = f"{live_server.url}/w/{workshop.slug}/"
    assert objections(browser, address, width=360) == []
    assert objections(browser, address, width=1280, dark=True) == []
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, accept_downloads=True)
    phone = context.new_page()
    phone.goto(address)
    expect(phone.locator(".date-card")).to_contain_text("๕๓")
    link = phone.get_by_role("link", name="participation.csv")
    link.focus()
    with phone.expect_download() as fetched:
        phone.keyboard.press("Enter")
    assert fetched.value.suggested_filename == "participation.csv"
    context.close()
