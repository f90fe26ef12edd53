"""Pages of a list that are turned one by one, and do not count how much longer the list is."""

import json
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import QuerySet
from django.utils.functional import cached_property

#: So many rows are counted at most; what comes after them is searched for.
MAX_ROWS = 2_000
#: The same for lists of the admin, which say how many there are about.
MAX_LISTED = 10_000


class BoundedPaginator(Paginator):
    @cached_property
    def count(self) -> int:
        return int(self.object_list[:MAX_ROWS].count())  # type: ignore[attr-defined]


class EstimatingPaginator(Paginator):
    """A list of the admin: counted as far as it is turned, and beyond that PostgreSQL is asked what it reckons with."""

    @cached_property
    def _counted(self) -> int:
        return int(self._keys[: MAX_LISTED + 1].count())  # type: ignore[index]

    @cached_property
    def count(self) -> int:
        return min(self._counted, MAX_LISTED)

    @property
    def is_longer(self) -> bool:
        return self._counted > MAX_LISTED

    @cached_property
    def estimate(self) -> int | None:
        """How many there are about, to two digits; None where the database has no idea. One query, which reads no row."""
        if not self.is_longer or connections[self.object_list.db].vendor != "postgresql":  # type: ignore[attr-defined]
            return None
        (plan,) = json.loads(self._keys.explain(format="json"))  # type: ignore[attr-defined]
        rows = int(plan["Plan"]["Plan Rows"])
        return round(rows, 2 - len(str(rows))) if rows > MAX_LISTED else None

    @property
    def _keys(self) -> object:
        return self.object_list.order_by().values("pk")  # type: ignore[attr-defined]


def kept_page(rows: QuerySet[Any], known: int, asked: str | None, size: int) -> "Page[Any]":
    """A page of `rows`, which an index sorts, read no further than its end. `known` is how many a worker has counted of late."""
    number = Paginator(range(min(known, MAX_ROWS)), size).get_page(asked).number
    start = (number - 1) * size
    found: Any = list(rows[start : start + size + 1])
    paginator: Any = Paginator(range(max(known, start + len(found))), size)
    return Page(found[:size], number, paginator)
