"""One POST over a real connection."""

import datetime as dt
import re
import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as portal
from django.utils import timezone

from registration.models import WebhookDelivery
from registration.webhooks import client
from registration.webhooks.actions import endpoints, sending
from tests.factories import make_participant, make_workshop
from tests.registration.webhooks.making import STAFF, make_endpoint


class Plain(BaseHTTPRequestHandler):
    """Answers as the server says, and keeps what came."""

    def do_POST(self):
        self.server.came.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
        self.server.answer(self)

    def log_message(self, *args):
        pass


def say(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(settings):
    found = HTTPServer(("127.0.0.1", 0), Plain)
    found.came, found.answer = [], say(204)
    settings.WEBHOOK_HTTP, settings.WEBHOOK_PORTS, settings.WEBHOOK_NETWORKS = True, [found.server_port], ["127.0.0.0/8"]
    with serving(found):
        yield found


def url(server, path="/hooks?a=1"):
    return f"http://127.0.0.1:{server.server_port}{path}"


def test_body_and_headers_arrive_as_they_were_given(server):
    answer = client.post(url(server), "ก".encode(), {"webhook-id": "msg_1"})
    ((path, headers, body),) = server.came
    assert (answer.status, answer.is_taken, path, body) == (204, True, "/hooks?a=1", "ก".encode())
    told = {name.lower(): value for name, value in headers.items()}
    assert (told["webhook-id"], told["content-type"], told["host"]) == ("msg_1", "application/json", f"127.0.0.1:{server.server_port}")
    assert "cookie" not in told


def test_a_redirect_is_not_followed(server):
    server.answer = say(302, Location=url(server, "/elsewhere"))
    answer = client.post(url(server), b"{}", {})
    assert (answer.status, answer.is_taken, len(server.came)) == (302, False, 1)


def test_of_an_answer_only_the_beginning_is_kept(server):
    server.answer = say(500, b"a\x00b\x1b[1m\n" + b"x" * 100_000)
    answer = client.post(url(server), b"{}", {})
    assert (answer.status, len(answer.text)) == (500, client.MAX_KEPT)
    assert answer.text.startswith("ab[1m xxx")


def test_who_answers_drop_by_drop_is_given_up(server, monkeypatch):
    monkeypatch.setattr(client, "ALL", 0.3)
    over = threading.Event()

    def drip(handler):
        while not over.wait(0.05):
            handler.wfile.write(b"H")

    server.answer = drip
    try:
        answer = client.post(url(server), b"{}", {})
    finally:
        over.set()
    assert (answer.status, answer.is_taken) == (None, False)


@pytest.mark.parametrize("words", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 99999 x\r\n\r\n"])
def test_who_speaks_no_http_is_a_failure_and_no_fault(server, words):
    server.answer = lambda handler: handler.wfile.write(words)
    assert client.post(url(server), b"{}", {}).status is None


def test_nobody_there_is_a_failure_and_no_fault(server, settings):
    with socket.socket() as held:  # bound, and not listening
        held.bind(("127.0.0.1", 0))
        settings.WEBHOOK_PORTS = [held.getsockname()[1]]
        assert client.post(f"http://127.0.0.1:{settings.WEBHOOK_PORTS[0]}/", b"{}", {}).status is None


def certificate(tmp_path, host):
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "receiver.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize(("host", "status"), [("receiver.example.org", 204), ("other.example.org", None)])
def test_the_certificate_must_be_of_the_name_and_not_of_the_address(server, tmp_path, monkeypatch, host, status):
    file = certificate(tmp_path, "receiver.example.org")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setattr(client, "_trusted", lambda: ssl.create_default_context(cafile=file))
    monkeypatch.setattr(client.destinations, "resolve", lambda host, port: ["127.0.0.1"])
    assert client.post(f"https://{host}:{server.server_port}/", b"{}", {}).status == status


@pytest.fixture
def documented(monkeypatch, settings):
    """The receiver that docs/webhooks.md shows, served as it stands there."""
    text = (portal.BASE_DIR / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    made: list[HTTPServer] = []
    monkeypatch.setenv("PORT", "0")
    with monkeypatch.context() as patch:
        patch.setattr(HTTPServer, "serve_forever", lambda server: made.append(server))
        exec(compile(program, "docs/webhooks.md", "exec"), {})
    settings.WEBHOOK_HTTP, settings.WEBHOOK_PORTS, settings.WEBHOOK_NETWORKS = True, [made[0].server_port], ["127.0.0.0/8"]
    with serving(made[0]):
        yield made[0]


@pytest.mark.django_db
def test_the_receiver_of_the_documents_takes_what_the_portal_sends(documented, monkeypatch, capsys):
    endpoint = make_endpoint(url=f"http://127.0.0.1:{documented.server_port}/", at=timezone.now())
    monkeypatch.setenv("WEBHOOK_SECRET", endpoints.show_secret(endpoint=endpoint, by=STAFF))
    person = make_participant(make_workshop(), at=timezone.now())
    sending.send(endpoint_id=endpoint.pk, seconds=60)
    delivery = WebhookDelivery.objects.get()
    endpoints.send_again(delivery=delivery, by=STAFF)
    sending.send(endpoint_id=endpoint.pk, seconds=60)
    delivery.refresh_from_db()
    printed = capsys.readouterr().out
    assert (delivery.state, delivery.status) == ("taken", 204)
    assert (printed.count("participant.registered"), printed.count(person.code)) == (1, 1), "twice sent, once taken to heart"
    monkeypatch.setenv("WEBHOOK_SECRET", "whsec_" + "A" * 43 + "=")
    endpoints.send_test(endpoint=endpoint, by=STAFF)
    sending.send(endpoint_id=endpoint.pk, seconds=60)
    assert WebhookDelivery.objects.get(event="webhook.test").status == 401
