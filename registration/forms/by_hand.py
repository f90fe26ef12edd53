"""The registration form as office or desk fill it in for somebody who telephones, or has no mailbox."""

from copy import deepcopy
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.attendance import track_field
from registration.forms.person import PersonForm
from registration.forms.registration import RegistrationForm
from registration.models import Participant, Quota
from registration.people.applications import Entry
from registration.people.registration_options import Block, RegistrationOptions
from registration.seats.places import place_in_sentence
from sessions.formats import date_long
from sessions.models import Track


class ByHandForm(RegistrationForm):
    """The same questions under the same rules, asked by somebody else; whose mailbox it is, and in which language they are written to."""

    by_contact = forms.BooleanField(
        label=gettext_lazy("This is the address of somebody who passes e-mails on to the person"),
        help_text=gettext_lazy("For a person without an e-mail address of their own. Several people may share one address."),
        required=False,
    )

    consent = forms.BooleanField(
        label=gettext_lazy("I read the privacy notice out to the person."),
        error_messages={"required": gettext_lazy("Read the privacy notice out, then tick this box.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the e-mails"), choices=Participant._meta.get_field("language").choices or [], initial="th"
    )

    def __init__(self, *args: Any, options: RegistrationOptions, **kwargs: Any) -> None:
        super().__init__(*args, options=options, **kwargs)
        self.fields["title"] = deepcopy(PersonForm.base_fields["title"])
        for name in PersonForm.base_fields:  # a browser knows whoever sits at it, not who telephones
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for htmx in ("hx-get", "hx-target"):
            self.fields["province"].widget.attrs.pop(htmx)
        self.fields["email"].help_text = _(
            "An address is needed to register: the meeting link goes there. Somebody who has none can give the address of a person who "
            "passes the link on; tick that below."
        )
        self.fields["waitlist_ok"].label = _("If no seat is left, put the person on the waiting list")
        if options.asks_for_guardians:
            self.fields["guardian_agrees"].label = _("The parent or guardian was told the same and consents.")
        self._offer_groups()
        self._offer_days()
        self.order_fields(["province", "group", "waitlist_ok", *self._of_person()])

    def _of_person(self) -> list[str]:
        names = [*PersonForm.base_fields, "language"]
        names.insert(names.index("email") + 1, "by_contact")
        return names

    @property
    def entry(self) -> Entry:
        given = self.cleaned_data
        return Entry(submission=self.submission, language=given["language"], by_contact=given["by_contact"])

    def _offer_groups(self) -> None:
        groups = [(group.code, str(group)) for group in self.options.groups]
        self.fields["group"].widget = forms.Select(choices=[("", _("Choose …")), *groups])

    def _offer_days(self) -> None:
        days = self.fields["days"]
        assert isinstance(days, forms.MultipleChoiceField)
        days.label = _("Days")
        days.widget = forms.CheckboxSelectMultiple()
        days.choices = [(str(day.pk), date_long(day.date)) for day in self.options.days]
        for block in self.options.blocks:
            field = self.fields[track_field(block)]
            field.label = _("Topic on %(day)s") % {"day": self._date_of(block)}
            tracks = [(str(track.pk), self._in_words(track)) for track in block.tracks]
            field.widget = forms.Select(choices=[("", _("No topic chosen yet")), *tracks])

    def _date_of(self, block: Block) -> str:
        return next(date_long(day.date) for day in self.options.days if day.pk == block.item.day_id)

    def _in_words(self, track: Track) -> str:
        return " – ".join(part for part in (str(track), track.speaker, track.quota.left_in_words()) if part)

    def sections(self) -> list[tuple[str, list[BoundField]]]:
        tracks = [track_field(block) for block in self.options.blocks]
        named = [
            (_("Where the person comes from"), ["province", "group", "waitlist_ok"]),
            (_("Participant"), self._of_person()),
            (_("Taking part"), ["days", *tracks]),
        ]
        placed = {name for _title, names in named for name in names}
        named.append((_("Protection of personal data"), [name for name in self.fields if name not in placed]))
        return [(title, [self[name] for name in names]) for title, names in named]

    def say_full(self, quota: Quota) -> None:
        if quota.kind == Quota.Kind.TRACK:
            return super().say_full(quota)
        words = _("All seats of %(place)s are taken. Tick this box if the person wants to wait for one.")
        self.add_error("waitlist_ok", words % {"place": place_in_sentence(quota)})
        return None
