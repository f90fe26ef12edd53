"""Registering over HTTP: from the form to the personal page, or to what is said instead."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from registration.choices import State
from registration.models import Delivery, Event, Participant, Quota
from registration.privacy import notice
from sessions.models import StakeholderGroup
from tests.factories import make_answers, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


def address(workshop, language="") -> str:
    return f"{language}/w/{workshop.slug}/register/"


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def page_of(response) -> str:
    """The page without what keeps the syllables of a word together."""
    return re.sub(r'<span class="nb">(.*?)</span>', r"\1", response.content.decode())


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_of(response)))


def input_of(response, name: str) -> dict[str, str]:
    """The attributes of the input called `name`."""
    tags = [tag for tag in re.findall(r"<input[^>]*>", response.content.decode()) if f' name="{name}"' in tag]
    return dict(re.findall(r'([\w-]+)="([^"]*)"', tags[0]))


def faults(response) -> list[tuple[str, str]]:
    """The error summary: where each line leads, and what it says."""
    summary = re.search(r'<div class="error-summary".*?</div>', page_of(response), re.DOTALL)
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary[0]) if summary else []


# The form ---------------------------------------------------------------------------------------


def test_the_form_has_the_fields_that_other_programs_fill_in(client, workshop):
    page = client.get(address(workshop)).content.decode()
    block = tracks_of(workshop)[0].item_id
    names = set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', page))
    assert names == {
        "csrfmiddlewaretoken", "submission", "opened", "website", "province", "waitlist_ok", "group", "title", "first_name", "last_name",
        "title_other", "no_last_name", "position", "organisation", "organisation_short", "email", "phone", "days", f"track_{block}",
    }  # fmt: skip
    assert re.findall(r'name="group"[^>]* value="([^"]+)"', page) == ["4.1.1", "4.2"]


def test_every_input_has_a_label_and_tells_the_browser_what_it_is(client, workshop):
    response = client.get(address(workshop))
    for name, autocomplete in [
        ("title_other", "honorific-prefix"), ("first_name", "given-name"), ("last_name", "family-name"), ("position", "organization-title"),
        ("organisation", "organization"), ("email", "email"), ("phone", "tel"),
    ]:  # fmt: skip
        assert response.content.decode().count(f'for="id_{name}"') == 1 or "aria-label" in input_of(response, name)
        assert input_of(response, name)["autocomplete"] == autocomplete


@pytest.mark.parametrize("asked", ["50", "เชียงใหม่", "จังหวัดเชียงใหม่", "chiang mai"])
def test_a_province_s_own_address_chooses_it(client, workshop, asked):
    page = page_of(client.get(address(workshop), {"province": asked}))
    assert re.findall(r'<option value="([^"]*)" selected>', page) == ["50"]
    assert '<p class="seats-left">เหลือ ๒๕ ที่นั่ง</p>' in page


@pytest.mark.parametrize("asked", ["", "99", "ไม่มี", "%", "|", "' OR 1=1", "ก" * 3000])
def test_an_unknown_province_in_the_address_is_passed_over(client, workshop, asked):
    response = client.get(address(workshop), {"province": asked})
    assert (response.status_code, faults(response)) == (200, [])
    assert re.findall(r'<option value="([^"]*)" selected>', response.content.decode()) == []


def test_a_full_province_is_told_before_anything_is_typed(client, workshop):
    seats_of(workshop, capacity=1)
    for _person in range(3):
        make_participant(workshop)
    page = page_of(client.get(address(workshop), {"province": "55"}))
    assert '<p class="seats-full">ที่นั่งของจังหวัดน่านเต็มแล้ว (๑ คน) ท่านขอเข้ารายชื่อสำรองได้ ขณะนี้มีผู้รอ ๒ คน</p>' in page


def test_every_visitor_gets_a_form_of_their_own_that_no_cache_keeps_for_others(client, workshop):
    first, second = client.get(address(workshop)), Client().get(address(workshop))
    assert hidden(first.content.decode(), "submission") != hidden(second.content.decode(), "submission")
    assert first["Cache-Control"] == "private, no-cache"


def test_the_form_is_complete_in_english(client, workshop):
    words = text_of(client.get(address(workshop, "/en")))
    assert "Nakhon Ratchasima (Korat) – 25 seats left" in words
    form = words.split("You need no account.")[1].split("After you register")[0]
    assert re.findall(r"[\u0e00-\u0e7f]+", form) == []


def test_an_unknown_or_unpublished_workshop_has_no_form(client):
    hidden_one = make_workshop(is_published=False)
    assert client.get("/w/none/register/").status_code == 404
    assert client.get(address(hidden_one)).status_code == 404
    assert client.post(address(hidden_one), make_answers(hidden_one)).status_code == 404
    assert Participant.objects.count() == 0


def test_the_form_takes_eight_queries_and_mostly_none(client, workshop, django_assert_num_queries):
    with django_assert_num_queries(8):  # what everybody shares, the places, and whom to ask
        client.get(address(workshop))
    with django_assert_num_queries(0):
        client.get(address(workshop))
    with django_assert_num_queries(1):
        client.get(address(workshop), {"province": "30"})
    with django_assert_num_queries(1):
        client.get(address(workshop), {"province": "โคราช"})


# Registering ------------------------------------------------------------------------------------


def test_a_right_form_leads_to_the_personal_page(client, workshop):
    response = client.post(address(workshop), make_answers(workshop))
    participant = Participant.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/p/{participant.code}/registered/")
    assert (participant.state, participant.quota, participant.group.code) == (State.CONFIRMED, seats_of(workshop), "4.1.1")
    assert list(participant.days.all()) == list(workshop.days.all())
    assert [choice.track for choice in participant.choices.all()] == [tracks_of(workshop)[0]]
    assert (participant.consent_version, participant.language) == (notice.NOTICE_VERSION, "th")
    assert abs(participant.consented_at - timezone.now()) < dt.timedelta(minutes=1)
    assert [(d.message, d.email) for d in Delivery.objects.all()] == [("confirmed", participant.email)]
    assert [(e.verb, e.actor_kind) for e in Event.objects.all()] == [("registered", "participant")]
    page = client.get(response["Location"]).content.decode()
    assert f'data-state="confirmed" data-code="{participant.code}"' in page


@pytest.mark.parametrize(("group", "kept"), [("4.1.1", True), ("4.1.8", False)])
def test_a_colleague_has_what_both_have_in_common(client, workshop, group, kept):
    """But not the group that asks each one's guardian."""
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.8", name_th="เด็กและเยาวชน", needs_guardian=True)
    guardian = {"guardian_name": "นางสมมุติ ผู้ปกครอง", "guardian_contact": "guardian@example.org", "guardian_agrees": "on"}
    page = client.post(address(workshop), make_answers(workshop, group=group) | guardian, follow=True).content.decode()
    (link,) = re.findall(r'href="([^"]*[?]province=[^"]*)"', page)
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert re.findall(r'value="([^"]+)"[^>]*? checked', re.search('<div class="pills">.*?</div>', form, re.DOTALL)[0]) == [group] * kept
    assert 'value="สำนักงาน' in form


def test_who_registers_in_english_stays_in_english(client, workshop):
    response = client.post(address(workshop, "/en"), make_answers(workshop))
    participant = Participant.objects.get()
    assert (response["Location"], participant.language) == (f"/en/p/{participant.code}/registered/", "en")


def test_central_agencies_have_seats_of_their_own(client, workshop):
    client.post(address(workshop), make_answers(workshop, province="central", group=None))
    participant = Participant.objects.get()
    assert (participant.quota.kind, participant.group.code, participant.state) == (Quota.Kind.CENTRAL, "4.2", State.CONFIRMED)


def test_where_the_province_approves_first_the_seat_is_held(client):
    workshop = make_workshop(decision="province_first")
    client.post(address(workshop), make_answers(workshop))
    assert Participant.objects.get().state == State.PENDING
    assert seats_of(workshop).taken == 1


def test_a_full_province_keeps_nothing_without_the_will_to_wait(client, workshop):
    seats_of(workshop, capacity=0)
    response = client.post(address(workshop), make_answers(workshop, first_name="คนรอ"))
    assert (response.status_code, Participant.objects.count()) == (200, 0)
    assert faults(response) == [("id_waitlist_ok", "ที่นั่งของจังหวัดน่านเต็มแล้ว หากประสงค์เข้ารายชื่อสำรอง โปรดทำเครื่องหมายในช่องนี้")]
    assert input_of(response, "first_name")["value"] == "คนรอ"


def test_with_the_will_to_wait_the_place_in_line_is_shown(client, workshop):
    seats_of(workshop, capacity=0)
    make_participant(workshop)
    response = client.post(address(workshop), make_answers(workshop, waitlist_ok="on"), follow=True)
    assert "ท่านอยู่ในรายชื่อสำรองลำดับที่ ๒" in text_of(response)
    assert 'data-state="waitlisted"' in response.content.decode()


def test_the_last_seat_lost_between_form_and_registration_is_told(client, workshop, monkeypatch):
    seats_of(workshop, capacity=1)
    _somebody_was_quicker(monkeypatch, lambda: make_participant(workshop))
    response = client.post(address(workshop), make_answers(workshop, first_name="คนช้า"))
    assert faults(response) == [("id_waitlist_ok", "ที่นั่งของจังหวัดน่านเต็มแล้ว หากประสงค์เข้ารายชื่อสำรอง โปรดทำเครื่องหมายในช่องนี้")]
    assert input_of(response, "first_name")["value"] == "คนช้า"
    assert [p.first_name for p in Participant.objects.filter(first_name="คนช้า")] == []


def test_a_topic_lost_between_form_and_registration_is_told_with_what_the_others_have(client, workshop, monkeypatch):
    first, second = tracks_of(workshop)
    Quota.objects.filter(track=first).update(capacity=1)
    Quota.objects.filter(track=second).update(capacity=9)
    _somebody_was_quicker(monkeypatch, lambda: make_participant(workshop, "54", tracks=[first]))
    response = client.post(address(workshop), make_answers(workshop))
    assert faults(response) == [(f"id_track_{first.item_id}_2", "หัวข้อที่ท่านเลือกเต็มแล้ว โปรดเลือกหัวข้ออื่น หรือเลือกภายหลัง")]
    page = page_of(response)
    assert f'id="seats-{first.pk}">เต็มแล้ว</span>' in page
    assert f'id="seats-{second.pk}">เหลือ ๙ ที่นั่ง</span>' in page
    assert re.search(rf'value="{first.pk}"\s+disabled', page)
    assert (Participant.objects.count(), seats_of(workshop).taken) == (1, 0)


def _somebody_was_quicker(monkeypatch, register_somebody):
    """Lets `register_somebody` happen after the form was found right and before its seat is taken."""
    from registration.people.actions import registrations

    genuine = registrations.register

    def register(**arguments):
        monkeypatch.setattr(registrations, "register", genuine)
        register_somebody()
        return genuine(**arguments)

    monkeypatch.setattr(registrations, "register", register)


def test_a_registration_takes_thirteen_queries_beside_what_all_share(client, workshop, django_assert_num_queries):
    known, unknown = make_answers(workshop), make_answers(workshop, organisation_short="", first_name="ชื่ออื่น")
    first = make_answers(workshop, first_name="สมหญิง")
    client.get(address(workshop))
    with django_assert_num_queries(16):  # the places, which of them is that of the central agencies, who is told by webhooks
        assert client.post(address(workshop), first).status_code == 302
    with django_assert_num_queries(13):
        assert client.post(address(workshop), known).status_code == 302
    with django_assert_num_queries(13):
        assert client.post(address(workshop), unknown).status_code == 302


# Faults -----------------------------------------------------------------------------------------


def test_on_a_fault_everything_typed_is_kept(client, workshop):
    first_day = workshop.days.first()
    second = tracks_of(workshop)[1]
    typed = make_answers(
        workshop, title="ดร.", first_name="<สมมุติ>", last_name="ทดสอบ & ดี", position="ครู \"ใหญ่\"", phone="12", email="ผิด",
        organisation="กลุ่มรักน่าน", organisation_short="กรน.", days=[str(first_day.pk)], waitlist_ok="on",
        **{f"track_{second.item_id}": str(second.pk)},
    )  # fmt: skip
    response = client.post(address(workshop), typed)
    page = response.content.decode()
    assert [anchor for anchor, _words in faults(response)] == ["id_first_name", "id_email", "id_phone"]
    for name, value in [
        ("title_other", "ดร."), ("first_name", "&lt;สมมุติ&gt;"), ("last_name", "ทดสอบ &amp; ดี"), ("position", "ครู &quot;ใหญ่&quot;"),
        ("organisation", "กลุ่มรักน่าน"), ("organisation_short", "กรน."), ("email", "ผิด"), ("phone", "12"),
    ]:  # fmt: skip
        assert input_of(response, name)["value"] == value
    ticked = [tag for tag in re.findall(r"<input[^>]*>", page) if " checked" in tag]
    assert [re.search(r'name="([^"]+)"(?:.* value="([^"]+)")?', tag).groups() for tag in ticked] == [
        ("waitlist_ok", None), ("title", "other"), ("group", "4.1.1"), ("days", str(first_day.pk)),
        (f"track_{second.item_id}", str(second.pk)),
    ]  # fmt: skip
    assert re.findall(r'<option value="([^"]*)" selected>', page) == ["55"]
    assert hidden(page, "submission") == typed["submission"]


def test_everybody_finds_the_group_days_and_topic_that_they_chose_themselves(client, workshop):
    """What all visitors share of the page is kept by what it shows."""
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.2", name_th="หน่วยงานในภูมิภาค")
    last_day, tracks = workshop.days.last(), tracks_of(workshop)
    topic = f"track_{tracks[0].item_id}"
    everything = [str(day.pk) for day in workshop.days.all()]
    chosen = [
        ("4.1.1", everything, tracks[0].pk), ("4.1.2", everything, tracks[1].pk), ("4.1.1", [str(last_day.pk)], ""), ("ผิด", everything, ""),
    ]  # fmt: skip
    for group, days, track in [*chosen, *chosen]:
        answers = make_answers(workshop, last_name="", group=group, days=days, **{topic: str(track)})
        page = client.post(address(workshop), answers).content.decode()
        ticked = [tag for tag in re.findall(r"<input[^>]*>", page) if " checked" in tag]
        found = [re.search(r'name="([^"]+)".* value="([^"]*)"', tag).groups() for tag in ticked]
        assert [value for name, value in found if name == "group"] == [group] * (group != "ผิด")
        assert [value for name, value in found if name == "days"] == days
        assert [value for name, value in found if name == topic] == [str(track)]


def test_what_is_left_of_a_topic_is_never_older_than_what_is_known(client, workshop):
    track = tracks_of(workshop)[0]
    seats = rf'id="seats-{track.pk}">([^<]*)'
    wrong = make_answers(workshop, last_name="", province="")  # which is looked at anew before it is refused
    told = []
    for taken in (1, 2, 3):
        Quota.objects.filter(track=track).update(capacity=3, taken=taken)
        told.append(re.search(seats, client.post(address(workshop), wrong).content.decode())[1])
    assert told == ["เหลือ ๒ ที่นั่ง", "เหลือ ๑ ที่นั่ง", "เต็มแล้ว"]


def test_a_fault_is_said_on_top_and_beside_its_field_and_in_the_title(client, workshop):
    response = client.post(address(workshop), make_answers(workshop, email=""))
    page = page_of(response)
    assert faults(response) == [("id_email", "โปรดกรอกอีเมลสำหรับรับลิงก์เข้าประชุม")]
    assert "<title>มีข้อผิดพลาด: ลงทะเบียน – การประชุมตัวอย่าง</title>" in " ".join(page.split())
    assert '<p class="field-error" id="id_email_error">โปรดกรอกอีเมลสำหรับรับลิงก์เข้าประชุม</p>' in page
    field = input_of(response, "email")
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "id_email_helptext id_email_error")


def test_every_line_of_the_summary_leads_to_something(client, workshop):
    workshop.groups.create(code="4.1.2", name_th="หน่วยงานส่วนภูมิภาค")
    for answers in ({}, {"province": "55", "days": [str(day.pk) for day in workshop.days.all()]}):
        response = client.post(address(workshop), answers)
        anchors = [anchor for anchor, _words in faults(response)]
        assert len(anchors) >= 7
        assert [anchor for anchor in anchors if f'id="{anchor}"' not in response.content.decode()] == []


def test_a_form_with_faults_takes_fewer_than_one_that_is_right(client, workshop, django_assert_num_queries):
    nobodys, nowhere = make_answers(workshop, email=""), make_answers(workshop, province="99")
    with django_assert_num_queries(10):
        client.post(address(workshop), nobodys)
    with django_assert_num_queries(5):
        client.post(address(workshop), nowhere)


def test_a_seat_that_was_freed_a_moment_ago_is_given_though_the_kept_numbers_say_full(client, workshop):
    seats_of(workshop, capacity=0)
    answers = make_answers(workshop)
    assert faults(client.post(address(workshop), answers)) != []
    seats_of(workshop, capacity=1)
    assert client.post(address(workshop), answers).status_code == 302


def test_the_other_language_is_that_of_the_address_that_was_asked_for(client, workshop):
    for query in ("?utm_source=somewhere", "?province=", "?province=55", "?province=55&group=4.1.1", ""):
        page = client.get(address(workshop) + query).content.decode()
        assert re.findall(r'href="([^"]*)" lang="en" hreflang="en"', page) == [f"/en{address(workshop)}{query.replace('&', '&amp;')}"]


def test_what_one_visitor_got_is_not_in_the_form_of_the_next(client, workshop):
    first = client.get(address(workshop)).content.decode()
    second = Client().get(address(workshop)).content.decode()
    for name in ("csrfmiddlewaretoken", "submission"):
        assert (first.count(hidden(first, name)), first.count(hidden(second, name))) == (1, 0)


# Sent twice -------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_registration_and_one_answer(client, workshop):
    answers = make_answers(workshop)
    first, second = client.post(address(workshop), answers), client.post(address(workshop), answers)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert (Participant.objects.count(), seats_of(workshop).taken, Delivery.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("changes", [{"email": ""}, {"first_name": "", "consent": None}, {"province": "99"}])
def test_sent_again_with_other_words_it_still_shows_the_registration_that_stands(client, workshop, changes):
    answers = make_answers(workshop)
    first = client.post(address(workshop), answers)
    again = client.post(address(workshop), answers | {name: value or "" for name, value in changes.items()})
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Participant.objects.get().email == answers["email"]
    said = "แบบลงทะเบียนนี้ส่งมาแล้วก่อนหน้า การลงทะเบียนเป็นไปตามที่แสดงในหน้านี้ ไม่มีการเปลี่ยนแปลงใด" in text_of(client.get(again["Location"]))
    assert said


def test_sent_again_after_the_province_filled_up_or_registration_closed_it_is_the_same_page(client, workshop):
    answers = make_answers(workshop)
    first = client.post(address(workshop), answers)
    seats_of(workshop, capacity=1)
    assert client.post(address(workshop), answers)["Location"] == first["Location"]
    close(workshop)
    assert client.post(address(workshop), answers)["Location"] == first["Location"]


def close(workshop):
    workshop.registration_closes_at = timezone.make_aware(dt.datetime(2026, 1, 31, 16, 30))
    workshop.save()


def test_the_same_address_again_tells_nothing_to_who_typed_it_and_mails_its_owner(client, workshop):
    owner = make_participant(workshop, email="owner@example.org", first_name="เจ้าของ")
    response = client.post(address(workshop), make_answers(workshop, email="Owner@example.org", first_name="คนอื่น"), follow=True)
    assert response.redirect_chain == [(f"/w/{workshop.slug}/register/check-mail/", 302)]
    page = response.content.decode()
    assert "<h1>โปรดตรวจสอบอีเมลของท่าน</h1>" in page
    assert [secret for secret in ("owner@example.org", "เจ้าของ", owner.code, "data-state", "confirmed") if secret in page] == []
    assert [(d.message, d.email) for d in Delivery.objects.order_by("pk")] == [
        ("confirmed", "owner@example.org"),
        ("link", "owner@example.org"),
    ]
    assert Participant.objects.count() == 1


def test_who_goes_back_and_sends_a_new_form_from_the_same_browser_sees_their_page_again(client, workshop):
    first = client.post(address(workshop), make_answers(workshop, email="mine@example.org"))
    again = client.post(address(workshop), make_answers(workshop, email="mine@example.org"))
    assert again["Location"] == first["Location"]
    elsewhere = Client().post(address(workshop), make_answers(workshop, email="mine@example.org"))
    assert elsewhere["Location"] == f"/w/{workshop.slug}/register/check-mail/"
    cookie = first.cookies["registered"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", address(workshop), 3600)


def test_where_to_look_for_mail_is_the_same_page_for_everybody(client, workshop):
    assert client.get(f"/w/{workshop.slug}/register/check-mail/").status_code == 200
    assert client.get("/w/none/register/check-mail/").status_code == 404


def test_faults_are_told_before_anything_about_the_address(client, workshop):
    make_participant(workshop, email="owner@example.org")
    response = client.post(address(workshop), make_answers(workshop, email="owner@example.org", first_name=""))
    assert faults(response) == [("id_first_name", "โปรดกรอกชื่อ")]
    assert [d.message for d in Delivery.objects.all()] == ["confirmed"]


# Outside the window -----------------------------------------------------------------------------


def test_before_it_opens_the_page_says_when(client, workshop):
    workshop.registration_opens_at = timezone.make_aware(dt.datetime(2099, 2, 1, 9, 30))
    workshop.save()
    words = text_of(client.get(address(workshop)))
    assert "เปิดลงทะเบียนวันอาทิตย์ที่ ๑ กุมภาพันธ์ ๒๖๔๒ เวลา ๐๙.๓๐ น. โปรดกลับมาอีกครั้ง" in words
    assert "Registration opens on Sunday 1 February 2099, 09:30. Please come back then." in text_of(client.get(address(workshop, "/en")))


def test_after_it_closed_the_page_says_when_and_whom_to_ask(client, workshop):
    workshop.contacts.create(name_th="นางสาวสมมุติ ผู้ประสานงาน", email="ask@example.org")
    close(workshop)
    response = client.get(address(workshop))
    assert "ปิดรับลงทะเบียนเมื่อวันเสาร์ที่ ๓๑ มกราคม ๒๕๖๙ เวลา ๑๖.๓๐ น." in text_of(response)
    assert "ask@example.org" in text_of(response)
    assert "<form" not in response.content.decode()


def test_a_form_sent_too_late_is_told_that_nothing_was_kept(client, workshop):
    close(workshop)
    response = client.post(address(workshop), make_answers(workshop))
    assert "ท่านยังไม่ได้ลงทะเบียน และระบบไม่ได้เก็บข้อมูลดังกล่าวไว้" in text_of(response)
    assert Participant.objects.count() == 0


# Live seats -------------------------------------------------------------------------------------


def test_the_piece_with_the_seats_says_what_is_left_now(client, workshop):
    first, second = tracks_of(workshop)
    Quota.objects.filter(track=second).update(capacity=1, taken=1)
    page = client.get(f"/w/{workshop.slug}/seats/", {"province": "55"}).content.decode()
    assert '<p class="seats-left">เหลือ ๒๕ ที่นั่ง</p>' in page
    assert re.findall(r'id="seats-(\d+)"\s+hx-swap-oob="true">([^<]+)<', page) == [(str(first.pk), "ยังมีที่นั่ง"), (str(second.pk), "เต็มแล้ว")]


@pytest.mark.parametrize("code", ["", "99", "ไม่มี"])
def test_the_piece_with_the_seats_is_silent_where_no_place_is_chosen(client, workshop, code):
    response = client.get(f"/w/{workshop.slug}/seats/", {"province": code})
    assert (response.status_code, "<p" in response.content.decode()) == (200, False)


def test_the_piece_with_the_seats_takes_four_queries(client, workshop, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get(f"/w/{workshop.slug}/seats/", {"province": "55"})


# The privacy notice -----------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "heading"), [("/privacy/", "ประกาศความเป็นส่วนตัว"), ("/en/privacy/", "Privacy notice")])
def test_the_notice_can_be_read_with_and_without_a_workshop(client, path, heading):
    assert f"<h1>{heading}</h1>" in client.get(path).content.decode()
    make_workshop()
    assert f"<h1>{heading}</h1>" in client.get(path).content.decode()


# Whatever is sent -------------------------------------------------------------------------------

AWKWARD = [
    "", " ", "\x00", "\x0b", "\ufeff", "\u202e", "\ud800", "\ufffe", "ก" * 5000, "๐" * 300, "'", '"', "\\", "%", "%s", "%(n)s",
    "{0}", "{{ x }}", "{% x %}", "<script>alert(1)</script>", "</select>", "' OR 1=1 --", "; DROP TABLE", "=1+1", "@x", "-", "+",
    "null", "None", "NaN", "true", "0", "-1", "1e999", "9" * 400, "../../etc/passwd", "a\r\nBcc: b@example.org", "a@b@c", "a,b",
    "สมชาย", "ั้", "ำ", "เ", "เเ", "🙏🏽", "👨\u200d👩\u200d👧", "İ", "ß", "ﬁ", "Å", "e\u0301", "\u0301", "\u200d", "٣", "۳", "१", "Ⅳ",
    "½", "𝒜", "\U0010ffff", "on", "55", "central", "4.1.1", "[]",
]  # fmt: skip
FIELDS = [
    "submission", "province", "group", "title", "first_name", "last_name", "position", "organisation", "organisation_short", "email",
    "phone", "days", "waitlist_ok", "consent",
]  # fmt: skip


def test_no_field_breaks_by_what_is_typed_into_it(client, workshop):
    fields = [*FIELDS, f"track_{tracks_of(workshop)[0].item_id}"]
    for number, awkward in enumerate(AWKWARD):
        everywhere, once = dict.fromkeys(fields, awkward), {fields[number % len(fields)]: awkward}
        for changes in (everywhere, once):
            response = client.post(address(workshop), _sendable(make_answers(workshop, **changes)))
            assert response.status_code in (200, 302), awkward
            if response.status_code == 302:
                assert client.get(response["Location"]).status_code == 200, awkward


@settings(max_examples=40)
@given(answers=st.dictionaries(st.sampled_from(FIELDS), st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(max_size=30)), max_size=3)))
def test_no_form_breaks_the_portal(client, workshop, answers):
    response = client.post(address(workshop), _sendable(make_answers(workshop) | answers))
    assert response.status_code in (200, 302)


def _sendable(answers):
    """As a client can send it: halves of surrogate pairs do not exist in UTF-8."""

    def clean(value):
        return [clean(v) for v in value] if isinstance(value, list) else value.encode("utf-8", "replace").decode()

    return {name: clean(value) for name, value in answers.items()}


def test_what_is_no_form_at_all_is_refused_and_not_an_error(client, workshop):
    assert client.post(address(workshop), "{", content_type="application/json").status_code == 200
    assert client.put(address(workshop)).status_code == 405
    assert client.post(address(workshop), {f"x{i}": "1" for i in range(1100)}).status_code == 400
    assert Client(enforce_csrf_checks=True).post(address(workshop), make_answers(workshop)).status_code == 403
    assert Participant.objects.count() == 0
