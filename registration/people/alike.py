"""Whose names are most likely one name, by the key by which names are matched everywhere (`names.match_key`)."""

from collections import defaultdict

from django.db.models import QuerySet

from registration.models import Participant
from registration.people.names import match_key


def alike(people: QuerySet[Participant], person: Participant) -> list[int]:
    """Ids of those of `people` who have the name of `person`. One query, of a Thai name of those that begin with its letter."""
    key = match_key(person.first_name, person.last_name)
    if "\u0e00" <= person.first_name[:1] <= "\u0e7f":
        people = people.filter(first_name__startswith=person.first_name[:1])
    return [pk for pk, first, last in _names(people) if key and match_key(first, last) == key]


def several_alike(people: QuerySet[Participant]) -> list[int]:
    """Ids of those of `people` who share their name with another one of them. One query."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for pk, first, last in _names(people):
        by_key[match_key(first, last)].append(pk)
    return [pk for key, pks in by_key.items() if key and len(pks) > 1 for pk in pks]


def _names(people: QuerySet[Participant]) -> QuerySet[Participant, tuple[int, str, str]]:
    return people.order_by().values_list("pk", "first_name", "last_name")
