"""Addresses that a workshop has left: whoever comes by an old link or QR code is led on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sessions.models import FormerAddress, Workshop


def leave(workshop: Workshop, slug: str) -> None:
    """`workshop` had the address `slug` until now. One that it comes back to is no former one any more."""
    FormerAddress.objects.filter(slug=workshop.slug).delete()
    FormerAddress.objects.update_or_create(slug=slug, defaults={"workshop": workshop})


def is_left_by_another(slug: str, workshop: Workshop) -> bool:
    """Whether links that are out under `slug` lead to another workshop."""
    return FormerAddress.objects.filter(slug=slug).exclude(workshop=workshop.pk).exists()


def lead_on(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what is not found under an address that a published workshop has left is looked for under its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or request.method not in ("GET", "HEAD") or match is None or "slug" not in match.kwargs:
            return response
        former = FormerAddress.objects.filter(slug=match.kwargs["slug"], workshop__is_published=True).select_related("workshop").first()
        if former is None:
            return response
        address = reverse(match.view_name, kwargs={**match.kwargs, "slug": former.workshop.slug})
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{address}?{query}" if query else address)

    return middleware
