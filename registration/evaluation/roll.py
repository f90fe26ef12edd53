"""Who has answered, as codes that nobody makes without the server's own key: once a person, and no list of people."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "registration.evaluation.roll"


def codes(evaluation_id: int, participant_id: int) -> list[str]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(_SALT, f"{evaluation_id}:{participant_id}", secret=key, algorithm="sha256").hexdigest() for key in keys]


def stands_on(roll: Iterable[str], evaluation_id: int, participant_id: int) -> bool:
    return not set(codes(evaluation_id, participant_id)).isdisjoint(roll)
