"""Registering somebody at the desk: who telephones, or has no mailbox of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registration.actor import Actor, ActorKind
from registration.desk.forms.by_hand import OfDeskForm
from registration.errors import AlreadyRegistered, InvitationOver, QuotaFull, WindowClosed
from registration.models import Participant, Quota
from registration.people import history
from registration.people.actions.registrations import register
from registration.people.alike import registered_at_the_same_address
from registration.privacy.notice import NOTICE_VERSION
from registration.security import access
from registration.security.access import signed_in


@never_cache
@signed_in
def desk_register(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    standing = quota.workshop.standing()
    may_register = not standing.is_over and (standing.takes_registrations or by.kind == ActorKind.STAFF)
    form = OfDeskForm(request.POST if request.method == "POST" else None, quota=quota)
    if request.method == "POST" and may_register and form.is_valid() and (person := _registered(form, quota, by)):
        messages.success(request, _told(person))
        return redirect("desk_person", quota.workshop.slug, quota.code, person.code)
    context = {"workshop": quota.workshop, "quota": quota, "standing": standing, "may_register": may_register, "form": form}
    return render(request, "registration/desk/desk_register.html", context)


def _registered(form: OfDeskForm, quota: Quota, by: Actor) -> Participant | None:
    """None where it could not be, and the form says why."""
    application = form.application(form.entry, notice_version=NOTICE_VERSION, read_out=True)
    if form.entry.by_contact and (same := registered_at_the_same_address(form.person(), quota, but=form.submission)):
        form.add_error("first_name", _is_known(same, quota))
        return None
    try:
        return register(application=application, by=by)
    except QuotaFull as full:
        form.say_full(full.quota)
    except AlreadyRegistered as known:
        form.add_error("email", _is_known(known.participant, quota))
    except WindowClosed:
        form.add_error(None, _("Registration has just closed. Nobody was registered."))
    except InvitationOver:
        form.add_error(None, _("The invitation to this address has just ended. Please send the form again."))
    return None


def _is_known(person: Participant, quota: Quota) -> str | SafeString:
    if person.quota_id != quota.pk:
        return _("Somebody is already registered with this address.")
    page = reverse("desk_person", args=[quota.workshop.slug, quota.code, person.code])
    link = format_html('<a href="{}">{}</a>', page, person.full_name)
    return format_html(_("Registered already: {name}, {state}."), name=link, state=person.get_state_display())


def _told(person: Participant) -> str:
    told = _("%(name)s is registered: %(state)s.") % {"name": person.full_name, "state": person.get_state_display()}
    if mail := person.deliveries.order_by("pk").first():
        told += " " + _("On its way to %(email)s: %(mail)s.") % {"email": mail.email, "mail": history.mail_in_words(mail)}
    return told
