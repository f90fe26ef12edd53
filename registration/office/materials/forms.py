"""What staff write about a document, and the file or the link that it is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.materials import recordings
from registration.materials.actions import Belonging, Upload
from registration.materials.files import MAX_BYTES, DocumentRefused, look_at
from registration.models import Document, Place
from sessions.admin.seen import SeenForm
from sessions.formats import date_short, time_range
from sessions.models import AgendaItem, Workshop

Choices = list[tuple[str, list[tuple[str, str]]]]


class DescriptionForm(SeenForm):
    """How it is called, where it belongs, for whom it is."""

    also_seen = ("belongs",)

    belongs = forms.ChoiceField(label=gettext_lazy("belongs to"))

    class Meta:
        model = Document
        fields = ("title_th", "title_en", "audience")

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = list(workshop.days.prefetch_related("items__tracks"))
        self.fields["belongs"].choices = self._places()  # type: ignore[attr-defined]
        self.initial["belongs"] = place_key(self.instance)

    def _places(self) -> list[Any]:
        whole: list[Any] = [(Place.WORKSHOP.value, _("The whole workshop"))]
        for day in self.days:
            below = [(f"{Place.DAY}-{day.pk}", _("The whole day"))]
            for item in day.items.all():
                below.append((f"{Place.ITEM}-{item.pk}", _titled(item)))
                below += [(f"{Place.TRACK}-{track.pk}", f"– ({track.number}) {track.title}") for track in item.tracks.all()]
            whole.append((date_short(day.date), below))
        return whole

    def belonging(self) -> Belonging:
        kind, _dash, key = self.cleaned_data["belongs"].partition("-")
        for day in self.days:
            if kind == Place.DAY and str(day.pk) == key:
                return Belonging(day)
            for item in day.items.all():
                if kind == Place.ITEM and str(item.pk) == key:
                    return Belonging(day, item)
                for track in item.tracks.all():
                    if kind == Place.TRACK and str(track.pk) == key:
                        return Belonging(day, item, track)
        return Belonging()

    def values(self) -> dict[str, Any]:
        names = ("title_th", "title_en", "audience")
        return {name: self.cleaned_data[name] for name in names} | {"belonging": self.belonging()}


def place_key(document: Document) -> str:
    keys = {Place.TRACK: document.track_id, Place.ITEM: document.item_id, Place.DAY: document.day_id}
    return f"{document.place}-{keys[document.place]}" if document.place in keys else Place.WORKSHOP.value


def _titled(item: AgendaItem) -> str:
    return f"{time_range(item)} {item.title.splitlines()[0][:80] if item.title else ''}"


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("file"), widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.pptx,.docx,.xlsx"}), max_length=255
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("PDF, PowerPoint, Word or Excel, %(size)s MB at most.") % {"size": MAX_BYTES >> 20}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            look_at(file, file.name, file.size)
        except DocumentRefused as refused:
            raise ValidationError(str(refused)) from refused
        return file

    def upload(self) -> Upload:
        return Upload(file=self.cleaned_data["file"])


class RecordingForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("link"), max_length=recordings.MAX_ADDRESS, widget=forms.URLInput,
        help_text=gettext_lazy("Whoever has the link can pass it on: where the recording is not for everybody, lock it there too."),
    )  # fmt: skip

    def clean_url(self) -> str:
        try:
            return recordings.address_of(self.cleaned_data["url"])
        except DocumentRefused as refused:
            raise ValidationError(str(refused)) from refused

    def upload(self) -> Upload:
        return Upload(url=self.cleaned_data["url"])


SOURCES: dict[str, type[FileForm] | type[RecordingForm]] = {"file": FileForm, "recording": RecordingForm}
