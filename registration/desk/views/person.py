"""One person of a desk with all that is known: what can be decided about them, and what can be corrected for them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registration import responses
from registration.actor import Actor
from registration.audit import trail
from registration.choices import SEAT_HOLDING, State
from registration.decisions.delayed import next_in_line, open_decisions
from registration.desk.forms.parts import PARTS, part_form
from registration.desk.views.kept_result import take_result
from registration.desk.views.people import DeskRow
from registration.errors import IllegalMove, QuotaFull, TooOften
from registration.forms.decision import REASONS
from registration.forms.parts import PartForm
from registration.invitations.actions.substitutes import asked_by
from registration.links.actions.personal_links import send_link
from registration.models import Participant, Quota
from registration.people.display_names import namesakes, zoom_name
from registration.seats import quotas
from registration.security import access, rate_limits
from registration.security.access import signed_in
from registration.security.mailboxes import shared_mailboxes


@never_cache
@signed_in
def desk_person(request: HttpRequest, slug: str, code: str, person: str) -> HttpResponse:
    """`edit` in the address names the part that is being corrected."""
    quota = access.desk_or_404(request.user, slug, code)
    participant = access.person_or_404(quota, person)
    by = access.actor_at(request.user, quota)
    part = request.GET.get("edit", "")
    if request.method == "POST":
        if by is None:
            raise PermissionDenied
        if part not in PARTS or not participant.is_live:
            raise Http404
        return _correct(request, quota, participant, part, by)
    form = part_form(part, participant) if part in PARTS and by and participant.is_live else None
    return _page(request, quota, participant, by, form, part)


def _correct(request: HttpRequest, quota: Quota, participant: Participant, part: str, by: Actor) -> HttpResponse:
    form = part_form(part, participant, request.POST)
    if form.is_valid() and _is_as_shown(request, participant, form):
        try:
            changed = _saved(form, by)
        except TooOften as refused:
            form.add_error(None, _("This has been requested too often. Please try again later."))
            return responses.too_often(_page(request, quota, participant, by, form, part), refused)
        if changed is not None:
            _say(request, part, form, changed)
            return redirect("desk_person", quota.workshop.slug, quota.code, participant.code)
    return _page(request, quota, access.person_or_404(quota, participant.code), by, form, part)


def _is_as_shown(request: HttpRequest, participant: Participant, form: PartForm) -> bool:
    if request.POST.get("seen") == str(_last_event(participant)):
        return True
    form.add_error(None, _("Somebody else has changed this person’s details. Please check them as they are now, and save again."))
    return False


def _saved(form: PartForm, by: Actor) -> list[str] | None:
    """What changed; None where it could not be, and the form says why. Raises TooOften."""
    if email := form.cleaned_data.get("email"):
        rate_limits.count(rate_limits.of_new_email(form.participant, email=email))
    try:
        changed = form.save(by)
    except QuotaFull as full:
        form.add_error(None, _("%(place)s has no free seat. Nothing was changed.") % {"place": full.quota.name})
    except IllegalMove:
        form.add_error(None, _("This registration had ended before. Nothing was changed."))
    else:
        return None if form.errors else changed
    return None


def _say(request: HttpRequest, part: str, form: PartForm, changed: list[str]) -> None:
    if not changed:
        messages.info(request, _("There were no changes, so nothing was saved."))
    elif part == "email":
        sent = _("An e-mail is on its way to %(email)s. The new address takes effect once it is confirmed there.")
        messages.success(request, sent % {"email": form.cleaned_data["email"]})
    else:
        messages.success(request, _("The change is saved, and %(name)s is told by e-mail.") % {"name": form.participant.full_name})


def _page(request: HttpRequest, quota: Quota, participant: Participant, by: Actor | None, form: PartForm | None, part: str) -> HttpResponse:
    events = list(participant.events.select_related("actor").order_by("-pk"))
    trail.record_view(by=by or access.reader(request.user), what="desk person", count=1, quota=quota, participant=participant)
    context: dict[str, Any] = {
        "workshop": quota.workshop,
        "quota": quota,
        "participant": participant,
        "row": DeskRow(
            participant,
            quotas.places_in_line(quota).get(participant.pk),
            quota.left,
            participant.is_unopened,  # type: ignore[attr-defined]
            open_decisions(quota).get(participant.pk),
            next_in_line(quota) if participant.state in SEAT_HOLDING else None,
            quota.workshop.standing().is_over,
        ),
        "may_decide": by is not None,
        "substitute": asked_by(participant) if participant.state == State.CONFIRMED else None,
        "came_for": Participant.objects.known().filter(substitutes__participant=participant).first(),
        "from_mailbox": _with_the_same_mailbox(quota, participant),
        "may_edit": by is not None and participant.is_live,
        "part": part if form else "",
        "form": form,
        "seen": events[0].pk if events else 0,
        "zoom_name": zoom_name(participant, namesakes(participant)),
        "events": events,
        "deliveries": participant.deliveries.order_by("-pk"),
        "reasons": REASONS,
        "result": take_result(request),
    }
    return render(request, "registration/desk/desk_person.html", context)


@never_cache
@signed_in
@require_POST
def desk_person_link(request: HttpRequest, slug: str, code: str, person: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    participant = access.person_or_404(quota, person)
    if not participant.is_live:
        raise Http404
    at = timezone.now()
    send_link(participant=participant, at=at)
    trail.record_decision(by=by, what="link_sent", participant=participant, at=at)
    messages.success(request, _("The personal link is on its way to %(email)s.") % {"email": participant.email})
    return redirect("desk_person", slug, code, participant.code)


def _with_the_same_mailbox(quota: Quota, participant: Participant) -> list[Participant]:
    keys = shared_mailboxes(quota).get(participant.pk, [])
    return list(Participant.objects.filter(pk__in=keys).exclude(pk=participant.pk).order_by("sort_key", "pk"))


def _last_event(person: Participant) -> int:
    return person.events.order_by("-pk").values_list("pk", flat=True).first() or 0
