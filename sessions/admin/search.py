"""Searching in the lists of the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from sessions.text import MAX_SEARCH_LETTERS, clean_text


class SearchableAdmin(admin.ModelAdmin):
    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """As Django does, in the form in which text is kept; what is too long to be anywhere is found nowhere."""
        if len(search_term) > MAX_SEARCH_LETTERS:
            return queryset.none(), False
        return super().get_search_results(request, queryset, clean_text(search_term))
