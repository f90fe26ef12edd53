"""Inputs that Django does not have, or not as quick."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.cache import caches
from django.forms.utils import flatatt
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.models import Quota
from registration.people.registration_options import KEPT_SECONDS, RegistrationOptions
from registration.seats.places import place_label
from sessions.formats import language


class LineInput(forms.TextInput):
    """A text input that writes itself: Django's own renders three templates for each."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        written = {"type": self.input_type, "name": name} | self.build_attrs(self.attrs, attrs)
        shown = self.format_value(value)
        if shown is not None:
            written["value"] = shown
        return format_html("<input{}>", flatatt(written))


class TitleChoice(forms.Widget):
    """A title by one press: those of most people as buttons, and a line for any other.

    Sends the title itself under the field's name, or `OTHER` and what was typed under that name with `_other` behind it.
    """

    OTHER = "other"
    COMMON = {"th": ("นาย", "นาง", "นางสาว"), "en": ("Mr.", "Mrs.", "Ms.")}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        chosen = str(data.get(name) or "")
        return str(data.get(f"{name}_other") or "") if chosen in ("", self.OTHER) else chosen

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_other" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        common = self.COMMON.get(language(), self.COMMON["en"])
        written = {name: attr for name, attr in self.build_attrs(self.attrs, attrs).items() if name.startswith("aria-")}
        own = "" if value in common else str(value or "")
        buttons = [(title, title, title == value) for title in common] + [(self.OTHER, pgettext("title", "Other"), bool(own))]
        rows = (
            (flatatt({"id": f"id_{name}" if not place else f"id_{name}_{place}", **written}), name, sent, " checked" if on else "", words)
            for place, (sent, words, on) in enumerate(buttons)
        )
        segments = format_html_join("", '<label><input type="radio"{} name="{}" value="{}"{}><span><span>{}</span></span></label>', rows)
        line = {
            "type": "text", "name": f"{name}_other", "id": f"id_{name}_other", "class": "form-control", "list": "titles",
            "autocomplete": "honorific-prefix", "enterkeyhint": "next", "aria-label": _("Other title, like Dr."),
            "value": own,
        }  # fmt: skip
        return format_html('<div class="segments">{}</div><div class="other-title"><input{}></div>', segments, flatatt(line))


class PlaceSelect(forms.Select):
    """A select over quotas. It writes its 79 options itself: Django's own widget renders a template for each.

    What stands behind the places is some seconds old, but for the one that is chosen.
    """

    def __init__(self, options: RegistrationOptions, attrs: dict[str, Any]) -> None:
        super().__init__(attrs={"class": "form-select"} | attrs)
        self.registration_options = options

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = self.registration_options.seat(str(value or ""))
        labels = [(code, place_label(chosen) if chosen and chosen.code == code else label) for code, label in self._labels()]
        central = [(code, label) for code, label in labels if code == Quota.Kind.CENTRAL]
        provinces = [(code, label) for code, label in labels if code != Quota.Kind.CENTRAL]
        written = self.build_attrs(self.attrs, (attrs or {}) | {"name": name})
        return format_html(
            '<select{}><option value="">{}</option>{}<optgroup label="{}">{}</optgroup></select>',
            flatatt(written),
            _("Choose your province or “Central agencies”"),
            self._options(central, value),
            _("Provinces"),
            self._options(provinces, value),
        )

    def _labels(self) -> list[tuple[str, str]]:
        """Each place's code and what is said of it; in Thai they stand in Thai order. No query, mostly."""
        key = f"places:{self.registration_options.workshop.pk}:{language()}"
        labels = caches["local"].get_or_set(key, self._read_labels, KEPT_SECONDS)
        assert labels is not None
        return list(labels)

    def _read_labels(self) -> list[tuple[str, str]]:
        quotas = self.registration_options.seats
        if language() != "th":  # they come in Thai order
            quotas = sorted(quotas, key=lambda quota: quota.name)
        return [(quota.code, place_label(quota)) for quota in quotas]

    def _options(self, labels: list[tuple[str, str]], value: Any) -> SafeString:
        rows = (f'<option value="{code}"{" selected" * (code == value)}>{escape(label)}</option>' for code, label in labels)
        return mark_safe("".join(rows))
