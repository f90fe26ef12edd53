"""The pages where staff ask for files with data of people, watch them being made, and take them."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registration.actor import Actor
from registration.exports import actions as export_actions
from registration.models import AuditEvent, Export, ExportProfile
from registration.operations import tasks
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

PAGES = "/en/admin/registration/export/"
ADD = f"{PAGES}add/"
LIST = {"make": "list", "list-kind": "xlsx", "list-sheets": ["all"], "list-profile": ""}


@pytest.fixture
def workshop():
    return make_workshop(slug="sdg")


def user_with(*codenames, name="staff"):
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def staff(client, workshop):
    client.force_login(user_with("view_participant", "export_participant"))
    return client


def said(response):
    return [str(message) for message in response.context["messages"]]


def make_waiting():
    """What a worker does with everything that waits."""
    for export in Export.objects.unfinished():
        tasks.make_export.func(export.pk)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestAsking:
    def test_it_says_whom_the_file_is_about_and_how_many_they_are(self, staff, workshop):
        seats_of(workshop, capacity=1)
        make_participant(workshop)
        make_participant(workshop)
        make_participant(workshop, "50")
        page = staff.get(ADD, {"province": "55"})
        assert (page.context["filters"], page.context["people"]) == (["Nan"], {"all": 2, "seated": 1})
        assert "2 people, 1 of them on a seat." in text_of(page)
        assert 'href="/en/admin/registration/participant/?workshop=sdg&amp;province=55"' in page.content.decode()

    def test_a_list_is_on_its_way_at_one_press(self, staff, workshop):
        make_participant(workshop)
        profile = ExportProfile.objects.create(name="Two", columns=["code", "email"])
        sent = {**LIST, "list-sheets": ["summary", "provinces"], "list-profile": profile.pk}
        response = staff.post(f"{ADD}?province=55", sent)
        export = Export.objects.get()
        assert response["Location"] == f"{PAGES}{export.pk}/change/"
        assert (export.kind, export.columns, export.options, export.filters, export.created_by.username) == (
            *("xlsx", ["code", "email"], {"sheets": ["summary", "provinces"]}, {"province": "55"}),
            "staff",
        )
        assert list(DBTaskResult.objects.values_list("task_path", "args_kwargs")) == [
            ("registration.operations.tasks.make_export", {"args": [export.pk], "kwargs": {}})
        ]

    def test_a_second_press_starts_nothing_and_shows_the_first(self, staff, workshop):
        make_participant(workshop)
        first, second = (staff.post(ADD, LIST)["Location"] for _i in range(2))
        assert (first, Export.objects.count(), DBTaskResult.objects.count()) == (second, 1, 1)

    @pytest.mark.parametrize(
        ("sent", "wanted"),
        [
            ({"make": "list", "list-kind": "csv"}, ("csv", {})),
            ({"make": "codes", "codes-kind": "codes"}, ("codes", {})),
            ({"make": "codes", "codes-kind": "labels"}, ("labels", {})),
        ],
    )
    def test_every_kind_is_asked_for_with_what_it_needs(self, staff, workshop, sent, wanted):
        make_participant(workshop)
        staff.post(ADD, sent)
        assert Export.objects.values_list("kind", "options").get() == wanted

    def test_sheets_to_sign_are_of_a_day_or_of_one_of_its_tracks(self, staff, workshop):
        track = tracks_of(workshop)[0]
        make_participant(workshop, tracks=[track])
        choices = staff.get(ADD).context["forms"]["sign_in"].fields["meeting"].choices
        first, last = workshop.days.all()
        assert [key for key, _name in choices] == [f"day-{first.pk}", *(f"track-{t.pk}" for t in tracks_of(workshop)), f"day-{last.pk}"]
        staff.post(ADD, {"make": "sign_in", "sign_in-meeting": f"track-{track.pk}"})
        assert Export.objects.get().options == {"meeting": f"track-{track.pk}", "by_place": False}

    def test_a_workbook_without_a_sheet_is_not_asked_for(self, staff, workshop):
        make_participant(workshop)
        page = staff.post(ADD, {**LIST, "list-sheets": []})
        assert page.context["forms"]["list"].errors == {"sheets": ["Choose at least one sheet."]}
        assert Export.objects.count() == 0

    @pytest.mark.parametrize("sent", [{"make": "nonsense"}, {"make": "sign_in", "sign_in-meeting": "day-0"}, {"make": "codes"}, {}])
    def test_nonsense_asks_for_nothing(self, staff, workshop, sent):
        make_participant(workshop)
        assert staff.post(ADD, sent).status_code == 200
        assert Export.objects.count() == 0

    def test_a_file_about_nobody_is_not_made(self, staff, workshop):
        page = staff.post(ADD, LIST)
        assert (said(page), Export.objects.count()) == (["Nobody would be in this file."], 0)

    def test_too_many_for_paper_are_told_what_to_do(self, staff, workshop, monkeypatch):
        for module in ("registration.exports.actions", "registration.office.exports"):
            monkeypatch.setattr(f"{module}.MAX_ON_PAPER", 1)
        for _i in range(2):
            make_participant(workshop)
        assert said(staff.post(ADD, {"make": "codes", "codes-kind": "labels"})) == [
            "These are 2 people, and at most 1 can be printed. Choose a province or a region in the list first."
        ]

    def test_a_list_that_is_narrowed_down_otherwise_is_refused_rather_than_widened(self, staff, workshop):
        make_participant(workshop)
        response = staff.get(ADD, {"registered_at__gte": "2027-01-01"}, follow=True)
        assert said(response) == ["A file cannot be filtered in that way. Select the people in the list instead."]

    def test_a_workshop_that_does_not_exist_is_not_found(self, staff):
        assert staff.get(ADD, {"workshop": "nonsense"}).status_code == 404

    def test_without_a_workshop_there_is_nothing_to_export(self, client):
        client.force_login(user_with("export_participant"))
        assert said(client.get(ADD, follow=True)) == ["There is no workshop yet."]


class TestWatching:
    def test_it_tells_how_far_it_is_and_asks_again_until_the_file_is_there(self, staff, workshop):
        make_participant(workshop)
        address = staff.post(ADD, LIST)["Location"]
        Export.objects.update(state="running", done=300, people=1000)
        moving = staff.get(address, headers={"HX-Request": "true"})
        assert [template.name for template in moving.templates][0] == "admin/registration/export/_progress.html"
        assert f'hx-get="{address}" hx-trigger="every 2s"' in moving.content.decode()
        assert '<progress value="300" max="1000"' in moving.content.decode()
        assert "300 of 1,000 people." in text_of(moving)
        Export.objects.update(state="queued")
        make_waiting()
        done = staff.get(address)
        assert ("hx-get" in done.content.decode(), "It holds 1 person and is available until" in text_of(done)) == (False, True)

    @pytest.mark.parametrize(
        ("state", "words"), [("failed", "The file could not be made."), ("expired", "The file is no longer available.")]
    )
    def test_what_did_not_work_leads_to_another_try(self, staff, workshop, state, words):
        make_participant(workshop)
        address = staff.post(f"{ADD}?province=55", LIST)["Location"]
        Export.objects.update(state=state)
        page = staff.get(address)
        assert words in text_of(page)
        assert f'href="{ADD}?workshop=sdg&amp;province=55"' in page.content.decode()

    @pytest.mark.parametrize("times", [1, 3])
    def test_the_list_of_ones_exports_costs_the_same_for_one_and_for_three(self, staff, workshop, times, django_assert_num_queries):
        make_participant(workshop)
        user = User.objects.get(username="staff")
        for number in range(times):
            Export.objects.create(workshop=workshop, kind="csv", created_by=user, created_at=NOON, leased_until=NOON, done=number)
        with django_assert_num_queries(16):  # session, user, two of rights, count, exports
            page = staff.get(PAGES)
        assert len(page.context["cl"].result_list) == times

    @pytest.mark.parametrize("times", [1, 3])
    def test_the_page_to_ask_costs_the_same_for_one_and_for_three(self, staff, workshop, times, django_assert_num_queries):
        for _i in range(times):
            make_participant(workshop)
        with django_assert_num_queries(20):  # session, user, two of rights, current workshop, days with items and tracks, …
            staff.get(ADD)


class TestTaking:
    @pytest.fixture
    def ready(self, staff, workshop):
        person = make_participant(workshop)
        staff.post(ADD, {"make": "list", "list-kind": "csv"})
        make_waiting()
        return person, Export.objects.get()

    def test_the_file_comes_with_its_name_and_is_written_down(self, staff, ready):
        person, export = ready
        response = staff.post(f"{PAGES}{export.pk}/file/")
        assert person.code in b"".join(response.streaming_content).decode()
        assert response["Content-Disposition"] == f'attachment; filename="attendees-sdg-{timezone.localdate():%Y-%m-%d}.csv"'
        assert "no-store" in response["Cache-Control"].split(", ")
        taken = AuditEvent.objects.get(verb="taken")
        assert (taken.actor.username, taken.what, taken.count) == ("staff", "attendees", 1)

    def test_a_link_to_it_takes_nothing(self, staff, ready):
        assert staff.get(f"{PAGES}{ready[1].pk}/file/").status_code == 405
        assert AuditEvent.objects.filter(verb="taken").count() == 0

    def test_what_expired_says_so(self, staff, ready):
        Export.objects.update(expires_at=timezone.now())
        response = staff.post(f"{PAGES}{ready[1].pk}/file/", follow=True)
        assert said(response) == ["This file is no longer available. Please request it again."]

    def test_somebody_else_does_not_see_it(self, client, ready):
        client.force_login(user_with("view_participant", "export_participant", name="other"))
        export = ready[1]
        assert client.get(PAGES).context["cl"].result_count == 0
        answers = [client.get(f"{PAGES}{export.pk}/change/"), client.post(f"{PAGES}{export.pk}/file/")]
        assert [answer.status_code for answer in answers] == [404, 404]
        client.post(f"{PAGES}{export.pk}/delete/", {"post": "yes"})
        assert Export.objects.count() == 1

    def test_who_oversees_exports_sees_and_takes_everybodys(self, client, ready):
        client.force_login(user_with("export_participant", "oversee_exports", name="boss"))
        page = client.get(PAGES)
        assert (page.context["cl"].result_count, "created_by" in page.context["cl"].list_display) == (1, True)
        assert client.post(f"{PAGES}{ready[1].pk}/file/").status_code == 200
        assert AuditEvent.objects.get(verb="taken").actor.username == "boss"

    def test_who_lost_the_right_takes_nothing_any_more(self, staff, ready):
        User.objects.get(username="staff").user_permissions.clear()
        assert staff.post(f"{PAGES}{ready[1].pk}/file/").status_code == 403

    @pytest.mark.parametrize("how", ["on its page", "in the list"])
    def test_deleting_it_deletes_the_file(self, staff, ready, how):
        export = ready[1]
        if how == "on its page":
            staff.post(f"{PAGES}{export.pk}/delete/", {"post": "yes"})
        else:
            staff.post(PAGES, {"action": "delete_selected", "_selected_action": [export.pk], "post": "yes"})
        assert (Export.objects.count(), storages["exports"].exists(export.file.name)) == (0, False)


@pytest.mark.parametrize(("role", "answer"), [("กำหนดการ", 200), ("งานลงทะเบียน", 200), ("อ่านอย่างเดียว", 403), ("ผู้ดูแลระบบ", 200)])
def test_each_role_exports_or_does_not(client, workshop, role, answer):
    make_participant(workshop)
    user = User.objects.create_user("member", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    profiles = "/en/admin/registration/exportprofile/"
    assert [client.get(page).status_code for page in (PAGES, ADD, profiles)] == [answer] * 3
    assert client.post(ADD, LIST).status_code == (302 if answer == 200 else 403)
    menu, dashboard = client.get("/en/admin/").content.decode().split('id="content-start"')
    assert (f"{ADD}?workshop=sdg" in menu) == (answer == 200)
    assert (f"{ADD}?workshop=sdg" in dashboard) == (answer == 200 and user.has_perm("registration.view_participant"))


def test_only_the_administrator_oversees_others():
    assert list(Group.objects.filter(permissions__codename="oversee_exports").values_list("name", flat=True)) == ["ผู้ดูแลระบบ"]


def test_the_workshops_page_leads_there(client, workshop):
    client.force_login(User.objects.create_superuser("boss"))
    page = client.get(f"/en/admin/agenda/workshop/{workshop.pk}/change/").content.decode()
    assert [part.count(f'href="{ADD}?workshop=sdg"') for part in page.split('id="content-start"')] == [1, 1]


class TestProfiles:
    def test_a_set_of_columns_is_kept_and_offered_to_everybody(self, staff, workshop):
        make_participant(workshop)
        response = staff.post("/en/admin/registration/exportprofile/add/", {"name": "Short", "columns": ["code", "quota"]})
        assert response.status_code == 302
        assert ExportProfile.objects.get(name="Short").columns == ["code", "quota"]
        staff.force_login(user_with("export_participant", name="other"))
        assert "Short" in [str(name) for _key, name in staff.get(ADD).context["forms"]["list"].fields["profile"].choices]

    def test_a_column_that_does_not_exist_is_refused(self, staff):
        page = staff.post("/en/admin/registration/exportprofile/add/", {"name": "Odd", "columns": ["password"]})
        assert list(page.context["adminform"].form.errors) == ["columns"]

    def test_there_are_some_to_begin_with_and_they_name_columns_that_exist(self):
        from registration.exports.columns import NAMES

        profiles = dict(ExportProfile.objects.values_list("name", "columns"))
        assert set(profiles) == {"รายชื่อสำหรับติดต่อ", "ชื่อในห้องประชุม"}
        assert {key for columns in profiles.values() for key in columns} - NAMES.keys() == set()

    def test_the_boxes_of_a_kept_set_are_ticked(self, staff):
        profile = ExportProfile.objects.create(name="Short", columns=["code", "quota"])
        page = staff.get(f"/en/admin/registration/exportprofile/{profile.pk}/change/").content.decode()
        assert sorted(re.findall(r'value="(\w+)"[^>]* checked', page)) == ["code", "quota"]


def test_a_kept_export_of_a_deleted_profile_keeps_its_columns(staff, workshop):
    make_participant(workshop)
    profile = ExportProfile.objects.create(name="Short", columns=["code"])
    staff.post(ADD, {**LIST, "list-profile": profile.pk})
    profile.delete()
    make_waiting()
    with export_actions.take(export=Export.objects.get(), by=Actor("staff", User.objects.get())) as file:
        assert file.read(2) == b"PK"
