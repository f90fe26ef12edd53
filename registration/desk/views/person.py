"""One person of a desk with all that is known, and what can be decided about them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from registration.audit import trail
from registration.choices import SEAT_HOLDING
from registration.desk.forms.decision import REASONS
from registration.desk.views.people import DeskRow, next_in_line, open_decisions, places
from registration.desk.views.results import take_result
from registration.people.display_names import namesakes, zoom_name
from registration.security import access
from registration.security.access import signed_in


@never_cache
@signed_in
def desk_person(request: HttpRequest, slug: str, code: str, person: str) -> HttpResponse:
    """All that is known of one person, what happened to him, and what can be decided."""
    quota = access.desk_or_404(request.user, slug, code)
    participant = access.person_or_404(quota, person)
    by = access.actor_at(request.user, quota)
    trail.record_view(by=by or access.reader(request.user), what="desk person", count=1, quota=quota, participant=participant)
    context = {
        "workshop": quota.workshop,
        "quota": quota,
        "participant": participant,
        "row": DeskRow(
            participant,
            places(quota).get(participant.pk),
            quota.left,
            participant.is_unopened,  # type: ignore[attr-defined]
            open_decisions(quota).get(participant.pk),
            next_in_line(quota) if participant.state in SEAT_HOLDING else None,
            quota.workshop.standing().is_over,
        ),
        "may_decide": by is not None,
        "zoom_name": zoom_name(participant, namesakes(participant)),
        "events": participant.events.select_related("actor").order_by("-pk"),
        "deliveries": participant.deliveries.order_by("-pk"),
        "reasons": REASONS,
        "result": take_result(request),
    }
    return render(request, "registration/desk/desk_person.html", context)
