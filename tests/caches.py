"""The cache of the tests."""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

#: Seconds.
MIN_KEPT = 600


class UnhurriedCache(LocMemCache):
    """Keeps for minutes what is to be kept for some seconds: on a busy machine these pass between two requests of a test."""

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> float | None:
        is_short = timeout not in (DEFAULT_TIMEOUT, None) and 0 < timeout < MIN_KEPT
        return super().get_backend_timeout(MIN_KEPT if is_short else timeout)
