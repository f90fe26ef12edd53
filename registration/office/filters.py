"""Filters beside the lists of the admin: one workshop at a time, long choices as a select."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.choices import LIVE
from registration.models import KeptFigures, Province, Quota
from registration.models.province import Region
from registration.office.kept import figures_for
from registration.people import board
from registration.people.filters import CAME, CONDITIONS, MISSED, UNOPENED, attendance_in_words
from registration.people.found import Among
from sessions.admin.filters import titles
from sessions.formats import date_short
from sessions.models import Track, Workshop, WorkshopDay

EVERY_WORKSHOP = "all"


def workshop_of_list(request: HttpRequest) -> Workshop | None:
    """The workshop that a list is filtered by: the one asked for, else the current one. None: people of all.

    Asked by every filter of a page, answered by one query.
    """
    if not hasattr(request, "_workshop_of_list"):
        asked = request.GET.get(WorkshopFilter.parameter_name)
        found = Workshop.objects.filter(slug=asked).first() if asked else Workshop.objects.current().first()
        request._workshop_of_list = found  # type: ignore[attr-defined]
    return request._workshop_of_list  # type: ignore[attr-defined]


class WorkshopFilter(admin.SimpleListFilter):
    """One workshop, or all on request. What hangs on a workshop (group, day, track) is dropped with it."""

    title = gettext_lazy("workshop")
    parameter_name = "workshop"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(workshop.slug, title) for workshop, title in titles()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == EVERY_WORKSHOP:
            return queryset
        workshop = workshop_of_list(request)
        if workshop is None:
            return queryset.none() if self.value() else queryset
        return queryset.filter(workshop=workshop)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        chosen = workshop_of_list(self.request)
        for slug, title in [*self.lookup_choices, (EVERY_WORKSHOP, _("All workshops"))]:
            yield {
                "selected": slug == (chosen.slug if chosen else EVERY_WORKSHOP),
                "query_string": changelist.get_query_string({self.parameter_name: slug}, remove=["group", "day", "track", "attendance"]),
                "display": title,
            }


class SelectFilter(admin.SimpleListFilter):
    """A filter with many choices: a select and a button, which need no script.

    What is not among the choices finds nobody. The condition is that of `registration.people.filters`, under the same name.
    """

    template = "admin/select_filter.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: admin.ModelAdmin) -> None:
        super().__init__(request, params, model, model_admin)
        self.workshop = workshop_of_list(request)
        # What else is filtered, searched and sorted by is sent along; the page's number is not.
        dropped = {self.parameter_name, "p", "e"}
        self.others = [(name, value) for name, value in request.GET.items() if name not in dropped]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if not value:
            return queryset
        if value not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(CONDITIONS[self.parameter_name or ""](value, self.workshop))

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, display in [("", _("All")), *self.lookup_choices]:
            yield {"value": value, "display": display, "selected": value == (self.value() or "")}


class OfWorkshopFilter(SelectFilter):
    """What is chosen among hangs on the workshop that is listed; people of all workshops have no such choice."""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        workshop = workshop_of_list(request)
        return self.choices_of(workshop) if workshop else []

    def choices_of(self, workshop: Workshop) -> list[tuple[str, str]]:
        raise NotImplementedError


class ProvinceFilter(SelectFilter):
    title = gettext_lazy("province")
    parameter_name = "province"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(Quota.Kind.CENTRAL.value, str(Quota.Kind.CENTRAL.label)), *((p.code, p.name) for p in Province.objects.all())]


class RegionFilter(SelectFilter):
    title = gettext_lazy("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(region.value, str(region.label)) for region in Region]


class GroupFilter(OfWorkshopFilter):
    title = gettext_lazy("stakeholder group")
    parameter_name = "group"

    def choices_of(self, workshop: Workshop) -> list[tuple[str, str]]:
        return [(group.code, str(group)) for group in workshop.groups.all()]


class DuplicateFilter(SelectFilter):
    """People who may be registered twice, perhaps by two provinces: live registrations with the same name or phone, in what is listed."""

    title = gettext_lazy("registered twice?")
    parameter_name = "twice"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("name", _("Same name")), ("phone", _("Same phone"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Of a long workshop, or of all that are long together, those whom a worker has found of late.

        Without who is no longer on a seat or in line. The page says of when that is.
        """
        value = self.value()
        if value not in dict(self.lookup_choices) or not board.is_long(self.workshop):
            return super().queryset(request, queryset)
        kept = figures_for(self.workshop, KeptFigures.Subject.DOUBLES)
        keys = kept.figures.get(value, [])
        request.among = Among(set(keys[: board.MAX_DOUBLES]), len(keys) <= board.MAX_DOUBLES)  # type: ignore[attr-defined]
        request.doubles = kept  # type: ignore[attr-defined]
        return queryset.filter(pk__in=request.among.keys, state__in=LIVE)  # type: ignore[attr-defined]


class LinkFilter(SelectFilter):
    """Seats whose holders never opened the link in their mails and whom no office knows: those that go on while others wait."""

    title = gettext_lazy("link in the e-mail")
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(UNOPENED, _("link not opened yet"))]


class DayFilter(OfWorkshopFilter):
    title = gettext_lazy("day")
    parameter_name = "day"

    def choices_of(self, workshop: Workshop) -> list[tuple[str, str]]:
        return [(day.date.isoformat(), date_short(day.date)) for day in workshop.days.all()]


class AttendanceFilter(OfWorkshopFilter):
    """Who came and who missed a day that was counted."""

    title = gettext_lazy("attendance")
    parameter_name = "attendance"

    def choices_of(self, workshop: Workshop) -> list[tuple[str, str]]:
        counted = WorkshopDay.objects.filter(attendances__isnull=False, workshop=workshop).distinct()
        values = [f"{word}-{day.date.isoformat()}" for day in counted for word in (CAME, MISSED)]
        return [(value, attendance_in_words(value)) for value in values]


class TrackFilter(OfWorkshopFilter):
    title = gettext_lazy("track")
    parameter_name = "track"

    def choices_of(self, workshop: Workshop) -> list[tuple[str, str]]:
        return [(str(track.pk), str(track)) for track in Track.objects.filter(item__day__workshop=workshop)]
