"""The thinnest Django that does the same three requests and the same transaction.

What `startproject` gives (its middleware among it), the portal's tables through the ORM, one template a page; no form
class, no access rules, no question whether the address is known, one language.
"""

import os
import secrets
from pathlib import Path
from uuid import uuid4

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

settings.configure(
    SECRET_KEY="only-measured",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "sessions.apps.AgendaConfig",
        "registration.apps.RegistrationConfig",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django_otp",
        "django_otp.plugins.otp_totp",
        "django_otp.plugins.otp_static",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": environ.Env.db_url_config(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": 60}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [Path(__file__).parent / "thin_templates"]}],
    STORAGES={"exports": {"BACKEND": "django.core.files.storage.InMemoryStorage"}},  # named by a model, used by none of these pages
    USE_TZ=True,
    TIME_ZONE="Asia/Bangkok",
)
application = get_wsgi_application()

from registration.models import Delivery, Event, Participant, Quota, TrackChoice  # noqa: E402

FIELDS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "email", "phone")


def form(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "form.html")
    with transaction.atomic():
        participant = register(request)
    return HttpResponseRedirect(f"/p/{participant.code}/")


def register(request: HttpRequest) -> Participant:
    """Writes the rows that the portal writes, with what was sent as it was sent."""
    now, sent = timezone.now(), request.POST
    seat = Quota.objects.get(kind="central") if sent["province"] == "central" else Quota.objects.get(province__code=sent["province"])
    chosen = next(name for name in sent if name.startswith("track_"))
    track = Quota.objects.select_related("track").get(track=int(sent[chosen]))
    participant = Participant.objects.create(
        **{name: sent[name] for name in FIELDS},
        workshop_id=seat.workshop_id,
        quota=seat,
        group_id=1,
        code=secrets.token_hex(5),
        state="confirmed",
        submission=uuid4(),
        sort_key=sent["first_name"],
        consent_version="1",
        consented_at=now,
        registered_at=now,
        state_changed_at=now,
    )
    coming = Participant.days.through
    coming.objects.bulk_create(coming(participant=participant, workshopday_id=day) for day in sent.getlist("days"))
    TrackChoice.objects.bulk_create([TrackChoice(participant=participant, item_id=int(chosen.removeprefix("track_")), track=track.track)])
    Event.objects.create(participant=participant, verb="registered", at=now, actor_kind="participant")
    Delivery.objects.create(key=f"confirmed:{participant.pk}:", participant=participant, email=sent["email"], created_at=now, due_at=now)
    for quota in (seat, track):
        assert Quota.objects.filter(pk=quota.pk, taken__lt=F("capacity")).update(taken=F("taken") + 1)
    return participant


def personal(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "personal.html", {"participant": get_object_or_404(Participant, code=code)})


def constant(request: HttpRequest) -> HttpResponse:
    return render(request, "constant.html")


urlpatterns = [path("form/", form), path("p/<code>/", personal), path("constant/", constant)]
