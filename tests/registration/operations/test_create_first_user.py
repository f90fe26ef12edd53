from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import RequestFactory

pytestmark = pytest.mark.django_db


def printed() -> str:
    output = StringIO()
    call_command("create_first_user", stdout=output)
    return output.getvalue()


def test_the_first_staff_user_signs_in_with_the_password_that_was_printed():
    said = printed()
    password = said.splitlines()[0].removeprefix("The first staff user is admin, with the password ")
    user = authenticate(RequestFactory().get("/"), username="admin", password=password)
    assert (user.username, user.is_staff, user.is_superuser) == ("admin", True, True)


def test_whoever_is_there_already_is_left_alone():
    User.objects.create_user("staff", password="plainly-invented")
    assert printed() == ""
    assert list(User.objects.values_list("username", flat=True)) == ["staff"]
