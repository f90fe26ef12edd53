"""A coordinator's days at the desk, on a phone and without JavaScript: looking for people, registering one, writing, sharing the work.

What axe says of each page is asked in a second browser, because it needs a script.
"""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from registration.models import Delivery, DeskOffer, Mailing, Participant
from registration.security import sign_in as links
from tests.browser.accessibility import objections_in, visitor
from tests.browser.test_desk import PHONE, sign_in
from tests.factories import make_coordinator, make_participant, make_workshop, seats_of


def test_looking_registering_writing_and_sharing_the_work(browser, live_server):
    workshop = make_workshop()
    seats_of(workshop, capacity=3)
    for name in ("กานดา", "ขวัญใจ"):
        make_participant(workshop, first_name=name)
    workshop.groups.create(code="4.1.2", name_th="ภาคประชาสังคม", name_en="Civil society", scope="province")
    user, desk, faults = make_coordinator(workshop).user, f"{live_server.url}/desk/{workshop.slug}/55/", []
    plain = browser.new_context(locale="th-TH", java_script_enabled=False, **PHONE)
    with visitor(browser) as seeing:
        page, seer = plain.new_page(), seeing.new_page()
        for one in (page, seer):
            sign_in(one, live_server, user)

        def look(url=None):
            faults.extend(objections_in(seeing, url or page.url, width=360))
            assert page.evaluate("document.documentElement.scrollWidth") == 360

        # Several states and groups at once
        page.goto(desk)
        for choice, words in (("#chosen-states", "อยู่ในรายชื่อสำรอง"), ("#chosen-states", "ยืนยันแล้ว"), ("#chosen-groups", "สำนักงานจังหวัด")):
            if not page.get_by_label(words, exact=False).and_(page.locator(".filter input")).is_visible():
                page.locator("summary", has=page.locator(choice)).click()
            page.locator(".filter label", has_text=words).click()
        page.locator(".desk-search").get_by_role("button", name="ค้นหา").click()
        expect(page.locator("#chosen-states")).to_have_text("ยืนยันแล้ว, อยู่ในรายชื่อสำรอง")
        expect(page.locator(".person-name")).to_have_count(2)
        look()

        # Somebody without a mailbox
        page.get_by_role("link", name="ลงทะเบียนแทน").click()
        look()
        page.locator("#id_group").select_option("4.1.1")
        typed = {"title": "นาย", "first_name": "กำนัน", "last_name": "สมมุติ", "email": "office@example.org", "phone": "081 234 5678"}
        for field, text in (typed | {"organisation": "ที่ทำการปกครองอำเภอ"}).items():
            page.locator(f"#id_{field}").fill(text)
        page.locator("#id_by_contact").check()
        page.locator("#id_consent").check()
        page.get_by_role("button", name="ลงทะเบียน", exact=True).click()
        expect(page.get_by_role("heading", name="นายกำนัน สมมุติ")).to_be_visible()
        assert Participant.objects.get(email="office@example.org").has_contact_address
        look()
        page.get_by_role("link", name="แก้ไข – โทรศัพท์").click()
        look()

        # Writing to two of them
        page.goto(desk)
        for name in ("กานดา", "กำนัน"):
            page.get_by_label(f"เลือก นาย{name}").check()
        page.get_by_role("button", name="เขียนถึงผู้ที่เลือก").click()
        look()
        page.locator("#id_subject_th").fill("ขอเชิญประชุมเตรียมการ")
        page.locator("#id_body_th").fill("พบกันที่ศาลากลางจังหวัด")
        page.get_by_role("button", name="ดูก่อนส่ง").click()
        look()
        page.get_by_role("button", name="ส่งถึง ๒ คน").click()
        expect(page.get_by_text("กำลังส่งข้อความ")).to_be_visible()
        assert Mailing.objects.get().people == 2
        look()

        # A colleague, who accepts
        page.get_by_role("link", name="ผู้ประสานงาน", exact=True).click()
        for field, text in {"name": "นายเพื่อน สมมุติ", "email": "colleague@example.org", "email_again": "colleague@example.org"}.items():
            page.locator(f"#id_{field}").fill(text)
        page.get_by_role("button", name="เพิ่มเป็นผู้ประสานงานร่วม").click()
        expect(page.get_by_role("heading", name="รอตอบรับ")).to_be_visible()
        look()
        path = urlsplit(links.offer_url(DeskOffer.objects.get())).path
        page.goto(live_server.url + path)
        look()
        page.get_by_role("button", name="รับหน้าที่").click()
        expect(page.get_by_text("นายเพื่อน สมมุติ")).to_be_visible()
        look(live_server.url + path)  # a link that was used
        told = Delivery.objects.filter(message__in=["coordinators_changed", "coordinator_invited"]).values_list("message", "email")
        assert sorted(told) == [("coordinator_invited", "colleague@example.org"), ("coordinators_changed", user.email)]
    plain.close()
    assert faults == []
