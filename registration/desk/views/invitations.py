"""Inviting from the desk: the province's link to pass on, and personal invitations that hold seats."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registration import responses
from registration.audit import trail
from registration.decisions.results import Result, moved_up_in_words
from registration.desk.forms.invitation import AddressesForm, InviteForm
from registration.desk.views.kept_result import keep_result, take_result
from registration.errors import AlreadyInvited, AlreadyRegistered, InvitationOver, QuotaFull, RegistrationError, WindowClosed
from registration.exports import papers
from registration.invitations.actions.invitations import invite, invite_each, renew_general_link, resend, withdraw
from registration.links import qr, signed
from registration.models import Invitation, Quota
from registration.security import access
from registration.security.access import signed_in
from sessions.formats import local_digits
from sessions.models import Workshop

PAGE = 50


@never_cache
@signed_in
def desk_invite(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    if request.method != "POST":
        return _page(request, quota)
    by = access.decider_or_403(request.user, quota)
    form = InviteForm(request.POST, quota=quota)
    if not form.is_valid():
        return _page(request, quota, one=form)
    invited = form.invited()
    try:
        invite(quota=quota, invited=invited, group=form.cleaned_data["group"], language=form.cleaned_data["language"] or "th", by=by)
    except RegistrationError as error:
        form.add_error("email", why_not(quota, error))
        return _page(request, quota, one=form)
    return _done(request, quota, Result([_("Invited: %(name)s") % {"name": invited.email}]))


@never_cache
@signed_in
@require_POST
def desk_invite_many(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    form = AddressesForm(request.POST)
    if not form.is_valid():
        return _page(request, quota, many=form)
    done, refused = invite_each(quota=quota, emails=form.cleaned_data["addresses"], by=by)
    result = Result(problems=[f"{email}: {why_not(quota, error)}" for email, error in refused])
    if done:
        count = ngettext("%(n)s person invited.", "%(n)s people invited.", len(done)) % {"n": local_digits(len(done))}
        result.done.append(count)
    return _done(request, quota, result)


@never_cache
@signed_in
@require_POST
def desk_invitation(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    invitation = access.invitation_or_404(quota, pk)
    try:
        result = _withdrawn(invitation, withdraw(invitation=invitation, by=by)) if "withdraw" in request.POST else Result()
        if "resend" in request.POST:
            resend(invitation=invitation, by=by)
            result.done.append(_("Sent again to %(email)s.") % {"email": invitation.email})
    except InvitationOver:
        invitation.refresh_from_db()
        over = _("This invitation is no longer open.")
        result = Result(problems=[f"{invitation.email}: {over} {invitation.get_state_display()}"])
    return _done(request, quota, result)


@never_cache
@signed_in
@require_POST
def desk_link_renew(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    access.decider_or_403(request.user, quota)
    renew_general_link(quota=quota)
    return _done(request, quota, Result([_("The link is new. Please pass the new link and QR code on; the old ones no longer work.")]))


@never_cache
@signed_in
@require_safe
def desk_qr_svg(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    return responses.svg(qr.qr_svg(signed.general_url(quota)))


@never_cache
@signed_in
@require_safe
def desk_qr_png(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    name = f"{quota.workshop.slug}-{quota.code}.png"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(qr.qr_png(signed.general_url(quota)), content_type="image/png", headers=headers)


@never_cache
@signed_in
@require_safe
def desk_letter(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    return responses.pdf(papers.enclosure(quota), f"{quota.workshop.slug}-{quota.code}.pdf")


def why_not(quota: Quota, error: RegistrationError) -> str:
    if isinstance(error, AlreadyRegistered):
        if error.participant.quota_id == quota.pk:
            return _("already on your list (%(state)s)") % {"state": error.participant.get_state_display()}
        return _("this e-mail address is already registered")
    if isinstance(error, AlreadyInvited):
        return _("this e-mail address has already been invited")
    if isinstance(error, QuotaFull):
        return _("no seat is free")
    if isinstance(error, WindowClosed):
        return _("registration is closed")
    raise error


def _withdrawn(invitation: Invitation, moved_up: list[Any]) -> Result:
    said = _("Refused, and told by e-mail: %(email)s") if invitation.is_of_substitute else _("Withdrawn, and told by e-mail: %(email)s")
    result = Result([said % {"email": invitation.email}])
    result.done += moved_up_in_words(moved_up)
    return result


def _page(request: HttpRequest, quota: Quota, *, one: InviteForm | None = None, many: AddressesForm | None = None) -> HttpResponse:
    answers_first = Case(When(state=Invitation.State.OPEN, then=Value(0)), default=Value(1))
    invitations = Invitation.objects.with_places().filter(quota=quota).prefetch_related("deliveries").order_by(answers_first, "-pk")
    by = access.actor_at(request.user, quota)
    page = Paginator(invitations, PAGE).get_page(request.GET.get("page"))
    trail.record_view(by=by or access.reader(request.user), what="desk invitations", count=len(page), quota=quota)
    context = {
        "workshop": quota.workshop,
        "quota": quota,
        "may_decide": by is not None,
        "general_url": signed.general_url(quota),
        "line_text": papers.line_text(quota),
        "one": one or InviteForm(quota=quota),
        "many": many or AddressesForm(),
        "is_closed": quota.workshop.standing().has_closed,
        "page": page,
        "selects": quota.workshop.decision == Workshop.Decision.SELECTION and quota.announced_at is None,
        "held": Invitation.objects.keeping_seats().filter(quota=quota).count(),
        "result": take_result(request),
    }
    return render(request, "registration/desk/invite/desk_invite.html", context)


def _done(request: HttpRequest, quota: Quota, result: Result) -> HttpResponse:
    keep_result(request, result)
    return redirect(reverse("desk_invite", args=[quota.workshop.slug, quota.code]) + "#result")
