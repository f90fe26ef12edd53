from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.urls import reverse

from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db

PROGRAMME, REGISTRATION, READ_ONLY, ADMINISTRATOR = "กำหนดการ", "งานลงทะเบียน", "อ่านอย่างเดียว", "ผู้ดูแลระบบ"
HELPERS = "รับลงทะเบียนหน้างาน"


def codenames(role):
    return set(Permission.objects.filter(group__name=role).values_list("codename", flat=True))


def member_of(client, role):
    user = User.objects.create_user("member", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


def test_there_are_four_roles_and_the_helpers_at_the_door():
    assert set(Group.objects.values_list("name", flat=True)) == {PROGRAMME, REGISTRATION, READ_ONLY, ADMINISTRATOR, HELPERS}


def test_helpers_check_people_in_and_do_nothing_else():
    assert codenames(HELPERS) == {"add_checkin"}
    assert "add_checkin" in codenames(REGISTRATION) & codenames(ADMINISTRATOR) - codenames(READ_ONLY) - codenames(PROGRAMME)


def test_who_only_reads_may_see_everything_and_change_nothing():
    assert {name.split("_")[0] for name in codenames(READ_ONLY)} == {"view"}
    assert {"view_participant", "view_workshop", "view_delivery", "view_quota"} - codenames(READ_ONLY) == set()


def test_only_an_administrator_says_who_may_do_what():
    able = {role for role in (PROGRAMME, REGISTRATION, READ_ONLY, ADMINISTRATOR) if {"change_user", "change_group"} & codenames(role)}
    assert able == {ADMINISTRATOR}


def test_running_it_again_adds_nothing_and_takes_nothing_away():
    then = apps_as_in_a_migration()
    known = [model._meta.model_name for app in ("agenda", "registration", "auth") for model in then.get_app_config(app).get_models()]
    Permission.objects.exclude(content_type__model__in=known).delete()  # they did not exist when it ran
    before = {role: codenames(role) for role in (PROGRAMME, REGISTRATION, READ_ONLY, ADMINISTRATOR)}
    own = Permission.objects.get(codename="send_mailing")
    Group.objects.get(name=READ_ONLY).permissions.add(own)
    import_module("registration.migrations.0004_roles").make_roles(then, connection.schema_editor())
    after = {role: codenames(role) for role in before}
    assert after == before | {READ_ONLY: before[READ_ONLY] | {"send_mailing"}}


def apps_as_in_a_migration():
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(connection).project_state(("registration", "0004_roles")).apps


@pytest.mark.parametrize(
    ("role", "outcomes"),
    [
        (PROGRAMME, {"participant": 403, "quota": 200, "delivery": 403, "add mailing": 403, "add workshop": 200, "user": 403}),
        (REGISTRATION, {"participant": 200, "quota": 200, "delivery": 200, "add mailing": 200, "add workshop": 403, "user": 403}),
        (READ_ONLY, {"participant": 200, "quota": 200, "delivery": 200, "add mailing": 403, "add workshop": 403, "user": 403}),
        (ADMINISTRATOR, {"participant": 200, "quota": 200, "delivery": 200, "add mailing": 200, "add workshop": 200, "user": 200}),
    ],
)
def test_each_role_opens_its_own_pages(client, role, outcomes):
    make_participant(make_workshop())
    addresses = {
        "participant": "registration_participant_changelist",
        "quota": "registration_quota_changelist",
        "delivery": "registration_delivery_changelist",
        "add mailing": "registration_mailing_add",
        "add workshop": "agenda_workshop_add",
        "user": "auth_user_changelist",
    }
    member_of(client, role)
    assert {name: client.get(reverse(f"admin:{address}")).status_code for name, address in addresses.items()} == outcomes


@pytest.mark.parametrize(("role", "offered"), [(REGISTRATION, True), (READ_ONLY, False), (ADMINISTRATOR, True)])
def test_only_who_looks_after_people_decides_about_them(client, role, offered):
    make_participant(make_workshop())
    page = member_of(client, role).get(reverse("admin:registration_participant_changelist")).content.decode()
    assert ("decline_them" in page) == offered


def test_what_is_granted_is_about_models_of_today():
    models = {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}
    granted = set(Permission.objects.filter(group__isnull=False).values_list("content_type__app_label", "content_type__model"))
    assert granted - models == set()
    assert len(granted) > 20
