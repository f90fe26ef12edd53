"""A form that is sent once more: who is registered, what the form now says otherwise, and what may be done about it.

Shown only to the browser that registered: nobody else is told whether an address is known (decision 11).
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.registration import RegistrationForm
from registration.links import cookies
from registration.models import Participant
from registration.people import phones
from registration.people.applications import Person
from registration.people.changes import differences, may_change
from registration.people.names import match_key
from registration.security import robots

#: What a form and a registration may say differently, in the words of the form.
LABELS = {
    "title": gettext_lazy("Title"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "position": gettext_lazy("Position"),
    "organisation": gettext_lazy("Organisation"),
    "organisation_short": gettext_lazy("Abbreviation of the organisation"),
    "phone": gettext_lazy("Phone"),
    "days": gettext_lazy("Days"),
    "tracks": gettext_lazy("Topics"),
}
#: From which share of letters in common two names are taken for one that was mistyped.
SIMILAR = 0.75
#: What belongs to one page alone, and answers that its fields hold already.
NOT_SENT_ON = {"csrfmiddlewaretoken", "submission", "opened", "website", "use_name", "use_email"}


class Case(StrEnum):
    """Who is meant by a form that is sent again."""

    CORRECTED = "corrected"
    NEW_ADDRESS = "new_address"
    SOMEBODY_ELSE = "somebody_else"
    SAME_ADDRESS = "same_address"


@dataclass(frozen=True, slots=True)
class ChangedDetail:
    """One thing that differs: what it is, what is registered and what the form says ("" where the label says enough)."""

    label: str
    registered: str = ""
    sent: str = ""


def sent_again(request: HttpRequest, participant: Participant, form: RegistrationForm) -> HttpResponse | None:
    """The page about what the valid `form` says otherwise than `participant`; None where it says nothing new."""
    person = form.person()
    different = differences(participant, person, form.cleaned_data["days"], form.cleaned_data["tracks"])
    if not different or not participant.is_live:
        return None
    submission = uuid4()
    context = {
        "case": _case(participant, person, different),
        "participant": participant,
        "workshop": participant.workshop,
        "name": f"{person.first_name} {person.last_name}".strip(),
        "email": person.email,
        "differences": [
            _difference(participant, form, name)
            for name in LABELS
            if name in different or (name == "phone" and "phone_extension" in different)
        ],
        "may_change": may_change(participant),
        "sent": _sent_on(form),
        "submission": submission,
        "opened": robots.stamp(submission, at=timezone.now() - robots.MIN_SECONDS),
    }
    return cookies.give_personal(render(request, "registration/register/sent_again.html", context), participant)


def _sent_on(form: RegistrationForm) -> list[tuple[str, str]]:
    assert isinstance(form.data, QueryDict)
    return [(name, str(value)) for name, values in form.data.lists() if name not in NOT_SENT_ON for value in values]


def _case(participant: Participant, person: Person, different: list[str]) -> Case:
    if _are_alike(person, participant):
        return Case.NEW_ADDRESS if "email" in different else Case.CORRECTED
    return Case.SOMEBODY_ELSE if "email" in different else Case.SAME_ADDRESS


def _are_alike(person: Person, participant: Participant) -> bool:
    sent, registered = (match_key(name.first_name, name.last_name) for name in (person, participant))
    return person.first_name == participant.first_name or SequenceMatcher(None, sent, registered).ratio() >= SIMILAR


def _difference(participant: Participant, form: RegistrationForm, name: str) -> ChangedDetail:
    label = str(LABELS[name])
    if name in ("days", "tracks"):
        return ChangedDetail(label)
    if name == "phone":
        sent = form.cleaned_data["phone"]
        return ChangedDetail(
            label, phones.readable(participant.phone, participant.phone_extension), phones.readable(sent.number, sent.extension)
        )
    return ChangedDetail(label, getattr(participant, name) or _("none"), form.cleaned_data[name] or _("none"))
