"""A province's list: uploaded, its columns and rows looked through, applied, taken back. Nothing comes of it before that."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from registration import responses
from registration.actor import Actor
from registration.audit import trail
from registration.decisions.results import Result
from registration.desk.forms.nominee import Judge, SetForm, UploadForm, typed
from registration.desk.views.desk import HtmxRequest
from registration.desk.views.kept_result import keep_result, take_result
from registration.desk.views.nomination_columns import Columns, is_asking_anew, remembered_by
from registration.desk.views.nomination_review import review
from registration.errors import AnsweredMeanwhile
from registration.exports.nomination_template import write_template
from registration.forms.person import TITLES
from registration.models import NominationFile, Nominee, Quota
from registration.nominations import actions, columns
from registration.nominations.contents import without_private
from registration.nominations.layouts import propose_layouts
from registration.operations import tasks
from registration.people.text import clean_text
from registration.seats.groups import groups_of
from registration.security import access
from registration.security.access import signed_in
from registration.spreadsheets import uploads
from registration.spreadsheets.tables import SpreadsheetFault, as_json
from sessions.formats import local_digits

#: So long the request itself applies rows; a worker does the rest.
SECONDS_AT_ONCE = 2


@never_cache
@signed_in
def desk_nominations(request: HttpRequest, slug: str, code: str) -> HttpResponse:
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
                return redirect("desk_nomination_columns", slug, code, file.pk)
    files = NominationFile.objects.filter(quota=quota).select_related("uploaded_by").defer("sheets", "remarks", "layouts")
    context = {"workshop": quota.workshop, "quota": quota, "form": form, "kept_days": actions.KEPT.days}
    context |= {"files": [file for file in files if not file.is_superseded], "older": [file for file in files if file.is_superseded]}
    context |= {"may_decide": access.actor_at(request.user, quota) is not None, "result": take_result(request)}
    return render(request, "registration/desk/nominations/desk_nominations.html", context)


def _keep(quota: Quota, form: UploadForm, by: Actor) -> NominationFile:
    """Reads the uploaded file and keeps it with what its columns most likely mean. Raises SpreadsheetFault."""
    upload = form.cleaned_data["file"]
    sheets = uploads.read(upload, by=by.user)
    days = sorted(quota.workshop.days.filter(is_cancelled=False).values_list("date", flat=True))
    remembered = remembered_by(by.user) if by.user else {}
    layouts = propose_layouts(sheets, days=days, groups=groups_of(quota), remembered=remembered)
    kept = without_private(sheets, layouts)
    name = clean_text(upload.name)
    return actions.keep(quota=quota, name=name, sheets=as_json(kept), layouts=columns.as_json(layouts), by=by)


@never_cache
@signed_in
@require_safe
def desk_nominations_template(request: HttpRequest, slug: str, code: str) -> FileResponse:
    quota = access.desk_or_404(request.user, slug, code)
    file = BytesIO()
    write_template(file, quota, titles=TITLES, groups=groups_of(quota))
    return responses.xlsx(file, f"nominees-{quota.workshop.slug}-{quota.code}.xlsx")


@never_cache
@signed_in
def desk_nomination_columns(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    file = access.nominations_or_404(quota, pk)
    if not file.sheets or file.mode:
        return redirect("desk_nomination", slug, code, pk)
    found = Columns(file, groups_of(quota))
    if request.method == "POST":
        by = access.decider_or_403(request.user, quota)
        if answer := _settle(request, found, by):
            return answer
    by_reader = access.actor_at(request.user, quota)
    trail.record_view(by=by_reader or access.reader(request.user), what="desk nominees", count=1, quota=quota)
    context = {"workshop": quota.workshop, "quota": quota, "file": file, "columns": found.page(), "may_decide": by_reader is not None}
    return render(request, "registration/desk/nominations/desk_nomination_columns.html", context | {"result": take_result(request)})


def _settle(request: HttpRequest, found: Columns, by: Actor) -> HttpResponse | None:
    """Reads the rows as the columns were chosen. None where something is asked first: the page shows it."""
    file = found.file
    here = [file.quota.workshop.slug, file.quota.code, file.pk]
    if "read_again" in request.POST:
        layouts = found.heads_chosen(request.POST, remembered_by(by.user) if by.user else {})
        actions.lay_out(file=file, layouts=columns.as_json(layouts))
        return redirect("desk_nomination_columns", *here)
    layouts, said = found.chosen(request.POST)
    if is_asking_anew(found.layouts, layouts):
        actions.lay_out(file=file, layouts=columns.as_json(layouts))
        found.layouts = layouts
        return None
    try:
        people = found.people(layouts)
    except SpreadsheetFault:  # the page says so in its words
        found.layouts = layouts
        return None
    judge = Judge(file.quota)
    rows = [judge.row(nominee) for nominee in people.nominees]
    if not actions.settle(file=file, layouts=columns.as_json(layouts), rows=rows, remarks=people.remarks, chosen=said, by=by):
        keep_result(request, Result(problems=[_("This list is already in use, so its columns can no longer be changed.")]))
    return redirect("desk_nomination", *here)


@never_cache
@signed_in
@require_safe
def desk_nomination(request: HtmxRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    file = access.nominations_or_404(quota, pk)
    if not file.is_settled:
        return redirect("desk_nomination_columns", slug, code, pk)
    asks_for_progress = request.htmx and request.htmx.target == "progress"
    if asks_for_progress and not file.is_being_applied:
        return HttpResponseClientRefresh()
    by = access.actor_at(request.user, quota)
    context = _context(request, file, may_decide=by is not None)
    if not asks_for_progress:
        trail.record_view(by=by or access.reader(request.user), what="desk nominees", count=len(context["review"].rows), quota=quota)
    template = "_progress" if asks_for_progress else "desk_nomination"
    return render(request, f"registration/desk/nominations/{template}.html", context | {"result": take_result(request)})


def _context(request: HttpRequest, file: NominationFile, *, may_decide: bool) -> dict[str, Any]:
    found = review(file, request.GET)
    context = {"workshop": file.quota.workshop, "quota": file.quota, "file": file, "review": found, "may_decide": may_decide}
    return context | {"modes": NominationFile.Mode, "set_form": SetForm(groups=found.groups), "kept_days": actions.KEPT.days}


def _again(request: HtmxRequest, file: NominationFile, place: int | None = None) -> HttpResponse:
    if request.htmx:
        context = _context(request, file, may_decide=True) | {"result": take_result(request), "is_swapped": True}
        look = [row.nominee.place for row in context["review"].rows if row.form or row.nominee.state == Nominee.State.DOUBTFUL]
        context["focus"] = next((other for other in look if other > (place or 0)), look[0] if look else None)
        return render(request, "registration/desk/nominations/_work.html", context)
    here = reverse("desk_nomination", args=[file.quota.workshop.slug, file.quota.code, file.pk])
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{here}{query}#{f'row-{place}' if place else 'work'}")


@never_cache
@signed_in
@require_POST
def desk_nominee(request: HtmxRequest, slug: str, code: str, pk: int, place: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    nominee = get_object_or_404(file.nominees.all(), place=place)
    if nominee.is_open and not _change(request, quota, nominee):
        keep_result(request, Result(problems=[_("This row has just been changed. Please check it again.")]))
    return _again(request, file, place)


def _change(request: HttpRequest, quota: Quota, nominee: Nominee) -> bool:
    for name, do in _DECISIONS.items():
        if name in request.POST:
            return do(nominee=nominee)
    judge = Judge(quota)
    return actions.correct(nominee=nominee, row=judge.corrected(nominee, typed(request.POST, nominee)))


_DECISIONS: dict[str, Callable[..., bool]] = {
    "leave_out": actions.leave_out,
    "take_in": actions.take_in,
    "reserve": actions.put_in_reserve,
}


@never_cache
@signed_in
@require_POST
def desk_nominees(request: HtmxRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    places = [int(place) for place in request.POST.getlist("place") if place.isascii() and place.isdecimal() and len(place) < 6]
    if "accept_all" in request.POST:
        done = actions.accept(file=file)
    elif "accept" in request.POST:
        done = actions.accept(file=file, places=places)
    else:
        done = _do_with(request, quota, list(file.nominees.filter(place__in=places)))
    if done:
        words = ngettext("Done for %(n)s row.", "Done for %(n)s rows.", done)
        keep_result(request, Result([words % {"n": local_digits(done)}]))
    else:
        keep_result(request, Result(problems=[_("Nothing was changed. Tick the rows first, and say what is to be done with them.")]))
    return _again(request, file)


def _do_with(request: HttpRequest, quota: Quota, nominees: list[Nominee]) -> int:
    nominees = [nominee for nominee in nominees if nominee.is_open]
    for name, do in _DECISIONS.items():
        if name in request.POST:
            return sum(do(nominee=nominee) for nominee in nominees)
    judge = Judge(quota)
    form = SetForm(request.POST, groups=judge.groups)
    values = form.values() if form.is_valid() else {}
    if not values:
        return 0
    return actions.correct_each(rows=[(nominee, judge.corrected(nominee, nominee.values | values)) for nominee in nominees])


@never_cache
@signed_in
@require_POST
def desk_nominations_apply(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    mode = request.POST.get("mode", "")
    with_reserve = "with_reserve" in request.POST
    if mode not in NominationFile.Mode:
        keep_result(request, Result(problems=[_("Choose whether they are invited or registered.")]))
    elif actions.start(file=file, mode=mode, with_reserve=with_reserve, by=by) and not _apply_some(file):
        tasks.apply_nominations.enqueue(file.pk)
    return redirect(reverse("desk_nomination", args=[slug, code, pk]) + "?show=done#progress")


def _apply_some(file: NominationFile) -> bool:
    return actions.apply_rows(file_id=file.pk, seconds=SECONDS_AT_ONCE)


@never_cache
@signed_in
@require_POST
def desk_nominations_take_back(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    try:
        number = actions.take_back(file=file, reason=_("The list was taken back."), by=by)
    except AnsweredMeanwhile:
        keep_result(request, Result(problems=[_("Somebody on this list has just answered, so it can no longer be taken back as a whole.")]))
    else:
        words = ngettext(
            "Taken back for %(n)s person, who is told by e-mail.", "Taken back for %(n)s people, who are told by e-mail.", number
        )
        keep_result(request, Result([words % {"n": local_digits(number)}]))
    return redirect("desk_nomination", slug, code, pk)


@never_cache
@signed_in
@require_POST
def desk_nominations_discard(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    access.decider_or_403(request.user, quota)
    file = access.nominations_or_404(quota, pk)
    actions.discard(file=file)
    keep_result(request, Result([_("Deleted: %(file)s") % {"file": file.name}]))
    return redirect("desk_nominations", slug, code)
