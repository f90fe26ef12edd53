"""What PostgreSQL ends because two transactions were in each other's way is done anew, as a whole and here alone.

Registering writes the address and then takes the seat; accepting, putting back and joining the line hold the seat first. Neither order
fits both, and waiting in one order would have everybody stand before the seat for longer: so the one that was ended comes again. So does
what wrote about somebody who was erased meanwhile, or erased somebody of whom something was written meanwhile: a row points nowhere then.
"""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection
from django.db.models import Model

P = ParamSpec("P")
R = TypeVar("R")

#: What a row is called that points nowhere, by PostgreSQL (SQLSTATE foreign_key_violation) and by SQLite.
NOWHERE = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
#: SQLSTATE of what came to nothing because of others: deadlock_detected, serialization_failure, and that.
IN_THE_WAY = {"40P01", "40001", *NOWHERE}
#: So often is it tried: what is ended six times in a row is not ended by chance.
MAX_ATTEMPTS = 6
#: Seconds of rest, at most, after the first attempt; twice as many after each further one.
REST = 0.05


def was_in_the_way(error: BaseException) -> bool:
    return _code(error) in IN_THE_WAY


def points_nowhere(error: BaseException | None) -> bool:
    """Whether what was to be written is about somebody who was erased meanwhile."""
    return isinstance(error, IntegrityError) and _code(error) in NOWHERE


def _code(error: BaseException) -> str:
    return str(getattr(error.__cause__, "pgcode", None) or getattr(error.__cause__, "sqlite_errorname", ""))


def repeated_after_deadlock(verb: Callable[P, R]) -> Callable[P, R]:
    """Does `verb`, a transaction of its own, again where it was ended by others; nothing of it is in the database then.

    What it had written into the rows it was given is taken back before. Within somebody else's transaction it is theirs to do again.
    """

    @wraps(verb)
    def repeated(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return verb(*args, **kwargs)
        given = [(row, dict(vars(row))) for row in (*args, *kwargs.values()) if isinstance(row, Model)]
        for attempt in range(1, MAX_ATTEMPTS):
            try:
                return verb(*args, **kwargs)
            except (OperationalError, IntegrityError) as error:
                if not was_in_the_way(error):
                    raise
            _restore(given)
            time.sleep(random.uniform(0, REST * 2**attempt))
        return verb(*args, **kwargs)

    return repeated


def _restore(given: list[tuple[Model, dict[str, Any]]]) -> None:
    for row, values in given:
        vars(row).clear()
        vars(row).update(values)
