"""How the public pages of a workshop look before it is published: for staff, and kept by no cache."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registration.participant.views.register import form_of
from registration.participant.views.workshop import page_of, with_everything
from sessions.models import Workshop
from sessions.views import agenda_of


@require_safe
@never_cache
def preview(request: HttpRequest, slug: str, page: str = "") -> HttpResponse:
    if not request.user.is_staff or not request.user.has_perm("agenda.view_workshop"):
        raise Http404
    workshop = get_object_or_404(with_everything(), slug=slug)
    if page == "register":
        made = form_of(request, workshop)
    elif page == "agenda":
        made = agenda_of(workshop, preview=True)
    else:
        made = page_of(workshop, reverse("preview", args=[slug]), preview=True)
    made.content = _within(made.content.decode(), workshop).encode()
    return made


def _within(html: str, workshop: Workshop) -> str:
    top = reverse("preview", args=[workshop.slug])

    def led(match: re.Match[str]) -> str:
        page = match[2].partition("/")[0]
        return f'href="{top}{page}/"' if page in ("agenda", "register") else f'href="{top}"'

    return re.sub(rf'href="((?:/en)?/w/{re.escape(workshop.slug)}/)([^"]*)"', led, html)
