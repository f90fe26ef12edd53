"""Who of a province sat behind one connection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registration.attendance.rooms import SeatedRoom, seatable
from registration.models import Participant, Quota


class SeatedField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} – {obj.organisation}"


class RoomForm(forms.Form):
    people = SeatedField(
        queryset=Participant.objects.none(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Who sat there"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("Choose people from the list."),
            "invalid_list": gettext_lazy("Choose people from the list."),
        },
    )
    signed = forms.BooleanField(
        label=gettext_lazy("Their names are on the sheet signed in the room."),
        error_messages={"required": gettext_lazy("Confirm that these people are on the signed sheet.")},
    )

    def __init__(self, *args: Any, quota: Quota, room: SeatedRoom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.queryset = seatable(quota).order_by("sort_key", "pk")
        people.initial = [person.code for person in room.people]
