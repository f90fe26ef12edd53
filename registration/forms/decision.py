"""What a province, or the office, decides about some people."""

from collections.abc import Callable

from django import forms
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from registration.actor import Actor
from registration.choices import DecisionName, State
from registration.decisions.actions import carry_out
from registration.decisions.commands import DECISIONS
from registration.models import DelayedDecision, Participant
from registration.people.text import clean_text

#: Why a province says no; the person reads it in their own language.
REASONS = {
    "represented": gettext_lazy("Your organisation already has its representatives"),
    "others_first": gettext_lazy("The province has given its seats to other target groups first"),
    "outside": gettext_lazy("You are outside the province's area or the target groups"),
    "twice": gettext_lazy("You are registered twice"),
}
MAX_PEOPLE = 200
#: Changes the order of the reserve: no decision about a seat.
MOVE_TO = "move_to"


class DecisionForm(forms.Form):
    """A verb, and the people as the desk showed them: `code:state`, once for each.

    `decline` needs a reason: one of REASONS, own words, or both. `move_to` needs own words and a place.
    """

    verb = forms.ChoiceField(choices=[*((command.value, "") for command in DECISIONS), (MOVE_TO, "")])
    people = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    reason = forms.ChoiceField(required=False, choices=[("", gettext_lazy("Another reason (write it below)")), *REASONS.items()])
    words = forms.CharField(required=False, max_length=300, widget=forms.TextInput({"class": "vTextField", "autocomplete": "off"}))
    at_once = forms.BooleanField(required=False)
    place = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def clean_people(self) -> dict[str, State]:
        shown = {}
        for key in self.cleaned_data["people"] or []:
            code, _colon, state = key.partition(":")
            if state not in State.values:
                raise forms.ValidationError(gettext("The page is out of date. Reload it and decide again."))
            shown[code] = State(state)
        if not shown:
            raise forms.ValidationError(gettext("Choose at least one person."))
        if len(shown) > MAX_PEOPLE:
            raise forms.ValidationError(gettext("Choose fewer people at a time."))
        return shown

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"])

    def clean(self) -> None:
        verb, given = self.cleaned_data.get("verb"), self.cleaned_data
        if verb in set(DecisionName) and DECISIONS[DecisionName(verb)].needs_reason and not (given.get("reason") or given.get("words")):
            self.add_error("reason", gettext("Choose a reason or write one: it is sent to the person."))
        if verb == MOVE_TO and not (given.get("place") and given.get("words")):
            self.add_error("words", gettext("Enter the new place and the reason."))

    def reason_for(self, language: str) -> str:
        """Why, as somebody reads it whose `language` is "th" or "en"."""
        with translation.override(language):
            suggested = str(REASONS.get(self.cleaned_data["reason"], ""))
        return " – ".join(part for part in (suggested, self.cleaned_data["words"]) if part)

    @property
    def faults(self) -> list[str]:
        return [str(message) for messages in self.errors.values() for message in messages]


def decide_by(form: DecisionForm, by: Actor) -> Callable[[Participant], list[Participant] | DelayedDecision]:
    """What the valid `form` decides, for each person."""
    given, decision = form.cleaned_data, DECISIONS[DecisionName(form.cleaned_data["verb"])]
    shown, reads = given["people"], decision.is_final

    def deed(person: Participant) -> list[Participant] | DelayedDecision:
        reason = form.reason_for(person.language) if reads else given["words"]
        seen = shown.get(person.code, State(person.state))
        return carry_out(decision=decision, participant=person, reason=reason, seen=seen, at_once=given["at_once"], by=by)

    return deed
