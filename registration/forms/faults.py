"""The summary of what is wrong with a form, each line with a link to where it is put right."""

from dataclasses import dataclass

from django import forms

from registration.forms.attendance import AttendanceForm, track_field
from registration.forms.questions import LAST_FIELDS, AskingForm

#: Faults that any text can have: beside its field they need not name it, in the summary they must.
NAMELESS = {"refused", "too_long"}


@dataclass(frozen=True, slots=True)
class Fault:
    """The id of what it leads to, and what to do there."""

    anchor: str
    message: str


class WithSummary(forms.Form):
    """A form whose page begins with the summary of its faults."""

    def faults(self) -> list[Fault]:
        return [fault for name in self.fields for fault in (*self._faults_of(name), *self._questions_after(name))]

    def _faults_of(self, name: str) -> list[Fault]:
        if name not in self.errors:
            return []
        return [
            Fault(_anchor(self, name), f"{self[name].label}: {message}" if error.code in NAMELESS else str(message))
            for error, message in zip(self.errors[name].as_data(), self.errors[name], strict=True)
        ]

    def _questions_after(self, name: str) -> list[Fault]:
        if not isinstance(self, AskingForm):
            return []
        questions = (self.open_questions.get(asked) for asked, last in LAST_FIELDS.items() if last == name)
        return [Fault(question.anchor, question.words) for question in questions if question]


def _anchor(form: forms.Form, name: str) -> str:
    """The id of the first input of a field; pages number the inputs of one field from 1."""
    if name in ("group", "days"):
        return f"id_{name}_1"
    if isinstance(form, AttendanceForm) and name.startswith("track_"):
        tracks = (track for block in form.options.blocks if name == track_field(block) for track in block.tracks)
        return next((f"id_{name}_{track.number}" for track in tracks if form.has_place(track)), f"field_{name}")
    return f"id_{name}"
