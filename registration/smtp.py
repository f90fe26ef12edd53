"""Django's SMTP backend, which also tells whether a failed message may have been delivered all the same."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend


class _Telling:
    """Remembers that the text of a message was being handed over and the server has not answered yet."""

    in_doubt = False

    def data(self, msg: Any) -> Any:
        self.in_doubt = True
        try:
            answer = super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPDataError:
            self.in_doubt = False
            raise
        self.in_doubt = False
        return answer


class _TellingSMTP(_Telling, smtplib.SMTP):
    pass


class _TellingSMTPOverSSL(_Telling, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoEmailBackend):
    """`in_doubt` is true when the last error came after the text was handed over and before the answer."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TellingSMTPOverSSL if self.use_ssl else _TellingSMTP

    @property
    def in_doubt(self) -> bool:
        return isinstance(self.connection, _Telling) and self.connection.in_doubt
