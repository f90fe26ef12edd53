"""The office's pages of webhooks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registration.choices import Verb, WebhookEvent
from registration.models import AuditEvent, WebhookDelivery, WebhookEndpoint
from registration.seats.actions.states import record
from registration.webhooks.actions import sending
from tests.factories import NOON, make_participant, make_workshop
from tests.registration.webhooks.making import STAFF, Receiver, make_endpoint, make_staff

pytestmark = pytest.mark.django_db

ALL = ("view_webhookendpoint", "add_webhookendpoint", "change_webhookendpoint")


@pytest.fixture
def office(client):
    client.force_login(make_staff("keeper", *ALL))
    return client


@pytest.fixture
def receiver(monkeypatch):
    return Receiver(monkeypatch)


def page(name, *args):
    return "/en" + reverse(f"admin:registration_webhookendpoint_{name}", args=args).removeprefix("/th").removeprefix("/en")


def audited():
    return list(AuditEvent.objects.filter(what__startswith="webhook").order_by("pk").values_list("what", flat=True))


def test_one_is_added_shown_its_secret_tested_and_renewed(office, receiver):
    told = {"name": "ระบบสมมุติ", "url": "https://receiver.example.org/hooks", "workshop": "", "events": ["participant.registered"]}
    answer = office.post(page("add"), told)
    endpoint = WebhookEndpoint.objects.get()
    assert answer.url.endswith(f"/{endpoint.pk}/change/")
    secret = office.post(page("secret", endpoint.pk), {"deed": "show"})
    assert secret.content.decode().count("whsec_") == 1
    assert secret["Cache-Control"] == "no-store"
    assert "whsec_" not in office.post(page("secret", endpoint.pk), {"deed": "show"}, follow=True).content.decode()
    office.post(page("test", endpoint.pk))
    sending.send(endpoint_id=endpoint.pk, seconds=60)
    shown = office.get(page("change", endpoint.pk)).content.decode()
    assert "Test" in shown
    assert "Taken" in shown
    assert "whsec_" not in shown
    office.post(page("secret", endpoint.pk), {"deed": "renew"})
    office.post(page("secret", endpoint.pk), {"deed": "renew"})
    office.post(page("secret", endpoint.pk), {"deed": "end"})
    assert WebhookEndpoint.objects.get().former_until, "not without the tick"
    office.post(page("secret", endpoint.pk), {"deed": "end", "sure": "on"})
    assert audited() == [
        *("webhook added", "webhook secret shown", "webhook test", "webhook secret renewed", "webhook secret ended"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "url", ["http://receiver.example.org/", "https://10.0.0.1/", "https://[::1]/", "https://a:b@receiver.example.org/", "nonsense", ""]
)
def test_an_address_to_which_nothing_is_sent_is_refused_where_it_is_typed(office, url):
    told = {"name": "ระบบสมมุติ", "url": url, "workshop": "", "events": ["participant.registered"]}
    assert office.post(page("add"), told).context["adminform"].form.errors.keys() == {"url"}
    assert not WebhookEndpoint.objects.exists()


def test_what_was_not_chosen_is_not_told(office):
    endpoint = make_endpoint(events=[WebhookEvent.CERTIFICATE_ISSUED])
    shown = office.get(page("change", endpoint.pk)).context["adminform"].form
    seen = {"initial-name": endpoint.name, "initial-url": endpoint.url, "initial-workshop": "", "initial-events": "certificate.issued"}
    told = {"name": shown.initial["name"], "url": shown.initial["url"], "workshop": "", "events": ["programme.released"]}
    office.post(page("change", endpoint.pk), told | seen)
    assert WebhookEndpoint.objects.get().events == ["programme.released"]
    assert audited()[-1] == "webhook changed"
    office.post(page("change", endpoint.pk), told | seen | {"events": ["participant.registered"]})
    assert WebhookEndpoint.objects.get().events == ["programme.released"], "somebody else changed it meanwhile"


def test_pausing_going_on_and_stopping(office):
    endpoint = make_endpoint()

    def state(**pressed):
        office.post(page("turn", endpoint.pk), pressed)
        return WebhookEndpoint.objects.get().state

    assert [state(deed="pause"), state(deed="resume"), state(deed="stop"), state(deed="stop", sure="on"), state(deed="resume")] == [
        *("paused", "on", "on", "stopped", "on"),
    ]  # fmt: skip
    assert office.post(page("turn", endpoint.pk), {"deed": "nonsense"}).status_code == 404


def test_what_failed_says_why_and_is_sent_again(office, receiver):
    endpoint = make_endpoint()
    make_participant(make_workshop())
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state="refused", answer="private", attempts=7, finished_at=NOON)
    shown = office.get(page("change", endpoint.pk)).content.decode()
    assert "private network" in shown
    office.post(page("again", endpoint.pk), {"delivery": delivery.pk})
    assert sending.send(endpoint_id=endpoint.pk, seconds=60) == 1
    assert receiver.taken == [delivery.message_id]
    other = make_endpoint()
    assert office.post(page("again", other.pk), {"delivery": delivery.pk}).status_code == 404
    assert office.post(page("again", endpoint.pk), {"delivery": "x"}).status_code == 404


def test_who_may_only_look_sees_no_press(client):
    endpoint = make_endpoint()
    client.force_login(make_staff("reader", "view_webhookendpoint"))
    shown = client.get(page("change", endpoint.pk))
    assert (shown.status_code, shown.content.decode().count("/turn/"), shown.content.decode().count("/secret/")) == (200, 0, 0)
    assert "A certificate was issued" in shown.content.decode()
    assert client.post(page("turn", endpoint.pk), {"deed": "pause"}).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_lists_ask_the_same_of_one_and_of_three(office, many):
    person = make_participant(make_workshop())
    found = [make_endpoint(workshop=person.workshop) for _each in range(many)]
    for _each in range(many):
        record(person, Verb.CHANGED, by=STAFF, at=NOON)
    asked = []
    for address in (page("changelist"), page("change", found[0].pk)):
        office.get(address)  # what is kept is kept by now
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        asked.append(len(queries))
    assert asked == [9, 11]


def test_the_front_page_names_a_webhook_that_is_paused(client):
    make_workshop()
    client.force_login(make_staff("keeper", *ALL, "view_participant"))
    make_endpoint(name="ระบบหนึ่ง")
    assert "ระบบหนึ่ง" not in client.get("/en/admin/", follow=True).content.decode()
    WebhookEndpoint.objects.update(state="failing")
    assert "The webhook to ระบบหนึ่ง sends nothing any more" in client.get("/en/admin/", follow=True).content.decode()
