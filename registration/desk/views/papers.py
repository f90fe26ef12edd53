"""What a desk takes away: its list for a memo, and the sheets to sign."""

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registration import responses
from registration.audit import trail
from registration.exports import papers
from registration.exports.province_list import ListOrder, file_name, write_province_list
from registration.models import Participant
from registration.security import access
from registration.security.access import signed_in


@never_cache
@signed_in
@require_safe
def desk_papers(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    days = quota.workshop.days.filter(is_cancelled=False)
    return render(request, "registration/desk/desk_papers.html", {"workshop": quota.workshop, "quota": quota, "days": days})


@never_cache
@signed_in
@require_safe
def desk_list(request: HttpRequest, slug: str, code: str) -> FileResponse:
    quota = access.desk_or_404(request.user, slug, code)
    file, at = BytesIO(), timezone.now()
    order = ListOrder.GROUP if request.GET.get("by") == ListOrder.GROUP else ListOrder.NAME
    count = write_province_list(file, quota, order=order, at=at)
    by = access.actor_at(request.user, quota) or access.reader(request.user)
    trail.record_download(by=by, what="province list", count=count, quota=quota, at=at)
    return responses.xlsx(file, file_name(quota, at))


@never_cache
@signed_in
@require_safe
def desk_sign_in_sheet(request: HttpRequest, slug: str, code: str, date: str) -> HttpResponse:
    """Who comes on the day of `date` (2022-02-18), with room to sign."""
    quota = access.desk_or_404(request.user, slug, code)
    day = next((day for day in quota.workshop.days.prefetch_related("items") if f"{day.date:%Y-%m-%d}" == date), None)
    if day is None:
        raise Http404
    by = access.actor_at(request.user, quota) or access.reader(request.user)
    count = Participant.objects.coming_on(day).filter(quota=quota).count()
    trail.record_download(by=by, what="sign-in sheet", count=count, quota=quota)
    return responses.pdf(papers.sign_in_sheet(quota, day), f"sign-in-{quota.workshop.slug}-{quota.code}-{date}.pdf")
