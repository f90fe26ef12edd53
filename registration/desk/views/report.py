"""The place's own page of the report on the workshop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registration.report.of_place import report_of_place
from registration.seats.places import place_in_sentence
from registration.security import access
from registration.security.access import signed_in


@never_cache
@signed_in
@require_safe
def desk_report(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Numbers alone, to read and to print: nobody is named, so nothing is written into the audit trail."""
    quota = access.desk_or_404(request.user, slug, code)
    context = {"workshop": quota.workshop, "quota": quota, "place": place_in_sentence(quota), "found": report_of_place(quota)}
    return render(request, "registration/desk/desk_report.html", context)
