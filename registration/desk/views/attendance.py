"""Who of a province came, by day; and their certificates, all at once."""

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registration import responses
from registration.attendance.of_place import attendance_of
from registration.audit import trail
from registration.certificates import actions, layout, sealing
from registration.exports.attendance_list import write_attendance
from registration.exports.certificate_files import write_certificates_of_place
from registration.models import Certificate, Quota
from registration.models.certificate import CertificateQuerySet
from registration.operations import tasks
from registration.people.text import is_key
from registration.security import access
from registration.security.access import signed_in

#: More sheets are no download but an evening's work: a province has far fewer people.
MAX_SHEETS = 200


@never_cache
@signed_in
@require_safe
def desk_attendance(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Those who hold a seat or came, with their minutes."""
    quota = access.desk_or_404(request.user, slug, code)
    shown = request.GET.get("show", "")
    found = attendance_of(quota, shown=shown)
    trail.record_view(
        by=access.actor_at(request.user, quota) or access.reader(request.user), what="desk", count=len(found.rows), quota=quota
    )
    certificates = _certificates(quota).count()
    context: dict[str, object] = {
        "workshop": quota.workshop,
        "quota": quota,
        "found": found,
        "certificates": certificates,
        "waiting": _waiting(quota).count(),
        "is_sealing": sealing.is_sealing(),
        "too_many": certificates > MAX_SHEETS,
        "has_door": access.days_to_check_in(request.user).filter(workshop=quota.workshop).exists(),
    }
    for word in ("came", "missed"):
        key = shown.removeprefix(f"{word}-")
        context[f"shown_{word}"] = int(key) if shown.startswith(f"{word}-") and is_key(key) else 0
    return render(request, "registration/desk/desk_attendance.html", context)


@never_cache
@signed_in
@require_safe
def desk_attendance_list(request: HttpRequest, slug: str, code: str) -> FileResponse:
    quota = access.desk_or_404(request.user, slug, code)
    found, file = attendance_of(quota), BytesIO()
    write_attendance(file, found.days, [(row.person, row.cells) for row in found.rows])
    by = access.actor_at(request.user, quota) or access.reader(request.user)
    trail.record_download(by=by, what="province list", count=len(found.rows), quota=quota)
    return responses.xlsx(file, f"attendance-{quota.workshop.slug}-{quota.code}.xlsx")


@never_cache
@signed_in
@require_safe
def desk_certificates(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    certificates = _certificates_or_404(quota)
    _note_taken(request, quota, len(certificates))
    sheets = layout.pdf(*[certificate.snapshot for certificate in certificates])
    return responses.pdf(sheets, f"certificates-{quota.workshop.slug}-{quota.code}.pdf")


@never_cache
@signed_in
@require_POST
def desk_certificates_zip(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Also has sealed what lacks its seal: not by a GET, which programs send on their own."""
    quota = access.desk_or_404(request.user, slug, code)
    file = BytesIO()
    written = write_certificates_of_place(file, _certificates_or_404(quota), _waiting(quota))
    _note_taken(request, quota, written.count)
    if written.unsealed:
        _seal_anew(request, quota, written.unsealed)
    return responses.archive(file.getvalue(), f"certificates-{quota.workshop.slug}-{quota.code}.zip")


def _certificates_or_404(quota: Quota) -> list[Certificate]:
    """Those of the place; of more than can be made at once the page offers none. Raises Http404."""
    found = list(_certificates(quota)[: MAX_SHEETS + 1])
    if not 0 < len(found) <= MAX_SHEETS:
        raise Http404
    return found


def _seal_anew(request: HttpRequest, quota: Quota, certificates: list[Certificate]) -> None:
    for certificate in certificates:
        actions.seal_anew(certificate=certificate)
    by = access.actor_at(request.user, quota) or access.reader(request.user)
    if run := actions.order_sealing(workshop=quota.workshop, by=by):
        tasks.issue_certificates.enqueue(run.pk)


def _note_taken(request: HttpRequest, quota: Quota, count: int) -> None:
    by = access.actor_at(request.user, quota) or access.reader(request.user)
    trail.record_download(by=by, what="certificates of a province", count=count, quota=quota)


def _certificates(quota: Quota) -> CertificateQuerySet:
    return Certificate.objects.given_out().filter(participant__quota=quota).order_by("number")


def _waiting(quota: Quota) -> CertificateQuerySet:
    return Certificate.objects.waiting().filter(participant__quota=quota).order_by("number")
