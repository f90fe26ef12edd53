"""The front page of a workshop: what, why, when, for whom, and where there are seats."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from registration.seats.overview import Seats
from sessions import linked_data
from sessions.addresses import in_every_language
from sessions.formats import language
from sessions.models import Workshop, WorkshopQuerySet
from sessions.public_pages import public_page


@public_page
def home() -> HttpResponse:
    """The current workshop's page, or a page that says there is none."""
    current = _with_everything().current().first()
    if current is None:
        return HttpResponse(render_to_string("registration/workshop/home.html", {"page_path": reverse("home")}))
    return _page(current, reverse("home"))


@public_page
def workshop(slug: str) -> HttpResponse:
    found = get_object_or_404(_with_everything().published(), slug=slug)
    return _page(found, reverse("workshop", args=[slug]))


def _with_everything() -> WorkshopQuerySet:
    return Workshop.objects.with_programme().prefetch_related("contacts", "groups")


def _page(workshop: Workshop, path: str) -> HttpResponse:
    addresses = in_every_language("workshop", workshop.slug)
    image = settings.SITE_URL + static("img/preview.png")
    event = linked_data.event(workshop, workshop.days.all(), address=addresses[language()], image=image)
    context = {
        "workshop": workshop,
        "days": workshop.days.all(),
        "seats": Seats(workshop.quotas.seats().select_related("province").in_thai_order()),
        "registration": workshop.registration_state(),
        "page_path": path,
        "register_path": reverse("register", args=[workshop.slug]),
        "addresses": addresses,
        "address": addresses[language()],
        "image": image,
        "event": linked_data.script_text(event),
    }
    return HttpResponse(render_to_string("registration/workshop/workshop.html", context))
