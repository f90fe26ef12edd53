"""What is pressed on the page of a webhook: pausing, letting go on, stopping; a test; sending again; secrets."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.models import WebhookDelivery, WebhookEndpoint
from registration.office.webhooks import words
from registration.operations import tasks
from registration.webhooks import signatures
from registration.webhooks.actions import endpoints
from sessions.admin.page import AdminPage

#: So many of the last deliveries stand on a page.
SHOWN = 50


def context_of(endpoint: WebhookEndpoint, at: dt.datetime) -> dict[str, Any]:
    """What the page of an endpoint shows beside the form. Two queries."""
    last = list(endpoint.deliveries.order_by("-pk")[:SHOWN])
    return {
        "endpoint": endpoint,
        "shown_state": words.shown_state(endpoint),
        "waiting": endpoint.deliveries.waiting().count(),
        "rests": endpoint.rests_until if endpoint.rests_until and endpoint.rests_until > at else None,
        "former_until": endpoint.former_until if endpoint.former_until and endpoint.former_until > at else None,
        "follows_from_an_old_key": signatures.follows_from_an_old_key(endpoint),
        "deliveries": [(each, words.event_in_words(each), words.shown_state(each), words.answer_in_words(each)) for each in last],
    }


class WebhookPage(AdminPage):
    permission = "registration.change_webhookendpoint"

    def endpoint(self, pk: int) -> WebhookEndpoint:
        return get_object_or_404(WebhookEndpoint.objects.select_related("workshop"), pk=pk)

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)

    def back(self, pk: int) -> HttpResponse:
        return redirect("admin:registration_webhookendpoint_change", pk)

    def changed_meanwhile(self) -> None:
        messages.warning(self.request, _("Somebody changed it meanwhile. Look at it as it is now."))

    def told(self, is_done: bool, text: str) -> None:
        if is_done:
            messages.success(self.request, text)
        else:
            self.changed_meanwhile()


class TurnPage(WebhookPage):
    address, name = "<int:pk>/turn/", "registration_webhookendpoint_turn"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        endpoint, deed = self.endpoint(pk), request.POST.get("deed")
        if deed == "pause":
            self.told(endpoints.pause(endpoint=endpoint, by=self.by), _("Paused. What happens is noted and waits."))
        elif deed == "resume":
            self.told(endpoints.resume(endpoint=endpoint, by=self.by), _("It goes on. What waits is being sent."))
            tasks.send_webhooks.enqueue(pk)
        elif deed == "try":
            endpoints.try_now(endpoint=endpoint)
            messages.success(request, _("It is tried again now."))
            tasks.send_webhooks.enqueue(pk)
        elif deed == "stop" and "sure" not in request.POST:
            messages.warning(request, _("Tick that it is to be stopped."))
        elif deed == "stop":
            self.told(endpoints.stop(endpoint=endpoint, by=self.by), _("Stopped. Nothing is noted for it any more."))
        else:
            raise Http404
        return self.back(pk)


class TestPage(WebhookPage):
    address, name = "<int:pk>/test/", "registration_webhookendpoint_test"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        endpoint = self.endpoint(pk)
        if endpoint.state == WebhookEndpoint.State.ON:
            endpoints.send_test(endpoint=endpoint, by=self.by)
            messages.success(request, _("The test is on its way. What came of it stands below in a moment."))
            tasks.send_webhooks.enqueue(pk)
        else:
            self.changed_meanwhile()
        return self.back(pk)


class AgainPage(WebhookPage):
    address, name = "<int:pk>/again/", "registration_webhookendpoint_again"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        number = request.POST.get("delivery", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 18):
            raise Http404
        delivery = get_object_or_404(WebhookDelivery.objects.select_related("endpoint__workshop"), pk=int(number), endpoint=pk)
        if endpoints.send_again(delivery=delivery, by=self.by):
            text = _("It is being sent once more, under the same id.")
            waits = _("It waits until the webhook goes on.")
            messages.success(request, text if delivery.endpoint.state == WebhookEndpoint.State.ON else waits)
            tasks.send_webhooks.enqueue(pk)
        else:
            self.changed_meanwhile()
        return self.back(pk)


class SecretPage(WebhookPage):
    """Shows a secret once, in the answer to the press alone; makes a new one; ends the former one."""

    address, name = "<int:pk>/secret/", "registration_webhookendpoint_secret"
    template = "admin/registration/webhooks/secret.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        endpoint, deed = self.endpoint(pk), request.POST.get("deed")
        if deed == "show":
            return self._show(endpoint)
        if deed == "renew":
            done = endpoints.renew_secret(endpoint=endpoint, by=self.by)
            self.told(done, _("There is a new secret. Show it and give it to the receiver; until then the former one counts too."))
        elif deed == "end" and "sure" not in request.POST:
            messages.warning(request, _("Tick that the former secret is to end."))
        elif deed == "end":
            done = endpoints.end_former_secret(endpoint=endpoint, by=self.by)
            self.told(done, _("The former secret has ended."))
        else:
            raise Http404
        return self.back(pk)

    def _show(self, endpoint: WebhookEndpoint) -> HttpResponse:
        try:
            secret = endpoints.show_secret(endpoint=endpoint, by=self.by)
        except signatures.SecretLost:
            messages.error(self.request, _("The secret cannot be worked out any more. Make a new one."))
            return self.back(endpoint.pk)
        if secret is None:
            messages.warning(self.request, _("It was shown before. Make a new one if it was lost."))
            return self.back(endpoint.pk)
        response = self.render(_("The secret"), endpoint=endpoint, secret=secret)
        response["Cache-Control"] = "no-store"
        return response


PAGES = [TurnPage, TestPage, AgainPage, SecretPage]
