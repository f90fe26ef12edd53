"""People who may be registered twice: side by side, and merged by hand."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor, ActorKind
from registration.decisions.results import why_not
from registration.errors import RegistrationError, SeatWouldBeLost
from registration.models import Participant
from registration.office.audited import looked_at
from registration.people import history, phones
from registration.people.actions.duplicates import merge
from registration.people.alike import either_alike
from registration.people.text import is_key
from sessions.admin.page import AdminPage
from sessions.formats import date_long, moment_short

#: More columns than these are not compared by anybody.
MAX_COMPARED = 6


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A line of the comparison: what is compared, what each registration says, and whether they say the same."""

    name: str
    values: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


def possible_duplicates(person: Participant) -> QuerySet[Participant]:
    """Live registrations in the workshop that may be of the same person: names match as everywhere. One query at once."""
    others = Participant.objects.live().filter(workshop=person.workshop_id).exclude(pk=person.pk)
    return either_alike(others, person)


@admin.action(description=gettext_lazy("Compare and merge"), permissions=["decide"])
def compare_them(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
    keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if not 2 <= len(keys) <= MAX_COMPARED:
        model_admin.message_user(request, _("Choose two registrations or a few more to compare."), messages.ERROR)
        return None
    return redirect(f"{reverse('admin:registration_participant_compare')}?{'&'.join(f'people={key}' for key in keys)}")


@admin.display(description=gettext_lazy("compare"))
def compare_link(person: Participant) -> SafeString:
    address = reverse("admin:registration_participant_compare")
    return format_html('<a href="{}?of={}">{}<span class="visually-hidden"> – {}</span></a>', address, person.pk, _("Compare"), person)


class ComparePage(AdminPage):
    """Shows registrations side by side; sent by who may decide, the one that was chosen stands and the others that were ticked end."""

    address, name = "compare/", "registration_participant_compare"
    permission = "registration.view_participant"
    template = "admin/registration/participant/compare.html"

    @property
    def may_merge(self) -> bool:
        return self.request.user.has_perm("registration.change_participant")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(_compared(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.may_merge:
            raise PermissionDenied
        people = _compared(request)
        if len(people) >= 2 and (kept := self._merge(request, people)) is not None:
            return redirect("admin:registration_participant_change", kept.pk)
        return self.shown(people)

    def shown(self, people: list[Participant]) -> HttpResponse:
        if len(people) < 2:
            messages.info(self.request, _("There is nobody to compare."))
            return redirect("admin:registration_participant_changelist")
        looked_at(self.request, "participant comparison", len(people), workshop=people[0].workshop)
        may_merge = self.may_merge and len({person.workshop_id for person in people}) == 1
        context = {"people": people, "rows": _rows(people), "suggested": _suggested(people), "may_merge": may_merge}
        return self.render(_("Compare and merge"), **context)

    def _merge(self, request: HttpRequest, people: list[Participant]) -> Participant | None:
        """Returns the one who stands; None where nothing was chosen that can be done."""
        kept = next((person for person in people if str(person.pk) == request.POST.get("stands")), None)
        same = set(request.POST.getlist("same"))
        others = [
            person for person in people if str(person.pk) in same and person != kept and person.workshop_id == (kept or person).workshop_id
        ]
        if kept is None or not others:
            messages.error(request, _("Choose the registration to keep, and select at least one other of the same person."))
            return None
        by, done = Actor(ActorKind.STAFF, request.user), 0
        for person in others:
            try:
                merge(participant=person, into=kept, reason=_reason(kept, person.language), by=by)
            except SeatWouldBeLost:
                words = _("%(code)s holds a seat and %(kept)s does not. Keep the registration that holds the seat.")
                messages.error(request, words % {"code": person.code, "kept": kept.code})
            except RegistrationError as error:
                messages.warning(request, f"{person.code}: {why_not(person, error)}")
            else:
                done += 1
                words = _("%(code)s was cancelled; %(email)s is told that %(kept)s remains.")
                messages.success(request, words % {"code": person.code, "email": person.email, "kept": kept.code})
        return kept if done else None


def _compared(request: HttpRequest) -> list[Participant]:
    """Those whom the address names (`people`), or one (`of`) and those who may be the same person; who came first stands first."""
    everybody = Participant.objects.known().with_choices().prefetch_related("events__actor").order_by("registered_at", "pk")
    if of := request.GET.get("of", ""):
        person = everybody.filter(pk=of).first() if is_key(of) else None
        found = [person, *everybody.filter(pk__in=possible_duplicates(person))[: MAX_COMPARED - 1]] if person else []
    else:
        keys = [key for key in request.GET.getlist("people") if is_key(key)]
        found = list(everybody.filter(pk__in=keys[:MAX_COMPARED]))
    return sorted(found, key=lambda person: (person.registered_at, person.pk))


def _suggested(people: list[Participant]) -> Participant:
    return min(people, key=lambda person: (not person.holds_seat, not person.is_live, person.registered_at, person.pk))


def _reason(kept: Participant, language: str) -> str:
    with translation.override(language):
        return _("You are registered twice. Your registration with the code %(code)s stands.") % {"code": kept.code}


def _rows(people: list[Participant]) -> list[ComparedRow]:
    def tracks(person: Participant) -> str:
        return ", ".join(str(choice.track) for choice in person.choices.all()) or "–"

    def registered(person: Participant) -> str:
        first = min(person.events.all(), key=lambda event: event.pk, default=None)
        return f"{moment_short(person.registered_at)} – {history.actor_in_words(first)}" if first else moment_short(person.registered_at)

    compared: list[tuple[str, Callable[[Participant], str]]] = [
        (_("state"), lambda person: person.get_state_display()),
        (_("name"), lambda person: person.full_name),
        (_("province"), lambda person: person.quota.name),
        (_("organisation"), lambda person: person.organisation),
        (_("position"), lambda person: person.position or "–"),
        (_("stakeholder group"), lambda person: str(person.group)),
        (_("e-mail"), lambda person: person.email),
        (_("phone"), lambda person: phones.readable(person.phone, person.phone_extension)),
        (_("days"), lambda person: ", ".join(date_long(day.date) for day in person.days.all()) or "–"),
        (_("tracks"), tracks),
        (_("registered at"), registered),
    ]
    return [ComparedRow(str(name), [str(value(person)) for person in people]) for name, value in compared]
