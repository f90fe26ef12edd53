"""On which days somebody comes, and which track they pick in each parallel block of those days."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.models import Quota
from registration.people.applications import Choices
from registration.people.registration_options import Block, RegistrationOptions
from sessions.models import StakeholderGroup, Track, WorkshopDay


@dataclass(frozen=True, slots=True)
class TrackOption:
    track: Track
    field: str
    is_chosen: bool
    is_full: bool

    @property
    def id(self) -> str:
        return f"id_{self.field}_{self.track.number}"


@dataclass(frozen=True, slots=True)
class BlockChoice:
    block: Block
    field: str
    options: list[TrackOption]
    errors: ErrorList

    @property
    def is_answered(self) -> bool:
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class DayChoice:
    day: WorkshopDay
    is_chosen: bool
    blocks: list[BlockChoice]

    @property
    def has_faults(self) -> bool:
        return any(block.errors for block in self.blocks)

    @property
    def shows(self) -> str:
        """What a page shows of it beside the agenda: what is chosen and what is left."""
        options = [option for block in self.blocks for option in block.options]
        tracks = [(option.track.pk, option.is_chosen, option.is_full, option.track.quota.left) for option in options]
        return f"{self.day.pk} {self.is_chosen} {tracks}"


def track_field(block: Block) -> str:
    """The name under which the form sends the track of `block`."""
    return f"track_{block.item.pk}"


class AttendanceForm(forms.Form):
    """`days` (repeated), and `track_<agenda item id>` for each parallel block that the options have; a topic can be chosen later.

    `held` are ids of tracks in which this person has their place already: for them they are never full.
    """

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days on which you take part"),
        error_messages={
            "required": gettext_lazy("Choose at least one day."),
            "invalid_choice": gettext_lazy("Choose the days from the list."),
        },
    )

    def __init__(self, *args: Any, options: RegistrationOptions, held: frozenset[int] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.held = held
        days = self.fields["days"]
        assert isinstance(days, forms.MultipleChoiceField)
        days.choices = [(str(day.pk), str(day)) for day in options.days]
        days.initial = [str(day.pk) for day in options.days]
        for block in options.blocks:
            self.fields[track_field(block)] = forms.CharField(required=False, label=block.item.title)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = set(data.get("days", []))
        data["days"] = [day for day in self.options.days if str(day.pk) in chosen]
        coming = {day.pk for day in data["days"]}
        data["tracks"] = [track for block in self.options.blocks if block.item.day_id in coming and (track := self._track(block, data))]
        return data

    def chosen(self, quota: Quota, group: StakeholderGroup, *, waitlist_ok: bool = False) -> Choices:
        """What the valid form applies for, from `quota` and as one of `group`."""
        days, tracks = tuple(self.cleaned_data["days"]), tuple(self.cleaned_data["tracks"])
        return Choices(quota=quota, group=group, days=days, tracks=tracks, waitlist_ok=waitlist_ok)

    def _track(self, block: Block, data: dict[str, Any]) -> Track | None:
        name = track_field(block)
        track = next((track for track in block.tracks if str(track.pk) == data.get(name)), None)
        if track is None and data.get(name):
            self.add_error(name, _("Choose a topic from the list, or choose one later."))
        elif track and not self.has_place(track):
            self._say_track_full(block)
        return track

    def has_place(self, track: Track) -> bool:
        return track.pk in self.held or not track.quota.is_full

    def has_room(self, block: Block) -> bool:
        return any(self.has_place(track) for track in block.tracks)

    def say_full(self, quota: Quota) -> None:
        """Puts beside its block that the track of `quota` has no place left, and what may be done."""
        for block in self.options.blocks:
            for track in block.tracks:
                if track.quota.pk == quota.pk:
                    track.quota.taken = track.quota.capacity or 0
                    self._say_track_full(block)

    def _say_track_full(self, block: Block) -> None:
        if self.has_room(block):
            self.add_error(track_field(block), _("The topic that you chose is full now. Choose another one, or choose later."))
        else:
            self.add_error(track_field(block), _("All topics are full now. You can register without one."))

    def day_choices(self) -> list[DayChoice]:
        """What the page shows: days, their blocks and tracks, with what is chosen now."""
        chosen = {str(value) for value in self["days"].value() or []}
        return [DayChoice(day, str(day.pk) in chosen, [self._shown(b) for b in self.options.blocks_of(day)]) for day in self.options.days]

    def _shown(self, block: Block) -> BlockChoice:
        bound = self[track_field(block)]
        chosen = str(bound.value() or "")
        track_options = []
        for track in block.tracks:
            has_place = self.has_place(track)
            track_options.append(TrackOption(track, bound.name, has_place and str(track.pk) == chosen, not has_place))
        return BlockChoice(block, bound.name, track_options, bound.errors)
