"""Mail as files, one .eml a message: where no mail server is set, and for staff to read what would have been sent."""

import re
import secrets
from collections.abc import Iterable, Sequence
from email import message_from_bytes
from email.message import EmailMessage as ParsedMail
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

#: What such a file is called: when it was written, and something that tells two of one moment apart.
NAME = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}\.eml")


class EmailBackend(BaseEmailBackend):
    """Writes every message to a file of its own in EMAIL_FILE_PATH, in one step: nobody ever finds half of one."""

    #: As for `registration.mail.smtp`: an error means that there is no file.
    in_doubt = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.localtime():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.eml"
            new = folder / f".{name}"
            new.write_bytes(message.message().as_bytes())
            new.rename(folder / name)
        return len(email_messages)


def is_in_use() -> bool:
    return str(settings.EMAIL_BACKEND) == f"{EmailBackend.__module__}.{EmailBackend.__name__}"


def names() -> list[str]:
    folder = _folder()
    found = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return sorted(filter(NAME.fullmatch, found), reverse=True)


def read(name: str) -> ParsedMail:
    """The mail in the file `name`. Raises FileNotFoundError, also for what is no name of such a file."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    parsed = message_from_bytes((_folder() / name).read_bytes(), policy=default)
    assert isinstance(parsed, ParsedMail)
    return parsed


def delete_about(words: Iterable[str]) -> int:
    """Deletes every file in whose headers or texts one of `words` stands. Returns how many."""
    wanted, deleted = [word.lower() for word in words], 0
    for name in names():
        text = _text(read(name)).lower()
        if any(word in text for word in wanted):
            (_folder() / name).unlink(missing_ok=True)
            deleted += 1
    return deleted


def _text(mail: ParsedMail) -> str:
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*map(str, mail.values()), *map(str, parts)])


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
