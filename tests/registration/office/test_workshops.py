"""Which workshop: one page of all, a preview before publishing, and choices that tell them apart."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from registration.actor import SYSTEM
from registration.coordinators.actions import move, note_seen, take_away
from registration.errors import AlreadyAppointed, AppointmentUsed
from registration.models import Coordinator
from registration.office.forms.roster import RosterForm
from registration.office.workshops import Stage, workshop_lines
from sessions.admin.pages import a_year_on
from sessions.models import Workshop, WorkshopDay
from tests.factories import make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("staff", "staff@example.org"))
    return client


def on(workshop, days, **fields):
    """Its days begin `days` from today."""
    first = timezone.localdate() + dt.timedelta(days=days)
    for number, day in enumerate(workshop.days.order_by("-date" if days > 0 else "date")):
        WorkshopDay.objects.filter(pk=day.pk).update(date=dt.date(1990, 1, 1 + number))
    for number, day in enumerate(workshop.days.order_by("date")):
        WorkshopDay.objects.filter(pk=day.pk).update(date=first + dt.timedelta(days=number))
    Workshop.objects.filter(pk=workshop.pk).update(**fields)
    return workshop


class TestAllOfThem:
    def test_each_stands_there_with_where_it_is_and_its_numbers(self, staff):
        now = timezone.now()
        on(make_workshop(slug="archived"), -400, anonymised_at=now)
        on(make_workshop(slug="over"), -40)
        on(make_workshop(slug="draft"), 400, is_published=False)
        on(make_workshop(slug="soon"), 300, registration_opens_at=now + dt.timedelta(days=9))
        on(make_workshop(slug="closed"), 30, registration_closes_at=now - dt.timedelta(days=1))
        running = on(make_workshop(slug="open"), 20)
        on(make_workshop(slug="rehearsed"), 20, rehearsal_email="rehearsal@example.org")
        make_participant(running, at=now)
        found = {line.workshop.slug: (line.stage, line.people, line.taken, line.seats) for line in workshop_lines()}
        assert {slug: stage for slug, (stage, *_numbers) in found.items()} == {
            "archived": Stage.ARCHIVED, "over": Stage.OVER, "draft": Stage.DRAFT, "soon": Stage.PUBLISHED, "closed": Stage.CLOSED,
            "open": Stage.OPEN, "rehearsed": Stage.REHEARSAL,
        }  # fmt: skip
        assert found["open"][1:] == (1, 1, 1975)
        page = staff.get("/en/admin/registration/participant/workshops/").content.decode()
        assert ("/en/w/draft/preview/" in page, "/en/w/open/preview/" in page, "/en/w/open/" in page) == (True, False, True)

    @pytest.mark.parametrize("workshops", [1, 3])
    def test_it_costs_the_same_queries_for_one_and_for_three(self, workshops, django_assert_num_queries):
        for _i in range(workshops):
            make_participant(make_workshop())
        with django_assert_num_queries(4):
            workshop_lines()


class TestPreview:
    def test_staff_see_the_page_and_the_agenda_before_anybody_else(self, staff, client):
        workshop = make_workshop(slug="draft", is_published=False)
        assert client.get("/en/w/draft/").status_code == 404
        page = staff.get("/en/w/draft/preview/")
        assert "Preview for staff" in page.content.decode() and workshop.title_en in page.content.decode()
        assert 'href="/en/w/draft/register/"' not in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
        assert "Preview for staff" in staff.get("/en/w/draft/preview/agenda/").content.decode()

    def test_staff_see_the_form_and_cannot_send_it(self, staff):
        workshop = make_workshop(slug="draft", is_published=False)
        assert 'href="/en/w/draft/preview/register/"' in staff.get("/en/w/draft/preview/").content.decode()
        page = staff.get("/en/w/draft/preview/register/")
        text = page.content.decode()
        group = workshop.groups.first()
        assert ("Preview for staff" in text, group.name_en in text, 'name="first_name"' in text) == (True, True, True)
        assert (re.search(r'<button[^>]*type="submit" disabled>\s*<span>Register', text) is not None, 'action="' in text) == (True, False)
        assert (staff.post("/en/w/draft/preview/register/").status_code, workshop.participants.count()) == (405, 0)
        assert "no-store" in page.headers["Cache-Control"]

    def test_it_reaches_nobody_by_a_kept_page(self, staff, django_user_model):
        make_workshop(slug="draft", is_published=False)
        staff.get("/en/w/draft/preview/")
        staff.logout()
        assert (staff.get("/en/w/draft/preview/").status_code, staff.get("/en/w/draft/").status_code) == (404, 404)

    def test_a_published_page_says_nothing_of_a_preview(self, client):
        make_workshop(slug="seen")
        assert "Preview for staff" not in client.get("/en/w/seen/").content.decode()


class TestChoices:
    def test_a_choice_names_address_and_year_the_open_one_first_and_what_is_not_published(self):
        on(make_workshop(slug="last-year"), -300)
        on(make_workshop(slug="this-year"), 20)
        on(make_workshop(slug="next-year", is_published=False), 380)
        with translation.override("en"):
            labels = [str(label) for _value, label in RosterForm(user=User()).fields["workshop"].choices]
        year = timezone.localdate()
        assert labels == [
            f"Sample workshop · this-year · {(year + dt.timedelta(days=20)).year}",
            f"Sample workshop · last-year · {(year - dt.timedelta(days=300)).year}",
            f"Sample workshop · next-year · {(year + dt.timedelta(days=380)).year} · not published",
        ]

    def test_in_thai_the_year_is_of_the_buddhist_era(self):
        make_workshop(slug="sample")
        with translation.override("th"):
            assert Workshop.objects.to_choose().get().to_tell_apart == "การประชุมตัวอย่าง · sample · ๒๕๗๐"

    @pytest.mark.parametrize(
        ("first", "today", "expected"),
        [
            (dt.date(2027, 2, 18), dt.date(2026, 11, 30), dt.date(2028, 2, 17)),
            (dt.date(2027, 1, 1), dt.date(2026, 11, 30), dt.date(2028, 1, 7)),
            (dt.date(2022, 2, 18), dt.date(2026, 11, 30), dt.date(2027, 2, 19)),
            (dt.date(2027, 12, 31), dt.date(2026, 11, 30), dt.date(2028, 12, 29)),
        ],
    )
    def test_dates_of_a_copy_are_proposed_in_next_year_on_the_same_weekday(self, first, today, expected):
        assert first + a_year_on(first, today) == expected
        assert expected.weekday() == first.weekday()


class TestCoordinators:
    def test_an_unused_appointment_is_moved_and_taken_away_a_used_one_is_not(self):
        workshop, other = make_workshop(), make_workshop()
        unused, used = make_coordinator(workshop), make_coordinator(workshop)
        note_seen(coordinator=used)
        move(coordinator=unused, to=seats_of(other, "50"), by=SYSTEM)
        assert Coordinator.objects.get(pk=unused.pk).quota == seats_of(other, "50")
        for act in (lambda: move(coordinator=used, to=seats_of(other), by=SYSTEM), lambda: take_away(coordinator=used, by=SYSTEM)):
            with pytest.raises(AppointmentUsed):
                act()
        take_away(coordinator=unused, by=SYSTEM)
        assert list(Coordinator.objects.all()) == [used]
        assert User.objects.filter(pk=unused.user_id).exists()

    def test_nobody_is_moved_to_where_they_are_already(self):
        workshop = make_workshop()
        first = make_coordinator(workshop, email="one@example.org")
        second = make_coordinator(workshop, "50", email="one@example.org")
        with pytest.raises(AlreadyAppointed):
            move(coordinator=second, to=first.quota, by=SYSTEM)

    def test_the_row_shows_the_workshop_and_the_page_moves_and_deletes(self, staff):
        workshop, other = make_workshop(slug="one"), make_workshop(slug="two")
        coordinator = make_coordinator(workshop)
        assert "Sample workshop · one" in staff.get("/en/admin/registration/coordinator/").content.decode()
        page = f"/en/admin/registration/coordinator/{coordinator.pk}/change/"
        target = seats_of(other, "50")
        assert staff.post(page, {"quota": target.pk, "phone": ""}).status_code == 302
        assert Coordinator.objects.get().quota == target
        assert staff.post(f"/en/admin/registration/coordinator/{coordinator.pk}/delete/", {"post": "yes"}).status_code == 302
        assert Coordinator.objects.count() == 0

    def test_a_used_one_has_no_such_ways(self, staff):
        coordinator = make_coordinator(make_workshop())
        note_seen(coordinator=coordinator)
        page = staff.get(f"/en/admin/registration/coordinator/{coordinator.pk}/change/")
        assert list(page.context["adminform"].form.fields) == ["phone"]
        assert staff.post(f"/en/admin/registration/coordinator/{coordinator.pk}/delete/", {"post": "yes"}).status_code == 403
