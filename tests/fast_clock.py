"""Time runs sixty times as fast: `pytest -p tests.fast_clock`. A test that fails then had looked at the clock on the wall."""

import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone

FACTOR = 60
_began, _time = time.time(), time.time


def _fast() -> float:
    return _began + (_time() - _began) * FACTOR


def _now() -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=_fast())


time.time = _fast
timezone.now = _now
