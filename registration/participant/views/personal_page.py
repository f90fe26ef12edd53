"""The personal page and what belongs to it. Whoever opened its link may see it; the address tells nobody else anything."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from registration import responses
from registration.attendance.own import own_attendance
from registration.certificates.verification import own_certificate
from registration.choices import State
from registration.links import cookies, qr, signed
from registration.links.meetings import visible_links
from registration.models import Participant
from registration.participant.next_steps import next_steps
from registration.participant.views.links import not_opened
from registration.people import phones
from registration.people.actions.details import may_change
from registration.people.calendars import personal_calendar
from registration.people.display_names import namesakes, open_chat_name, zoom_name
from registration.people.registration_options import RegistrationOptions
from registration.seats import quotas
from sessions.models import Track, Workshop, WorkshopDay

View = Callable[..., HttpResponse]


def personal_by(find: Callable[[str, str], Participant | None]) -> Callable[[View], View]:
    """Gives a view the participant whose page the address names, if the browser has opened his link; else says how to get in.

    `find` reads him, by token and purpose.
    """

    def personal(view: View) -> View:
        @wraps(view)
        def of_cookie(request: HttpRequest, code: str, **rest: Any) -> HttpResponse:
            person = find(cookies.given(request, cookies.PERSONAL), signed.PAGE)
            if person is None or person.code != code:
                return not_opened(request)
            return responses.of_one_person(view(request, person, **rest))

        return of_cookie

    return personal


personal = personal_by(signed.participant_of_token)


@require_safe
@personal
def participant(request: HttpRequest, person: Participant) -> HttpResponse:
    others = namesakes(person) if person.holds_seat else []
    name = zoom_name(person, others)
    options = RegistrationOptions.of(person.workshop.slug, lambda: person.workshop)
    days, changeable = _days(person, options), may_change(person, days=options.calendar)
    standing = person.workshop.standing(days=options.calendar)
    # Before the first day there is nothing to ask for.
    has_begun = any(day.date <= timezone.localdate() for day, _tracks, _lacks in days)
    context = {
        "participant": person,
        "workshop": person.workshop,
        "standing": standing,
        "is_open": standing.takes_registrations,
        "phone": phones.readable(person.phone, person.phone_extension),
        "code_parts": [person.code[:3], person.code[3:]],
        "place_in_line": quotas.place_in_line(person) if person.state == State.WAITLISTED else None,
        "days": days,
        "zoom_name": name,
        "open_chat_name": open_chat_name(person, others),
        "steps": next_steps(person, name, lacks_topic=changeable and any(lacks for day, _tracks, lacks in days if not day.is_cancelled)),
        "join_links": visible_links(person),
        "may_change": changeable,
        "attendance": own_attendance(person) if has_begun else None,
        "certificate": own_certificate(person) if has_begun else None,
        "feed_url": signed.calendar_feed_url(person),
    }
    return render(request, "registration/participant/participant.html", context)


@require_safe
@personal
def registered(request: HttpRequest, person: Participant) -> HttpResponse:
    """What somebody sees who has just registered: what holds, where the mail went, and a form for a colleague."""
    standing = person.workshop.standing()
    context = {
        "participant": person,
        "workshop": person.workshop,
        "place_in_line": quotas.place_in_line(person) if person.state == State.WAITLISTED else None,
        "days": person.days.all(),
        "takes_registrations": standing.takes_registrations and person.workshop.entry == Workshop.Entry.OPEN,
        "colleague": urlencode({"province": person.quota.code, "organisation": person.organisation}),
    }
    return render(request, "registration/register/registered.html", context)


def _days(person: Participant, options: RegistrationOptions) -> list[tuple[WorkshopDay, list[Track], bool]]:
    """Their days, each with the topics that they chose and whether one is still to be chosen: it was full, or came later."""
    chosen = [choice.track for choice in person.choices.all()]
    answered = {track.item_id for track in chosen}
    lacking = {block.item.day_id for block in options.blocks if block.item.pk not in answered}
    return [(day, [track for track in chosen if track.item.day_id == day.pk], day.pk in lacking) for day in person.days.all()]


@require_safe
@personal
def participant_qr(request: HttpRequest, person: Participant) -> HttpResponse:
    """The reference code, to be read by a camera."""
    return responses.svg(qr.qr_svg(person.code))


@require_safe
@personal
def participant_chat_qr(request: HttpRequest, person: Participant) -> HttpResponse:
    """The Open Chat's link; for people with a sure seat only."""
    if person.state != State.CONFIRMED or not person.workshop.chat_url:
        raise Http404
    return responses.svg(qr.qr_svg(person.workshop.chat_url))


@require_safe
@personal
def participant_calendar(request: HttpRequest, person: Participant) -> HttpResponse:
    """The chosen days and tracks, with the name to use in Zoom, and the meeting links that this person may see by now."""
    return responses.calendar(personal_calendar(person), f"{person.workshop.slug}.ics")


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def close(request: HttpRequest, person: Participant) -> HttpResponse:
    """Lets whoever shares this machine not into the page, once the person has said so; its link opens it again."""
    if request.method != "POST":
        return render(request, "registration/participant/close.html", {"participant": person, "workshop": person.workshop})
    return cookies.forget(redirect("closed"), person)


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Said to whoever closed his page. It knows nobody, so anybody may read it."""
    return render(request, "registration/participant/closed.html")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The same, for calendar programs that ask again by themselves; its address opens nothing else."""
    person = signed.participant_of_token(token, signed.CALENDAR)
    if person is None:
        raise Http404
    return responses.of_one_person(responses.calendar(personal_calendar(person, is_feed=True), f"{person.workshop.slug}.ics"))
