"""Which system is told of what: checked here as far as it can be without asking anybody."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from registration.choices import WebhookEvent
from registration.models import WebhookEndpoint
from registration.webhooks import destinations
from sessions.admin.seen import SeenForm
from sessions.models import Workshop


class WebhookForm(SeenForm):
    workshop = forms.ModelChoiceField(
        Workshop.objects.none(), label=capfirst(gettext_lazy("workshop")), required=False, empty_label=gettext_lazy("All workshops")
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What it is told"), choices=WebhookEvent.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It gets codes, the province and the state. No name, address or phone number leaves the portal."),
    )  # fmt: skip

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "workshop", "events")
        widgets = {"url": forms.URLInput(attrs={"class": "vLargeTextField", "placeholder": "https://", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "workshop" in self.fields:  # which somebody who may only read does not have
            self.fields["workshop"].queryset = Workshop.objects.to_choose()  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            destinations.look_at(url)
        except destinations.Refused as refused:
            raise forms.ValidationError(refused.why.label) from refused
        return url

    def _many(self) -> set[str]:
        return super()._many() | ({"events"} & self.fields.keys())

    def _now(self, name: str) -> Any:
        return self.instance.events if name == "events" else super()._now(name)
