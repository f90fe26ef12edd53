"""Correcting the e-mail address of somebody who telephones, because they mistyped it or has lost that mailbox."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor, ActorKind
from registration.errors import AddressTaken, Erased
from registration.forms.new_email import NewEmailForm
from registration.models import Participant
from registration.people.actions.details import change_email


@admin.action(description=gettext_lazy("Correct the e-mail address…"), permissions=["decide"])
def correct_email(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
    chosen = list(Participant.objects.live().filter(pk__in=queryset).select_related("workshop", "quota__province")[:2])
    if len(chosen) != 1:
        model_admin.message_user(request, _("Choose one person whose registration is not over."), messages.ERROR)
        return None
    person = chosen[0]
    form = NewEmailForm(request.POST if "confirmed" in request.POST else None, participant=person)
    if form.is_valid():
        try:
            change_email(participant=person, email=form.cleaned_data["email"], by=Actor(ActorKind.STAFF, request.user))
        except AddressTaken:
            form.add_error("email", _("Somebody else is registered with this address."))
        except Erased:
            model_admin.message_user(request, _("This registration had ended before. Nothing was changed."), messages.WARNING)
            return None
        else:
            model_admin.message_user(request, _("From now on, e-mails go to %(email)s.") % {"email": person.email}, messages.SUCCESS)
            return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Correct the e-mail address"),
        "opts": model_admin.opts,
        "person": person,
        "form": form,
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/registration/participant/correct_email.html", context)
