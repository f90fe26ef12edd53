"""The office's pages of documents and recordings: from a draft over its publication to the mail of thanks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration import responses
from registration.actor import Actor, ActorKind
from registration.materials import actions
from registration.materials.audience import in_order
from registration.materials.files import CONTENT_TYPES, MAX_BYTES, Format
from registration.materials.shown import note_of
from registration.materials.told import documents_told, thanked, to_be_told
from registration.models import Audience, Document, DocumentVersion
from registration.office.materials.forms import SOURCES, DescriptionForm
from sessions.admin.page import AdminPage
from sessions.formats import grouped
from sessions.models import Workshop, WorkshopDay


class DocumentPage(AdminPage):
    permission = "registration.change_document"

    def found(self, pk: int) -> Document:
        return get_object_or_404(Document.objects.with_versions(), pk=pk)

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)

    @property
    def may_change(self) -> bool:
        return self.request.user.has_perm("registration.change_document")

    def to(self, document: Document) -> HttpResponse:
        return redirect("admin:registration_document_one", document.pk)

    def shown(self, title: str, document: Document, **context: Any) -> HttpResponse:
        return self.render(title, document=document, workshop=document.workshop, **context)

    def changed_meanwhile(self) -> None:
        messages.warning(self.request, _("Somebody changed it meanwhile. Look at it as it is now."))


class DocumentsPage(DocumentPage):
    """All of a workshop, drafts among them."""

    address, name = "<slug:slug>/", "registration_document_overview"
    permission = "registration.view_document"
    template = "admin/registration/document/overview.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        documents = in_order(Document.objects.filter(workshop=workshop).with_versions())
        return self.render(
            _("Documents and recordings"),
            workshop=workshop,
            rows=[(each, note_of(each.newest)) for each in documents],
            days=workshop.days.filter(is_cancelled=False),
            has_published=any(each.published_at for each in documents),
            may_change=self.may_change,
        )


class AddPage(DocumentPage):
    address, name = "<slug:slug>/add/<slug:kind>/", "registration_document_new"
    template = "admin/registration/document/write.html"

    def get(self, request: HttpRequest, slug: str, kind: str) -> HttpResponse:
        workshop, source = self._asked(slug, kind)
        return self._shown(workshop, [source(), DescriptionForm(workshop=workshop)])

    def post(self, request: HttpRequest, slug: str, kind: str) -> HttpResponse:
        workshop, source = self._asked(slug, kind)
        forms = source(request.POST, request.FILES), DescriptionForm(request.POST, workshop=workshop)
        if not all([form.is_valid() for form in forms]):
            return self._shown(workshop, list(forms))
        document = actions.add(workshop=workshop, upload=forms[0].upload(), by=self.by, **forms[1].values())
        messages.success(request, _("It is there as a draft. Nobody sees it until you publish it."))
        return self.to(document)

    def _asked(self, slug: str, kind: str) -> tuple[Workshop, Any]:
        if kind not in SOURCES:
            raise Http404
        return get_object_or_404(Workshop, slug=slug), SOURCES[kind]

    def _shown(self, workshop: Workshop, forms: list[Any]) -> HttpResponse:
        return self.render(_("New document"), workshop=workshop, forms=forms, most=MAX_BYTES >> 20)


class OneDocumentPage(DocumentPage):
    address, name = "one/<int:pk>/", "registration_document_one"
    permission = "registration.view_document"
    template = "admin/registration/document/one.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        versions = [(each, note_of(each)) for each in document.versions.select_related("added_by")]
        return self.shown(document.title, document, versions=versions, may_change=self.may_change, seen=_as_seen(document))


class DescribePage(DocumentPage):
    address, name = "one/<int:pk>/describe/", "registration_document_describe"
    template = "admin/registration/document/write.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        form = DescriptionForm(instance=document, workshop=document.workshop)
        return self.shown(_("Title, place and audience"), document, forms=[form])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        form = DescriptionForm(request.POST, instance=self.found(pk), workshop=document.workshop)
        if not form.is_valid():
            return self.shown(_("Title, place and audience"), document, forms=[form])
        try:
            actions.describe(document=document, by=self.by, **form.values())
        except actions.DocumentChanged:
            messages.warning(request, _("It is published: withdraw it before you change for whom it is."))
        else:
            messages.success(request, _("Saved."))
        return self.to(document)


class ReplacePage(DocumentPage):
    address, name = "one/<int:pk>/replace/", "registration_document_replace"
    template = "admin/registration/document/write.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        return self._shown(document, SOURCES[document.kind]())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        form = SOURCES[document.kind](request.POST, request.FILES)
        if request.POST.get("seen", _as_seen(document)) != _as_seen(document):
            self.changed_meanwhile()
            return self.to(document)
        if not form.is_valid():
            return self._shown(document, form)
        try:
            actions.replace(document=document, upload=form.upload(), by=self.by)
        except actions.DocumentChanged:
            self.changed_meanwhile()
        else:
            messages.success(request, _("The new version is what people get from now on."))
        return self.to(document)

    def _shown(self, document: Document, form: Any) -> HttpResponse:
        return self.shown(_("Replace by a new version"), document, forms=[form], most=MAX_BYTES >> 20, seen=_as_seen(document))


class PublishPage(DocumentPage):
    """Asks first: who will be able to open it. Withdrawing and discarding are beside it."""

    address, name = "one/<int:pk>/publish/", "registration_document_publish"
    template = "admin/registration/document/publish.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        if document.published_at:
            return self.to(document)
        return self.shown(_("Publish"), document, note=note_of(document.newest), seen=_as_seen(document))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        if request.POST.get("seen") != _as_seen(document):
            self.changed_meanwhile()
            return self.to(document)
        try:
            actions.publish(document=document, by=self.by)
            messages.success(request, _("Published."))
        except actions.DocumentChanged:
            self.changed_meanwhile()
        return self.to(document)


def _as_seen(document: Document) -> str:
    """What is published, and for whom: those who attended are others on another day."""
    of_day = f" {document.day_id}" if document.audience == Audience.ATTENDED else ""
    return f"{document.version} {document.audience}{of_day}"


class EndDocumentPage(DocumentPage):
    """Withdraws what is published; discards, after a tick, what is not."""

    address, name = "one/<int:pk>/end/", "registration_document_end"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        if request.POST.get("seen", _as_seen(document)) != _as_seen(document):
            self.changed_meanwhile()
            return self.to(document)
        try:
            if "withdraw" in request.POST:
                actions.withdraw(document=document, by=self.by)
                messages.success(request, _("Withdrawn. Nobody but staff can open it."))
            elif "discard" in request.POST and "sure" in request.POST:
                actions.discard(document=document, by=self.by)
                messages.success(request, _("“%(title)s” is deleted.") % {"title": document.title})
                return redirect("admin:registration_document_overview", document.workshop.slug)
            else:
                messages.warning(request, _("Tick first that it is to be deleted with all its versions."))
        except actions.DocumentChanged:
            self.changed_meanwhile()
        return self.to(document)


class VersionPage(DocumentPage):
    """Any version, for staff; it is not counted."""

    address, name = "one/<int:pk>/version/<int:number>/", "registration_document_version"
    permission = "registration.view_document"

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        version = get_object_or_404(DocumentVersion, document=pk, number=number)
        if version.format == Format.LINK:
            return redirect(version.url)
        try:
            return responses.document(version, CONTENT_TYPES[Format(version.format)])
        except FileNotFoundError as error:
            raise Http404 from error


class ThanksPage(DocumentPage):
    """Looks ahead at how many get the mail of a day, then sends it."""

    address, name = "<slug:slug>/thanks/<int:day_id>/", "registration_document_thanks"
    template = "admin/registration/document/thanks.html"

    def get(self, request: HttpRequest, slug: str, day_id: int) -> HttpResponse:
        day = self._day(slug, day_id)
        known = {"documents": documents_told(day), "came": len(thanked(day)), "people": len(to_be_told(day))}
        return self.render(_("Thank-you e-mail"), workshop=day.workshop, day=day, **known)

    def post(self, request: HttpRequest, slug: str, day_id: int) -> HttpResponse:
        day = self._day(slug, day_id)
        people = actions.tell(day=day, by=self.by)
        if people:
            words = ngettext("%(n)s person gets the e-mail.", "%(n)s people get the e-mail.", people)
            messages.success(request, words % {"n": grouped(people)})
        else:
            messages.info(request, _("Nobody is left who came and has not had this e-mail."))
        return redirect("admin:registration_document_overview", slug)

    def _day(self, slug: str, day_id: int) -> WorkshopDay:
        days = WorkshopDay.objects.filter(is_cancelled=False, workshop__draft_of=None).select_related("workshop")
        return get_object_or_404(days, pk=day_id, workshop__slug=slug)
