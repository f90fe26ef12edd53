"""Uploading a picture, and the page on which staff set the emblem of a workshop."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions import emblems, pictures
from sessions.admin.page import AdminPage
from sessions.models import Workshop


class PictureField(forms.FileField):
    """A PNG or JPEG as it may be shown and printed: drawn anew as a PNG of at most `max_side` pixels a side. Its bytes."""

    widget = forms.FileInput

    def __init__(self, *, max_side: int, **options: Any) -> None:
        super().__init__(**options)
        self.max_side = max_side
        self.widget.attrs["accept"] = "image/png,image/jpeg"

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file or isinstance(file, str):
            return file
        if file.size > pictures.MAX_SIZE:
            raise ValidationError(_("The picture is larger than 2 MB."))
        return pictures.redrawn(file, max_side=self.max_side)


class EmblemForm(forms.Form):
    picture = PictureField(
        max_side=emblems.MAX_SIDE,
        label=gettext_lazy("Emblem, as a picture"),
        help_text=gettext_lazy("PNG or JPEG of at most 2 MB; best a square PNG with a clear ground, 320 pixels a side."),
    )


class EmblemPage(AdminPage):
    """What stands beside the office's name on the pages of a workshop, and how it looks there."""

    address, name = "<int:pk>/emblem/", "agenda_workshop_emblem"
    permission = "agenda.change_workshop"
    template = "admin/agenda/workshop/emblem.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._asked(get_object_or_404(Workshop, pk=pk), EmblemForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        workshop, taken_away = get_object_or_404(Workshop, pk=pk), "take_away" in request.POST
        form = EmblemForm(request.POST, request.FILES)
        if taken_away and "understood" not in request.POST:
            return self._asked(workshop, EmblemForm(), _("Nothing is done yet. Please tick that the drawn mark is to stand there again."))
        if not taken_away and not form.is_valid():
            return self._asked(workshop, form)
        emblem = None if taken_away else emblems.drawn(form.cleaned_data["picture"])
        try:
            emblems.set_emblem(workshop, emblem, instead_of=_digest(request.POST.get("instead_of", "")))
        except emblems.Overtaken:
            messages.warning(request, _("Somebody else has changed the emblem meanwhile. Nothing was done; this is how it is now."))
            return redirect("admin:agenda_workshop_emblem", pk)
        text = _("The drawn mark stands there again.") if taken_away else _("The emblem is set. The pages show it within some seconds.")
        self.model_admin.log_change(request, workshop, _("Took the emblem away.") if taken_away else _("Set the emblem."))
        messages.success(request, text)
        return redirect("admin:agenda_workshop_emblem", pk)

    def _asked(self, workshop: Workshop, form: EmblemForm, fault: str = "") -> HttpResponse:
        return self.render(_("Emblem"), workshop=workshop, form=form, fault=fault)


def _digest(text: str) -> str | None:
    """What no digest can be, a database need not be asked for: PostgreSQL refuses NUL with an error."""
    return text if text.isalnum() else None
