"""For whoever has lost the mail with his link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from registration.actions.personal_links import send_link_to
from registration.forms.changes import AddressForm
from sessions.models import Workshop


@require_http_methods(["GET", "HEAD", "POST"])
def my_link(request: HttpRequest, slug: str) -> HttpResponse:
    """Sends the link to the address that is typed, if it is registered; the answer is the same if it is not."""
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        send_link_to(workshop=workshop, email=form.cleaned_data["email"])
        return redirect("check_mail", slug=workshop.slug)
    return render(request, "registration/register/my_link.html", {"workshop": workshop, "form": form})
