"""Who does something: the `by=` of every action."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorKind(models.TextChoices):
    """As whom somebody acts."""

    PARTICIPANT = "participant", _("The participant")
    GUARDIAN = "guardian", _("The parent or guardian")
    COORDINATOR = "coordinator", _("The province's coordinator")
    STAFF = "staff", _("NESDC staff")
    SYSTEM = "system", _("The portal")


@dataclass(frozen=True, slots=True)
class Actor:
    """`user` is set where one signed in; `token` where a system acts with an API token, which `user` made."""

    kind: ActorKind
    user: Any = None
    token: Any = None


PARTICIPANT = Actor(ActorKind.PARTICIPANT)
GUARDIAN = Actor(ActorKind.GUARDIAN)
SYSTEM = Actor(ActorKind.SYSTEM)
