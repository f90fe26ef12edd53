"""Django's SMTP backend, which also tells whether a failed message may have been delivered all the same."""

import smtplib

from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend


class _Telling(smtplib.SMTP):
    """`in_doubt` from the moment the server asks for the text (354) until it answers to it."""

    in_doubt = False

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        self.in_doubt = code == 354
        return code, words


class _TellingOverSSL(_Telling, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoEmailBackend):
    """`in_doubt` is true when the last error came after the text was handed over and before the answer."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TellingOverSSL if self.use_ssl else _Telling

    @property
    def in_doubt(self) -> bool:
        return isinstance(self.connection, _Telling) and self.connection.in_doubt
