"""Mail for servers that take ASCII alone."""

import email
import smtplib

import pytest
from django.core.mail import EmailMultiAlternatives

from registration.mail.smtp import _Telling, in_seven_bits


@pytest.fixture
def mail() -> bytes:
    message = EmailMultiAlternatives("หัวเรื่อง", "สวัสดี\n" * 3, "a@example.org", ["b@example.org"])
    message.attach_alternative("<p>สวัสดี</p>", "text/html")
    message.attach("x.png", b"\x89PNG\xff\x00", "image/png")
    return b"\r\n".join(message.message().as_bytes().splitlines()) + b"\r\n"


def read(mail: bytes) -> list[tuple[str, bytes]]:
    parts = [part for part in email.message_from_bytes(mail).walk() if not part.is_multipart()]
    return [(part.get_content_type(), part.get_payload(decode=True).replace(b"\r\n", b"\n").rstrip(b"\n")) for part in parts]


def test_a_server_without_eight_bits_gets_none_and_its_reader_the_same_texts(mail):
    assert not mail.isascii()
    assert in_seven_bits(mail).isascii()
    assert read(in_seven_bits(mail)) == read(mail)


@pytest.mark.parametrize("offers", [True, False])
def test_what_the_server_offers_decides(mail, offers, monkeypatch):
    handed = []
    monkeypatch.setattr(smtplib.SMTP, "sendmail", lambda _self, _from, _to, msg, *_args: handed.append(msg) or {})
    server = _Telling()
    server.ehlo_resp, server.esmtp_features = b"", {"8bitmime": ""} if offers else {}
    server.sendmail("a@example.org", ["b@example.org"], mail)
    assert handed[0].isascii() is not offers
