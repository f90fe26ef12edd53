import pytest
from django.contrib.auth.models import Permission, User

from tests.factories import make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

PEOPLE = "/en/admin/registration/participant/"
COLUMNS = f"{PEOPLE}columns/"
USUAL = ["shown_name", "province", "organisation", "state", "shown_group", "days_count", "registered"]


def sign_in(client, *permissions):
    user, _new = User.objects.get_or_create(username="staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_participant")


def columns(client, **query):
    shown = client.get(PEOPLE, query).context["cl"].list_display
    return [getattr(column, "__name__", column) for column in shown if column != "action_checkbox"]


def test_until_somebody_chooses_the_list_has_the_usual_columns(staff):
    make_workshop()
    assert columns(staff) == USUAL


def test_the_chosen_columns_stand_beside_the_name_and_stay(staff):
    make_workshop()
    staff.post(COLUMNS, {"columns": ["email", "code", "no_such_column"]})
    assert [columns(staff), columns(staff)] == [["shown_name", "code", "email"]] * 2


def test_choosing_none_brings_the_usual_columns_back(staff):
    make_workshop()
    staff.post(COLUMNS, {"columns": ["email"]})
    staff.post(COLUMNS)
    assert columns(staff) == USUAL


def test_it_leads_back_to_the_list_as_it_was_filtered_but_not_as_it_was_sorted(staff):
    response = staff.post(COLUMNS, {"columns": ["email"], "listed": "province=55&o=3&q=%E0%B8%81"})
    assert response.headers["Location"] == f"{PEOPLE}?province=55&q=%E0%B8%81"


def test_nobody_is_led_elsewhere(staff):
    response = staff.post(COLUMNS, {"listed": "https://elsewhere.example.org/"})
    assert response.headers["Location"].startswith(PEOPLE)


def test_where_people_are_compared_no_column_stands_twice(staff):
    make_workshop()
    staff.post(COLUMNS, {"columns": ["email"]})
    assert columns(staff, twice="name") == ["shown_name", "email", "shown_phone", "compare_link"]


def test_another_member_of_staff_keeps_their_own_columns(staff, client):
    make_workshop()
    staff.post(COLUMNS, {"columns": ["email"]})
    client.logout()
    assert columns(sign_in(client, "view_participant")) == USUAL


@pytest.mark.parametrize("count", [1, 3])
def test_every_column_at_once_costs_the_same_queries_however_many_people(staff, count, django_assert_num_queries):
    workshop = make_workshop()
    people = [make_participant(workshop, tracks=tracks_of(workshop)[:1]) for _i in range(count)]
    page = staff.get(PEOPLE)
    staff.post(COLUMNS, {"columns": [name for name, _words, _chosen in page.context["columns"]]})
    with django_assert_num_queries(22):
        page = staff.get(PEOPLE)
    assert [person.email in page.content.decode() for person in people] == [True] * count


def test_who_may_not_see_people_chooses_nothing(client):
    assert sign_in(client, "view_quota").post(COLUMNS, {"columns": ["email"]}).status_code == 403
