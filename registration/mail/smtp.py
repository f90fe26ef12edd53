"""Django's SMTP backend, which also tells whether a failed message may have been delivered all the same."""

import email
import smtplib
from collections.abc import Sequence
from email import encoders
from email.message import Message
from email.policy import SMTP
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend


class _Telling(smtplib.SMTP):
    """`in_doubt` from the moment the server asks for the text (354) until it answers to it."""

    in_doubt = False

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        self.in_doubt = code == 354
        return code, words

    def sendmail(self, from_addr: str, to_addrs: str | Sequence[str], msg: Any, *args: Any, **options: Any) -> dict[str, tuple[int, bytes]]:
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("8bitmime"):
            msg = in_seven_bits(msg)
        return super().sendmail(from_addr, to_addrs, msg, *args, **options)


class _TellingOverSSL(_Telling, smtplib.SMTP_SSL):
    pass


def in_seven_bits(mail: bytes) -> bytes:
    """`mail` for a server that takes ASCII alone (it says nothing of 8BITMIME): texts in base64, which every reader undoes."""
    if mail.isascii():
        return mail
    message: Message = email.message_from_bytes(mail)
    for part in message.walk():
        if not part.is_multipart() and part["Content-Transfer-Encoding"] == "8bit":
            del part["Content-Transfer-Encoding"]
            part.set_payload(part.get_payload(decode=True))
            encoders.encode_base64(part)
    return message.as_bytes(policy=SMTP)


class EmailBackend(DjangoEmailBackend):
    """`in_doubt` is true when the last error came after the text was handed over and before the answer."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TellingOverSSL if self.use_ssl else _Telling

    @property
    def in_doubt(self) -> bool:
        return isinstance(self.connection, _Telling) and self.connection.in_doubt
