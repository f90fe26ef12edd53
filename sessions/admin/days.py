"""Pages of one day beyond its form: its meeting links and from when they are shown, and calling it off."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from sessions import changes, releases, relied_on
from sessions.admin.page import AdminPage
from sessions.admin.seen import MomentInput, SeenForm
from sessions.formats import local_digits
from sessions.models import Track, WorkshopDay


class MeetingLinkForm(SeenForm):
    class Meta:
        model = Track
        fields = ("join_url",)
        widgets = {"join_url": forms.URLInput(attrs={"class": "vLargeTextField"})}


class DayLinkForm(SeenForm):
    class Meta:
        model = WorkshopDay
        fields = ("join_url", "join_opens_at")
        field_classes = {"join_opens_at": forms.DateTimeField}
        widgets = {"join_url": forms.URLInput(attrs={"class": "vLargeTextField"}), "join_opens_at": MomentInput}


class DayPage(AdminPage):
    def day(self, pk: int) -> WorkshopDay:
        return get_object_or_404(WorkshopDay.objects.select_related("workshop"), pk=pk, workshop__draft_of=None)


class MeetingPage(DayPage):
    """What may be changed directly of a day that people count on: its links, its topics' links, and from when they are shown."""

    address, name = "<int:pk>/meeting/", "agenda_workshopday_meeting"
    permission = "agenda.change_workshopday"
    template = "admin/agenda/workshopday/meeting.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        day = self.day(pk)
        return self._asked(day, _forms_of(day))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        day = self.day(pk)
        with transaction.atomic():
            WorkshopDay.objects.select_for_update().get(pk=pk)
            filled = _forms_of(day, request.POST)
            if day.workshop.zoom_mails_links or not all([form.is_valid() for form in filled]):
                return self._asked(day, filled)
            changed = [form for form in filled if form.changed_data]
            for form in changed:
                form.instance.save(update_fields=form.changed_data)
            changes.after_change(day.workshop)
            if changed:
                self.model_admin.log_change(request, day, _("Changed the meeting links."))
        messages.success(request, _("The meeting links are saved. Nobody is written to by this."))
        return redirect("admin:agenda_workshopday_meeting", pk)

    def _asked(self, day: WorkshopDay, filled: list[SeenForm]) -> HttpResponse:
        return self.render(_("Meeting links of the day"), day=day, workshop=day.workshop, forms=filled)


def _forms_of(day: WorkshopDay, data: Any = None) -> list[SeenForm]:
    tracks = Track.objects.filter(item__day=day).order_by("item__starts_at", "number")
    topics = [MeetingLinkForm(data, instance=track, prefix=f"track-{track.pk}") for track in tracks]
    for form in topics:
        form.fields["join_url"].label = str(form.instance)
    return [DayLinkForm(data, instance=day, prefix="day"), *topics]


class CallOffPage(DayPage):
    """Calling a day off is a deed of its own: it says whom it concerns, wants a tick, and is a revision that people are told of."""

    address, name = "<int:pk>/call-off/", "agenda_workshopday_call_off"
    permission = "agenda.add_release"
    template = "admin/agenda/workshopday/call_off.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._asked(self.day(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        day, back = self.day(pk), "back" in request.POST
        if "understood" not in request.POST:
            return self._asked(day, _("Nothing is done yet. Please read what this means and tick it."))
        try:
            new = releases.call_off(day, by=request.user, back=back)
        except releases.NothingChanged:
            messages.info(request, _("Somebody else has done that already."))
            return redirect("admin:agenda_workshopday_call_off", pk)
        text = _("The day takes place after all.") if back else _("The day is called off.")
        told = _("It is revision %(number)s of the agenda; those who come on this day get one e-mail.")
        messages.success(request, f"{text} {told % {'number': local_digits(new.number)}}")
        self.model_admin.log_change(request, day, text)
        return redirect("admin:agenda_workshopday_change", pk)

    def _asked(self, day: WorkshopDay, fault: str = "") -> HttpResponse:
        title = _("Let the day take place after all") if day.is_cancelled else _("Call the day off")
        people = relied_on.people(day.workshop, day=day)
        return self.render(title, day=day, workshop=day.workshop, people=people, fault=fault)


PAGES: list[type[AdminPage]] = [MeetingPage, CallOffPage]
