"""The personal page and what belongs to it. Whoever opened its link may see it; the address tells nobody else anything."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from registration import responses
from registration.attendance.own import own_attendance
from registration.certificates.verification import own_certificate
from registration.choices import State
from registration.evaluation.asked import own_evaluations
from registration.links import cookies, qr, signed
from registration.links.meetings import MeetingLink, own_links, to_join, visible_links
from registration.materials.shown import own_documents
from registration.models import Coordinator, Participant
from registration.participant import by_clock
from registration.participant.by_clock import OwnDay
from registration.participant.next_steps import next_steps
from registration.participant.views.links import not_opened
from registration.people import phones
from registration.people.calendars import personal_calendar
from registration.people.changes import may_change, may_move
from registration.people.display_names import namesakes, open_chat_name, zoom_name
from registration.people.registration_options import KEPT_SECONDS, RegistrationOptions
from registration.seats import quotas
from sessions.models import Workshop

View = Callable[..., HttpResponseBase]


def personal_by(find: Callable[[str, str], Participant | None]) -> Callable[[View], View]:
    """Gives a view the participant whose page the address names, if the browser has opened their link; else says how to get in.

    `find` reads them, by token and purpose.
    """

    def personal(view: View) -> View:
        @wraps(view)
        def of_cookie(request: HttpRequest, code: str, **rest: Any) -> HttpResponseBase:
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
    at = timezone.now()
    options = RegistrationOptions.of(person)
    changeable, links = may_change(person, at, days=options.calendar), own_links(person)
    links_shown = visible_links(person, at, links)
    days = by_clock.own_days(person, options, links_shown, may_change=changeable, at=at)
    today, lacks_topic = by_clock.of_today(person, days, at), any(own.lacks_topic for own in days)
    standing = person.workshop.standing(at, days=options.calendar)
    context = {
        "participant": person,
        "workshop": person.workshop,
        "standing": standing,
        "is_open": standing.takes_registrations and person.workshop.entry == Workshop.Entry.OPEN,
        "is_over": by_clock.is_over(days, at),
        "phone": phones.readable(person.phone, person.phone_extension),
        "place_in_line": quotas.place_in_line(person) if person.state == State.WAITLISTED else None,
        "days": days,
        "lacks_topic": lacks_topic,
        "steps": next_steps(person, at=at, links=links),
        "may_change": changeable,
        "may_send_substitute": person.state == State.CONFIRMED and any(at < own.day.ends_at() and not own.day.is_cancelled for own in days),
        "coordinators": Coordinator.objects.to_ask(person.quota),
        "may_move": changeable and may_move(person, at, days=options.calendar),
        "documents": own_documents(person),
        **_names(person),
        **_addresses(person),
        **_what_came_of_it(person, days, at),
        **(_of_the_day(person, today, links_shown, at) if today else {}),
    }
    return render(request, "registration/participant/participant.html", context)


@require_safe
@personal_by(signed.person_of_token)
def registered(request: HttpRequest, person: Participant) -> HttpResponse:
    """What is said at once after registering. Two queries, and what is shared."""
    options = RegistrationOptions.of(person)
    person.workshop, person.quota = options.workshop, options.place(person.quota_id)
    coming = Participant.days.through.objects.filter(participant=person)
    standing, chosen = options.standing(), set(coming.values_list("workshopday_id", flat=True))
    group = next((one for one in options.groups if one.pk == person.group_id and not one.needs_guardian), None)
    kept = {"province": person.quota.code, "organisation": person.organisation} | ({"group": group.code} if group else {})
    context = {
        "participant": person,
        "workshop": person.workshop,
        "place_in_line": quotas.place_in_line(person) if person.state == State.WAITLISTED else None,
        "days": [day for day in options.calendar if day.pk in chosen],
        "days_shown": sorted(chosen),
        "kept_seconds": KEPT_SECONDS,
        "guardian_url": signed.guardian_url(person) if person.guardian_name else "",
        "takes_registrations": standing.takes_registrations and person.workshop.entry == Workshop.Entry.OPEN,
        "kept_group": group,
        "colleague": urlencode(kept),
    }
    return render(request, "registration/register/registered.html", context)


def _names(person: Participant) -> dict[str, object]:
    """Their code in two parts, to be read out, and what they are called in Zoom and in the chat."""
    others = namesakes(person) if person.holds_seat else []
    return {
        "code_parts": [person.code[:3], person.code[3:]],
        "zoom_name": zoom_name(person, others),
        "open_chat_name": open_chat_name(person, others),
    }


def _addresses(person: Participant) -> dict[str, object]:
    """Where their calendar is fetched, and where whoever agreed for them takes that back."""
    return {
        "feed_url": signed.calendar_feed_url(person),
        "feed_address": signed.calendar_feed_address(person),
        "guardian_path": signed.guardian_path(person) if person.guardian_name else "",
        "guardian_url": signed.guardian_url(person) if person.guardian_name and not person.guardian_email else "",
    }


def _what_came_of_it(person: Participant, days: list[OwnDay], at: dt.datetime) -> dict[str, object]:
    """Before the first day there is nothing to ask for."""
    has_begun = any(own.day.date <= timezone.localdate(at) for own in days)
    return {
        "attendance": own_attendance(person, at) if has_begun else None,
        "certificate": own_certificate(person) if has_begun else None,
        "evaluations": own_evaluations(person, at) if has_begun else [],
    }


def _of_the_day(person: Participant, today: OwnDay, links: list[MeetingLink], at: dt.datetime) -> dict[str, object]:
    opens_at = today.day.join_link_opens_at()
    return {
        "today": today,
        "join": to_join([link for link in links if link.day.pk == today.day.pk], at),
        "link_opens_at": opens_at if at < opens_at else None,
        "running": by_clock.running(today, links, at),
        "contact": person.workshop.contacts.exclude(phone="").first(),
    }


@require_safe
@personal
def participant_qr(request: HttpRequest, person: Participant) -> HttpResponse:
    return responses.svg(qr.qr_svg(person.code))


@require_safe
@personal
def participant_chat_qr(request: HttpRequest, person: Participant) -> HttpResponse:
    if person.state != State.CONFIRMED or not person.workshop.chat_url:
        raise Http404
    return responses.svg(qr.qr_svg(person.workshop.chat_url))


@require_safe
@personal
def participant_calendar(request: HttpRequest, person: Participant) -> HttpResponse:
    return responses.calendar(personal_calendar(person), f"{person.workshop.slug}.ics")


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def close(request: HttpRequest, person: Participant) -> HttpResponse:
    if request.method != "POST":
        return render(request, "registration/participant/close.html", {"participant": person, "workshop": person.workshop})
    return cookies.forget(redirect("closed"), person)


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/participant/closed.html")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    person = signed.participant_of_token(token, signed.CALENDAR)
    if person is None:
        raise Http404
    return responses.of_one_person(responses.calendar(personal_calendar(person, is_feed=True), f"{person.workshop.slug}.ics"))
