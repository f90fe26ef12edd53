"""Registering: the form, the seats that it shows, and what is said where no registration follows."""

from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from registration import responses
from registration.actor import PARTICIPANT
from registration.errors import AlreadyRegistered, LinkNeeded, QuotaFull, TooOften, WindowClosed
from registration.forms.registration import RegistrationForm
from registration.links import cookies, signed
from registration.models import Participant, Province, Quota
from registration.people.actions import registrations
from registration.people.registration_options import CODE, KEPT_SECONDS, RegistrationOptions
from registration.privacy import notice as notice
from registration.seats.overview import seats_left
from registration.seats.places import seats_in_words
from registration.security import rate_limits, robots
from sessions.formats import language
from sessions.models import Workshop

FORM = "registration/register/register.html"
#: What stands in the kept form where each visitor gets his own.
CSRF_TOKEN, SUBMISSION, OPENED = "the-visitor-s-csrf-token", "the-visitor-s-submission", "when-the-visitor-opened-it"
#: For how long `cookies.REGISTERED` is kept.
REGISTERED_SECONDS = 3600


@gzip_page
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The registration form; sent and right, it leads to the personal page.

    A form with faults is answered 200, like the empty one: the page is what the browser asked for.
    """
    if request.method != "POST":
        return _form_by_link(request, slug) if "invite" in request.GET else _kept_form(request, slug)
    try:
        form = _sent(request, RegistrationOptions.kept(slug, request.POST.get("province", "")))
    except Workshop.DoesNotExist as error:
        raise Http404 from error
    workshop = form.options.workshop
    is_open = workshop.registration_state() == "open"
    link = _general_link(request, workshop) if workshop.entry == Workshop.Entry.PROVINCE_LINK else None
    if workshop.entry == Workshop.Entry.PROVINCE_LINK and link is None:
        return _link_needed(request, workshop)
    if not form.is_valid():
        form = _sent_now(request, workshop)
    # Before it is asked who is registered: what is refused must be refused whether the address is known or not.
    if link and form.is_valid() and link != form.seats:
        form.add_error("province", _("The link that you followed is another province's. Choose the province that gave it to you."))
    if form.is_valid() and is_open:
        return _page(request, form, looks_sent_by_robot=True) if robots.is_likely(request.POST) else _register(request, form)
    if earlier := Participant.objects.filter(submission=form.submission).first():
        return _to_personal_page(request, earlier, form)
    return _page(request, form) if is_open else _not_open(request, workshop)


def _sent(request: HttpRequest, options: RegistrationOptions) -> RegistrationForm:
    return RegistrationForm(request.POST, options=options)


def _sent_now(request: HttpRequest, workshop: Workshop) -> RegistrationForm:
    """What was sent, against what is there at this moment."""
    return _sent(request, RegistrationOptions(workshop, request.POST.get("province", "")))


def _form_by_link(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for somebody who followed the general link of a place."""
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    if workshop.registration_state() != "open":
        return _not_open(request, workshop)
    link = _general_link(request, workshop)
    if workshop.entry == Workshop.Entry.PROVINCE_LINK and link is None:
        return _link_needed(request, workshop)
    code = link.code if link else _asked_for(request)
    return _page(request, RegistrationForm(options=RegistrationOptions(workshop), initial={"province": code}))


def _kept_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The form as everybody finds it, made once in some seconds; what is the visitor's own is put in each time."""
    code = _asked_for(request)
    key = f"form:{language()}:{slug}:{code}"
    page = cache.get(key)
    if page is None:
        workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
        if workshop.registration_state() != "open":
            return _not_open(request, workshop)
        if workshop.entry == Workshop.Entry.PROVINCE_LINK:
            return _link_needed(request, workshop)
        form = RegistrationForm(options=RegistrationOptions(workshop), initial={"province": code})
        path = reverse("register", args=[slug]) + (f"?province={code}" if code else "")
        page = render_to_string(
            FORM, _context(form) | {"page_path": path, "submission": SUBMISSION, "opened": OPENED, "csrf_token": CSRF_TOKEN}
        )
        cache.set(key, page, KEPT_SECONDS)
    submission = str(uuid4())
    own = {CSRF_TOKEN: get_token(request), SUBMISSION: submission, OPENED: robots.stamp(submission)}
    for name, value in own.items():
        page = page.replace(name, value)
    return HttpResponse(page)


def _register(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    """Registers what the valid `form` says, and answers with where to go or what to correct."""
    workshop = form.options.workshop
    assert form.seats and form.chosen_group
    try:
        rate_limits.count(rate_limits.of_registration(request, email=form.cleaned_data["email"], seats=form.seats))
        participant = registrations.register(
            workshop=workshop,
            quota=form.seats,
            group=form.chosen_group,
            person=form.person(),
            days=form.cleaned_data["days"],
            tracks=form.cleaned_data["tracks"],
            waitlist_ok=form.cleaned_data["waitlist_ok"],
            submission=form.submission,
            language=language(),
            notice_version=notice.NOTICE_VERSION,
            guardian_name=form.guardian_of(form.chosen_group),
            of_age=form.is_of_age,
            by=PARTICIPANT,
            link=_general_link(request, workshop),
        )
    except TooOften as refused:
        return responses.too_often(_page(request, form, try_again_at=refused.until), refused)
    except QuotaFull as full:
        form = _sent_now(request, workshop)
        if form.is_valid():
            form.say_full(full.quota)
        return _page(request, form)
    except AlreadyRegistered as known:
        if request.COOKIES.get(cookies.REGISTERED) == signed.page_token(known.participant):
            return _to_personal_page(request, known.participant, form)
        return redirect("check_mail", slug=workshop.slug)
    except WindowClosed:
        return _not_open(request, workshop)
    except LinkNeeded:
        form.add_error("province", _("The link that you followed is another province's. Choose the province that gave it to you."))
        return _page(request, form)
    return _to_personal_page(request, participant, form)


def _to_personal_page(request: HttpRequest, participant: Participant, form: RegistrationForm) -> HttpResponse:
    if form.cleaned_data.get("email") != participant.email:
        messages.info(request, _("This form was sent before. The registration stands as it is shown here; nothing was changed."))
    response = cookies.give_personal(redirect(signed.personal_path(participant)), participant)
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


def _link_needed(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Only the provinces' links lead to the form; `had_link` says to whoever brought an old one that it was renewed."""
    had_link = bool(request.POST.get("invite") or request.GET.get("invite"))
    return render(request, "registration/register/link_needed.html", {"workshop": workshop, "had_link": had_link})


def _asked_for(request: HttpRequest) -> str:
    """The code of the place that the address names (`?province=50`, or a province's name); empty for none we know."""
    asked = request.GET.get("province", "").strip()
    if not asked or CODE.fullmatch(asked):
        return asked
    province = Province.objects.named(asked).first()
    return province.code if province else ""


def _page(request: HttpRequest, form: RegistrationForm, **said: object) -> HttpResponse:
    """The form with what was typed; `said` is what the page says above it."""
    invite = request.POST.get("invite") or request.GET.get("invite", "")
    is_his = robots.opened_at(request.POST) and request.POST.get("submission") == str(form.submission)
    opened = request.POST[robots.OPENED] if is_his else robots.stamp(form.submission)
    return render(request, FORM, _context(form) | {"submission": form.submission, "opened": opened, "invite": invite} | said)


def _context(form: RegistrationForm) -> dict[str, object]:
    return {
        "form": form,
        "workshop": form.options.workshop,
        "options": form.options,
        "place": form.place,
        "place_words": seats_in_words(form.place) if form.place else "",
        "seats_left": seats_left(form.options.seats),
    }


def _not_open(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Not open yet, or not any more; `was_sent` says to whoever just sent the form that nothing was kept."""
    state = workshop.registration_state(timezone.now())
    context = {"workshop": workshop, "registration": state, "was_sent": request.method == "POST"}
    return render(request, "registration/register/not_open.html", context)


@cache_control(no_store=True)
@require_safe
def seats(request: HttpRequest, slug: str) -> HttpResponse:
    """What is left where the person comes from and in every track: a piece of the form, as it is now."""
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    options = RegistrationOptions(workshop)
    place = options.seat(request.GET.get("province", ""))
    context = {"place": place, "place_words": seats_in_words(place) if place else "", "options": options}
    return render(request, "registration/register/seats.html", context)


@require_safe
def check_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """The same answer for every address: whether one is registered is told to its owner only."""
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    return render(request, "registration/register/check_mail.html", {"workshop": workshop})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice as it holds now."""
    return _notice(request, notice.NOTICE_VERSION)


@require_safe
def privacy_version(request: HttpRequest, version: str) -> HttpResponse:
    """The notice as somebody read it when he registered."""
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
