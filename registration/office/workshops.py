"""All workshops on one page: where each is between draft and archive, with its numbers and its ways."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Prefetch, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.choices import State
from registration.models import Participant, Quota
from sessions.admin.page import AdminPage
from sessions.models import Workshop, WorkshopDay
from sessions.state import Standing, WorkshopState


class Stage(models.TextChoices):
    """Where a workshop is between its first draft and the day when nobody of it is known any more."""

    DRAFT = "draft", gettext_lazy("Not published")
    REHEARSAL = "rehearsal", gettext_lazy("Rehearsal")
    PUBLISHED = "published", gettext_lazy("Published")
    OPEN = "open", gettext_lazy("Open for registration")
    CLOSED = "closed", gettext_lazy("Registration closed")
    ON_TODAY = "on_today", gettext_lazy("On today")
    OVER = "over", gettext_lazy("Over")
    ARCHIVED = "archived", gettext_lazy("Archived")


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    workshop: Workshop
    stage: Stage
    seats: int
    taken: int
    people: int
    waiting: int


def stage_of(workshop: Workshop, standing: Standing) -> Stage:
    if workshop.anonymised_at:
        return Stage.ARCHIVED
    if not workshop.is_published:
        return Stage.DRAFT
    if workshop.rehearsal_email:
        return Stage.REHEARSAL
    match standing.state:
        case WorkshopState.OVER:
            return Stage.OVER
        case WorkshopState.ON_TODAY:
            return Stage.ON_TODAY
        case WorkshopState.NOT_YET_OPEN:
            return Stage.PUBLISHED
        case WorkshopState.CLOSED:
            return Stage.CLOSED
        case _open_or_full:
            return Stage.OPEN


def workshop_lines() -> list[WorkshopLine]:
    """As they are chosen: what is open first. Four queries, however many there are."""
    workshops = list(Workshop.objects.to_choose().prefetch_related(Prefetch("days", WorkshopDay.objects.with_hours())))
    counted = Quota.objects.seats().order_by().values_list("workshop").annotate(seats=Sum("capacity"), held=Sum("taken"))
    seats = {workshop: (seats or 0, taken or 0) for workshop, seats, taken in counted}
    registered = Participant.objects.exclude(state=State.CANCELLED).order_by().values_list("workshop")
    people = {
        workshop: (everybody, waiting)
        for workshop, everybody, waiting in registered.annotate(n=Count("pk"), waiting=Count("pk", filter=Q(state=State.WAITLISTED)))
    }
    return [
        WorkshopLine(
            workshop,
            stage_of(workshop, workshop.standing(days=workshop.days.all())),
            *seats.get(workshop.pk, (0, 0)),
            *people.get(workshop.pk, (0, 0)),
        )
        for workshop in workshops
    ]


class WorkshopsPage(AdminPage):
    address, name = "workshops/", "registration_participant_workshops"
    permission = "agenda.view_workshop"
    template = "admin/registration/workshops/workshops.html"

    def is_allowed(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission) or request.user.has_perm("registration.view_participant")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(_("All workshops"), lines=workshop_lines())


PAGES: list[type[AdminPage]] = [WorkshopsPage]
