"""The office's dashboard on the front page of the admin."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.template import RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from registration.choices import SEAT_HOLDING
from registration.models.province import Region
from registration.office import bar_chart
from registration.office.dashboard import MAX_BARS, SORT_KEYS, Dashboard, sorted_places
from registration.operations import backups
from registration.privacy import anonymised_statistics
from sessions.models import Track, Workshop, WorkshopDay

register = template.Library()

#: What a number of people on seats opens.
HELD = {"state__in": ",".join(sorted(SEAT_HOLDING))}
#: What a number of undecided people opens.
PENDING = {"state__in": "offered,pending"}

COLUMNS = {
    "province": gettext_lazy("Province"),
    "region": gettext_lazy("Region"),
    "province_group": gettext_lazy("Province group"),
    "capacity": gettext_lazy("Seats"),
    "held": gettext_lazy("On a seat"),
    "pending": gettext_lazy("Undecided"),
    "invited": gettext_lazy("Invited"),
    "waiting": gettext_lazy("Waiting"),
    "last": gettext_lazy("Last registration"),
    "coordinator": gettext_lazy("Coordinator"),
    "seen": gettext_lazy("Last seen"),
}


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def dashboard(context: RequestContext) -> dict[str, Any]:
    """The dashboard of the workshop that the address asks for, else of the current one; nothing for who may not see people."""
    request: HttpRequest = context["request"]
    common = {"request": request, "perms": context["perms"]}
    if not request.user.has_perm("registration.view_participant"):
        return common | {"may_see": False}
    workshops = list(Workshop.objects.to_choose())
    asked = request.GET.get("workshop")
    workshop = next((w for w in workshops if w.slug == asked), None) or Workshop.objects.current().first() or next(iter(workshops), None)
    if workshop is None:
        return common | {"may_see": True}
    if workshop.anonymised_at:
        return common | {"may_see": True, "workshop": workshop, "workshops": workshops, "remains": anonymised_statistics.tables(workshop)}
    found = Dashboard(workshop)
    order = request.GET.get("sort", "")
    shown = found.days[-MAX_BARS:]
    return common | {
        "may_see": True,
        "workshop": workshop,
        "workshops": workshops,
        "sendable": sendable_days(workshop, timezone.now()) if request.user.has_perm("registration.add_delivery") else [],
        "dashboard": found,
        "rows": sorted_places(found.places, order),
        "columns": _columns(order, workshop),
        "bars": bar_chart.bars(shown),
        "chart": {"WIDTH": bar_chart.WIDTH, "HEIGHT": bar_chart.HEIGHT},
        "first_day": shown[0] if shown else None,
        "last_day": shown[-1] if shown else None,
        "backup": backups.newest(settings.VAR_DIR / "backups"),
        "at": timezone.now(),
        "best_day": max(shown, key=lambda day: day.number, default=None),
    }


def sendable_days(workshop: Workshop, at: dt.datetime) -> list[WorkshopDay]:
    """The days to come of which the links may be sent now. One query; none where Zoom mails its own."""
    if workshop.zoom_mails_links:
        return []
    has_link = ~Q(join_url="") | Exists(Track.objects.filter(item__day=OuterRef("pk")).exclude(join_url=""))
    days = workshop.days.filter(has_link, date__gte=timezone.localdate(at)).with_hours()
    return [day for day in days if day.join_is_open(at) and at < day.ends_at()]


def _columns(order: str, workshop: Workshop) -> list[dict[str, Any]]:
    columns = []
    for name, label in COLUMNS.items():
        now = {name: "ascending", f"-{name}": "descending"}.get(order, "") if name in SORT_KEYS else ""
        # Words are looked up from their beginning, numbers and moments from the greatest.
        first, other = (name, f"-{name}") if name in ("province", "region", "province_group", "coordinator") else (f"-{name}", name)
        query = urlencode({"workshop": workshop.slug, "sort": other if order == first else first})
        columns.append({"name": name, "label": label, "now": now, "link": f"?{query}#places"})
    return columns


@register.filter
def thousands(number: int) -> str:
    """As the numbers in tables are written: "1,975"."""
    return f"{number:,}"


@register.simple_tag(takes_context=True)
def listed(context: RequestContext, about: str = "", **conditions: str) -> str:
    """The address of the list of participants of this workshop under `conditions`.

    `about` ("held" or "pending") stands for several states.
    """
    states = {"held": HELD, "pending": PENDING}.get(about, {})
    query = urlencode({"workshop": context["workshop"].slug, **states, **conditions})
    return f"{reverse('admin:registration_participant_changelist')}?{query}"


@register.simple_tag(takes_context=True)
def people(context: RequestContext, number: int, about: str = "", **conditions: str) -> SafeString | str:
    """`number` as a link to those whom it counts. Zero opens nothing."""
    if not number:
        return "0"
    return format_html('<a href="{}">{}</a>', listed(context, about, **conditions), thousands(number))


@register.simple_tag
def region_names(regions: list[Region]) -> str:
    return ", ".join(str(region.label) for region in regions)
