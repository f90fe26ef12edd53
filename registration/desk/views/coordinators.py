"""Who works at a desk, and handing it over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registration.actor import Actor, ActorKind
from registration.coordinators.actions import hand_over
from registration.desk.forms.handover import HandoverForm
from registration.errors import AccountClosed
from registration.models import Coordinator
from registration.security import access
from registration.security.access import signed_in


@never_cache
@signed_in
def desk_coordinators(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    coordinators = Coordinator.objects.active().filter(quota=quota).select_related("user", "quota")
    own = coordinators.filter(user=request.user.pk).first()
    form = HandoverForm(own=own)
    if request.method == "POST":
        own = get_object_or_404(coordinators, user=request.user.pk)
        form = HandoverForm(request.POST, own=own)
        if form.is_valid():
            try:
                successor = hand_over(coordinator=own, to=form.appointee(), by=Actor(ActorKind.COORDINATOR, request.user))
            except AccountClosed:
                form.add_error("email", _("The account of this address is switched off. Ask NESDC."))
            else:
                messages.success(request, _("Handed over to %(name)s, who is invited by e-mail.") % {"name": successor.name})
                return redirect("desks")
    context = {"workshop": quota.workshop, "quota": quota, "coordinators": coordinators, "own": own, "form": form}
    return render(request, "registration/desk/desk_coordinators.html", context)
