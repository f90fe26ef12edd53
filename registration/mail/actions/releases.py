"""Telling people of a revision of the agenda."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from registration.choices import MessageName
from registration.mail import outbox
from registration.models import Participant
from registration.models.participant import ParticipantQuerySet
from sessions.models import Release, Workshop


def tell_of_releases(*, at: dt.datetime | None = None) -> int:
    """Queues one mail a revision for everybody with a seat who comes on a day that it changed. Returns how many.

    Safe to run twice or late. Of a workshop that is not published nobody is told.
    """
    at = at or timezone.now()
    told = 0
    for release in Release.objects.untold().select_related("workshop").order_by("pk"):
        with transaction.atomic():
            if not Release.objects.untold().filter(pk=release.pk).update(told_at=at) or not release.workshop.is_published:
                continue
            days = {change["day"] for change in release.changes if change["day"]}
            people = list(_concerned(release.workshop, days).only("email", "state"))
            outbox.post_many(MessageName.AGENDA_CHANGED, people, occasion=release.pk, at=at, details={"release": release.pk})
            told += len(people)
    return told


def _concerned(workshop: Workshop, days: Collection[int]) -> ParticipantQuerySet:
    return Participant.objects.known().holding_seats().filter(workshop=workshop, days__in=days).distinct()
