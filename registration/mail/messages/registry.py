"""What a message is, and the list of them all."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from email.mime.base import MIMEBase
from typing import Any

from registration.models import Delivery


@dataclass(slots=True)
class Content:
    """What a message adds: values for its templates, and attached files."""

    values: dict[str, Any] = field(default_factory=dict)
    files: list[MIMEBase] = field(default_factory=list)


Message = Callable[[Delivery, dt.datetime], Content]
Condition = Callable[[Delivery, dt.datetime], bool]

MESSAGES: dict[str, Message] = {}
CONDITIONS: dict[str, Condition] = {}


def message(function: Message) -> Message:
    """Makes `function` the message of its own name. It is called in the recipient's language."""
    MESSAGES[function.__name__] = function
    return function


def only_while(condition: Condition) -> Callable[[Message], Message]:
    """The message is sent only while `condition` holds: mail may wait, and what it was about may pass."""

    def note(function: Message) -> Message:
        CONDITIONS[function.__name__] = condition
        return function

    return note
