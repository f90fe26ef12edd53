"""What the page of a selection sends: who is ticked, the places in the reserve, and the version that it was made of."""

from django import forms
from django.utils.translation import gettext_lazy

from registration.selection.rules import LEFT_OUT, Outcome

MAX_PLACE_LENGTH = 6


class SelectionForm(forms.Form):
    """The draft as it was ticked. `picked` are reference codes; `place-<code>` stands once for each person of the page."""

    version = forms.IntegerField(min_value=0, max_value=2_000_000_000)

    @property
    def picked(self) -> set[str]:
        return set(self.data.getlist("pick"))  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, str]:
        """What was chosen in the place of each, by reference code; what is no place means where they were."""
        answers = {name.removeprefix("place-"): value for name, value in self.data.items() if name.startswith("place-")}
        return {code: str(value) if _is_place(str(value)) else "" for code, value in answers.items()}


def _is_place(value: str) -> bool:
    return value == LEFT_OUT or (value.isdecimal() and len(value) <= MAX_PLACE_LENGTH)


class ShownForm(forms.Form):
    """How the list stands, and which part of it. What is not understood is left out of account."""

    SORTS = [
        ("group", gettext_lazy("Target group")),
        ("name", gettext_lazy("Name")),
        ("organisation", gettext_lazy("Organisation")),
        ("arrival", gettext_lazy("Order of registration")),
        ("outcome", gettext_lazy("Outcome")),
    ]

    sort = forms.ChoiceField(required=False, choices=SORTS)
    show = forms.ChoiceField(required=False, choices=[("", gettext_lazy("Everybody")), *Outcome.choices])

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.is_valid()

    @property
    def query(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class AnnounceForm(forms.Form):
    """The deliberate act: the province agrees to this list, by this memo."""

    version = forms.IntegerField(min_value=0, max_value=2_000_000_000)
    memo = forms.CharField(required=False, max_length=100)
    agreed = forms.BooleanField(error_messages={"required": gettext_lazy("Tick that the province agrees to this list.")})
    at_once = forms.BooleanField(required=False)
