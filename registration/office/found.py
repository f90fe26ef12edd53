"""Lists of the admin that are searched no further than anybody reads."""

from dataclasses import replace
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from registration.office.paging import EstimatingPaginator
from registration.people.found import Found, found_among
from sessions.admin.search import SearchableAdmin


class FoundList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Of what was found by its keys nothing else is asked: SQLite may take it for less work to go through a whole workshop."""
        rows = super().get_queryset(request, exclude_parameters)
        keys = request.found.keys  # type: ignore[attr-defined]
        if keys is None:
            return rows
        found = self.root_queryset.filter(pk__in=keys).order_by(*self.get_ordering(request, self.root_queryset))
        return found if found.query.select_related else self.apply_select_related(found)


class FoundAdmin(SearchableAdmin):
    """Searched by `found`; where there may be more than what is listed, the list says so."""

    show_full_result_count = False
    paginator = EstimatingPaginator

    def found(self, rows: QuerySet[Any], text: str) -> Found:
        raise NotImplementedError

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FoundList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        among = getattr(request, "among", None)  # says a filter
        if search_term.strip():
            found = self.found(queryset, search_term)
            found = replace(found, is_all=found.is_all and (among is None or among.is_all))
        else:
            found = Found(queryset) if among is None else found_among(queryset, among)
        request.found = found  # type: ignore[attr-defined]
        return found.rows, False

    def get_paginator(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Paginator:
        pages = super().get_paginator(request, queryset, *args, **kwargs)
        found = getattr(request, "found", None)  # the history of a row has pages too
        if found and isinstance(pages, EstimatingPaginator):
            pages.is_partial, pages.number = not found.is_all, None if found.keys is None else len(found.keys)
            pages.is_newest, pages.window = found.is_newest, found.window
        return pages
