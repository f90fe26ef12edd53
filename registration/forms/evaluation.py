"""The form of an evaluation, made of its questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from registration.evaluation.levels import SCALE, WORDS
from registration.evaluation.questions import MAX_WORDS, Answer, Kind, Tick
from registration.forms.faults import Fault
from registration.models import Evaluation, EvaluationQuestion, EvaluationSection
from sessions.formats import grouped
from sessions.text import clean_paragraphs


class EvaluationForm(forms.Form):
    """Every closed question wants an answer; an open one may stay empty. `revision` is that of the form which was filled in."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluation = evaluation
        self.asked = [(section, list(section.questions.all())) for section in evaluation.sections.all()]
        self.initial["revision"] = evaluation.revision
        for _section, questions in self.asked:
            for question in questions:
                self.fields.update(_fields(question))

    def parts(self) -> list[tuple[str, list[tuple[EvaluationSection, list[dict[str, Any]]]]]]:
        """What the page shows: each part's title, its sections, and of each its questions with their bound fields."""
        found: dict[int, Any] = {}
        for section, questions in self.asked:
            shown = [
                {"question": question, "fields": [self[name] for name in _fields(question)], "kind": question.kind}
                for question in questions
            ]
            if shown:
                found.setdefault(section.part, []).append((section, shown))
        return [(str(EvaluationSection.Part(part).label), sections) for part, sections in found.items()]

    def answer(self) -> Answer:
        ticks: dict[int, Tick] = {}
        texts = {}
        for _section, questions in self.asked:
            for question in questions:
                given = [self.cleaned_data[name] for name in _fields(question)]
                if question.is_open:
                    texts[question.pk] = clean_paragraphs(given[0]).strip()
                else:
                    ticks[question.pk] = given if question.kind == Kind.PAIR else given[0]
        return Answer(ticks, texts)

    def faults(self) -> list[Fault]:
        return [
            Fault(f"id_{name}_0" if isinstance(field.widget, forms.RadioSelect) else f"id_{name}", f"{field.label}: {message}")
            for name, field in self.fields.items()
            for message in self.errors.get(name, [])
        ]


def _fields(question: EvaluationQuestion) -> dict[str, forms.Field]:
    name, text = f"q{question.pk}", question.text
    if question.kind == Kind.OPEN:
        hint = _("At most %(n)s characters. Please do not mention any names.") % {"n": grouped(MAX_WORDS)}
        return {
            name: forms.CharField(
                label=text, required=False, max_length=MAX_WORDS, help_text=hint,
                widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
            )
        }  # fmt: skip
    if question.kind == Kind.CHOICE:
        return {name: _radio(text, list(enumerate(question.options)))}
    levels = [(level, str(WORDS[level])) for level in SCALE]
    if question.kind == Kind.PAIR:
        before, after = (_("before the workshop"), _("after the workshop"))
        return {f"{name}_before": _radio(f"{text} ({before})", levels), f"{name}_after": _radio(f"{text} ({after})", levels)}
    return {name: _radio(text, levels)}


def _radio(label: str, choices: list[tuple[int, str]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, widget=forms.RadioSelect, error_messages={"required": _("Please choose one.")}
    )
