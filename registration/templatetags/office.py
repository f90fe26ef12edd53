"""What every page of the office has: the menu by job, and the strip that says what is not as usual."""

from typing import Any

from django import template
from django.contrib.admin import site
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils import timezone

from registration.models import Participant
from registration.office.filters import workshop_of_list
from registration.office.history import lines_of
from registration.office.menu import menu
from registration.office.strip import notices
from sessions.models import AgendaItem, Workshop, WorkshopDay

register = template.Library()

#: So many lines of a history stand on one page.
HISTORY_LINES = 100
WORKSHOP_KEY = "_workshop_of_page"


@register.inclusion_tag("admin/_work_menu.html", takes_context=True)
def work_menu(context: Context) -> dict[str, Any]:
    request: HttpRequest = context["request"]
    workshop = workshop_of_page(context)
    return {
        "request": request,
        "perms": context["perms"],
        "workshop": workshop,
        "standing": workshop.standing().state.label if workshop else "",
        "jobs": menu(request, workshop),
        "index_path": reverse("admin:index"),
    }


@register.inclusion_tag("admin/_strip.html", takes_context=True)
def strip(context: Context) -> dict[str, Any]:
    request: HttpRequest = context["request"]
    workshop = workshop_of_page(context)
    if not request.user.has_perm("agenda.view_workshop") and not request.user.has_perm("registration.view_participant"):
        return {"notices": []}
    return {"notices": notices(request, workshop, timezone.now()), "workshop": workshop}


@register.simple_tag(takes_context=True)
def may_list(context: Context, opts: Any) -> bool:
    """Whether the reader may open the list of a model, to which the crumbs of its pages lead."""
    return site.get_model_admin(opts.model).has_view_or_change_permission(context["request"])


@register.simple_tag(takes_context=True)
def workshop_history(context: Context, workshop: Workshop) -> Page:
    """A page of the history of `workshop`, with the decisions of the audit trail for whoever may read that."""
    request: HttpRequest = context["request"]
    lines = lines_of(workshop, with_trail=request.user.has_perm("registration.view_auditevent"))
    return Paginator(lines, HISTORY_LINES).get_page(request.GET.get("p"))


def workshop_of_page(context: Context) -> Workshop | None:
    """The workshop that a page is about: what it shows, else what its list is filtered by, else the current one."""
    request: HttpRequest = context["request"]
    if not hasattr(request, WORKSHOP_KEY):
        setattr(request, WORKSHOP_KEY, _shown(context) or workshop_of_list(request))
    found: Workshop | None = getattr(request, WORKSHOP_KEY)
    return found


def _shown(context: Context) -> Workshop | None:
    row = context.get("workshop") or context.get("person") or context.get("original")
    if isinstance(row, AgendaItem):
        row = row.day
    if isinstance(row, WorkshopDay | Participant):
        row = row.workshop
    if not isinstance(row, Workshop) or row.pk is None:
        return None
    return row.draft_of or row
