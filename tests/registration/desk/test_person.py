"""What a coordinator corrects for somebody of their own: written down, told to the person, and to nobody else."""

import pytest
from django.urls import reverse

from registration.actor import PARTICIPANT
from registration.choices import MessageName, State
from registration.links import signed
from registration.models import AuditEvent, Delivery, Participant
from registration.people.actions.details import change_email
from registration.seats.actions.moves import cancel
from sessions.models import StakeholderGroup
from tests.factories import make_coordinator, make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def person(workshop):
    return make_participant(workshop, first_name="กานดา", email="kanda@example.org")


@pytest.fixture
def coordinator(client, workshop):
    coordinator = make_coordinator(workshop)
    client.force_login(coordinator.user)
    return coordinator


def address(person, part=""):
    url = reverse("desk_person", args=[person.workshop.slug, person.quota.code, person.code])
    return f"{url}?edit={part}" if part else url


def correct(client, person, part, **values):
    seen = client.get(address(person)).context["seen"]
    return client.post(address(person, part), values | {"seen": seen})


def told(person):
    return list(Delivery.objects.filter(participant=person).order_by("pk").values_list("message", "email"))[1:]


@pytest.mark.parametrize(
    ("part", "values", "field", "after"),
    [
        ("name", {"title": "นาง", "first_name": "กานต์", "last_name": "ทดสอบใหม่"}, "first_name", "กานต์"),
        ("phone", {"phone": "081 999 9999"}, "phone", "+66819999999"),
        ("position", {"position": "ผู้ใหญ่บ้าน"}, "position", "ผู้ใหญ่บ้าน"),
        ("organisation", {"organisation": "เทศบาลตำบลสมมุติ", "organisation_short": "ทต."}, "organisation", "เทศบาลตำบลสมมุติ"),
    ],
)
def test_what_is_corrected_is_written_down_and_told(client, person, coordinator, part, values, field, after):
    assert correct(client, person, part, **values).status_code == 302
    person.refresh_from_db()
    event = person.events.latest("pk")
    assert (getattr(person, field), event.verb, event.actor) == (after, "changed", coordinator.user)
    assert told(person) == [(MessageName.CHANGED, "kanda@example.org")]
    assert AuditEvent.objects.filter(what="changed", participant_key=person.pk, actor=coordinator.user).count() == 1


def test_group_days_and_track_are_corrected(client, person, workshop, coordinator):
    group = StakeholderGroup.objects.create(workshop=workshop, code="4.1.2", name_th="กลุ่มอื่น")
    assert correct(client, person, "group", group=group.pk).status_code == 302
    day, track = workshop.days.first(), tracks_of(workshop)[1]
    assert correct(client, person, "days", days=[day.pk], **{f"track_{track.item_id}": track.pk}).status_code == 302
    person.refresh_from_db()
    assert (person.group, list(person.days.all()), [choice.track for choice in person.choices.all()]) == (group, [day], [track])
    assert [message for message, _email in told(person)] == [MessageName.CHANGED, MessageName.CHANGED]


def test_a_full_track_is_said_and_nothing_changes(client, person, workshop, coordinator):
    track = tracks_of(workshop)[0]
    track.quota.capacity = 0
    track.quota.save()
    response = correct(client, person, "days", days=[workshop.days.first().pk], **{f"track_{track.item_id}": track.pk})
    assert (response.status_code, person.days.count(), told(person)) == (200, 2, [])


def test_the_same_again_tells_nobody(client, person, coordinator):
    assert correct(client, person, "position", position=person.position).status_code == 302
    assert told(person) == []


def test_what_cannot_be_kept_is_refused_at_the_field(client, person, coordinator):
    response = correct(client, person, "name", title="นาย", first_name="=1+1", last_name="ก")
    assert list(response.context["form"].errors) == ["first_name"]
    assert Participant.objects.get().first_name == "กานดา"


def test_what_happened_meanwhile_is_looked_at_first(client, person, coordinator):
    seen = client.get(address(person)).context["seen"]
    change_email(participant=person, email="other@example.org", by=PARTICIPANT)
    stale = client.post(address(person, "position"), {"position": "ผู้ใหญ่บ้าน", "seen": seen})
    assert (stale.status_code, Participant.objects.get().position) == (200, "นักวิเคราะห์นโยบายและแผน")
    again = client.post(address(person, "position"), {"position": "ผู้ใหญ่บ้าน", "seen": stale.context["seen"]})
    assert (again.status_code, Participant.objects.get().position) == (302, "ผู้ใหญ่บ้าน")


def test_another_address_counts_when_its_owner_confirms_it(client, person, coordinator):
    correct(client, person, "email", email="new@example.org")
    assert (Participant.objects.get().email, told(person)) == ("kanda@example.org", [(MessageName.CONFIRM_EMAIL, "new@example.org")])
    client.post(reverse("confirm_new_email", args=[signed.new_email_token(person, "new@example.org")]))
    assert Participant.objects.get().email == "new@example.org"
    assert told(person)[1:] == [(MessageName.EMAIL_CHANGED, "kanda@example.org"), (MessageName.LINK, "new@example.org")]


def test_a_new_address_is_asked_for_only_so_often(client, person, coordinator, limits):
    answers = [correct(client, person, "email", email=f"new{number}@example.org").status_code for number in range(8)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_the_link_is_sent_again(client, person, coordinator):
    assert client.post(reverse("desk_person_link", args=[person.workshop.slug, "55", person.code])).status_code == 302
    assert told(person) == [(MessageName.LINK, "kanda@example.org")]
    assert AuditEvent.objects.filter(what="link_sent", participant_key=person.pk, actor=coordinator.user).count() == 1


def test_whose_registration_has_ended_is_not_corrected(client, person, coordinator):
    cancel(participant=person, by=PARTICIPANT)
    page = client.get(address(person, "name"))
    assert (page.context["form"], page.context["may_edit"]) == (None, False)
    for path in (address(person, "name"), reverse("desk_person_link", args=[person.workshop.slug, "55", person.code])):
        assert client.post(path, {"first_name": "ก"}).status_code == 404


@pytest.mark.parametrize("part", ["province", "language", "nonsense", ""])
def test_other_parts_are_not_the_desks(client, person, coordinator, part):
    assert client.get(address(person, part)).context["form"] is None
    assert client.post(address(person, part), {}).status_code == 404


def test_another_provinces_person_is_not_there(client, workshop, coordinator):
    other = make_participant(workshop, "56")
    own_desk = reverse("desk_person", args=[workshop.slug, "55", other.code])
    for path in (own_desk, address(other), reverse("desk_person_link", args=[workshop.slug, "55", other.code])):
        assert client.post(f"{path}?edit=name", {"first_name": "ก"}).status_code == 404
    assert Participant.objects.get().first_name == other.first_name


def test_every_part_is_asked_for_on_the_page(client, person, coordinator):
    for part in ("name", "position", "organisation", "group", "email", "phone", "days"):
        response = client.get(address(person, part))
        assert response.context["form"].fields.keys().isdisjoint({"tells"})
        assert f'action="?edit={part}#edit"' in response.content.decode()
    assert person.state == State.CONFIRMED
