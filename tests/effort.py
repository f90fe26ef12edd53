"""How much work something is, counted in a piece of work that the same machine does in the same minute: no test looks at seconds."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace


def used() -> float:
    """Seconds of the processor so far, of this process and of those that it started and that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def yardstick() -> float:
    """Seconds of the processor that one unit takes here and now: about a tenth of one on a quiet machine."""
    began = time.process_time()
    counts: dict[str, int] = {}
    for number in range(1_000_000):
        key = str(number % 1000)
        counts[key] = counts.get(key, 0) + 1
    return time.process_time() - began


@contextmanager
def effort() -> Iterator[SimpleNamespace]:
    """`units` of what is returned says, once the block has ended, how many yardsticks it took."""
    measured, before, began = SimpleNamespace(units=0.0), yardstick(), used()
    yield measured
    spent = used() - began
    measured.units = spent / max(before, yardstick())
