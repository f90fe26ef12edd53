import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from registration.models import Agency

pytestmark = pytest.mark.django_db

#: Lists that other packages bring.
NOT_OURS = {"django_tasks_database"}
SEARCHED = [model for model, of in admin.site._registry.items() if of.search_fields and model._meta.app_label not in NOT_OURS]


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.mark.parametrize("text", ["ก" * 60_000, "a " * 2_000], ids=["one word", "many words"])
@pytest.mark.parametrize("model", SEARCHED)
def test_what_is_too_long_to_be_anywhere_is_found_nowhere(boss, model, text):
    page = boss.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), {"q": text})
    assert (page.status_code, page.context["cl"].result_count) == (200, 0)


def test_the_longest_that_can_be_there_is_found(boss):
    Agency.objects.create(name="ก" * 200, abbreviation="ก")
    assert boss.get(reverse("admin:registration_agency_changelist"), {"q": "ก" * 200}).context["cl"].result_count == 1


def test_what_is_typed_in_another_form_of_thai_is_found(boss):
    Agency.objects.create(name="สำนักส่งเสริมสมมุติ", abbreviation="สมม.")
    for typed in ("ส\u0e4d\u0e32นักส่งเสริมสมมุติ", "ส\uf70aงเสริมสมมุติ", "ส \u0e48งเสริมสมม\u0e38ต\u0e34"):
        assert boss.get(reverse("admin:registration_agency_changelist"), {"q": typed}).context["cl"].result_count == 1
