"""Whose names are most likely one name, by the key by which names are matched everywhere: it is kept with each person, and indexed."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from registration.models import Participant, Quota
from registration.people.applications import Person


def alike(people: QuerySet[Participant, Any], person: Participant) -> QuerySet[Participant, Any]:
    """Those of `people` who have the name of `person`. Without a query."""
    return people.filter(name_key=person.name_key).exclude(name_key="")


def either_alike(people: QuerySet[Participant], person: Participant) -> QuerySet[Participant]:
    """Those of `people` who have the name or the phone number of `person`: each looked up by itself, in its own index. Without a query."""
    keys = people.order_by().values("pk")
    return Participant.objects.filter(pk__in=alike(keys, person).union(keys.filter(phone=person.phone)))


def keys_of_several(people: QuerySet[Participant]) -> QuerySet[Any, Any]:
    """The keys of names that several of `people` have. Without a query."""
    named = people.order_by().exclude(name_key="")
    return named.values("name_key").annotate(n=Count("*")).filter(n__gt=1).values("name_key")


def registered_at_the_same_address(person: Person, quota: Quota, *, but: UUID) -> Participant | None:
    """Who already comes from `quota` under this name and address; not who came with the submission `but`.

    Several people may share the address of somebody who passes mail on, so that the address alone does not say it.
    """
    same = {"name_key": person.fields()["name_key"], "email": person.email}
    return Participant.objects.live().filter(quota=quota, **same).exclude(submission=but).first()
