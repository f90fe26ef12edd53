"""The thinnest Django that does the same three requests and the same transaction: no forms, no templates, no middleware."""

import os
from pathlib import Path

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from benchmarks.transaction import Replay

settings.configure(
    SECRET_KEY="only-measured",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    DATABASES={"default": environ.Env.db_url_config(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": 60}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [Path(__file__).parent]}],
)

FORM = HttpResponse("<form method=post>" + "<p><label>ชื่อ <input name=first_name></label></p>" * 12 + "</form>").content
replay = Replay(Path(os.environ["TRANSACTION_FILE"]))


def form(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(FORM)
    assert request.POST["email"]
    with transaction.atomic(), connection.cursor() as cursor:
        code = replay.run(cursor)
    return HttpResponseRedirect(f"/p/{code}/")


def personal(request: HttpRequest, code: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_name, state FROM registration_participant WHERE code = %s", [code])
        name, state = cursor.fetchone()
    return HttpResponse(f'<h1 data-state="{state}">{name}</h1>')


def constant(request: HttpRequest) -> HttpResponse:
    from django.shortcuts import render

    return render(request, "constant.html")


urlpatterns = [path("form/", form), path("p/<code>/", personal), path("constant/", constant)]
application = get_wsgi_application()
