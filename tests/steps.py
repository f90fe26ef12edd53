"""How much SQLite does for a page: steps of its machine, which are the same on every computer. Each row that is read takes some."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from django.db import connection


@contextmanager
def steps() -> Iterator[SimpleNamespace]:
    """`taken` of what is returned says it, once the block has ended."""
    counted = SimpleNamespace(taken=0)

    def one() -> int:
        counted.taken += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(one, 1)
    try:
        yield counted
    finally:
        connection.connection.set_progress_handler(None, 1)
