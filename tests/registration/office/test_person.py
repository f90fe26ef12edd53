"""A person's page: everything is seen and corrected there, through actions, told to the person and written down."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from registration.choices import State
from registration.models import AuditEvent, Delivery, Event, Participant
from registration.seats.quotas import mismatches
from tests.factories import make_participant, make_workshop, seats_of, tracks_of
from tests.pages import held

pytestmark = pytest.mark.django_db


def sign_in(client, *permissions):
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_participant", "change_participant")


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def person(workshop):
    return make_participant(workshop, tracks=tracks_of(workshop)[:1], first_name="ก้องเกียรต")


def page_of(person, query=""):
    return reverse("admin:registration_participant_change", args=[person.pk]) + query


def correct(client, person, part, **typed):
    """Opens the part, types what differs, saves."""
    page = client.get(page_of(person, f"?edit={part}")).content.decode()
    return client.post(page_of(person, f"?edit={part}"), held(page, "person_form") | typed)


def changed(person):
    """What the person was told, and what the history says of it."""
    event = Event.objects.filter(participant=person, verb="changed").last()
    return event and event.details["values"]


@pytest.mark.parametrize(
    ("part", "typed", "field", "after"),
    [
        ("name", {"first_name": "ก้องเกียรติ"}, "first_name", "ก้องเกียรติ"),
        ("name", {"title": "ดร."}, "title", "ดร."),
        ("position", {"position": "ผู้อำนวยการ"}, "position", "ผู้อำนวยการ"),
        ("organisation", {"organisation": "กรมทดสอบ"}, "organisation", "กรมทดสอบ"),
        ("organisation", {"organisation_short": "กท."}, "organisation_short", "กท."),
        ("phone", {"phone": "081 555 0144"}, "phone", "+66815550144"),
        ("language", {"language": "en"}, "language", "en"),
    ],
)
def test_each_part_is_corrected_told_and_written_down(staff, person, part, typed, field, after):
    before = getattr(person, field)
    assert correct(staff, person, part, **typed).status_code == 302
    person.refresh_from_db()
    assert getattr(person, field) == after
    assert changed(person)[field] == [before, after]
    assert Delivery.objects.filter(participant=person, message="changed").count() == 1
    assert AuditEvent.objects.filter(what="changed", participant_key=person.pk).count() == 1
    page = staff.get(page_of(person)).content.decode()
    assert f"<del>{before}</del>" in page and f"<ins>{after}</ins>" in page


def test_without_the_tick_nobody_is_told(staff, person):
    page = held(staff.get(page_of(person, "?edit=position")).content.decode(), "person_form")
    page.pop("tells")
    staff.post(page_of(person, "?edit=position"), page | {"position": "อื่น"})
    person.refresh_from_db()
    assert (person.position, Delivery.objects.filter(message="changed").count()) == ("อื่น", 0)


def test_the_group_is_one_of_those_that_fit_the_place(staff, person, workshop):
    central = workshop.groups.get(scope="central")
    other = workshop.groups.create(code="4.1.2", name_th="ราชการส่วนภูมิภาค")
    assert correct(staff, person, "group", group=str(central.pk)).status_code == 200
    assert correct(staff, person, "group", group=str(other.pk)).status_code == 302
    person.refresh_from_db()
    assert person.group == other


def test_another_province_is_a_seat_there_for_the_seat_here(staff, person, workshop):
    seats_of(workshop, "55", capacity=1)
    waits = make_participant(workshop, "55")
    to = seats_of(workshop, "56")
    assert correct(staff, person, "province", quota=str(to.pk)).status_code == 302
    person.refresh_from_db()
    waits.refresh_from_db()
    assert (person.quota, person.state, waits.state) == (to, State.CONFIRMED, State.CONFIRMED)
    assert changed(person)["province"] == ["น่าน", "พะเยา"]
    assert mismatches() == []


def test_a_full_province_is_said_and_nothing_is_changed(staff, person, workshop):
    to = seats_of(workshop, "56", capacity=0)
    response = correct(staff, person, "province", quota=str(to.pk))
    assert response.status_code == 200
    person.refresh_from_db()
    assert (person.quota.code, mismatches()) == ("55", [])


def test_who_waits_goes_to_the_end_of_the_other_line(staff, workshop):
    seats_of(workshop, "55", capacity=0)
    seats_of(workshop, "56", capacity=0)
    make_participant(workshop, "56")
    person = make_participant(workshop, "55")
    correct(staff, person, "province", quota=str(seats_of(workshop, "56").pk))
    person.refresh_from_db()
    assert (person.state, person.ticket, person.quota.code) == (State.WAITLISTED, 2, "56")


def test_the_address_is_changed_and_both_are_told(staff, person):
    before = person.email
    assert correct(staff, person, "email", email="new@example.org").status_code == 302
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert set(Delivery.objects.filter(message__in=["email_changed", "link"]).values_list("email", flat=True)) == {
        before,
        "new@example.org",
    }


def test_an_address_that_somebody_has_is_said(staff, person, workshop):
    make_participant(workshop, email="taken@example.org")
    assert correct(staff, person, "email", email="taken@example.org").status_code == 200
    person.refresh_from_db()
    assert person.email != "taken@example.org"


def test_days_and_track_are_changed(staff, person, workshop):
    first, second = tracks_of(workshop)
    day = workshop.days.first()
    correct(staff, person, "days", days=[str(day.pk)], **{f"track_{second.item_id}": str(second.pk)})
    assert (list(person.days.all()), person.choices.get().track) == ([day], second)
    assert mismatches() == []


def test_after_the_deadline_the_office_still_corrects(staff, person, workshop):
    workshop.changes_close_at = person.registered_at
    workshop.save()
    assert correct(staff, person, "position", position="อื่น").status_code == 302
    person.refresh_from_db()
    assert person.position == "อื่น"


@pytest.mark.parametrize("part", ["name", "position", "organisation", "province", "group", "email", "phone", "language", "days"])
def test_a_part_that_is_saved_as_it_is_changes_nothing(staff, person, part):
    before = Participant.objects.values().get(pk=person.pk)
    mails = Delivery.objects.count()
    assert correct(staff, person, part).status_code == 302
    assert (Participant.objects.values().get(pk=person.pk), Delivery.objects.count()) == (before, mails)


def test_what_somebody_else_changed_meanwhile_is_noticed(staff, person):
    page = held(staff.get(page_of(person, "?edit=name")).content.decode(), "person_form")
    correct(staff, person, "name", first_name="ของคนแรก")
    response = staff.post(page_of(person, "?edit=name"), page | {"first_name": "ของคนที่สอง"})
    assert response.status_code == 200
    person.refresh_from_db()
    assert person.first_name == "ของคนแรก"
    again = held(response.content.decode(), "person_form")
    assert staff.post(page_of(person, "?edit=name"), again).status_code == 302
    person.refresh_from_db()
    assert person.first_name == "ของคนที่สอง"


@pytest.mark.parametrize("command", ["decline_them", "cancel_them"])
def test_what_can_be_decided_is_one_press_away(staff, person, command):
    page = staff.get(page_of(person)).content.decode()
    assert f'value="{command}"' in page and 'value="move_up_them"' not in page
    answer = staff.post(
        reverse("admin:registration_participant_changelist"), {"action": command, "_selected_action": person.pk, "index": "0"}
    )
    assert person.full_name in answer.content.decode()


def test_the_link_is_sent_again(staff, person):
    staff.post(reverse("admin:registration_participant_send_link", args=[person.pk]))
    assert Delivery.objects.filter(participant=person, message="link").count() == 1


def test_who_may_only_read_is_offered_nothing(client, person):
    reader = sign_in(client, "view_participant")
    page = reader.get(page_of(person, "?edit=name")).content.decode()
    assert 'href="?edit=' not in page and "decline_them" not in page
    assert reader.post(page_of(person, "?edit=name"), {"first_name": "อื่น"}).status_code == 403


@pytest.mark.parametrize("times", [1, 4])
def test_the_page_costs_the_same_queries_whatever_happened(staff, person, times, django_assert_max_num_queries):
    for number in range(times):
        correct(staff, person, "position", position=f"ตำแหน่งที่ {number}")
    with django_assert_max_num_queries(45):
        staff.get(page_of(person))


def test_searching_leads_to_the_person(staff, person, workshop):
    find = reverse("admin:registration_participant_find")
    assert staff.get(find, {"q": "ก้องเกียรต", "workshop": workshop.slug}).url == page_of(person)
    make_participant(workshop, first_name="ก้องเกียรต")
    assert staff.get(find, {"q": "ก้องเกียรต", "workshop": workshop.slug}).url.startswith("/admin/registration/participant/?q=")
