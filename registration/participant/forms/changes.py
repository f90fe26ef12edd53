"""What a participant may change later: everything but their province, and the address only with its owner's word."""

from typing import Any

from django.utils.translation import gettext_lazy

from registration.forms.attendance import AttendanceForm
from registration.forms.faults import WithSummary
from registration.forms.fields import EmailField
from registration.forms.person import OwnPersonForm, PersonForm
from registration.models import Participant
from registration.people.actions.registrations import Person
from registration.people.phones import readable
from registration.people.registration_options import RegistrationOptions


class DetailsForm(OwnPersonForm, AttendanceForm, WithSummary):
    """The registration's own fields about the person and the days, filled in with what `participant` told."""

    email = None  # type: ignore[assignment]

    def __init__(self, *args: Any, participant: Participant, options: RegistrationOptions, **kwargs: Any) -> None:
        choices = list(participant.choices.all())
        held = frozenset(choice.track_id for choice in choices) if participant.holds_seat else frozenset()
        initial = {name: getattr(participant, name) for name in PersonForm.base_fields if name not in ("email", "phone", "no_last_name")}
        initial |= {"no_last_name": not participant.last_name}
        initial |= {"phone": readable(participant.phone, participant.phone_extension)}
        initial |= {"days": [str(day.pk) for day in participant.days.all()]}
        initial |= {f"track_{choice.item_id}": str(choice.track_id) for choice in choices}
        super().__init__(*args, options=options, held=held, initial=initial, **kwargs)
        self.order_fields(PersonForm.base_fields)
        self.participant = participant
        self.province_name = participant.province.name_th if participant.province else ""

    def person(self) -> Person:
        self.cleaned_data["email"] = self.participant.email
        return super().person()


class AddressForm(WithSummary):
    """The address to which somebody wants their link sent again."""

    email = EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        missing=gettext_lazy("Enter the e-mail address with which you registered."),
        attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
