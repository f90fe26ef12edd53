"""Who asked to be erased, kept apart from the database, so that a restored backup forgets them again.

One small file an erasure, in ERASURES_DIR: the moment and keyed digests of the reference codes and addresses. Without the
portal's secret key they say nothing about anybody, and with it only whether a given person is among them.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "registration.erasure-register"
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased when: digests of reference codes, and of the addresses that were erased with them."""

    at: dt.datetime
    codes: frozenset[str]
    emails: frozenset[str]


def write(*, codes: Iterable[str], emails: Iterable[str], at: dt.datetime) -> Path:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    entry = {"at": at.isoformat(), "codes": sorted(map(digest, codes)), "emails": sorted(map(digest, emails))}
    file = folder / f"{at:%Y%m%d-%H%M%S}-{uuid4().hex}{_SUFFIX}"
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        json.dump(entry, opened)
        opened.flush()
        os.fsync(opened.fileno())
    new.rename(file)
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
    return file


def entries() -> Iterator[Erasure]:
    folder = _folder()
    for file in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else []:
        entry = json.loads(file.read_text())
        yield Erasure(dt.datetime.fromisoformat(entry["at"]), frozenset(entry["codes"]), frozenset(entry["emails"]))


def digest(text: str, secret: str | None = None) -> str:
    """What stands in the register for a code or an address; with the portal's key, or another `secret`."""
    return salted_hmac(_SALT, text.lower(), secret=secret, algorithm="sha256").hexdigest()


def digests(text: str) -> set[str]:
    """What may stand in it for `text`: the portal's key may have been changed since."""
    return {digest(text), *(digest(text, secret) for secret in settings.SECRET_KEY_FALLBACKS)}


def _folder() -> Path:
    return Path(settings.ERASURES_DIR)
