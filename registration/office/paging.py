"""Pages of a list that are turned one by one, and do not count how much longer the list is."""

import json
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import QuerySet, Value
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

    #: Not everything that was searched for is in the list.
    is_partial = False
    #: What is in the list are the newest of it.
    is_newest = False
    #: So many of the newest rows that each condition leaves were looked at, where that were not all.
    window: int | None = None
    #: How many there are, where that is known.
    number: int | None = None

    @cached_property
    def _goes_on(self) -> bool:
        """Whether there is a row behind those that are listed: a database goes past many in a third of the time in which it counts them."""
        return self.number is None and bool(list(self._rows[MAX_LISTED : MAX_LISTED + 1]))

    @cached_property
    def count(self) -> int:
        if self.number is not None:
            return self.number
        return MAX_LISTED if self._goes_on else int(self._keys[:MAX_LISTED].count())

    @property
    def is_longer(self) -> bool:
        return self.is_partial or self._goes_on

    @cached_property
    def estimate(self) -> int | None:
        """How many there are about, to two digits; None where the database has no idea. One query, which reads no row."""
        if self.is_partial or not self.is_longer or connections[self.object_list.db].vendor != "postgresql":  # type: ignore[attr-defined]
            return None
        (plan,) = json.loads(self._keys.explain(format="json"))
        rows = int(plan["Plan"]["Plan Rows"])
        return round(rows, 2 - len(str(rows))) if rows > MAX_LISTED else None

    @property
    def _keys(self) -> Any:
        return self.object_list.order_by().values("pk")  # type: ignore[attr-defined]

    @property
    def _rows(self) -> Any:
        """Each row as nothing at all, so that the smallest index that knows them will do."""
        return self._keys if self._keys.query.distinct else self._keys.annotate(is_there=Value(1)).values("is_there")


def kept_page(rows: QuerySet[Any], known: int, asked: str | None, size: int) -> "Page[Any]":
    """A page of `rows`, which an index sorts, read no further than its end. `known` is how many a worker has counted of late."""
    number = Paginator(range(min(known, MAX_ROWS)), size).get_page(asked).number
    start = (number - 1) * size
    found: Any = list(rows[start : start + size + 1])
    paginator: Any = Paginator(range(max(known, start + len(found))), size)
    return Page(found[:size], number, paginator)
