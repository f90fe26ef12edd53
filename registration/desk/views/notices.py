"""What a coordinator is told without having asked, and switching it off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registration.desk.forms.notices import NoticesForm
from registration.models import Coordinator
from registration.notices.actions import switch_notices
from registration.security import access
from registration.security.access import signed_in


@never_cache
@signed_in
def desk_notices(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    own = get_object_or_404(Coordinator.objects.active().select_related("user"), quota=quota, user=request.user.pk)
    form = NoticesForm(request.POST if request.method == "POST" else None, own=own)
    if form.is_valid():
        switch_notices(coordinator=own, wanted=form.notices())
        messages.success(request, _("Your choice is saved."))
        return redirect("desk_notices", slug, code)
    return render(request, "registration/desk/desk_notices.html", {"workshop": quota.workshop, "quota": quota, "own": own, "form": form})
