"""All invitations as one list: filtered, searched, taken along, and changed nowhere but at the desk."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Group, User
from openpyxl import load_workbook

from registration.actor import SYSTEM
from registration.invitations.actions.invitations import withdraw
from registration.models import AuditEvent, Export
from tests.factories import make_invitation, make_workshop, work_off

pytestmark = pytest.mark.django_db

LIST = "/admin/registration/invitation/"


@pytest.fixture
def workshop():
    return make_workshop(slug="sample")


@pytest.fixture
def staff(client):
    return signed_in(client, "งานลงทะเบียน")


def signed_in(client, role):
    user = User.objects.create_user("member", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


def listed(client, query=""):
    return sorted(invitation.email for invitation in client.get(f"{LIST}?workshop=sample{query}").context["cl"].result_list)


def in_file(client, query):
    """What the file of the list holds, once a worker has made it and it is taken."""
    ordered = client.post(f"{LIST}file/?{query}")
    work_off()
    taken = client.post(f"/admin/registration/export/{Export.objects.latest('pk').pk}/file/")
    assert ordered.url.startswith("/admin/registration/export/")
    return list(load_workbook(BytesIO(b"".join(taken.streaming_content))).active.iter_rows(values_only=True))[1:]


def test_it_is_filtered_by_state_and_province_and_searched(staff, workshop):
    make_invitation(workshop, email="a@example.org", first_name="สมชาย", last_name="สมมุติ")
    make_invitation(workshop, "56", email="b@example.org")
    withdraw(invitation=make_invitation(workshop, "56", email="c@example.org"), by=SYSTEM)
    make_invitation(make_workshop(), email="other@example.org")
    assert listed(staff) == ["a@example.org", "b@example.org", "c@example.org"]
    assert listed(staff, "&state__exact=withdrawn") == ["c@example.org"]
    assert listed(staff, "&province=56") == ["b@example.org", "c@example.org"]
    assert listed(staff, "&province=56&state__exact=open") == ["b@example.org"]
    assert listed(staff, "&q=สมชาย สมมุติ") == ["a@example.org"]


def test_the_file_holds_what_is_listed_and_is_written_down(staff, workshop):
    make_invitation(workshop, email="a@example.org", first_name="สมชาย", last_name="สมมุติ", organisation="สำนักงานสมมุติ")
    make_invitation(workshop, "56", email="b@example.org")
    (row,) = in_file(staff, "workshop=sample&province=55")
    assert (row[0], row[2], row[4], row[7]) == ("น่าน", "a@example.org", "สำนักงานสมมุติ", "รอตอบรับ")
    line = AuditEvent.objects.get(verb="taken")
    assert (line.what, line.count, line.workshop, line.filters) == ("invitations", 1, workshop, {"province": "55"})


@pytest.mark.parametrize(
    "query", ["", "&state__exact=withdrawn", "&province=56", "&q=สมชาย สมมุติ", '&q="สมชาย"', "&region=north", "&group=4.1.1"]
)
def test_the_file_and_the_list_find_the_same(staff, workshop, query):
    make_invitation(workshop, email="a@example.org", first_name="สมชาย", last_name="สมมุติ", group=workshop.groups.first())
    withdraw(invitation=make_invitation(workshop, "56", email="c@example.org"), by=SYSTEM)
    assert sorted(row[2] for row in in_file(staff, f"workshop=sample{query}")) == (found := listed(staff, query)) and found


def test_of_all_workshops_no_file_is_offered(staff, workshop):
    make_invitation(workshop)
    assert "invitation/file/" not in staff.get(f"{LIST}?workshop=all").content.decode()
    assert staff.post(f"{LIST}file/?workshop=all").url == f"{LIST}?workshop=all"
    assert Export.objects.count() == 0


def test_a_filter_that_nobody_knows_leads_back_to_the_list(staff, workshop):
    response = staff.post(f"{LIST}file/?unknown=1")
    assert (response.status_code, response.url) == (302, f"{LIST}?e=1")


def test_nothing_is_changed_here_and_the_desk_is_one_click_away(staff, workshop):
    invitation = make_invitation(workshop, email="a@example.org")
    page = staff.get(f"{LIST}{invitation.pk}/change/").content.decode()
    assert ('href="/desk/sample/55/invite/"' in page, 'name="_save"' in page) == (True, False)
    assert staff.post(f"{LIST}{invitation.pk}/change/", {}).status_code == 403


@pytest.mark.parametrize(("role", "statuses"), [("อ่านอย่างเดียว", (200, 403)), ("กำหนดการ", (403, 403)), ("ผู้ดูแลระบบ", (200, 302))])
def test_only_who_takes_lists_along_is_offered_the_file(client, workshop, role, statuses):
    make_invitation(workshop)
    member = signed_in(client, role)
    page = member.get(LIST)
    assert (page.status_code, member.post(f"{LIST}file/").status_code) == statuses
    assert ("invitation/file/" in page.content.decode()) == (statuses[1] == 302)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_for_one_invitation_as_for_three(staff, workshop, rows, django_assert_num_queries):
    for code in ("55", "56", "57")[:rows]:
        make_invitation(workshop, code)
    with django_assert_num_queries(21):
        assert len(listed(staff)) == rows
