"""What the office sets for certificates."""

import base64
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.certificates import numbers
from registration.models import CertificateLayout, CertificateRule
from sessions.admin.pictures import PictureField
from sessions.admin.seen import SeenForm

MAX_SIDE = 1200


class RuleForm(SeenForm):
    class Meta:
        model = CertificateRule
        fields = ("days", "percent", "needs_evaluation")

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        self.fields["days"].widget.attrs |= {"max": most, "min": 1}

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if days > self.most:
            raise ValidationError(_("The workshop has only %(days)s days.") % {"days": self.most})
        return days


class LayoutForm(SeenForm):
    signature = PictureField(
        max_side=MAX_SIDE,
        label=gettext_lazy("signature, as a picture"),
        required=False,
        help_text=gettext_lazy("PNG with a clear ground. Empty: room to sign with a pen."),
    )
    emblem = PictureField(
        max_side=MAX_SIDE,
        label=gettext_lazy("emblem, as a picture"),
        required=False,
        help_text=gettext_lazy("Empty: the workshop's, or where it has none the one that the portal draws."),
    )

    class Meta:
        model = CertificateLayout
        fields = (
            "heading_th", "heading_en", "office_th", "office_en", "title_th", "title_en", "signer_th", "signer_en", "post_th", "post_en",
            "signature", "emblem", "number_pattern", "number_pattern_en", "given_on",
        )  # fmt: skip
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("title_th", "title_en")},
            **{name: forms.Textarea(attrs={"rows": 2}) for name in ("post_th", "post_en")},
            "given_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is there is no file to open: the preview shows it.
        self.initial.update(signature=None, emblem=None)
        for name in ("signature", "emblem"):
            self.fields[name].show_hidden_initial = False
        self.fields["given_on"].required = False

    def clean_number_pattern(self) -> str:
        return self._checked("number_pattern")

    def clean_number_pattern_en(self) -> str:
        return self._checked("number_pattern_en")

    def clean_post_th(self) -> str:
        return self._two_lines("post_th")

    def clean_post_en(self) -> str:
        return self._two_lines("post_en")

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        for name in ("signature", "emblem"):
            if f"{name}-clear" in self.data:
                data[name] = ""
            elif data[name]:
                data[name] = base64.b64encode(data[name]).decode()
            else:
                del data[name]
        return data

    def _checked(self, name: str) -> str:
        pattern: str = self.cleaned_data[name]
        fault = numbers.fault_of(pattern)
        if fault == "no_number":
            raise ValidationError(_("Write {number:4} where the running number stands."))
        if fault:
            raise ValidationError(_("Only {number:4}, {year} and {year_ce} may stand in braces."))
        return pattern

    def _two_lines(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if len([line for line in text.splitlines() if line.strip()]) > 2:
            raise ValidationError(_("At most two lines."))
        return text
