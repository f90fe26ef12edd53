"""Registering: the form, the seats that it shows, and what is said where no registration follows."""

import datetime as dt
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from registration import responses
from registration.actor import PARTICIPANT
from registration.errors import AlreadyRegistered, LinkNeeded, QuotaFull, RegistrationError, TooOften, WindowClosed
from registration.forms.registration import RegistrationForm
from registration.links import cookies, signed
from registration.models import Participant, Province, Quota
from registration.participant.views.sent_again import sent_again
from registration.people.actions import registrations
from registration.people.applications import Entry
from registration.people.registration_options import CODE, KEPT_SECONDS, RegistrationOptions
from registration.privacy import notice as notice
from registration.seats.places import seats_in_words
from registration.security import rate_limits, robots
from sessions.formats import language
from sessions.models import Workshop

FORM = "registration/register/register.html"
#: For how long `cookies.REGISTERED` is kept.
REGISTERED_SECONDS = 3600
#: In the address of the page that says so: no second mail went out.
JUST_SENT, ASKED = "just-sent", "link"
#: Longer than any name of an organisation; what is longer was not made by our own links.
MAX_PREFILLED = 200


@gzip_page
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The registration form; sent and right, it leads to a page that says so.

    A form with faults is answered 200, like the empty one: the page is what the browser asked for.
    """
    options = _options(slug)
    if options.workshop.entry == Workshop.Entry.PROVINCE_LINK and _general_link(request, options.workshop) is None:
        return _link_needed(request, options) if options.standing().takes_registrations else _not_open(request, options)
    if request.method == "POST":
        return _send(request, options)
    return _empty(request, options) if options.standing().takes_registrations else _not_open(request, options)


def form_of(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """The form of a workshop that may not be published yet, to be looked at: it cannot be sent."""
    options = RegistrationOptions(workshop)
    context = {"form": RegistrationForm(options=options), "workshop": workshop, "options": options, "preview": True}
    return render(request, FORM, context)


def register_again(request: HttpRequest, slug: str, *, why: str) -> HttpResponse:
    options = _options(slug)
    if not options.standing().takes_registrations:
        return _not_open(request, options)
    words = " ".join([why, _("Everything that you entered is still here. Nothing was sent yet.")])
    return _page(request, RegistrationForm(request.POST, options=RegistrationOptions(options.workshop)), once_more=words)


def _options(slug: str) -> RegistrationOptions:
    try:
        return RegistrationOptions.kept(slug)
    except Workshop.DoesNotExist as error:
        raise Http404 from error


def _empty(request: HttpRequest, options: RegistrationOptions) -> HttpResponse:
    """The form as everybody finds it: its fields are made once in some seconds, tokens and marks for each visitor."""
    link = _general_link(request, options.workshop)
    place = link.code if link else _asked_for(request)
    organisation = request.GET.get("organisation", "")[:MAX_PREFILLED]
    group = request.GET.get("group", "")[:MAX_PREFILLED]
    initial = {"province": place, "organisation": organisation, "group": group}
    submission = uuid4()
    context = {
        "form": SimpleLazyObject(lambda: RegistrationForm(options=options, initial=initial)),
        "workshop": options.workshop,
        "options": options,
        "place_code": place,
        "is_empty": True,
        "is_shared": not organisation and not group,
        "kept_seconds": KEPT_SECONDS,
        "submission": submission,
        "opened": robots.stamp(submission),
        "invite": request.GET.get("invite", ""),
    }
    return render(request, FORM, context)


def _send(request: HttpRequest, options: RegistrationOptions) -> HttpResponse:
    workshop, is_open = options.workshop, options.standing().takes_registrations
    options.share_place(request.POST.get("province", ""))
    form = RegistrationForm(request.POST, options=options)
    if not form.is_valid() and form.faults_are_shared:  # what everybody shares may be some seconds old
        form = _against_now(request, workshop)
    # Before it is asked who is registered: what is refused must be refused whether the address is known or not.
    if form.is_valid() and workshop.entry == Workshop.Entry.PROVINCE_LINK and _general_link(request, workshop) != form.seats:
        form.say_other_link()
    if form.is_valid() and is_open:
        if robots.is_likely(request.POST):
            return _page(
                request, form, once_more=_("To make sure that everything is right, please check the form, then press “Register” again.")
            )
        return _register(request, form)
    earlier = Participant.objects.filter(submission=form.submission)
    if earlier.exists():  # mostly it is not, which is cheaper to ask
        return _sent_again(request, earlier.get(), form)
    return _page(request, form) if is_open else _not_open(request, options)


def _against_now(request: HttpRequest, workshop: Workshop) -> RegistrationForm:
    return RegistrationForm(request.POST, options=RegistrationOptions(workshop, request.POST.get("province", "")))


def _register(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    """Registers what the valid `form` says, and answers with where to go or what to correct."""
    workshop, now = form.options.workshop, timezone.now()
    try:
        participant = _register_counted(request, form, now)
    except TooOften as refused:
        return responses.too_often(_page(request, form, try_again_at=refused.until), refused)
    except QuotaFull as full:
        form = _against_now(request, workshop)
        if form.is_valid():
            form.say_full(full.quota)
        return _page(request, form)
    except AlreadyRegistered as known:
        if request.COOKIES.get(cookies.REGISTERED) == signed.page_token(known.participant):
            return _sent_again(request, known.participant, form)
        return to_check_mail(workshop, form.cleaned_data["email"], at=now)
    except WindowClosed:
        return _not_open(request, RegistrationOptions(workshop, ""))
    except LinkNeeded:
        form.say_other_link()
        return _page(request, form)
    return _registered(request, participant) if participant.registered_at == now else _sent_again(request, participant, form)


def _register_counted(request: HttpRequest, form: RegistrationForm, at: dt.datetime) -> Participant:
    assert form.seats
    entry = Entry(submission=form.submission, language=language(), link=_general_link(request, form.options.workshop))
    application = form.application(entry, notice_version=notice.NOTICE_VERSION)
    asked = rate_limits.of_registration(
        request, email=form.cleaned_data["email"], seats=form.seats, guardian=application.notice.guardian_email
    )
    try:
        rate_limits.count(asked, opened=robots.opened_at(request.POST), at=at)
        participant = registrations.register(application=application, by=PARTICIPANT, at=at)
    except TooOften:
        if earlier := Participant.objects.filter(submission=form.submission).first():
            return earlier
        raise
    except AlreadyRegistered:  # what it wrote is a mail to that mailbox
        rate_limits.give_back([one for one in asked if one.kind not in rate_limits.OF_MAILS], at=at)
        raise
    except RegistrationError:
        rate_limits.give_back(asked, at=at)
        raise
    if participant.registered_at != at:
        rate_limits.give_back(asked, at=at)
    return participant


def _sent_again(request: HttpRequest, participant: Participant, form: RegistrationForm) -> HttpResponse:
    if not form.is_valid():
        messages.info(request, _("This form has already been sent. The registration is as shown here; nothing was changed."))
        return _registered(request, participant)
    return sent_again(request, participant, form) or _registered(request, participant)


def _registered(request: HttpRequest, participant: Participant) -> HttpResponse:
    response = cookies.give_personal(redirect("registered", participant.code), participant)
    response.set_cookie(
        cookies.REGISTERED,
        signed.page_token(participant),
        max_age=REGISTERED_SECONDS,
        path=request.path,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _general_link(request: HttpRequest, workshop: Workshop) -> Quota | None:
    """The place whose general link somebody followed (`?invite=`, and then a field of the form)."""
    found = signed.quota_of_token(request.POST.get("invite") or request.GET.get("invite", ""))
    return found if found and found.workshop == workshop else None


def _link_needed(request: HttpRequest, options: RegistrationOptions) -> HttpResponse:
    """Only the provinces' links lead to the form; `had_link` says to whoever brought an old one that it was renewed."""
    had_link = bool(request.POST.get("invite") or request.GET.get("invite"))
    return render(request, "registration/register/link_needed.html", {"workshop": options.workshop, "had_link": had_link})


def _asked_for(request: HttpRequest) -> str:
    """The code of the place that the address names (`?province=50`, or a province's name); empty for none we know."""
    asked = request.GET.get("province", "").strip()
    if not asked or CODE.fullmatch(asked):
        return asked
    province = Province.objects.named(asked).first()
    return province.code if province else ""


def _page(request: HttpRequest, form: RegistrationForm, **said: object) -> HttpResponse:
    """The form with what was typed; `said` is what the page says above it. Sent again, it is never too fast."""
    now = timezone.now()
    context = {
        "form": form,
        "workshop": form.options.workshop,
        "options": form.options,
        "faults": form.faults(),
        "submission": form.submission,
        "opened": robots.stamp(form.submission, at=min(robots.opened_at(request.POST) or now, now - robots.MIN_SECONDS)),
        "invite": request.POST.get("invite", ""),
    }
    return render(request, FORM, context | said)


def _not_open(request: HttpRequest, options: RegistrationOptions) -> HttpResponse:
    """Not open yet, not any more, or over; `was_sent` says to whoever just sent the form that nothing was kept."""
    context = {"workshop": options.workshop, "standing": options.standing(), "was_sent": request.method == "POST"}
    return render(request, "registration/register/not_open.html", context)


@cache_control(no_store=True)
@require_safe
def seats(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    options = RegistrationOptions(workshop)
    place = options.seat(request.GET.get("province", ""))
    context = {"place": place, "place_words": seats_in_words(place) if place else "", "options": options}
    return render(request, "registration/register/seats.html", context)


def to_check_mail(workshop: Workshop, email: str, *, at: dt.datetime, link_only: bool = False) -> HttpResponse:
    """With `link_only` nobody wanted to register: their link alone was asked for."""
    was_sent = rate_limits.link_was_asked(workshop, email=email, at=at)
    marks = "&".join([JUST_SENT] * was_sent + [ASKED] * link_only)
    return redirect(reverse("check_mail", args=[workshop.slug]) + (f"?{marks}" if marks else ""))


@require_safe
def check_mail(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    context = {"workshop": workshop, "just_sent": JUST_SENT in request.GET, "link_only": ASKED in request.GET}
    return render(request, "registration/register/check_mail.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _notice(request, notice.NOTICE_VERSION)


@require_safe
def privacy_version(request: HttpRequest, version: str) -> HttpResponse:
    if version not in notice.VERSIONS:
        raise Http404
    return _notice(request, version)


def _notice(request: HttpRequest, version: str) -> HttpResponse:
    context = {
        "workshop": Workshop.objects.current().first(),
        "version": version,
        "current": notice.NOTICE_VERSION,
        "since": notice.VERSIONS[version],
        "body": notice.text_of(version),
        "others": [other for other in notice.VERSIONS if other != version],
    }
    return render(request, "registration/register/privacy.html", context)
