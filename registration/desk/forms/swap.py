"""Giving a seat out of order: a free one, or that of somebody else."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from registration.choices import SEAT_HOLDING, State
from registration.models import Participant, Quota
from registration.people.text import clean_text

#: Why somebody gets a seat before others; for the history, nobody is told.
REASONS = {
    "group": gettext_lazy("So that this target group is represented"),
    "organisation": gettext_lazy("So that this organisation is represented"),
    "wish": gettext_lazy("At the wish of the person who leaves"),
    "other": gettext_lazy("Another reason (write it below)"),
}
#: In the place of a person: the seat is free.
FREE = "free"


class SwapForm(forms.Form):
    """Whose seat (`code:state` as it was shown, or FREE), what becomes of them, and why."""

    leaver = forms.CharField(max_length=40)
    leaves_to = forms.ChoiceField(required=False, choices=[(State.WAITLISTED, ""), (State.DECLINED, "")])
    reason = forms.ChoiceField(required=False, choices=[("", ""), *REASONS.items()])
    words = forms.CharField(required=False, max_length=300)
    at_once = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict | None, *, quota: Quota) -> None:
        super().__init__(data)
        self.quota = quota
        self.holders = list(
            Participant.objects.known()
            .filter(quota=quota, state__in=SEAT_HOLDING)
            .select_related("group", "workshop")
            .order_by("sort_key", "pk")
        )

    def clean_leaver(self) -> Participant | None:
        """Who leaves, None for a free seat."""
        given = self.cleaned_data["leaver"]
        if given == FREE:
            return None
        code, _colon, state = given.partition(":")
        found = next((person for person in self.holders if person.code == code), None)
        if found is None or found.state != state:
            raise forms.ValidationError(gettext_lazy("This person no longer holds a seat. Choose again."))
        return found

    def clean_leaves_to(self) -> State:
        return State(self.cleaned_data["leaves_to"] or State.WAITLISTED)

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("reason") == "other" and not given.get("words"):
            self.add_error("words", gettext_lazy("Enter the reason."))
        return given

    @property
    def why(self) -> str:
        reason = self.cleaned_data["reason"]
        said = "" if reason in ("", "other") else str(REASONS[reason])
        return " – ".join(part for part in (said, self.cleaned_data["words"]) if part)
