"""The time stamping authority of seals: a stub of our own on this machine, honest, gone, and lying."""

import contextlib
import datetime as dt
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys, tsp, x509
from django.utils import timezone
from pyhanko.sign.timestamps import DummyTimeStamper

from registration.certificates import actions, layout, pades, sealing
from registration.models import Certificate, CertificateRun
from tests.registration.certificates import seal_keys
from tests.registration.certificates.test_actions import issued, workshop_with
from tests.registration.certificates.test_seal import checked, key, mails

__all__ = ["key"]
pytestmark = pytest.mark.django_db


def stamper(**options):
    certificate, own = seal_keys.time_stamping()
    return DummyTimeStamper(x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(own), **options)


def honest(asked, at=None):
    return stamper(fixed_dt=at or timezone.now()).request_tsa_response(asked).dump()


def of_another_sheet(asked):
    asked["message_imprint"]["hashed_message"] = b"0" * 32
    return honest(asked)


def of_another_question(asked):
    asked["nonce"] = 1
    return honest(asked)


def of_yesterday(asked):
    return stamper(fixed_dt=timezone.now() - dt.timedelta(days=1)).request_tsa_response(asked).dump()


def forged(asked):
    answer = stamper(fixed_dt=timezone.now()).request_tsa_response(asked)
    answer["time_stamp_token"]["content"]["signer_infos"][0]["signature"] = b"1" * 256
    return answer.dump()


def refused(asked):
    return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()


def granted_without_a_stamp(asked):
    return tsp.TimeStampResp({"status": {"status": "granted"}}).dump()


def page(asked):
    return b"<html>sign in to the network first</html>"


LIES = [of_another_sheet, of_another_question, of_yesterday, forged, refused, granted_without_a_stamp, page, lambda asked: b""]


@contextlib.contextmanager
def authority(answer, *, kind="application/timestamp-reply", status=200):
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            told = answer(asked)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def sealed(key, address):
    return pades.PadesKey(key, seal_keys.PASSWORD, address).sealed(layout.pdf(Certificate.objects.get().snapshot))


@pytest.fixture
def sheet(settings):
    settings.CERTIFICATE_SEAL = ""
    issued(workshop_with(1)[0])


def test_a_seal_has_the_stamp_of_the_authority(key, settings):
    at = timezone.now().replace(microsecond=0)
    with authority(lambda asked: honest(asked, at)) as address:
        settings.CERTIFICATE_SEAL_TIME_STAMP_URL = address
        (own,) = issued(workshop_with(1)[0])
    told = checked(sealing.sheet_of(own))
    assert told.bottom_line
    assert (told.timestamp_validity.intact, told.timestamp_validity.valid, told.timestamp_validity.trusted) == (True, True, True)
    assert told.timestamp_validity.timestamp == at


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_authority_seals_nothing(key, sheet, lie):
    with authority(lie) as address, pytest.raises(sealing.SealKeyFault, match="unstamped"):
        sealed(key, address)


@pytest.mark.parametrize("options", [{"status": 503}, {"kind": "text/html"}])
def test_an_authority_that_answers_something_else_seals_nothing(key, sheet, options):
    with authority(honest, **options) as address, pytest.raises(sealing.SealKeyFault, match="unstamped"):
        sealed(key, address)


def test_the_sheet_of_the_lies_is_sealed_by_an_honest_one(key, sheet):
    with authority(honest) as address:
        assert checked(sealed(key, address)).bottom_line


def test_an_authority_that_never_answers_is_given_up(key, sheet, monkeypatch):
    monkeypatch.setattr(pades, "STAMP_SECONDS", 0.2)
    asleep = threading.Event()
    with authority(lambda asked: (asleep.wait(5) and b"") or b"") as address:
        with pytest.raises(sealing.SealKeyFault, match="unstamped"):
            sealed(key, address)
        asleep.set()


def test_while_it_is_out_of_reach_the_order_waits_says_why_and_goes_on_by_itself(key, settings):
    with authority(honest) as address:
        pass  # nobody listens there now
    settings.CERTIFICATE_SEAL_TIME_STAMP_URL = address
    assert issued(workshop_with(1)[0])[0].awaits_seal
    run = CertificateRun.objects.get()
    assert (run.state, run.fault, mails()) == ("running", "unstamped", 0)
    assert actions.left_by_workers(run.leased_until) == [run.pk]
    with authority(honest) as settings.CERTIFICATE_SEAL_TIME_STAMP_URL:
        actions.issue(run_id=run.pk, at=run.leased_until)
    run.refresh_from_db()
    assert (run.state, run.fault, mails()) == ("done", "", 1)
    assert checked(sealing.sheet_of(Certificate.objects.get())).timestamp_validity.intact
