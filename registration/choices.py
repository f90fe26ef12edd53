"""The states of a participant and the legal moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    PENDING = "pending", _("Waiting for the province's decision")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Offered a seat")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")


#: States in which a participant counts against his province's (or the central) quota and his tracks'.
SEAT_HOLDING = frozenset({State.PENDING, State.CONFIRMED, State.OFFERED})

#: States in which the e-mail address is taken: no second registration with it in the same workshop.
#: A declined person is among them, so that the province's decision cannot be walked around.
LIVE = frozenset(set(State) - {State.CANCELLED})

#: States that end a registration. Out of them leads only `put_back`, the one exception to the map of moves.
ENDED = frozenset({State.DECLINED, State.CANCELLED})

#: Every legal move. What is not here raises `errors.IllegalMove`.
MOVES: dict[State | None, frozenset[State]] = {
    None: frozenset({State.PENDING, State.CONFIRMED, State.WAITLISTED}),
    State.PENDING: frozenset({State.CONFIRMED, State.DECLINED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.PENDING, State.DECLINED, State.CANCELLED}),
    State.WAITLISTED: frozenset({State.PENDING, State.CONFIRMED, State.OFFERED, State.DECLINED, State.CANCELLED}),
    State.OFFERED: frozenset({State.PENDING, State.CONFIRMED, State.DECLINED, State.CANCELLED}),
    State.DECLINED: frozenset(),
    State.CANCELLED: frozenset(),
}
