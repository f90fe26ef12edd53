import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from sdgworkshop.urls import handler500  # noqa: F401
from sdgworkshop.urls import urlpatterns as portal

MISTAKES = {
    "denied": PermissionDenied,
    "suspicious": SuspiciousOperation,
    "bug": ZeroDivisionError,
    "away": OperationalError,
    "gone": InterfaceError,
}


def mistake(request: HttpRequest, name: str) -> HttpResponse:
    raise MISTAKES[name]


# The portal's own addresses, with two more that go wrong.
urlpatterns = [*portal, path("mistake/<str:name>/", mistake), path("en/mistake/<str:name>/", mistake)]


@pytest.fixture(autouse=True)
def _with_mistakes(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def told(response):
    page = response.content.decode()
    return response.status_code, re.search(r'<html lang="(..)">', page)[1], re.search(r"<h1>(.*?)</h1>", page)[1]


@pytest.mark.parametrize(
    ("address", "status", "language", "heading"),
    [
        ("/nowhere/", 404, "th", "ไม่พบหน้าที่ท่านเรียก"),
        ("/en/nowhere/", 404, "en", "There is no such page"),
        ("/mistake/denied/", 403, "th", "ท่านไม่มีสิทธิ์ดูหน้านี้"),
        ("/en/mistake/denied/", 403, "en", "You do not have access to this page"),
        ("/mistake/suspicious/", 400, "th", "ระบบอ่านคำขอนี้ไม่ได้"),
        ("/en/mistake/suspicious/", 400, "en", "This request could not be read"),
        ("/mistake/bug/", 500, "th", "ระบบขัดข้อง"),
        ("/en/mistake/bug/", 500, "en", "Something went wrong in the portal"),
        ("/mistake/away/", 503, "th", "ยังไม่ได้บันทึก โปรดลองอีกครั้ง"),
        ("/en/mistake/gone/", 503, "en", "Not saved yet: please try again"),
    ],
)
def test_a_mistake_is_told_in_the_language_of_the_address_and_without_the_database(client, address, status, language, heading):
    assert told(client.get(address)) == (status, language, heading)


def test_who_meets_a_missing_database_is_told_when_to_come_back(client):
    assert client.get("/mistake/away/").headers["Retry-After"] == "60"


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "heading"), [("", "ยังไม่ได้ส่งข้อมูล"), ("/en", "Nothing has been sent yet")])
def test_a_form_without_its_token_may_be_loaded_again(prefix, heading):
    response = Client(enforce_csrf_checks=True).post(f"{prefix}/admin/login/?next=/admin/", {"username": "a"})
    assert told(response) == (403, "en" if prefix else "th", heading)
    assert re.findall(r'class="btn btn-primary" href="(.*?)"', response.content.decode()) == [f"{prefix}/admin/login/?next=/admin/"]


def test_the_other_language_of_a_missing_page_is_the_front_page(client):
    page = client.get("/nowhere/?a=b").content.decode()
    assert re.search(r'class="masthead-link" href="(.*?)"', page)[1] == "/en/"
