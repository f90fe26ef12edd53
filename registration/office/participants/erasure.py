"""Erasing somebody who asked the office to: for who has lost their mailbox, or writes a letter."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actor import Actor, ActorKind
from registration.models import Participant
from registration.privacy.actions.erasure import erase, registrations_of
from sessions.formats import local_digits


@admin.action(description=gettext_lazy("Erase all data of this person…"), permissions=["erase"])
def erase_them(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
    chosen = list(queryset.select_related("workshop", "quota__province")[:2])
    if len(chosen) != 1:
        model_admin.message_user(request, _("Choose one person: each request is handled separately."), messages.ERROR)
        return None
    if "confirmed" in request.POST:
        n = erase(participant=chosen[0], by=Actor(ActorKind.STAFF, request.user))
        done = ngettext("Deleted, with %(n)s registration.", "Deleted, with %(n)s registrations.", n)
        model_admin.message_user(request, done % {"n": local_digits(n)}, messages.SUCCESS)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Erase all data of this person"),
        "opts": model_admin.opts,
        "person": chosen[0],
        "registrations": registrations_of(chosen[0]),
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/registration/participant/erase.html", context)
