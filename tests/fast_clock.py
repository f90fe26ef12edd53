"""Time runs sixty times as fast: `pytest -p tests.fast_clock`. A test that fails then had looked at the clock on the wall.

CLOCK_FROM=2027-12-31T23:59:50+07:00 turns the clock to that moment before each test, so that midnight, or a year's end, comes in
the middle of it. CLOCK_FACTOR says how fast it runs.
"""

import importlib
import os
import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from django.utils import timezone

FACTOR = float(os.environ.get("CLOCK_FACTOR", "60"))
FROM = os.environ.get("CLOCK_FROM")
#: Modules of others that ask `datetime` itself what time it is, where the portal asks Django.
OTHERS = (
    "jwt.api_jwt",
    "pyhanko.sign.timestamps.dummy_client",
    "pyhanko.sign.validation.ades",
    "pyhanko_certvalidator.context",
    "standardwebhooks.webhooks",
)
_time = time.time
#: The moment that the clock was turned to, and the real one then.
_turned = {"to": _time(), "at": _time()}


def _fast() -> float:
    return _turned["to"] + (_time() - _turned["at"]) * FACTOR


def _now(zone: tzinfo = UTC) -> datetime:
    return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=_fast())).astimezone(zone)


class _AnyDatetime(type(datetime)):
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, datetime)


class _FastDatetime(datetime, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return _now(tz) if tz else _now().astimezone().replace(tzinfo=None)


def turn(moment: datetime) -> None:
    _turned.update(to=moment.timestamp(), at=_time())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if FROM:
        turn(datetime.fromisoformat(FROM))


time.time = _fast
timezone.now = _now
for _name in OTHERS:
    importlib.import_module(_name).datetime = _FastDatetime
