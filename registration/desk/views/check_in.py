"""The door of a day with a room: by camera, by code or by name. Without JavaScript by code and name alone."""

import datetime as dt
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registration.attendance import check_in as rules
from registration.attendance.actions import check_ins
from registration.attendance.check_in import CheckInAnswer, CheckInOutcome
from registration.audit import trail
from registration.desk import check_in_words
from registration.desk.check_in_people import found_people, last_checked_in, quotas_to_choose
from registration.models.participant import ParticipantQuerySet
from registration.security import access
from registration.security.access import AnyUser, signed_in
from sessions.models import WorkshopDay

#: In the session: the answer that the next page tells.
SESSION_KEY = "check_in_answer"
#: A phone sends so many at a time, and nothing older than a day.
MAX_SENT, MAX_SECONDS = 100, 24 * 60 * 60


@never_cache
@signed_in
@require_GET
def desk_check_ins(request: HttpRequest) -> HttpResponse:
    """The days whose door one may keep, today's first."""
    today = timezone.localdate()
    days = sorted(access.days_to_check_in(request.user), key=lambda day: (day.date < today, abs(day.date - today)))
    return render(request, "registration/desk/desk_check_ins.html", {"days": days, "today": today})


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk_check_in(request: HttpRequest, slug: str, date: str) -> HttpResponse:
    day, people = _door_or_404(request.user, slug, date)
    if request.method == "POST":
        answer = check_ins.check_in(
            day=day, code=request.POST.get("code", ""), people=people, by=access.actor_at_door(request.user),
            all_the_same=_says_all_the_same(request),
        )  # fmt: skip
        _keep(request, answer)
        return redirect("desk_check_in", slug, date)
    response = render(request, "registration/desk/desk_check_in.html", _context(request, day, people))
    response.headers["Permissions-Policy"] = "camera=(self)"
    return response


@never_cache
@signed_in
@require_POST
def desk_check_in_send(request: HttpRequest, slug: str, date: str) -> JsonResponse:
    """What a phone has noted: {"check_ins": [{"code": "2345678", "ago": 12}, …]}, `ago` in seconds, whatever its clock says."""
    day, people = _door_or_404(request.user, slug, date)
    sent = _sent(request)
    if sent is None:
        return JsonResponse({"error": "check_ins"}, status=400)
    received_at, by = timezone.now(), access.actor_at_door(request.user)
    told = []
    for code, ago in sent:
        at = received_at - dt.timedelta(seconds=ago)
        answer = check_ins.check_in(day=day, code=code, people=people, by=by, at=at, received_at=received_at)
        told.append(check_in_words.as_json(answer, code))
    return JsonResponse({"results": told, "count": check_in_words.count_in_words(rules.checked_in(day))})


@never_cache
@signed_in
@require_POST
def desk_check_in_back(request: HttpRequest, slug: str, date: str) -> HttpResponse:
    day, people = _door_or_404(request.user, slug, date)
    person = people.filter(code=rules.code_in(request.POST.get("code", "")), workshop=day.workshop_id).first()
    if person is None:
        raise Http404
    at = timezone.now()
    check_ins.take_back(day=day, person=person, by=access.actor_at_door(request.user), at=at)
    _keep(request, CheckInAnswer(person.code, CheckInOutcome.TAKEN_BACK, person, at))
    return redirect("desk_check_in", slug, date)


def _door_or_404(user: AnyUser, slug: str, date: str) -> tuple[WorkshopDay, ParticipantQuerySet]:
    return access.day_to_check_in_or_404(user, slug, date), access.people_to_check_in(user)


def _says_all_the_same(request: HttpRequest) -> bool:
    """Raises PermissionDenied for who may only check in those who are expected."""
    if "all_the_same" not in request.POST:
        return False
    if not access.keeps_every_door(request.user):
        raise PermissionDenied
    return True


def _sent(request: HttpRequest) -> list[tuple[str, int]] | None:
    """Codes, each with the seconds since; None where it cannot be read, or is a form's."""
    try:
        rows = json.loads(request.body)["check_ins"]
        found = [(str(row["code"])[:100], int(row.get("ago") or 0)) for row in rows]
    except (RawPostDataException, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
    return [(code, min(max(ago, 0), MAX_SECONDS)) for code, ago in found] if len(found) <= MAX_SENT else None


def _keep(request: HttpRequest, answer: CheckInAnswer) -> None:
    request.session[SESSION_KEY] = {
        "code": answer.code[:100], "outcome": answer.outcome.value, "at": answer.at.isoformat() if answer.at else "",
    }  # fmt: skip


def _taken(request: HttpRequest, people: ParticipantQuerySet) -> CheckInAnswer | None:
    """The answer that waits to be told, with its person as they may still be seen."""
    kept = request.session.pop(SESSION_KEY, None)
    if kept is None:
        return None
    person = people.filter(code=rules.code_in(kept["code"])).select_related("workshop", "quota__province").prefetch_related("days").first()
    outcome = CheckInOutcome(kept["outcome"]) if person else CheckInOutcome.UNKNOWN
    return CheckInAnswer(kept["code"], outcome, person, dt.datetime.fromisoformat(kept["at"]) if kept["at"] else None)


def _context(request: HttpRequest, day: WorkshopDay, people: ParticipantQuerySet) -> dict[str, Any]:
    answer, by = _taken(request, people), access.actor_at_door(request.user)
    here = people.filter(workshop=day.workshop_id)
    found = found_people(day, here, request.GET)
    last = last_checked_in(day, here)
    if shown := len(found.people) + len(last):
        trail.record_view(by=by, what="check-in", count=shown, workshop=day.workshop, filters=found.filters)
    is_staff = access.keeps_every_door(request.user)
    return {
        "day": day,
        "workshop": day.workshop,
        "is_on": rules.is_on(day, timezone.now()),
        "answer": check_in_words.told(answer) if answer else None,
        "may_waive": is_staff,
        "count": check_in_words.count_in_words(rules.checked_in(day)),
        "found": found,
        "last": last,
        "quotas": quotas_to_choose(day) if is_staff else [],
    }
