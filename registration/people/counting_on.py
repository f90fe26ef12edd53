"""How many people a change of the programme would concern."""

from registration.choices import LIVE
from registration.models import Participant
from sessions.models import StakeholderGroup, Workshop, WorkshopDay


def people_counting_on(workshop: Workshop, *, day: WorkshopDay | None = None, group: StakeholderGroup | None = None) -> int:
    """Those whose registration has not ended and who are not anonymous yet. One query."""
    people = Participant.objects.known().filter(workshop=workshop, state__in=LIVE)
    if day:
        people = people.filter(days=day)
    if group:
        people = people.filter(group=group)
    return people.count()
