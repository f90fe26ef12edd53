"""What staff write about an evaluation."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.evaluation.levels import CUT_POINTS
from registration.models import Evaluation, EvaluationQuestion, EvaluationSection
from sessions.admin.seen import SeenForm
from sessions.models import Workshop, WorkshopDay


class OfWhatForm(forms.Form):
    """The whole workshop, or one of its days."""

    day = forms.ModelChoiceField(
        WorkshopDay.objects.none(), label=gettext_lazy("what it is about"), required=False, empty_label=gettext_lazy("The whole workshop")
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].queryset = workshop.days.filter(is_cancelled=False)  # type: ignore[attr-defined]


class HeadingForm(SeenForm):
    also_seen = ("levels",)

    levels = forms.ChoiceField(
        label=gettext_lazy("levels begin at"), choices=[(name, words) for name, (_cuts, words) in CUT_POINTS.items()]
    )

    class Meta:
        model = Evaluation
        fields = ("title_th", "title_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["levels"] = next((name for name, (cuts, _w) in CUT_POINTS.items() if cuts == self.instance.cut_points), "halves")

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"cut_points": CUT_POINTS[self.cleaned_data["levels"]][0]}


class SectionForm(SeenForm):
    class Meta:
        model = EvaluationSection
        fields = ("part", "title_th", "title_en")


class QuestionForm(SeenForm):
    class Meta:
        model = EvaluationQuestion
        fields = ("kind", "text_th", "text_en", "options_th", "options_en")
        widgets = {name: forms.Textarea(attrs={"rows": 4, "cols": 50}) for name in ("options_th", "options_en")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        thai, english = (_lines(cleaned.get(name, "")) for name in ("options_th", "options_en"))
        if cleaned.get("kind") == EvaluationQuestion.Kind.CHOICE:
            if len(thai) < 2:
                self.add_error("options_th", _("Write at least two choices, one a line."))
            if len(set(thai)) < len(thai):
                self.add_error("options_th", _("The same choice stands here twice."))
            if english and len(english) != len(thai):
                self.add_error("options_en", _("Write as many choices as in Thai, or none."))
        elif thai or english:
            self.add_error("kind", _("Only “One choice” has choices. Remove them, or take that kind."))
        return cleaned


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class PlanForm(forms.Form):
    """Bangkok's time."""

    opens_at = forms.DateTimeField(label=gettext_lazy("opens"))
    closes_at = forms.DateTimeField(label=gettext_lazy("closes"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            field.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            raise ValidationError(_("It has to close after it opens."))
        if opens_at and closes_at and closes_at - opens_at > dt.timedelta(days=366):
            raise ValidationError(_("It may be open for one year at most."))
        return cleaned
