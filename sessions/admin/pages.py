"""Pages of a workshop beyond its form: the draft of a changed agenda, and a new workshop made from this one."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import changes, releases
from sessions.admin.page import AdminPage
from sessions.admin.pictures import EmblemPage
from sessions.formats import date_long, local_digits
from sessions.models import Workshop, christian_era
from sessions.next_workshop import make_next

#: The same weekday.
A_WEEK = dt.timedelta(days=7)


def a_year_on(first: dt.date, today: dt.date) -> dt.timedelta:
    """So many weeks lead from `first` to next year: the year after it, or the one after this year where that is over."""
    year = max(first.year, today.year) + 1 if first.year < today.year else first.year + 1
    anniversary = dt.date(year, first.month, min(first.day, 28))
    weeks = round((anniversary - first) / A_WEEK)
    if (first + weeks * A_WEEK).year < year:
        weeks += 1
    return weeks * A_WEEK


class NextForm(forms.ModelForm):
    """Address, titles, and a date for each day of the workshop that it is made from."""

    class Meta:
        model = Workshop
        fields = ("slug", "title_th", "title_en")
        widgets = {name: forms.TextInput(attrs={"class": "vLargeTextField"}) for name in fields}

    def __init__(self, *args: Any, source: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = {f"day_{day.pk}": day for day in source.days.all()}
        first = min((day.date for day in self.days.values()), default=None)
        shift = a_year_on(first, timezone.localdate()) if first else dt.timedelta()
        for name, day in self.days.items():
            date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            label = _("Instead of %(date)s") % {"date": date_long(day.date)}
            self.fields[name] = forms.DateField(widget=date, label=label, initial=day.date + shift, validators=[christian_era])

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        dates = [data[name] for name in self.days if name in data]
        if len(set(dates)) < len(dates):
            raise ValidationError(_("Two days have the same date."))
        return data

    def dates(self) -> dict[int, dt.date]:
        return {day.pk: self.cleaned_data[name] for name, day in self.days.items()}


class WorkshopPage(AdminPage):
    def workshop(self, pk: int) -> Workshop:
        return get_object_or_404(Workshop, pk=pk)


class DraftPage(WorkshopPage):
    """The draft of the agenda and what it would change; where there is none, how to begin one."""

    address, name = "<int:pk>/draft/", "agenda_workshop_draft"
    permission = "agenda.change_workshop"
    template = "admin/agenda/workshop/draft.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        workshop = self.workshop(pk)
        drafted = releases.draft_of(workshop)
        context = {
            "workshop": workshop,
            "draft": drafted,
            "days": drafted.days.prefetch_related("items") if drafted else [],
            "changes": releases.by_date(releases.differences(workshop)) if drafted else [],
            "releases": workshop.releases.all(),
            "number": releases.next_number(workshop),
            "may_release": request.user.has_perm("agenda.add_release"),
        }
        return self.render(_("Change the agenda"), **context)


class OpenDraftPage(WorkshopPage):
    address, name = "<int:pk>/draft/open/", "agenda_workshop_draft_open"
    permission = "agenda.change_workshop"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        releases.open_draft(self.workshop(pk))
        return redirect("admin:agenda_workshop_draft", pk)


class DiscardDraftPage(WorkshopPage):
    address, name = "<int:pk>/draft/discard/", "agenda_workshop_draft_discard"
    permission = "agenda.change_workshop"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        workshop = self.workshop(pk)
        if releases.discard_draft(workshop):
            self.model_admin.log_change(request, workshop, _("Discarded the draft of the agenda."))
        messages.success(request, _("The draft is discarded. The agenda stays as it is."))
        return redirect("admin:agenda_workshop_draft", pk)


class ReleaseDraftPage(WorkshopPage):
    address, name = "<int:pk>/draft/release/", "agenda_workshop_draft_release"
    permission = "agenda.add_release"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        workshop = self.workshop(pk)
        try:
            new = releases.release(workshop, by=request.user)
        except releases.NothingChanged:
            messages.info(request, _("The draft changes nothing, so nothing was released."))
        except releases.NoDraft:
            messages.info(request, _("There is no draft any more. Somebody has released or discarded it."))
        except changes.InUse as error:
            messages.error(request, _("Something that the draft leaves out cannot be removed.") + " " + error.words)
        else:
            text = _("Revision %(number)s of the agenda is released. Those who come on the changed days get one e-mail.")
            messages.success(request, text % {"number": local_digits(new.number)})
            words = _("Released revision %(number)s of the agenda.") % {"number": new.number}
            self.model_admin.log_change(request, workshop, words)
        return redirect("admin:agenda_workshop_draft", pk)


class NextWorkshopPage(WorkshopPage):
    """A new workshop made from this one."""

    address, name = "<int:pk>/next/", "agenda_workshop_next"
    permission = "agenda.add_workshop"
    template = "admin/agenda/workshop/next_workshop.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.workshop(pk)
        initial = {"title_th": source.title_th, "title_en": source.title_en}
        return self._asked(source, NextForm(source=source, initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.workshop(pk)
        form = NextForm(request.POST, source=source)
        if not form.is_valid():
            return self._asked(source, form)
        titles = {name: form.cleaned_data[name] for name in ("slug", "title_th", "title_en")}
        new = make_next(source, **titles, dates=form.dates())
        words = _("Made from “%(title)s”.") % {"title": source.title}
        self.model_admin.log_addition(request, new, words)
        messages.success(request, _("The new workshop is here. Nobody sees it until you publish it."))
        return redirect("admin:agenda_workshop_change", new.pk)

    def _asked(self, source: Workshop, form: NextForm) -> HttpResponse:
        return self.render(_("New workshop from this one"), workshop=source, form=form)


PAGES: list[type[AdminPage]] = [DraftPage, OpenDraftPage, DiscardDraftPage, ReleaseDraftPage, NextWorkshopPage, EmblemPage]
