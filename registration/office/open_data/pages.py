"""Open data of a workshop: counted in the background, looked at as it will be read, published with a tick, withdrawn."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from registration import responses
from registration.actor import Actor, ActorKind
from registration.models import Licence, OpenDataFile, OpenDataSet
from registration.open_data import actions
from registration.open_data.counts import Summary, is_known
from registration.open_data.files import CONTENT_TYPES
from registration.open_data.shown import note_of
from registration.open_data.small_counts import ALL
from registration.operations import tasks
from sessions.admin.page import AdminPage
from sessions.models import Workshop


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A draft as staff look at it before it goes out: totals a day, provinces and groups with their days, and how much is not told."""

    days: list[dt.date]
    totals: list[int] | None
    places: list[tuple[str, list[int] | None]]
    groups: list[tuple[str, list[int] | None]]
    told: int
    cells: int


def looked_at(data_set: OpenDataSet) -> LookedAt:
    kept = data_set.table
    cells = {(place, group): values for place, group, values in kept["cells"]}
    inner = [values for (place, group), values in cells.items() if ALL not in (place, group)]
    return LookedAt(
        [dt.date.fromisoformat(day) for day in kept["days"]],
        cells.get((ALL, ALL)),
        [(name_th, cells.get((place, ALL))) for place, _en, name_th, _region in kept["places"]],
        [(f"{group} {name_th}", cells.get((ALL, group))) for group, _en, name_th in kept["groups"]],
        sum(values is not None for values in inner),
        len(inner),
    )


class OpenDataSetPage(AdminPage):
    permission = "registration.change_opendataset"

    def workshop(self, slug: str) -> Workshop:
        return get_object_or_404(Workshop, slug=slug)

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)

    def back(self, slug: str) -> HttpResponse:
        return redirect("admin:registration_opendataset_overview", slug)

    def changed_meanwhile(self) -> None:
        messages.warning(self.request, _("Somebody changed it meanwhile. Look at it as it is now."))


class OpenDataPage(OpenDataSetPage):
    """What is out, and the draft as it would go out."""

    address, name = "<slug:slug>/", "registration_opendataset_overview"
    permission = "registration.view_opendataset"
    template = "admin/registration/open_data/overview.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        names = Prefetch("files", OpenDataFile.objects.only("data_set_id", "name"))
        sets = list(workshop.open_data_sets.select_related("published_by", "withdrawn_by").prefetch_related(names))
        draft = next((each for each in sets if each.state in OpenDataSet.BEFORE), None)
        is_there = draft is not None and draft.state == OpenDataSet.State.DRAFT
        is_over = workshop.standing(timezone.now()).is_over
        return self.render(
            _("Open data"),
            workshop=workshop,
            draft=draft,
            looked_at=looked_at(draft) if draft and is_there else None,
            summary=Summary(**draft.summary) if draft and is_there else None,
            seen=_as_seen(draft) if draft and is_there else "",
            files=_files(draft) if draft else [],
            out=[each for each in sets if each.published_at],
            has_earlier=any(each.published_at for each in sets),
            is_over=is_over,
            is_known=is_over and is_known(workshop),
            licences=Licence.choices,
            may_change=request.user.has_perm("registration.change_opendataset"),
        )


def _files(data_set: OpenDataSet) -> list[tuple[str, str]]:
    return [(name, note_of(name, size)) for name, size in data_set.files.values_list("name", "size")]


def _as_seen(draft: OpenDataSet) -> str:
    return f"{draft.pk} {draft.counted_at.isoformat() if draft.counted_at else ''}"


class CountOpenDataPage(OpenDataSetPage):
    """Orders a draft; one that was not published makes way for it."""

    address, name = "<slug:slug>/count/", "registration_opendataset_count"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        licence = request.POST.get("licence", "")
        if licence not in Licence.values:
            raise Http404
        try:
            draft = actions.ask(workshop=self.workshop(slug), licence=Licence(licence), by=self.by)
        except actions.NotYet:
            messages.warning(request, _("There is nothing to count yet."))
        except actions.DataSetChanged:
            self.changed_meanwhile()
        else:
            tasks.count_open_data.enqueue(draft.pk)
            messages.success(request, _("The numbers are being counted. Look at them before they are published."))
        return self.back(slug)


class PublishOpenDataPage(OpenDataSetPage):
    """Exactly what was looked at, after a tick: who has fetched numbers keeps them."""

    address, name = "<slug:slug>/publish/", "registration_opendataset_publish"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        draft = OpenDataSet.objects.filter(workshop__slug=slug, state=OpenDataSet.State.DRAFT).select_related("workshop").first()
        if draft is None or request.POST.get("seen") != _as_seen(draft):
            self.changed_meanwhile()
        elif "discard" in request.POST:
            actions.discard(data_set=draft)
            messages.success(request, _("The draft is gone."))
        elif "sure" not in request.POST:
            messages.warning(request, _("Tick that you have looked at the numbers; then they are published."))
        else:
            self._publish(draft)
        return self.back(slug)

    def _publish(self, draft: OpenDataSet) -> None:
        try:
            actions.publish(data_set=draft, by=self.by)
        except actions.DataSetChanged:
            self.changed_meanwhile()
        else:
            messages.success(self.request, _("Published: the numbers and their files stand on the page of the workshop."))


class WithdrawPage(OpenDataSetPage):
    address, name = "<slug:slug>/withdraw/", "registration_opendataset_withdraw"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        number = request.POST.get("version", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise Http404
        data_set = get_object_or_404(OpenDataSet.objects.select_related("workshop"), workshop__slug=slug, number=int(number))
        if "sure" not in request.POST:
            messages.warning(request, _("Tick that it is to be withdrawn."))
            return self.back(slug)
        try:
            actions.withdraw(data_set=data_set, by=self.by)
        except actions.DataSetChanged:
            self.changed_meanwhile()
        else:
            messages.success(request, _("Withdrawn. Whoever has the files keeps them."))
        return self.back(slug)


class OpenDataFilePage(OpenDataSetPage):
    """A file as it goes out, whatever the state of its set."""

    address, name = "<slug:slug>/<int:number>/<str:file_name>", "registration_opendataset_file"
    permission = "registration.view_opendataset"

    def get(self, request: HttpRequest, slug: str, number: int, file_name: str) -> HttpResponse:
        file = get_object_or_404(OpenDataFile, data_set__workshop__slug=slug, data_set__number=number, name=file_name)
        response = responses.public_file(bytes(file.content), file.name, CONTENT_TYPES[file.name.rpartition(".")[2]])
        response["Cache-Control"] = "no-store"
        return response
