"""Pages of a list that are turned one by one, and do not count how much longer the list is."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

#: So many rows are counted at most; what comes after them is searched for.
MAX_ROWS = 2_000


class BoundedPaginator(Paginator):
    @cached_property
    def count(self) -> int:
        return int(self.object_list[:MAX_ROWS].count())  # type: ignore[attr-defined]
