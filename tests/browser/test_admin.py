import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions import releases
from tests.browser.accessibility import faults, unfold
from tests.factories import make_participant, make_workshop, seats_of, tracks_of


@pytest.fixture
def admin(page: Page, live_server) -> Page:
    """The admin's front page, as somebody who just signed in sees it."""
    User.objects.create_superuser("staff", "staff@example.org", "plainly-invented", first_name="สมศรี")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill("plainly-invented")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="จัดการการประชุม")).to_be_visible()
    return page


PLAIN, PRIMARY, DANGEROUS = "rgb(255, 255, 255)", "rgb(25, 72, 106)", "rgb(186, 33, 33)"


def colour(button) -> str:
    return button.evaluate("button => getComputedStyle(button).backgroundColor")


def test_one_button_is_what_the_page_is_for_and_what_cannot_be_taken_back_is_red(admin, live_server):
    workshop = make_workshop()
    make_participant(workshop)
    releases.open_draft(workshop).days.update(title_th="เปลี่ยน")
    admin.goto(f"{live_server.url}/admin/agenda/workshop/{workshop.pk}/draft/")
    deeds = admin.locator(".draft-deeds input[type=submit]")
    assert [colour(deed) for deed in deeds.all()] == [PRIMARY, PLAIN]

    for verb, wanted in (("erase_them", DANGEROUS), ("decline_them", DANGEROUS), ("send_link_them", PRIMARY)):
        admin.goto(f"{live_server.url}/admin/registration/participant/")
        admin.check("#action-toggle")
        admin.select_option("select[name=action]", verb)
        admin.click("button[name=index]")
        assert colour(admin.locator("[name=confirmed]")) == wanted


def test_long_names_of_groups_and_organisations_leave_the_rows_of_people_low(admin, live_server):
    workshop = make_workshop()
    workshop.groups.update(name_th="ผู้บริหารหรือเจ้าหน้าที่สำนักงานจังหวัดที่เกี่ยวข้องกับการวางแผนหรือจัดทำโครงการ")
    make_participant(workshop, first_name="สมมุติ", organisation="สำนักงานพัฒนาชุมชนจังหวัด")
    admin.goto(f"{live_server.url}/admin/registration/participant/")
    row = admin.locator("#result_list tbody tr")
    expect(row).to_contain_text("จัดทำโครงการ")  # what is not seen is there
    assert row.bounding_box()["height"] < 80
    assert admin.evaluate("document.documentElement.scrollWidth") == 1280
    assert admin.locator(".results").evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    make_participant(workshop, first_name="สมมุติ")
    admin.set_viewport_size({"width": 360, "height": 800})
    admin.goto(f"{live_server.url}/admin/registration/participant/?twice=name")
    expect(row).to_have_count(2)
    assert admin.evaluate("document.documentElement.scrollWidth") == 360  # the rows move in their frame


def test_staff_find_people_and_see_what_happened_to_them(admin):
    workshop = make_workshop()
    make_participant(workshop, first_name="สมชาย", last_name="ใจดี", tracks=tracks_of(workshop)[:1])
    make_participant(workshop, "50", first_name="แก้ว", last_name="ทดสอบ")
    make_participant(workshop, "50", first_name="กร", last_name="ทดสอบ")

    admin.get_by_role("link", name="ผู้เข้าร่วม", exact=True).click()
    names = admin.locator("#result_list .field-shown_name")
    expect(names).to_have_text(["นายกร ทดสอบ", "นายแก้ว ทดสอบ", "นายสมชาย ใจดี"])

    admin.locator("#searchbar").fill("สมชาย ใจดี")
    admin.keyboard.press("Enter")
    expect(names).to_have_text(["นายสมชาย ใจดี"])

    admin.locator("#searchbar").fill("")
    admin.keyboard.press("Enter")
    expect(names).to_have_count(3)
    admin.locator("#filter-province").select_option("เชียงใหม่")
    admin.locator("form", has=admin.locator("#filter-province")).get_by_role("button").click()
    expect(names).to_have_text(["นายกร ทดสอบ", "นายแก้ว ทดสอบ"])

    admin.get_by_role("link", name="นายกร ทดสอบ").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("นายกร ทดสอบ")
    expect(admin.get_by_role("table", name="ประวัติ").get_by_role("cell", name="ลงทะเบียน – ยืนยันแล้ว")).to_be_visible()


def test_staff_change_the_places_of_several_quotas(admin):
    workshop = make_workshop()
    admin.get_by_role("link", name="โควตา", exact=True).click()
    for name in ("น่าน", "เชียงใหม่"):
        admin.get_by_role("row", name=name).get_by_role("checkbox").check()
    admin.get_by_role("combobox", name="คำสั่ง").select_option("กำหนดจำนวนที่นั่ง…")
    admin.locator("button[name=index]").click()
    admin.get_by_label("จำนวนที่นั่ง").fill("30")
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("กำหนดแล้ว ๒ โควตา โควตาละ ๓๐ ที่นั่ง")).to_be_visible()
    assert [seats_of(workshop, code).capacity for code in ("55", "50", "10")] == [30, 30, 25]


def test_the_admin_is_read_in_english_too(admin):
    make_workshop()
    admin.get_by_role("link", name="English").click()
    expect(admin.get_by_role("heading", name="Manage the workshops")).to_be_visible()
    assert admin.url.endswith("/en/admin/")
    admin.get_by_role("link", name="ไทย").click()
    expect(admin.get_by_role("heading", name="จัดการการประชุม")).to_be_visible()


@pytest.mark.parametrize("path", ["agency/add/", "province/", "quota/", "participant/"])
def test_no_page_breaks_its_policy(admin, live_server, path):
    make_workshop()
    admin.goto(f"{live_server.url}/admin/registration/{path}")
    expect(admin.locator("#content h1")).to_be_visible()


def test_the_front_page_leads_from_a_number_to_the_people(admin):
    workshop = make_workshop()
    make_participant(workshop, "50", first_name="แก้ว", last_name="ทดสอบ")
    make_participant(workshop, "50", first_name="กร", last_name="ทดสอบ")
    admin.reload()
    table = admin.get_by_role("region", name="ตัวเลขรายจังหวัด")
    table.get_by_role("link", name="ได้ที่นั่ง").click()
    expect(table.locator("tbody th").first).to_have_text("เชียงใหม่")
    table.get_by_role("link", name="2", exact=True).click()
    expect(admin.locator("#result_list .field-shown_name")).to_have_text(["นายกร ทดสอบ", "นายแก้ว ทดสอบ"])


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_has_no_objection_to_the_board_which_fits_its_screen(browser, admin, live_server, width):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    for _i in range(2):
        make_participant(workshop, tracks=tracks_of(workshop)[:1])
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies(admin.context.cookies())
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    unfold(page)
    assert (faults(page, within=".dashboard"), page.evaluate("document.documentElement.scrollWidth")) == ([], width)
    context.close()
