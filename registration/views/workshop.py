"""The front page of a workshop: what, why, when, for whom, and where there are seats."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from sessions.models import Workshop


def home(request: HttpRequest) -> HttpResponse:
    found = Workshop.objects.current().first()
    return render(request, "registration/workshop/workshop.html", {"workshop": found})


def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Workshop.objects.published(), slug=slug)
    return render(request, "registration/workshop/workshop.html", {"workshop": found})
