"""Signatures, verified by a program that is not ours."""

import datetime as dt

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from registration.models import WebhookEndpoint
from registration.webhooks import signatures
from registration.webhooks.actions import endpoints
from tests.registration.webhooks.making import STAFF, make_endpoint

pytestmark = pytest.mark.django_db

BODY = '{"type":"participant.registered","data":{"ชื่อ":"–"}}'.encode()


def secret_shown(endpoint):
    endpoint.refresh_from_db()
    return endpoints.show_secret(endpoint=endpoint, by=STAFF)


def signed(endpoint, at=None):
    endpoint.refresh_from_db()
    at = at or timezone.now()
    return signatures.headers("msg_1", BODY, signatures.secrets_of(endpoint, at), at)


def is_right(secret, headers, body=BODY):
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except WebhookVerificationError:
        return False
    return True


def test_a_receiver_verifies_what_is_sent_and_nothing_else():
    endpoint = make_endpoint()
    secret, headers = secret_shown(endpoint), signed(endpoint)
    assert is_right(secret, headers)
    assert not is_right(secret, headers, BODY + b" ")
    assert not is_right(secret, headers | {"webhook-id": "msg_2"})
    assert not is_right(secret, signed(endpoint, timezone.now() - dt.timedelta(minutes=6)))
    assert not is_right(secret_shown(make_endpoint()), headers)


def test_while_a_secret_is_changed_both_verify_and_then_the_new_one_alone():
    endpoint = make_endpoint()
    old = secret_shown(endpoint)
    assert endpoints.renew_secret(endpoint=endpoint, by=STAFF)
    new = secret_shown(endpoint)
    headers = signed(endpoint)
    assert [is_right(secret, headers) for secret in (old, new)] == [True, True]
    assert not endpoints.renew_secret(endpoint=endpoint, by=STAFF), "the receiver still works with the one before"
    WebhookEndpoint.objects.update(former_until=timezone.now())
    headers = signed(endpoint)
    assert [is_right(secret, headers) for secret in (old, new)] == [False, True]


def test_a_secret_that_leaked_is_ended_at_once():
    endpoint = make_endpoint()
    old = secret_shown(endpoint)
    endpoints.renew_secret(endpoint=endpoint, by=STAFF)
    assert endpoints.end_former_secret(endpoint=endpoint, by=STAFF)
    assert not is_right(old, signed(endpoint))


def test_a_secret_is_shown_once():
    endpoint = make_endpoint()
    assert secret_shown(endpoint).startswith("whsec_")
    assert secret_shown(endpoint) is None


def test_the_database_alone_signs_nothing(settings):
    endpoint = make_endpoint()
    secret = secret_shown(endpoint)
    row = WebhookEndpoint.objects.filter(pk=endpoint.pk).values().get()
    assert not any(secret.removeprefix("whsec_") in str(value) for value in row.values())
    settings.SECRET_KEY, before = "another", settings.SECRET_KEY
    with pytest.raises(signatures.SecretLost):
        signed(endpoint)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert is_right(secret, signed(endpoint)), "the portal's key was changed as the guide says"
    assert signatures.follows_from_an_old_key(endpoint)
