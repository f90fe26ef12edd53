"""What a participant changes themselves. What their mail leads to asks on GET and acts on POST: mail scanners open links."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from registration import responses
from registration.actor import PARTICIPANT
from registration.choices import State
from registration.errors import AddressTaken, Erased, IllegalMove, OfferExpired, QuotaFull, TooOften, WindowClosed
from registration.forms.new_email import NewEmailForm
from registration.invitations.actions.substitutes import asked_by
from registration.links import cookies, signed
from registration.links.actions import personal_links
from registration.models import Participant
from registration.participant.forms.changes import DetailsForm
from registration.participant.views.fresh_links import requires_fresh_link
from registration.participant.views.links import unknown_link
from registration.participant.views.personal_page import personal
from registration.participant.views.substitutes import may_name_substitute
from registration.people.actions import details
from registration.people.changes import changes_close_at, may_change, may_move
from registration.people.registration_options import RegistrationOptions
from registration.seats.actions import moves, reserve
from registration.security import rate_limits


def _home(person: Participant) -> HttpResponse:
    return redirect(signed.personal_path(person))


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def edit(request: HttpRequest, person: Participant) -> HttpResponse:
    options = RegistrationOptions(person.workshop, person.quota.code)
    if not may_change(person, days=options.calendar):
        messages.info(request, _("Changes are no longer possible. Please call one of the contacts on this page."))
        return _home(person)
    form = DetailsForm(request.POST if request.method == "POST" else None, participant=person, options=options)
    if form.is_bound and form.is_valid() and _changed(request, person, form):
        return _home(person)
    closes_at = changes_close_at(person, options.calendar)
    context = {"form": form, "closes_at": closes_at, "may_move": may_move(person, days=options.calendar)}
    return render(request, "registration/participant/edit.html", _context(person) | context)


def _changed(request: HttpRequest, person: Participant, form: DetailsForm) -> bool:
    """Writes what the valid `form` says. False: a track filled up meanwhile, and the form says so."""
    chosen = form.cleaned_data
    try:
        changed = details.change_details(
            participant=person, person=form.person(), days=chosen["days"], tracks=chosen["tracks"], by=PARTICIPANT
        )
    except QuotaFull as full:
        form.say_full(full.quota)
        return False
    except Erased:  # the page they are led to says so
        return True
    except WindowClosed:
        messages.info(request, _("The time for changes ended while you were editing. Nothing was changed."))
        return True
    if changed:
        messages.success(request, _("Your changes are saved. We have sent you an e-mail that lists them."))
    else:
        messages.info(request, _("There were no changes, so nothing was saved."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def cancel(request: HttpRequest, person: Participant) -> HttpResponse:
    if request.method != "POST":
        if not person.is_live:
            return _home(person)
        context = {"may_send_substitute": may_name_substitute(person), "substitute": asked_by(person)}
        return render(request, "registration/participant/cancel.html", _context(person) | context)
    was_waiting = person.state == State.WAITLISTED
    try:
        moves.cancel(participant=person, by=PARTICIPANT)
    except IllegalMove:
        messages.info(request, _("This registration had ended before. Nothing was changed."))
    else:
        said = _("You have left the waiting list.") if was_waiting else _("Your registration is cancelled. Thank you for telling us.")
        messages.success(request, said)
    return _home(person)


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def accept(request: HttpRequest, person: Participant) -> HttpResponse:
    if request.method != "POST":
        return _home(person)
    try:
        reserve.accept_offer(participant=person, by=PARTICIPANT)
    except OfferExpired:
        messages.warning(request, _("The time to accept this seat is over, and it goes to the next person on the waiting list."))
    except IllegalMove:
        if person.state not in (State.CONFIRMED, State.PENDING):
            messages.warning(request, _("No seat is held for you at present. Nothing was changed."))
    else:
        messages.success(request, _("The seat is yours."))
    return _home(person)


@require_http_methods(["GET", "HEAD", "POST"])
@personal
@requires_fresh_link
def new_email(request: HttpRequest, person: Participant) -> HttpResponse:
    if not person.is_live:
        return _home(person)
    form = NewEmailForm(request.POST if request.method == "POST" else None, participant=person)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            rate_limits.count(rate_limits.of_new_email(person, email=email))
        except TooOften as refused:
            page = _new_email_page(request, person, form, try_again_at=refused.until)
            return responses.too_often(page, refused)
        details.ask_new_email(participant=person, email=email, by=PARTICIPANT)
        sent = _("An e-mail is on its way to %(email)s. The new address takes effect once you confirm it there.")
        messages.success(request, sent % {"email": email})
        return _home(person)
    return _new_email_page(request, person, form)


def _new_email_page(request: HttpRequest, person: Participant, form: NewEmailForm, **said: object) -> HttpResponse:
    return render(request, "registration/participant/new_email.html", _context(person) | {"form": form} | said)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_new_email(request: HttpRequest, token: str) -> HttpResponse:
    known = signed.new_email_of_token(token)
    if known is None:
        return unknown_link(request)
    person, email = known
    if person.email == email:
        return responses.of_one_person(cookies.give_personal(_home(person), person))
    if request.method != "POST":
        context = _context(person) | {"email": email}
        return responses.of_one_person(render(request, "registration/participant/confirm_new_email.html", context))
    try:
        details.change_email(participant=person, email=email, by=PARTICIPANT)
    except Erased:
        return unknown_link(request)
    except AddressTaken:
        messages.warning(request, _("Another registration already has this address. Yours keeps the old one."))
    else:
        messages.success(request, _("From now on, e-mails go to %(email)s.") % {"email": email})
    return responses.of_one_person(cookies.give_personal(_home(person), person))


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def renew_link(request: HttpRequest, person: Participant) -> HttpResponse:
    if request.method != "POST":
        return render(request, "registration/participant/renew_link.html", _context(person))
    try:
        personal_links.renew_link(participant=person, by=PARTICIPANT)
    except Erased:
        return _home(person)
    messages.success(request, _("All earlier links have stopped working. We have sent you a new one."))
    return cookies.give_personal(_home(person), person)


def _context(person: Participant) -> dict[str, object]:
    return {"participant": person, "workshop": person.workshop}
