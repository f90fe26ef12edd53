"""The front page of a workshop: what, why, when, for whom, and where there are seats."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from registration.open_data.shown import held, published_numbers
from registration.seats.overview import Seats
from sessions import front, linked_data
from sessions.addresses import in_every_language
from sessions.documents import public_documents
from sessions.formats import language
from sessions.models import Workshop, WorkshopDay, WorkshopQuerySet
from sessions.public_pages import public_page
from sessions.running import now_and_next
from sessions.state import Standing


@public_page
def home() -> HttpResponse:
    at = timezone.now()
    known = Workshop.objects.current(at).prefetch_related(Prefetch("days", WorkshopDay.objects.with_hours()))
    over: dict[bool, list[Workshop]] = {True: [], False: []}
    for one in known:
        over[one.standing(at, days=one.days.all()).is_over].append(one)
    if not over[False]:
        return HttpResponse(render_to_string("registration/workshop/home.html", {"page_path": reverse("home"), "past": over[True]}))
    first, *others = over[False]
    return page_of(with_everything().get(pk=first.pk), reverse("home"), others=others, past=over[True])


@public_page
def workshop(slug: str) -> HttpResponse:
    found = get_object_or_404(with_everything().published(), slug=slug)
    return page_of(found, reverse("workshop", args=[slug]))


def with_everything() -> WorkshopQuerySet:
    return Workshop.objects.with_programme().prefetch_related("contacts", "groups")


def page_of(workshop: Workshop, path: str, **beside: Any) -> HttpResponse:
    addresses = in_every_language("workshop", workshop.slug)
    image = settings.SITE_URL + static("img/preview.png")
    event = linked_data.event(workshop, workshop.days.all(), address=addresses[language()], image=image)
    seats = Seats(workshop.quotas.seats().select_related("province").with_waiting().in_thai_order())
    at, days = timezone.now(), list(workshop.days.all())
    standing = workshop.standing(at, days=days, is_full=seats.left == 0)
    programme = front.meetings(days, standing.days)
    today = front.of_today(programme)
    context = {
        "workshop": workshop,
        "days": days,
        "standing": standing,
        "programme": programme,
        "today": today,
        "running": now_and_next(today.day.items.all(), timezone.localtime(at).time()) if today else [],
        "card": front.to_show(programme),
        "may_register": standing.takes_registrations and workshop.entry == Workshop.Entry.OPEN,
        "documents": public_documents(workshop),
        **archive(workshop, standing, at),
        "contacts_shown": True,
        "seats": seats,
        "page_path": path,
        "register_path": reverse("register", args=[workshop.slug]),
        "addresses": addresses,
        "address": addresses[language()],
        "image": image,
        "event": linked_data.script_text(event),
    }
    return HttpResponse(render_to_string("registration/workshop/workshop.html", context | beside))


def archive(workshop: Workshop, standing: Standing, at: dt.datetime) -> dict[str, Any]:
    """What the page says of one that is over: its numbers, if the office has published them, and which workshop is next."""
    if not standing.is_over:
        return {}
    coming = Workshop.objects.current(at).exclude(pk=workshop.pk).prefetch_related(Prefetch("days", WorkshopDay.objects.with_hours()))
    upcoming = next((each for each in coming[:1] if not each.standing(at, days=each.days.all()).is_over), None)
    return {"numbers": published_numbers(workshop), "held": held(workshop.days.all()), "upcoming": upcoming}
