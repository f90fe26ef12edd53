"""A province's spreadsheet: uploaded, looked through row by row, applied. Nothing comes of it before that."""

from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from registration import responses
from registration.actor import Actor
from registration.audit import trail
from registration.desk.forms.nominee import Judge, NomineeForm, UploadForm
from registration.desk.views.desk import HtmxRequest
from registration.desk.views.nomination_review import one_row, review
from registration.desk.views.results import Result, keep_result, take_result
from registration.exports.nomination_template import write_template
from registration.forms.person import TITLES
from registration.models import NominationFile, Nominee, Quota
from registration.nominations import actions as nomination_actions
from registration.nominations.rows import understand
from registration.operations import tasks
from registration.people.text import clean_text
from registration.seats.groups import groups_of
from registration.security import access
from registration.security.access import signed_in
from registration.spreadsheets import uploads
from registration.spreadsheets.tables import SpreadsheetFault

#: So long the request itself applies rows; a worker does the rest.
SECONDS_AT_ONCE = 2


@never_cache
@signed_in
def desk_nominations(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The template to fill in, the field to upload it, and the files that are kept."""
    quota = access.desk_or_404(request.user, slug, code)
    form = UploadForm()
    if request.method == "POST":
        by = access.decider_or_403(request.user, quota)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                file = _keep(quota, form, by)
            except SpreadsheetFault as fault:
                form.add_error("file", str(fault))
            else:
                return redirect("desk_nomination", slug, code, file.pk)
    files = NominationFile.objects.filter(quota=quota).select_related("uploaded_by")
    context = {"workshop": quota.workshop, "quota": quota, "form": form, "files": files, "kept_days": nomination_actions.KEPT.days}
    context |= {"may_decide": access.actor_at(request.user, quota) is not None, "result": take_result(request)}
    return render(request, "registration/desk/nominations/desk_nominations.html", context)


def _keep(quota: Quota, form: UploadForm, by: Actor) -> NominationFile:
    """Reads the uploaded file and keeps what was understood. Raises SpreadsheetFault."""
    upload = form.cleaned_data["file"]
    found = understand(uploads.read(upload, by=by.user))
    judge = Judge(quota)
    rows = [_row(nominee.sheet, nominee.line, nominee.values, judge) for nominee in found.nominees]
    return nomination_actions.keep(quota=quota, name=clean_text(upload.name), rows=rows, remarks=found.remarks, by=by)


def _row(sheet: str, line: int, values: dict[str, str], judge: Judge) -> nomination_actions.Row:
    found = judge.judge(values)
    return nomination_actions.Row(sheet, line, found.values, found.person, found.email, found.state, found.is_complete)


@never_cache
@signed_in
@require_safe
def desk_nominations_template(request: HttpRequest, slug: str, code: str) -> FileResponse:
    """The list to fill in."""
    quota = access.desk_or_404(request.user, slug, code)
    file = BytesIO()
    write_template(file, quota, titles=TITLES, groups=groups_of(quota))
    return responses.xlsx(file, f"nominees-{quota.workshop.slug}-{quota.code}.xlsx")


@never_cache
@signed_in
@require_safe
def desk_nomination(request: HtmxRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """Every row of a file, with what was understood and what has to be corrected."""
    quota = access.desk_or_404(request.user, slug, code)
    file = access.nominations_or_404(quota, pk)
    asks_for_progress = request.htmx and request.htmx.target == "progress"
    if asks_for_progress and not file.is_being_applied:
        return HttpResponseClientRefresh()
    by = access.actor_at(request.user, quota)
    rows = review(file, request.GET)
    if not asks_for_progress:
        trail.record_view(by=by or access.reader(request.user), what="desk nominees", count=len(rows.rows), quota=quota)
    context = {
        "workshop": quota.workshop,
        "quota": quota,
        "file": file,
        "review": rows,
        "may_decide": by is not None,
        "modes": NominationFile.Mode,
        "result": take_result(request),
    }
    template = "_progress" if asks_for_progress else "desk_nomination"
    return render(request, f"registration/desk/nominations/{template}.html", context)


@never_cache
@signed_in
@require_POST
def desk_nominee(request: HtmxRequest, slug: str, code: str, pk: int, place: int) -> HttpResponse:
    """Corrects a row, leaves it out, or takes it in again."""
    quota = access.desk_or_404(request.user, slug, code)
    access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    nominee = get_object_or_404(file.nominees.all(), place=place)
    if nominee.is_open and not _change(request, quota, nominee):
        keep_result(request, Result(problems=[_("This row has changed meanwhile. Please look at it once more.")]))
    nominee.refresh_from_db()
    if request.htmx:
        context = {"workshop": quota.workshop, "quota": quota, "file": file, "row": one_row(file, nominee), "may_decide": True}
        context |= {"review": review(file, request.GET), "modes": NominationFile.Mode, "result": take_result(request)}
        return render(request, "registration/desk/nominations/desk_nominee.html", context)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('desk_nomination', args=[slug, code, pk])}{query}#row-{place}")


def _change(request: HttpRequest, quota: Quota, nominee: Nominee) -> bool:
    if "leave_out" in request.POST:
        return nomination_actions.leave_out(nominee=nominee)
    if "take_in" in request.POST:
        return nomination_actions.take_in(nominee=nominee)
    judge = Judge(quota)
    typed = NomineeForm(request.POST, groups=judge.groups, prefix=f"row{nominee.place}").values()
    return nomination_actions.correct(nominee=nominee, row=_row(nominee.sheet, nominee.line, typed, judge))


@never_cache
@signed_in
@require_POST
def desk_nominations_apply(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """Invites or registers every row that is ready: some at once, the rest by a worker."""
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    mode = request.POST.get("mode", "")
    if mode not in NominationFile.Mode:
        keep_result(request, Result(problems=[_("Choose whether they are invited or registered.")]))
    elif nomination_actions.start(file=file, mode=mode, by=by) and not nomination_actions.apply_rows(
        file_id=file.pk, seconds=SECONDS_AT_ONCE
    ):
        tasks.apply_nominations.enqueue(file.pk)
    return redirect(reverse("desk_nomination", args=[slug, code, pk]) + "?show=done#progress")


@never_cache
@signed_in
@require_POST
def desk_nominations_discard(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """Deletes a file with its rows; what came of them stays."""
    quota = access.desk_or_404(request.user, slug, code)
    access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    nomination_actions.discard(file=file)
    keep_result(request, Result([_("Deleted: %(file)s") % {"file": file.name}]))
    return redirect("desk_nominations", slug, code)
