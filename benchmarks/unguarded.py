"""The portal without what keeps it from overselling, for control runs: a proof that cannot fail proves nothing.

"Is there room?" is read just before the transaction, and the place is then taken without asking. The control run
takes the database's own constraint away as well.
"""

from typing import Any

from django.db.models import F

from sdgworkshop.wsgi import application

from registration.seats import quotas  # isort: skip – once Django is set up
from registration.people.actions import registrations  # isort: skip
from registration.models import Quota  # isort: skip

__all__ = ["application"]

_register = registrations.register


def _register_after_reading(**arguments: Any) -> Any:
    arguments["quota"].refresh_from_db(fields=["taken", "capacity"])
    return _register(**arguments)


def _take_what_was_read(quota: Quota) -> bool:
    if quota.left is not None and quota.left <= 0:
        return False
    Quota.objects.filter(pk=quota.pk).update(taken=F("taken") + 1)
    return True


registrations.register = _register_after_reading
quotas.take = _take_what_was_read
