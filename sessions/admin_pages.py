"""Pages of a workshop beyond its form: the draft of a changed agenda, and a new workshop made from this one."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sessions import changes, releases
from sessions.models import Workshop, christian_era
from sessions.next_workshop import make_next
from sessions.templatetags.agenda import date_long, local_digits

#: A year of weeks: the same weekday.
A_YEAR = dt.timedelta(days=364)


class NextForm(forms.ModelForm):
    """Address, titles, and a date for each day of the workshop that it is made from."""

    class Meta:
        model = Workshop
        fields = ("slug", "title_th", "title_en")
        widgets = {name: forms.TextInput(attrs={"class": "vLargeTextField"}) for name in fields}

    def __init__(self, *args: Any, source: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = {f"day_{day.pk}": day for day in source.days.all()}
        for name, day in self.days.items():
            date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            label = _("Instead of %(date)s") % {"date": date_long(day.date)}
            self.fields[name] = forms.DateField(widget=date, label=label, initial=day.date + A_YEAR, validators=[christian_era])

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        dates = [data[name] for name in self.days if name in data]
        if len(set(dates)) < len(dates):
            raise ValidationError(_("Two days have the same date."))
        return data

    def dates(self) -> dict[int, dt.date]:
        return {day.pk: self.cleaned_data[name] for name, day in self.days.items()}


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """The pages, for `admin`, which registers workshops."""

    def page(request: HttpRequest, template: str, workshop: Workshop, **context: Any) -> TemplateResponse:
        common = {**admin.admin_site.each_context(request), "opts": admin.opts, "workshop": workshop}
        return TemplateResponse(request, f"admin/agenda/workshop/{template}.html", {**common, **context})

    def workshop_for(request: HttpRequest, pk: int, permission: str) -> Workshop:
        """The workshop, for whoever has `permission`. Raises PermissionDenied, Http404."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(Workshop, pk=pk)

    def draft(request: HttpRequest, pk: int) -> HttpResponse:
        """The draft of the agenda and what it would change; where there is none, how to begin one."""
        workshop = workshop_for(request, pk, "agenda.change_workshop")
        drafted = releases.draft_of(workshop)
        context = {
            "title": _("Change the agenda"),
            "draft": drafted,
            "days": drafted.days.prefetch_related("items") if drafted else [],
            "changes": releases.by_date(releases.differences(workshop)) if drafted else [],
            "releases": workshop.releases.all(),
            "number": releases.next_number(workshop),
            "may_release": request.user.has_perm("agenda.add_release"),
        }
        return page(request, "draft", workshop, **context)

    def open_draft(request: HttpRequest, pk: int) -> HttpResponse:
        releases.open_draft(workshop_for(request, pk, "agenda.change_workshop"))
        return redirect("admin:agenda_workshop_draft", pk)

    def discard_draft(request: HttpRequest, pk: int) -> HttpResponse:
        releases.discard_draft(workshop_for(request, pk, "agenda.change_workshop"))
        messages.success(request, _("The draft is discarded. The agenda stays as it is."))
        return redirect("admin:agenda_workshop_draft", pk)

    def release(request: HttpRequest, pk: int) -> HttpResponse:
        workshop = workshop_for(request, pk, "agenda.add_release")
        try:
            new = releases.release(workshop, by=request.user)
        except releases.NothingChanged:
            messages.info(request, _("The draft changes nothing, so nothing was released."))
        except releases.NoDraft:
            messages.info(request, _("There is no draft any more. Somebody has released or discarded it."))
        except changes.InUse as error:
            messages.error(request, _("Something that the draft leaves out cannot go.") + " " + error.words)
        else:
            text = _("Revision %(number)s of the agenda is released. Those who come on the changed days get one mail.")
            messages.success(request, text % {"number": local_digits(new.number)})
            words = _("Released revision %(number)s of the agenda.") % {"number": new.number}
            admin.log_change(request, workshop, words)
        return redirect("admin:agenda_workshop_draft", pk)

    def next_workshop(request: HttpRequest, pk: int) -> HttpResponse:
        source = workshop_for(request, pk, "agenda.add_workshop")
        initial = {"title_th": source.title_th, "title_en": source.title_en}
        form = NextForm(request.POST or None, source=source, initial=initial)
        if request.method == "POST" and form.is_valid():
            titles = {name: form.cleaned_data[name] for name in ("slug", "title_th", "title_en")}
            new = make_next(source, **titles, dates=form.dates())
            words = _("Made from “%(title)s”.") % {"title": source.title}
            admin.log_addition(request, new, words)
            messages.success(request, _("The new workshop is here. Nobody sees it until you publish it."))
            return redirect("admin:agenda_workshop_change", new.pk)
        return page(request, "next_workshop", source, title=_("New workshop from this one"), form=form)

    pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
        ("<int:pk>/draft/", "draft", require_safe(draft)),
        ("<int:pk>/draft/open/", "draft_open", require_POST(open_draft)),
        ("<int:pk>/draft/discard/", "draft_discard", require_POST(discard_draft)),
        ("<int:pk>/draft/release/", "draft_release", require_POST(release)),
        ("<int:pk>/next/", "next", next_workshop),
    ]
    return [path(route, admin.admin_site.admin_view(view), name=f"agenda_workshop_{name}") for route, name, view in pages]
