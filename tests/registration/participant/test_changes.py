import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from registration.actor import PARTICIPANT
from registration.links import signed
from registration.links.actions.personal_links import LINK_INTERVAL
from registration.models import Delivery, Participant
from registration.seats.actions.moves import cancel
from registration.security import rate_limits
from sessions.models import WorkshopDay
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of, work_off
from tests.visitors import Browser

pytestmark = pytest.mark.django_db


def address(participant, name="participant"):
    return reverse(name, args=[participant.code])


def messages_to(participant):
    return list(Delivery.objects.filter(participant=participant).order_by("pk").values_list("message", flat=True))


def answers(participant, **changes):
    """What the edit form sends when `changes` are typed into it."""
    fields = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "phone")
    sent = {name: getattr(participant, name) for name in fields}
    sent["days"] = [str(day.pk) for day in participant.days.all()]
    sent |= {f"track_{choice.item_id}": str(choice.track_id) for choice in participant.choices.all()}
    return sent | changes


class TestEdit:
    def test_the_form_shows_what_was_told(self, client):
        participant = make_participant(make_workshop(), first_name="มั่งมั่ง", tracks=[])
        client.open_page_of(participant)
        page = client.get(address(participant, "edit")).content.decode()
        assert 'value="มั่งมั่ง"' in page
        assert 'name="email"' not in page
        assert 'name="province"' not in page

    def test_what_is_changed_is_saved_and_told_by_mail(self, client):
        workshop = make_workshop()
        first, second = tracks_of(workshop)
        participant = make_participant(workshop, tracks=[first])
        client.open_page_of(participant)
        sent = answers(participant, position="ผู้อำนวยการ", **{f"track_{second.item_id}": str(second.pk)})
        response = client.post(address(participant, "edit"), sent)
        participant = Participant.objects.get()
        assert response.headers["Location"] == address(participant)
        assert participant.position == "ผู้อำนวยการ"
        assert [choice.track for choice in participant.choices.all()] == [second]
        assert messages_to(participant) == ["confirmed", "changed"]

    def test_a_fault_keeps_what_was_typed(self, client):
        participant = make_participant(make_workshop())
        client.open_page_of(participant)
        response = client.post(address(participant, "edit"), answers(participant, position="ผู้อำนวยการ", first_name=""))
        page = response.content.decode()
        assert response.status_code == 200
        assert 'value="ผู้อำนวยการ"' in page
        assert 'href="#id_first_name"' in page

    def test_faults_are_told_in_the_order_of_the_page(self, client):
        participant = make_participant(make_workshop())
        client.open_page_of(participant)
        sent = answers(participant, first_name="", phone="", days=[])
        page = client.post(address(participant, "edit"), sent).content.decode()
        order = [page.index(f'href="#id_{name}"') for name in ("first_name", "phone", "days_1")]
        assert order == sorted(order)
        participant.refresh_from_db()
        assert participant.first_name != ""

    def test_a_full_track_is_said_and_nothing_is_changed(self, client):
        workshop = make_workshop()
        first, second = tracks_of(workshop)
        second.quota.capacity = 0
        second.quota.save()
        participant = make_participant(workshop, tracks=[first])
        client.open_page_of(participant)
        sent = answers(participant, **{f"track_{second.item_id}": str(second.pk)})
        assert client.post(address(participant, "edit"), sent).status_code == 200
        assert [choice.track for choice in participant.choices.all()] == [first]

    def test_ones_own_track_may_be_kept_when_it_is_full(self, client):
        workshop = make_workshop()
        track = tracks_of(workshop)[0]
        track.quota.capacity = 1
        track.quota.save()
        participant = make_participant(workshop, tracks=[track])
        client.open_page_of(participant)
        assert client.post(address(participant, "edit"), answers(participant, position="ผู้อำนวยการ")).status_code == 302
        participant.refresh_from_db()
        assert participant.position == "ผู้อำนวยการ"

    def test_after_the_deadline_the_page_says_so(self, client):
        workshop = make_workshop()
        participant = make_participant(workshop)
        workshop.changes_close_at = timezone.now() - dt.timedelta(minutes=1)
        workshop.save()
        client.open_page_of(participant)
        assert address(participant, "edit") not in client.get(address(participant)).content.decode()
        response = client.post(address(participant, "edit"), answers(participant, position="ผู้อำนวยการ"), follow=True)
        assert "หมดเวลาแก้ไขข้อมูลแล้ว" in response.content.decode()
        participant.refresh_from_db()
        assert participant.position != "ผู้อำนวยการ"

    def test_the_email_cannot_be_slipped_in(self, client):
        participant = make_participant(make_workshop(tracks=0), email="old@example.org")
        client.open_page_of(participant)
        client.post(address(participant, "edit"), answers(participant, email="other@example.org", position="ใหม่"))
        participant.refresh_from_db()
        assert (participant.email, participant.position) == ("old@example.org", "ใหม่")

    def test_the_queries_are_few(self, client, django_assert_num_queries):
        participant = make_participant(make_workshop())
        client.open_page_of(participant)
        client.get(address(participant, "edit"))
        with django_assert_num_queries(6):
            client.get(address(participant, "edit"))


class TestCancel:
    def test_opening_the_page_changes_nothing(self, client):
        participant = make_participant(make_workshop())
        client.open_page_of(participant)
        assert client.get(address(participant, "cancel")).status_code == 200
        participant.refresh_from_db()
        assert participant.state == "confirmed"

    def test_the_button_gives_the_seat_to_the_next_and_tells_both(self, client):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        holder, waiting = make_participant(workshop), make_participant(workshop)
        client.open_page_of(holder)
        response = client.post(address(holder, "cancel"), follow=True)
        waiting.refresh_from_db()
        assert 'data-state="cancelled"' in response.content.decode()
        assert waiting.state == "confirmed"
        assert messages_to(holder) == ["confirmed", "cancelled"]
        assert messages_to(waiting) == ["waiting", "moved_up"]

    def test_pressing_twice_cancels_once(self, client):
        participant = make_participant(make_workshop())
        client.open_page_of(participant)
        for _i in range(2):
            client.post(address(participant, "cancel"))
        assert messages_to(participant) == ["confirmed", "cancelled"]

    def test_a_cancelled_registration_offers_nothing_to_change(self, client):
        participant = make_participant(make_workshop())
        client.open_page_of(participant)
        cancel(participant=participant, by=PARTICIPANT, at=NOON)
        page = client.get(address(participant)).content.decode()
        client.open_fresh_link(participant, "new_email")
        for name in ("edit", "cancel", "new_email"):
            assert address(participant, name) not in page
            assert client.get(address(participant, name)).status_code == 302


class TestOffer:
    def offered(self, hours=2):
        workshop = make_workshop(waiting_list="offer", offer_hours=hours)
        seats_of(workshop, capacity=1)
        holder, waiting = make_participant(workshop), make_participant(workshop)
        cancel(participant=holder, by=PARTICIPANT, at=timezone.now())
        waiting.refresh_from_db()
        return waiting

    def test_the_page_asks_and_the_button_accepts(self, client):
        participant = self.offered()
        client.open_page_of(participant)
        page = client.get(address(participant)).content.decode()
        assert 'data-state="offered"' in page
        assert address(participant, "accept") in page
        assert 'data-state="confirmed"' in client.post(address(participant, "accept"), follow=True).content.decode()

    def test_a_link_in_a_mail_cannot_accept(self, client):
        participant = self.offered()
        client.open_page_of(participant)
        client.open_page_of(participant, "accept/")
        participant.refresh_from_db()
        assert participant.state == "offered"

    def test_too_late_is_said(self, client):
        participant = self.offered()
        client.open_page_of(participant)
        Participant.objects.filter(pk=participant.pk).update(offer_expires_at=timezone.now() - dt.timedelta(seconds=1))
        response = client.post(address(participant, "accept"), follow=True)
        assert "พ้นกำหนดตอบรับที่นั่งนี้แล้ว" in response.content.decode()


class TestNewEmail:
    def test_the_new_address_counts_once_its_owner_says_so(self, client):
        participant = make_participant(make_workshop(), email="old@example.org")
        client.open_fresh_link(participant, "new_email")
        client.post(address(participant, "new_email"), {"email": " NEW@Example.org "})
        participant.refresh_from_db()
        assert participant.email == "old@example.org"
        assert Delivery.objects.get(message="confirm_email").email == "new@example.org"
        confirm = reverse("confirm_new_email", args=[signed.new_email_token(participant, "new@example.org")])
        assert client.get(confirm).status_code == 200
        participant.refresh_from_db()
        assert participant.email == "old@example.org"
        client.post(confirm)
        participant.refresh_from_db()
        assert participant.email == "new@example.org"
        assert Delivery.objects.get(message="email_changed").email == "old@example.org"
        assert Delivery.objects.get(message="link").email == "new@example.org"

    def test_a_confirmation_opened_again_leads_to_the_personal_page(self, client):
        participant = make_participant(make_workshop(), email="old@example.org")
        client.open_fresh_link(participant, "new_email")
        confirm = reverse("confirm_new_email", args=[signed.new_email_token(participant, "new@example.org")])
        client.post(confirm)
        assertRedirects(client.get(confirm), address(participant, "participant"))

    def test_confirming_again_changes_and_tells_nothing_more(self, client):
        participant = make_participant(make_workshop(), email="old@example.org")
        confirm = reverse("confirm_new_email", args=[signed.new_email_token(participant, "new@example.org")])
        for _i in range(2):
            assert client.post(confirm).status_code == 302
        assert Delivery.objects.filter(message="email_changed").count() == 1

    def test_an_old_confirmation_opens_nothing_after_another_change(self, client):
        participant = make_participant(make_workshop(), email="old@example.org")
        first = reverse("confirm_new_email", args=[signed.new_email_token(participant, "first@example.org")])
        second = reverse("confirm_new_email", args=[signed.new_email_token(participant, "second@example.org")])
        client.post(second)
        assert client.post(first).status_code == 404
        participant.refresh_from_db()
        assert participant.email == "second@example.org"

    def test_a_stranger_whose_address_was_mistyped_is_let_in_no_longer(self, client):
        participant = make_participant(make_workshop(), email="stranger@example.org")
        stranger, in_their_mail = Browser(), signed.personal_link(participant)
        stranger.get(in_their_mail)
        assert stranger.get(address(participant)).status_code == 200
        client.post(reverse("confirm_new_email", args=[signed.new_email_token(participant, "right@example.org")]))
        answers = [stranger.get(address(participant)), stranger.get(in_their_mail), client.get(address(participant))]
        assert [answer.status_code for answer in answers] == [404, 404, 200]

    def test_an_address_of_somebody_else_is_refused_without_a_word_before_its_owner_was_asked(self, client):
        workshop = make_workshop()
        make_participant(workshop, email="taken@example.org")
        participant = make_participant(workshop, email="old@example.org")
        client.open_fresh_link(participant, "new_email")
        free = client.post(address(participant, "new_email"), {"email": "free@example.org"}, follow=True)
        taken = client.post(address(participant, "new_email"), {"email": "taken@example.org"}, follow=True)
        assert free.content.decode().replace("free@", "") == taken.content.decode().replace("taken@", "")
        confirm = reverse("confirm_new_email", args=[signed.new_email_token(participant, "taken@example.org")])
        client.post(confirm)
        participant.refresh_from_db()
        assert participant.email == "old@example.org"


class TestLinks:
    def test_a_renewed_link_makes_the_old_ones_dead(self, client):
        participant = make_participant(make_workshop())
        client.open_page_of(participant)
        other = Browser()
        other.open_page_of(participant)
        old, old_feed = signed.personal_link(participant), reverse("calendar_feed", args=[signed.calendar_token(participant)])
        assert client.get(address(participant, "renew_link")).status_code == 200
        client.post(address(participant, "renew_link"))
        assert (client.get(old).status_code, client.get(old_feed).status_code) == (404, 404)
        pages = [browser.get(address(participant)).status_code for browser in (client, other)]
        assert pages == [200, 404], "only the browser that asked for the new link goes on"
        assert messages_to(participant) == ["confirmed", "link"]

    def test_the_feeds_address_opens_the_calendar_and_nothing_else(self, client):
        participant = make_participant(make_workshop())
        token = signed.calendar_token(participant)
        feed = client.get(reverse("calendar_feed", args=[token]))
        assert feed.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert signed.personal_token(participant) not in feed.content.decode().replace("\r\n ", "")
        assert client.get(reverse("personal_link", args=[token, ""])).status_code == 404

    def test_other_calendars_find_each_day_and_an_address_to_copy(self):
        participant = make_participant(make_workshop(days=3))
        WorkshopDay.objects.filter(pk=participant.days.all()[0].pk).update(is_cancelled=True)
        page = Browser().open_page_of(participant).content.decode()
        assert page.count('href="https://calendar.google.com/calendar/render?action=TEMPLATE') == 2
        assert re.sub("</?span[^>]*>", "", page).count("เพิ่มใน Google ปฏิทิน") == 2
        address = signed.calendar_feed_address(participant)
        assert f'id="feed-address" translate="no">{address}</p>' in page
        assert f'href="{signed.calendar_feed_url(participant)}"' in page

    def test_known_and_unknown_addresses_get_the_same_answer(self, client):
        workshop = make_workshop()
        make_participant(workshop, email="known@example.org")
        page = reverse("my_link", args=[workshop.slug])
        known = client.post(page, {"email": "Known@example.org"}, follow=True)
        unknown = client.post(page, {"email": "unknown@example.org"}, follow=True)
        assert known.content == unknown.content
        assert work_off() == ["send_personal_link"] * 2
        assert list(Delivery.objects.filter(message="link").values_list("email", flat=True)) == ["known@example.org"]

    def test_asked_again_within_ten_minutes_it_says_that_one_was_just_sent(self, client):
        workshop = make_workshop()
        make_participant(workshop, email="known@example.org")
        page = reverse("my_link", args=[workshop.slug])
        for email in ("known@example.org", "unknown@example.org"):
            first, second = (client.post(page, {"email": email}, follow=True) for _time in range(2))
            assert [response.context["just_sent"] for response in (first, second)] == [False, True]
            assert "เพิ่งส่งลิงก์ไปแล้ว" in second.content.decode()
        work_off()
        assert Delivery.objects.filter(message="link").count() == 1

    def test_who_asks_for_the_link_alone_reads_nothing_of_registering(self, client):
        page = reverse("my_link", args=[make_workshop().slug])
        for _time in range(2):
            said = client.post(page, {"email": "somebody@example.org"}, follow=True).content.decode()
            assert [words in said for words in ("ลงทะเบียนผู้อื่น", "ลงทะเบียนอีกครั้ง", "ใช้อีเมลอื่น")] == [False, False, True]

    def test_what_is_called_just_sent_are_the_ten_minutes_in_which_one_mail_goes_out(self):
        assert rate_limits.WINDOW == LINK_INTERVAL

    def test_a_mistyped_address_is_told_what_to_do(self, client):
        page = reverse("my_link", args=[make_workshop().slug])
        response = client.post(page, {"email": "no-at-sign"})
        assert response.status_code == 200
        assert 'value="no-at-sign"' in response.content.decode()
        assert 'href="#id_email"' in response.content.decode()


class TestMeetingLink:
    def confirmed_on(self, **day_fields):
        workshop = make_workshop(days=1)
        workshop.days.update(join_url="https://zoom.example.org/j/1", **day_fields)
        return make_participant(workshop)

    def button(self, participant):
        return reverse("join", args=[participant.code, f"day-{participant.workshop.days.get().pk}"])

    def test_it_appears_from_the_time_staff_set(self, client):
        participant = self.confirmed_on(join_opens_at=timezone.now() - dt.timedelta(minutes=1))
        client.open_page_of(participant)
        assert f'href="{self.button(participant)}"' in client.get(address(participant)).content.decode()
        assert client.get(self.button(participant))["Location"] == "https://zoom.example.org/j/1"

    def test_before_that_time_it_is_nowhere(self, client):
        participant = self.confirmed_on(join_opens_at=timezone.now() + dt.timedelta(minutes=1))
        client.open_page_of(participant)
        assert b"zoom.example.org" not in client.get(address(participant)).content
        assert b"zoom.example.org" not in client.get(address(participant, "participant_calendar")).content
        assert self.button(participant) not in client.get(address(participant)).content.decode()
        assert client.get(self.button(participant)).status_code == 404

    def test_whoever_has_no_sure_seat_does_not_see_it(self, client):
        participant = self.confirmed_on(join_opens_at=timezone.now() - dt.timedelta(minutes=1))
        client.open_page_of(participant)
        for state in ("pending", "waitlisted", "offered", "declined", "cancelled"):
            Participant.objects.update(state=state, ticket=1, offer_expires_at=timezone.now() + dt.timedelta(hours=1))
            assert b"zoom.example.org" not in client.get(address(participant)).content
            assert client.get(self.button(participant)).status_code == 404

    def test_a_link_that_staff_change_shows_at_once(self, client):
        participant = self.confirmed_on(join_opens_at=timezone.now() - dt.timedelta(minutes=1))
        client.open_page_of(participant)
        client.get(address(participant))
        participant.workshop.days.update(join_url="https://zoom.example.org/j/2")
        page = client.get(address(participant)).content.decode()
        assert f'href="{self.button(participant)}"' in page
        assert "https://zoom.example.org/j/1" not in page
        assert client.get(self.button(participant))["Location"] == "https://zoom.example.org/j/2"
