"""Whoever looks at people, or takes them along, leaves a line in the audit trail."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from registration.actor import PARTICIPANT, SYSTEM
from registration.audit import trail as audit_trail
from registration.models import AuditEvent, Delivery
from sessions.models import Workshop
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

TRAIL = "/admin/registration/auditevent/"


@pytest.fixture
def workshop():
    return make_workshop(slug="w")


@pytest.fixture
def staff(client):
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="registration"))
    client.force_login(user)
    return client


@pytest.fixture
def coordinator(client, workshop):
    client.force_login(make_coordinator(workshop).user)
    return client


def trail():
    lines = AuditEvent.objects.order_by("pk")
    return [(line.actor_kind, line.verb, line.what, line.count, line.filters) for line in lines]


def test_the_desk(coordinator, workshop):
    make_participant(workshop)
    make_participant(workshop)
    coordinator.get("/desk/w/55/?q=สมมุติ&state=confirmed&page=1&other=thing")
    assert trail() == [("coordinator", "seen", "desk", 2, {"q": "…", "state": "confirmed", "page": "1"})]
    assert AuditEvent.objects.get().quota == seats_of(workshop)


def test_one_person_at_the_desk(coordinator, workshop):
    person = make_participant(workshop)
    coordinator.get(f"/desk/w/55/people/{person.code}/")
    assert trail() == [("coordinator", "seen", "desk person", 1, {})]
    assert AuditEvent.objects.get().participant_key == person.pk


def test_the_invitations_of_a_desk(coordinator, workshop):
    make_invitation(workshop)
    coordinator.get("/desk/w/55/invite/")
    assert trail() == [("coordinator", "seen", "desk invitations", 1, {})]


def test_staff_at_a_desk_are_staff(staff, workshop):
    staff.get("/desk/w/55/")
    assert trail() == [("staff", "seen", "desk", 0, {})]


def test_the_list_of_participants(staff, workshop):
    make_participant(workshop)
    staff.get("/admin/registration/participant/?q=สมมุติ&state__exact=confirmed")
    assert trail() == [("staff", "seen", "participant list", 1, {"q": "…", "state__exact": "confirmed"})]
    assert AuditEvent.objects.get().workshop == workshop


def test_one_participant_and_one_mail(staff, workshop):
    person = make_participant(workshop)
    staff.get(f"/admin/registration/participant/{person.pk}/change/")
    staff.get(f"/admin/registration/delivery/{Delivery.objects.get().pk}/change/")
    assert trail() == [("staff", "seen", "participant", 1, {}), ("staff", "seen", "delivery", 1, {})]
    assert set(AuditEvent.objects.values_list("participant_key", flat=True)) == {person.pk}


def test_a_page_that_was_refused_is_no_look(client, workshop):
    person = make_participant(workshop)
    client.force_login(User.objects.create_user("bare", is_staff=True))
    assert client.get(f"/admin/registration/participant/{person.pk}/change/").status_code == 403
    assert client.get("/desk/w/55/").status_code == 404
    assert trail() == []


def test_the_papers_of_a_desk(coordinator, workshop):
    make_participant(workshop)
    coordinator.get("/desk/w/55/papers/list.xlsx")
    coordinator.get(f"/desk/w/55/papers/sign-in-{workshop.days.first().date}.pdf")
    assert trail() == [("coordinator", "taken", "province list", 1, {}), ("coordinator", "taken", "sign-in sheet", 1, {})]


def test_the_file_for_zoom(staff, workshop):
    Workshop.objects.update(links_by="zoom")
    make_participant(workshop)
    day = workshop.days.first()
    staff.post(f"/admin/registration/participant/zoom/{workshop.slug}/list/", {"meeting": f"day-{day.pk}", "kind": "add"})
    assert trail() == [("staff", "taken", "zoom", 1, {"day": "2027-02-18"})]


def test_the_number_of_the_request_is_that_of_the_logs(staff, workshop):
    response = staff.get("/admin/registration/participant/")
    assert AuditEvent.objects.get().request_id == response.headers["X-Request-ID"]


def test_an_invitation_is_a_decision(coordinator, workshop):
    coordinator.post("/desk/w/55/invite/", {"email": "invited@example.org"})
    assert trail() == [("coordinator", "decided", "invited", 1, {})]


class TestReading:
    def as_member(self, client, role):
        user = User.objects.create_user("member", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    @pytest.mark.parametrize(("role", "status"), [("ผู้ดูแลระบบ", 200), ("งานลงทะเบียน", 403), ("อ่านอย่างเดียว", 403), ("กำหนดการ", 403)])
    def test_administrators_alone_read_the_trail(self, client, role, status):
        assert self.as_member(client, role).get(TRAIL).status_code == status

    @pytest.mark.parametrize("rows", [1, 3])
    def test_it_costs_the_same_for_one_line_as_for_three(self, client, workshop, rows, django_assert_num_queries):
        reader = self.as_member(client, "ผู้ดูแลระบบ")
        for code in ("55", "56", "57")[:rows]:
            audit_trail.record_view(by=SYSTEM, what="desk", count=1, quota=seats_of(workshop, code))
        with django_assert_num_queries(18):
            reader.get(TRAIL)

    def test_who_erased_themselves_is_called_a_participant(self, admin_client, workshop):
        audit_trail.record_erasure(by=PARTICIPANT, participant=make_participant(workshop), at=NOON)
        assert '<td class="field-shown_kind">ผู้เข้าร่วม</td>' in admin_client.get("/admin/registration/auditevent/").content.decode()

    def test_every_word_of_it_is_thai(self, client, workshop):
        person = make_participant(workshop)
        audit_trail.record_view(by=SYSTEM, what="desk", count=1, quota=seats_of(workshop))
        audit_trail.record_download(by=SYSTEM, what="attendees", count=1, workshop=workshop, participant=person)
        page = self.as_member(client, "ผู้ดูแลระบบ").get(TRAIL).content.decode()
        assert ("รายชื่อของจังหวัด" in page, "บัญชีรายชื่อผู้เข้าร่วม" in page, "เปิดดู" in page) == (True, True, True)
