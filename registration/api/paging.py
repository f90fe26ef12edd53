"""Long lists, page by page: in an order that stays, from where the last page ended, whatever came or went meanwhile."""

import base64
import binascii
import re
from typing import Annotated, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from ninja import Query

from registration.api.problems import Code, Problem

Row = TypeVar("Row", bound=Model)

MAX_ROWS, ROWS = 200, 50
#: What a cursor may look like; what it holds is ours to change.
CURSOR = r"^[A-Za-z0-9_=-]{1,40}$"
Cursor = Annotated[str | None, Query(None, pattern=CURSOR, description="`next` of the page before")]
Limit = Annotated[int, Query(ROWS, ge=1, le=MAX_ROWS, description="Rows on a page")]
_HELD = re.compile(r"1:([0-9]{1,18})", re.ASCII)


def page(rows: "QuerySet[Row]", *, cursor: str | None, limit: int, newest_first: bool = False) -> tuple[list[Row], str | None]:
    """At most `limit` of `rows` after `cursor`, and the cursor of the next page; None where this is the last. Raises Problem."""
    if cursor:
        rows = rows.filter(**{"pk__lt" if newest_first else "pk__gt": _key(cursor)})
    found = list(rows.order_by("-pk" if newest_first else "pk")[: limit + 1])
    shown = found[:limit]
    return shown, _cursor(shown[-1].pk) if len(found) > limit else None


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(f"1:{key}".encode()).decode()


def _key(cursor: str) -> int:
    try:
        held = _HELD.fullmatch(base64.urlsafe_b64decode(cursor).decode())
    except (binascii.Error, ValueError):
        held = None
    if held is None:
        fault = _("This is none that was answered here.")
        raise Problem(Code.INVALID, errors=[{"field": "cursor", "code": "cursor", "message": fault}])
    return int(held[1])
