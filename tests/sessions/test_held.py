"""One safe path for a programme that people count on: what is changed by a draft, what directly, and what asks first."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from registration.mail.actions.releases import tell_of_releases
from registration.models import Delivery
from sessions import changes, releases
from sessions.models import FormerAddress, StakeholderGroup, Workshop, WorkshopDay
from tests.factories import make_participant, make_workshop, tracks_of
from tests.sessions import test_admin
from tests.sessions.test_admin import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("staff", "staff@example.org"))
    return client


def page_of(row, part=""):
    return in_english(test_admin.page_of(row, part))


def in_english(path):
    return "/en" + path.removeprefix("/en")


@pytest.fixture
def workshop():
    workshop = make_workshop(slug="sample")
    changes.after_change(workshop)
    make_participant(workshop)
    make_participant(workshop, days=[workshop.days.first()])
    return workshop


@pytest.fixture
def day(workshop):
    return workshop.days.first()


def editable(staff, page):
    return sorted(staff.get(page).context["adminform"].form.fields)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestLiveDay:
    def test_only_the_meeting_is_changed_directly(self, staff, day):
        assert editable(staff, page_of(day)) == ["join_opens_at", "join_url"]
        page = staff.get(page_of(day))
        assert [inline.formset.forms for inline in page.context["inline_admin_formsets"] if inline.has_change_permission] == []
        assert reverse("admin:agenda_workshop_draft", args=[day.workshop.pk]) in page.content.decode()

    @pytest.mark.parametrize("path", ["before anybody registered", "not published", "everybody cancelled"])
    def test_a_day_that_nobody_counts_on_is_changed_where_it_stands(self, staff, workshop, day, path):
        match path:
            case "before anybody registered":
                day = make_workshop().days.first()
            case "not published":
                Workshop.objects.update(is_published=False)
            case "everybody cancelled":
                workshop.participants.update(state="cancelled")
        assert "date" in editable(staff, page_of(day))

    def test_a_post_that_says_otherwise_changes_nothing(self, staff, day):
        data = typed(staff.get(page_of(day))) | {"date": "2028-01-01", "title_th": "อื่น", "is_cancelled": "on"}
        staff.post(page_of(day), data)
        day.refresh_from_db()
        assert (day.date, day.title_th, day.is_cancelled) == (dt.date(2027, 2, 18), "", False)

    def test_in_a_draft_everything_is_changed(self, staff, workshop, day):
        draft = releases.open_draft(workshop)
        assert "date" in editable(staff, page_of(draft.days.first()))

    def test_no_day_is_added_beside_the_draft(self, staff, workshop):
        answer = staff.post(
            in_english(reverse("admin:agenda_workshopday_add")),
            {"workshop": workshop.pk, "date": "2027-03-04", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"},
        )
        assert "add the day in a draft" in text_of(answer) and workshop.days.count() == 2


class TestCorrection:
    def test_it_says_whom_it_concerns_and_wants_a_tick(self, staff, day):
        page = page_of(day) + "?correct=1"
        shown = staff.get(page)
        assert "This corrects the day without a revision: nobody is told, pages and calendars follow. It concerns 2 people." in text_of(
            shown
        )
        data = typed(shown) | {"title_th": "แก้คำผิด"}
        assert "Nothing is saved yet." in text_of(staff.post(page, data))
        mark = shown.context["asks"][0][0]
        assert staff.post(page, data | {"understood": mark}).status_code == 302
        day.refresh_from_db()
        assert (day.title_th, day.workshop.releases.count()) == ("แก้คำผิด", 0)

    def test_a_tick_for_another_number_of_people_is_none(self, staff, workshop, day):
        page = page_of(day) + "?correct=1"
        shown = staff.get(page)
        make_participant(workshop)
        data = typed(shown) | {"title_th": "แก้คำผิด", "understood": shown.context["asks"][0][0]}
        assert "It concerns 3 people." in text_of(staff.post(page, data))

    def test_a_day_is_not_called_off_by_a_correction(self, staff, day):
        assert "date" in editable(staff, page_of(day) + "?correct=1")
        assert "is_cancelled" not in editable(staff, page_of(day) + "?correct=1")

    def test_while_a_draft_is_open_there_is_none(self, staff, workshop, day):
        releases.open_draft(workshop)
        assert editable(staff, page_of(day) + "?correct=1") == ["join_opens_at", "join_url"]

    def test_an_item_is_corrected_the_same_way(self, staff, day):
        item = day.items.first()
        assert editable(staff, page_of(item)) == []
        page = page_of(item) + "?correct=1"
        shown = staff.get(page)
        answer = staff.post(page, typed(shown) | {"title_th": "พิธีเปิดการประชุม", "understood": shown.context["asks"][0][0]})
        item.refresh_from_db()
        assert (answer.status_code, item.title_th) == (302, "พิธีเปิดการประชุม")


class TestMeetingLinks:
    def address(self, day):
        return in_english(reverse("admin:agenda_workshopday_meeting", args=[day.pk]))

    def test_all_links_of_the_day_stand_on_one_small_form(self, staff, day):
        one, two = tracks_of(day.workshop)
        data = {
            "day-join_url": "https://zoom.example.org/j/1", "day-join_opens_at": "2027-02-17T08:00",
            f"track-{one.pk}-join_url": "https://zoom.example.org/j/2", f"track-{two.pk}-join_url": "",
        }  # fmt: skip
        assert staff.post(self.address(day), data).status_code == 302
        day.refresh_from_db(), one.refresh_from_db()
        assert (day.join_url, one.join_url) == ("https://zoom.example.org/j/1", "https://zoom.example.org/j/2")
        assert (day.sequence, day.workshop.releases.count()) == (1, 0)

    def test_what_is_no_safe_address_is_refused_and_nothing_is_saved(self, staff, day):
        one, two = tracks_of(day.workshop)
        data = {
            "day-join_url": "https://a.example.org/",
            f"track-{one.pk}-join_url": "http://b.example.org/",
            f"track-{two.pk}-join_url": "",
        }
        assert staff.post(self.address(day), data).status_code == 200
        day.refresh_from_db()
        assert day.join_url == ""

    def test_two_at_once_do_not_overwrite_each_other(self, staff, day):
        WorkshopDay.objects.filter(pk=day.pk).update(join_url="https://new.example.org/")
        answer = staff.post(self.address(day), {"day-join_url": "https://mine.example.org/", "initial-day-join_url": ""})
        assert "Meanwhile somebody else changed this" in text_of(answer)
        day.refresh_from_db()
        assert day.join_url == "https://new.example.org/"

    def test_where_zoom_mails_its_own_there_is_nothing_to_set(self, staff, workshop, day):
        Workshop.objects.update(links_by="zoom")
        assert "Zoom e-mails each person their own link" in text_of(staff.get(self.address(day)))
        staff.post(self.address(day), {"day-join_url": "https://a.example.org/"})
        day.refresh_from_db()
        assert day.join_url == ""


class TestCallingOff:
    def address(self, day):
        return in_english(reverse("admin:agenda_workshopday_call_off", args=[day.pk]))

    def test_it_says_how_many_are_told_and_wants_a_tick(self, staff, day):
        assert "2 people have registered for this day and get one e-mail." in text_of(staff.get(self.address(day)))
        assert "Nothing is done yet." in text_of(staff.post(self.address(day)))
        day.refresh_from_db()
        assert not day.is_cancelled

    def test_it_is_a_revision_of_its_own_and_everybody_of_the_day_is_told_once(self, staff, workshop, day):
        staff.post(self.address(day), {"understood": "on"})
        day.refresh_from_db()
        assert (day.is_cancelled, [release.changes[0]["en"] for release in workshop.releases.all()]) == (True, ["This day is cancelled."])
        tell_of_releases()
        assert Delivery.objects.filter(message="agenda_changed").count() == 2

    def test_a_draft_that_is_open_follows_and_does_not_undo_it(self, staff, workshop, day):
        draft = releases.open_draft(workshop)
        staff.post(self.address(day), {"understood": "on"})
        assert releases.differences(workshop) == [] and draft.days.first().is_cancelled

    def test_it_takes_place_after_all(self, staff, workshop, day):
        staff.post(self.address(day), {"understood": "on"})
        staff.post(self.address(day), {"understood": "on", "back": "1"})
        day.refresh_from_db()
        assert (day.is_cancelled, workshop.releases.count()) == (False, 2)

    def test_a_second_press_does_nothing(self, staff, workshop, day):
        for _i in range(2):
            staff.post(self.address(day), {"understood": "on"})
        assert workshop.releases.count() == 1

    def test_a_day_of_a_draft_is_not_called_off(self, staff, workshop):
        draft = releases.open_draft(workshop)
        assert staff.get(self.address(draft.days.first())).status_code == 404


class TestAddress:
    def change(self, staff, workshop, slug, **more):
        page = page_of(workshop)
        return staff.post(page, typed(staff.get(page)) | {"slug": slug} | more)

    def test_a_change_asks_and_old_addresses_lead_on(self, staff, workshop, client):
        asked = self.change(staff, workshop, "renamed")
        assert "Links and QR codes that are out lead on from “sample” to “renamed”." in text_of(asked)
        assert Workshop.objects.get().slug == "sample"
        self.change(staff, workshop, "renamed", understood=asked.context["asks"][0][0])
        for rest in ("", "agenda/", "agenda.ics", "register/?province=55"):
            answer = client.get(f"/w/sample/{rest}")
            assert (answer.status_code, answer.headers["Location"]) == (302, f"/w/renamed/{rest}")

    def test_back_again_and_no_other_workshop_may_have_it(self, staff, workshop):
        for slug in ("renamed", "sample"):
            asked = self.change(staff, workshop, slug)
            self.change(staff, workshop, slug, understood=asked.context["asks"][0][0])
            workshop.refresh_from_db()
        assert (workshop.slug, [former.slug for former in FormerAddress.objects.all()]) == ("sample", ["renamed"])
        other = make_workshop(slug="other")
        assert "Another workshop had this address" in text_of(self.change(staff, other, "renamed"))

    def test_what_is_not_published_asks_nothing_and_leads_nobody_on(self, staff, client):
        hidden = make_workshop(slug="hidden", is_published=False)
        assert self.change(staff, hidden, "elsewhere").status_code == 302
        assert client.get("/w/hidden/").status_code == 404

    def test_what_was_never_there_is_not_found(self, client, workshop):
        assert client.get("/w/never/").status_code == 404

    def test_taking_a_workshop_down_asks(self, staff, workshop):
        page = page_of(workshop)
        data = typed(staff.get(page))
        data.pop("is_published")
        asked = staff.post(page, data)
        assert "It concerns 2 people." in text_of(asked) and Workshop.objects.get().is_published


class TestGroups:
    def test_the_number_of_a_group_with_people_asks_and_its_scope_stays(self, staff, workshop):
        page = page_of(workshop, "groups")
        group = workshop.groups.get(code="4.1.1")
        data = typed(staff.get(page))
        asked = staff.post(page, data | {"groups-0-code": "4.1.9"})
        assert "Group 4.1.1 is called 4.1.9 from now on" in text_of(asked) and "It concerns 2 people." in text_of(asked)
        answer = staff.post(page, data | {"groups-0-code": "4.1.9", "understood": asked.context["asks"][0][0]})
        group.refresh_from_db()
        assert (answer.status_code, group.code) == (302, "4.1.9")
        data = typed(staff.get(page))
        assert "so it stays" in text_of(staff.post(page, data | {"groups-0-scope": "central"}))
        group.refresh_from_db()
        assert group.scope == "province"

    def test_a_group_without_people_is_changed_at_once(self, staff, workshop):
        page = page_of(workshop, "groups")
        staff.post(page, typed(staff.get(page)) | {"groups-1-code": "4.3", "groups-1-scope": "province"})
        assert StakeholderGroup.objects.filter(workshop=workshop, code="4.3", scope="province").exists()
