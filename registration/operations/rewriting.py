"""Rows written anew while others use them: portion by portion, waiting for nobody, and as often as one likes.

Migrations of rows and the end of an upgrade do the same with it.
"""

import time
from collections.abc import Callable, Iterable

from django.db import models, transaction

PORTION = 500
#: Rows that somebody holds are come back to so often, after so many seconds.
MAX_ROUNDS, REST = 100, 0.3


def rewrite(model: type[models.Model], fields: Iterable[str], settle: Callable[[models.Model], dict[str, str]]) -> int:
    """Writes into each row what `settle` says of it by its `fields`, where that differs. Returns how many rows it changed.

    Raises RuntimeError where a row is held for longer than half a minute.
    """
    named, changed, held = ["pk", *fields], 0, list[int]()
    rows, last = model._default_manager.order_by("pk"), 0
    while portion := list(rows.filter(pk__gt=last).only(*named)[:PORTION]):
        last = portion[-1].pk
        done, left = _write([row.pk for row in portion if settle(row)], model, named, settle)
        changed, held = changed + done, held + left
    for _round in range(MAX_ROUNDS):
        if not held:
            return changed
        time.sleep(REST)
        done, held = _write(held, model, named, settle)
        changed += done
    raise RuntimeError(f"{len(held)} rows of {model._meta.db_table} were held by others all the while")


def _write(
    keys: list[int], model: type[models.Model], named: list[str], settle: Callable[[models.Model], dict[str, str]]
) -> tuple[int, list[int]]:
    """How many of `keys` it wrote, and which somebody held. Those who are gone are neither."""
    if not keys:
        return 0, []
    everybody = model._default_manager.filter(pk__in=keys)
    with transaction.atomic():
        rows = list(everybody.only(*named).order_by("pk").select_for_update(skip_locked=True, no_key=True))
        changed, written = [], set[str]()
        for row in rows:
            if said := settle(row):
                for field, value in said.items():
                    setattr(row, field, value)
                changed.append(row)
                written |= said.keys()
        if changed:
            model._default_manager.bulk_update(changed, sorted(written), batch_size=PORTION)
    seen = {row.pk for row in rows}
    return len(changed), list(everybody.exclude(pk__in=seen).values_list("pk", flat=True)) if len(seen) < len(keys) else []
