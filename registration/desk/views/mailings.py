"""Writing to one's own people: written, looked at, sent once through the outbox, and seen on its way."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registration import responses
from registration.actor import Actor
from registration.audit import trail
from registration.choices import MessageName
from registration.desk.forms.mailing import WriteForm
from registration.desk.forms.people import PeopleForm
from registration.desk.views.people import keys_in_order
from registration.errors import MailingSent, NobodyToWriteTo, TooOften
from registration.mail import compose, placeholders
from registration.mail.actions.mailings import discard_mailing, send_mailing, write_mailing
from registration.models import Delivery, Mailing, Participant, Quota
from registration.security import access, rate_limits
from registration.security.access import signed_in

#: How many people's mails are shown before a message is sent.
SHOWN = 3


@never_cache
@signed_in
def desk_write(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    people = _meant(request, quota)
    readers = [person for person in people if person.is_live]
    form = WriteForm(request.POST if request.method == "POST" else None, readers=readers)
    if request.method == "POST" and form.is_valid():
        mailing = write_mailing(quota=quota, people=form.chosen(), text=form.text(), by=by)
        return redirect("desk_mailing", slug, quota.code, mailing.pk)
    trail.record_view(by=by, what="desk", count=len(people), quota=quota)
    context = {
        "workshop": quota.workshop,
        "quota": quota,
        "form": form,
        "readers": readers,
        "left_out": len(people) - len(readers),
        "mailings": Mailing.objects.filter(quota=quota).select_related("created_by")[:10],
        "placeholders": placeholders.PLACEHOLDERS.items(),
    }
    return render(request, "registration/desk/mailings/desk_write.html", context)


def _meant(request: HttpRequest, quota: Quota) -> list[Participant]:
    keys = keys_in_order(quota, PeopleForm(request.GET, quota))
    found = Participant.objects.filter(pk__in=keys)
    if ticked := [code for code in request.GET.getlist("people") if code.isalnum()]:
        found = found.filter(code__in=ticked)
    people = found.in_bulk()
    return [people[key] for key in keys if key in people]


@never_cache
@signed_in
def desk_mailing(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    mailing = get_object_or_404(Mailing.objects.select_related("workshop", "quota__province"), quota=quota, pk=pk)
    if request.method == "POST" and "discard" in request.POST:
        return _discarded(request, quota, mailing)
    if request.method == "POST":
        return _sent(request, quota, mailing, by)
    return _page(request, quota, mailing)


def _page(request: HttpRequest, quota: Quota, mailing: Mailing) -> HttpResponse:
    context: dict[str, Any] = {"workshop": quota.workshop, "quota": quota, "mailing": mailing}
    if mailing.sent_at:
        context["states"] = _states(mailing)
    else:
        readers = list(mailing.audience().select_related("quota__province").order_by("sort_key", "pk"))
        context |= {"readers": readers, "mails": [_mail(mailing, reader) for reader in readers[:SHOWN]]}
    return render(request, "registration/desk/mailings/desk_mailing.html", context)


def _mail(mailing: Mailing, reader: Participant) -> dict[str, Any]:
    """How the mail to `reader` reads. Its personal links open nothing."""
    delivery = Delivery(message=MessageName.ANNOUNCEMENT, participant=reader, mailing=mailing, email=reader.email)
    mail = compose.compose(delivery, for_show=True)
    return {"reader": reader, "subject": mail.subject, "text": mail.body}


def _states(mailing: Mailing) -> list[tuple[str, int]]:
    own = Delivery.objects.filter(mailing=mailing, message=MessageName.ANNOUNCEMENT).order_by()
    found = dict(own.values_list("state").annotate(n=Count("pk")))
    unwritten = max(mailing.people - sum(found.values()), 0) if mailing.queued_at is None and mailing.stopped_at is None else 0
    if unwritten:
        found[Delivery.State.QUEUED] = found.get(Delivery.State.QUEUED, 0) + unwritten
    return [(str(state.label), found[state]) for state in Delivery.State if found.get(state)]


def _sent(request: HttpRequest, quota: Quota, mailing: Mailing, by: Actor) -> HttpResponse:
    at = timezone.now()
    try:
        if mailing.sent_at is None:
            rate_limits.count(rate_limits.of_mailing(quota))
        send_mailing(mailing=mailing, by=by, at=at)
    except TooOften as refused:
        messages.error(request, _("You have reached the number of messages for today. Please try again tomorrow."))
        return responses.too_often(_page(request, quota, mailing), refused)
    except NobodyToWriteTo:
        messages.warning(request, _("There is nobody left to send it to, so nothing was sent."))
    except MailingSent:
        messages.info(request, _("This message has already been sent; nothing was sent twice."))
    else:
        trail.record_decision(by=by, what="mailing", quota=quota, count=mailing.people, at=at)
        messages.success(request, _("The message is on its way."))
    return redirect("desk_mailing", quota.workshop.slug, quota.code, mailing.pk)


def _discarded(request: HttpRequest, quota: Quota, mailing: Mailing) -> HttpResponse:
    if discard_mailing(mailing=mailing):
        messages.success(request, _("The message was deleted. It was sent to nobody."))
        return redirect("desk", quota.workshop.slug, quota.code)
    messages.info(request, _("This message has already been sent."))
    return redirect("desk_mailing", quota.workshop.slug, quota.code, mailing.pk)
