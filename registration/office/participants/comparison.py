"""People who may be registered twice: side by side, and merged by hand."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor, ActorKind
from registration.desk.views.results import why_not
from registration.errors import RegistrationError, SeatWouldBeLost
from registration.models import Participant
from registration.office.audited import looked_at
from registration.office.participants.decisions import DecidingMixin
from registration.people import history, phones
from registration.people.actions.duplicates import merge
from registration.people.alike import alike
from registration.people.text import is_key
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
    return others.filter(Q(pk__in=alike(others, person)) | Q(phone=person.phone))


class ComparingMixin(DecidingMixin):
    """The command and the page "Compare and merge"."""

    def get_urls(self) -> list[URLPattern]:
        compare = path("compare/", self.admin_site.admin_view(self.compare), name="registration_participant_compare")
        return [compare, *super().get_urls()]

    @admin.action(description=gettext_lazy("Compare and merge"), permissions=["decide"])
    def compare_them(self, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not 2 <= len(keys) <= MAX_COMPARED:
            self.message_user(request, _("Choose two registrations or a few more to compare."), messages.ERROR)
            return None
        return redirect(f"{reverse('admin:registration_participant_compare')}?{'&'.join(f'people={key}' for key in keys)}")

    @admin.display(description=gettext_lazy("compare"))
    def compare_link(self, person: Participant) -> SafeString:
        address = reverse("admin:registration_participant_compare")
        return format_html('<a href="{}?of={}">{}<span class="visually-hidden"> – {}</span></a>', address, person.pk, _("Compare"), person)

    def compare(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        people = _compared(request)
        if len(people) < 2:
            self.message_user(request, _("There is nobody to compare."), messages.INFO)
            return redirect("admin:registration_participant_changelist")
        if request.method == "POST":
            if not self.has_decide_permission(request):
                raise PermissionDenied
            if (kept := self._merge(request, people)) is not None:
                return redirect("admin:registration_participant_change", kept.pk)
        looked_at(request, "participant comparison", len(people), workshop=people[0].workshop)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Compare and merge"),
            "opts": self.opts,
            "media": self.media,
            "people": people,
            "rows": _rows(people),
            "suggested": _suggested(people),
            "may_merge": self.has_decide_permission(request) and len({p.workshop_id for p in people}) == 1,
        }
        return TemplateResponse(request, "admin/registration/participant/compare.html", context)

    def _merge(self, request: HttpRequest, people: list[Participant]) -> Participant | None:
        """Returns the one who stands; None where nothing was chosen that can be done."""
        kept = next((person for person in people if str(person.pk) == request.POST.get("stands")), None)
        same = set(request.POST.getlist("same"))
        others = [
            person for person in people if str(person.pk) in same and person != kept and person.workshop_id == (kept or person).workshop_id
        ]
        if kept is None or not others:
            self.message_user(
                request, _("Choose the registration to keep, and select at least one other of the same person."), messages.ERROR
            )
            return None
        by, done = Actor(ActorKind.STAFF, request.user), 0
        for person in others:
            try:
                merge(participant=person, into=kept, reason=_reason(kept, person.language), by=by)
            except SeatWouldBeLost:
                words = _("%(code)s holds a seat and %(kept)s does not. Keep the registration that holds the seat.")
                self.message_user(request, words % {"code": person.code, "kept": kept.code}, messages.ERROR)
            except RegistrationError as error:
                self.message_user(request, f"{person.code}: {why_not(person, error)}", messages.WARNING)
            else:
                done += 1
                words = _("%(code)s was cancelled; %(email)s is told that %(kept)s remains.")
                self.message_user(request, words % {"code": person.code, "email": person.email, "kept": kept.code}, messages.SUCCESS)
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
