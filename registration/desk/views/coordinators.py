"""Who works at a desk, and asking somebody to follow or to join."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registration.actor import Actor, ActorKind
from registration.coordinators.actions import accept, ask, take_offer_back
from registration.desk.forms.handover import HandoverForm
from registration.errors import AccountClosed, AlreadyCoordinates, OfferOver, TooOften
from registration.models import Coordinator, DeskOffer, Quota
from registration.security import access, rate_limits, sign_in
from registration.security.access import signed_in

#: As what somebody is asked, by the name of the button.
AS_WHAT = ("colleague", "successor")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@signed_in
def desk_coordinators(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    coordinators = Coordinator.objects.active().filter(quota=quota).select_related("user", "quota")
    own = coordinators.filter(user=request.user.pk).first()
    form, pressed = HandoverForm(own=own), _pressed(request)
    if request.method == "POST":
        own = get_object_or_404(coordinators, user=request.user.pk)
        form = HandoverForm(request.POST, own=own)
        if form.is_valid() and (offer := _asked(request, form, own, quota, pressed)):
            said = _("We have e-mailed %(name)s. The desk stays yours until they accept.")
            if offer.in_place_of is None:
                said = _("We have e-mailed %(name)s, who will see this desk once they accept.")
            messages.success(request, said % {"name": offer})
            return redirect("desk_coordinators", slug, quota.code)
    now = timezone.now()
    offers = DeskOffer.objects.filter(quota=quota, state=DeskOffer.State.OPEN, expires_at__gt=now).select_related("user", "asked_by")
    context = {"workshop": quota.workshop, "quota": quota, "coordinators": coordinators, "own": own, "form": form, "offers": offers}
    return render(request, "registration/desk/desk_coordinators.html", context | {"pressed": pressed})


def _pressed(request: HttpRequest) -> str:
    """As what somebody is asked: by the button, or by the one that was pressed before a question of the form was answered."""
    return next((name for name in AS_WHAT if name in request.POST), request.POST.get("pressed", ""))


def _asked(request: HttpRequest, form: HandoverForm, own: Coordinator, quota: Quota, pressed: str) -> DeskOffer | None:
    """None where nobody could be asked, and the form says why."""
    if pressed not in AS_WHAT:
        form.add_error(None, _("Choose below whether you ask a colleague or a successor."))
        return None
    try:
        rate_limits.count(rate_limits.of_desk_offer(quota))
        by = Actor(ActorKind.COORDINATOR, request.user)
        return ask(quota=quota, appointee=form.appointee(), in_place_of=own if pressed == "successor" else None, by=by)
    except TooOften:
        form.add_error(None, _("This has been requested too often. Please try again later."))
    except AccountClosed:
        form.add_error("email", _("The account of this address is switched off. Please contact NESDC."))
    except AlreadyCoordinates:
        form.add_error("email", _("This person is already a coordinator here."))
    return None


@never_cache
@signed_in
@require_POST
def desk_offer_back(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    access.decider_or_403(request.user, quota)
    offer = get_object_or_404(DeskOffer.objects.select_related("user"), quota=quota, pk=pk)
    if take_offer_back(offer=offer):
        messages.success(request, _("The request to %(name)s is withdrawn.") % {"name": offer})
    else:
        messages.info(request, _("This has already been answered."))
    return redirect("desk_coordinators", slug, quota.code)


@never_cache
def desk_offer(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET, because mail scanners follow links; on POST the desk is theirs."""
    offer = sign_in.offer_of_token(token)
    is_open = offer is not None and offer.state == DeskOffer.State.OPEN and offer.expires_at > timezone.now()
    if offer is None or not is_open:
        return render(request, "registration/desk/desk_offer_over.html", {"offer": offer}, status=410)
    if request.method == "POST":
        try:
            coordinator = accept(offer=offer)
        except (OfferOver, AccountClosed):
            return render(request, "registration/desk/desk_offer_over.html", {"offer": offer}, status=410)
        if sign_in.may_use_links().filter(pk=coordinator.user_id).exists():
            login(request, coordinator.user, backend=BACKEND)
        messages.success(request, _("You are now a coordinator."))
        return redirect("desk", offer.quota.workshop.slug, offer.quota.code)
    return render(request, "registration/desk/desk_offer.html", {"offer": offer, "workshop": offer.quota.workshop, "quota": offer.quota})
