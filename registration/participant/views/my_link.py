"""For whoever has lost the mail with their link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registration import responses
from registration.errors import TooOften
from registration.links.actions.personal_links import registered_as
from registration.operations import tasks
from registration.participant.forms.changes import AddressForm
from registration.participant.views.register import to_check_mail
from registration.security import rate_limits
from sessions.models import Workshop


@require_http_methods(["GET", "HEAD", "POST"])
def my_link(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            rate_limits.count(rate_limits.of_link(request, email=email))
        except TooOften as refused:
            return responses.too_often(_page(request, workshop, form, try_again_at=refused.until), refused)
        tasks.send_personal_link.enqueue(registered_as(workshop, email))
        return to_check_mail(workshop, email, at=timezone.now(), link_only=True)
    return _page(request, workshop, form)


def _page(request: HttpRequest, workshop: Workshop, form: AddressForm, **said: object) -> HttpResponse:
    return render(request, "registration/register/my_link.html", {"workshop": workshop, "form": form} | said)
