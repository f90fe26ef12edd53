"""The list of messages to many, and the form in which one is written."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.mail import placeholders
from registration.models import Mailing
from registration.office.forms.mailing import MailingForm
from registration.office.mailings.pages import PAGES
from registration.office.mailings.words import audience_in_words, when_in_words
from sessions.admin.filters import OfWorkshopListFilter
from sessions.admin.page import addresses
from sessions.admin.seen import SeenAdmin
from sessions.formats import moment_short
from sessions.models import Workshop


@admin.register(Mailing)
class MailingAdmin(SeenAdmin):
    """Text and audience are edited until the message is sent; the rest happens on pages of its own."""

    list_display = ["shown_subject", "workshop", "whom", "written", "shown_state", "people"]
    list_filter = [("workshop", OfWorkshopListFilter)]
    list_select_related = ["workshop", "day", "track", "quota__province"]
    readonly_fields = ["shown_workshop"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mailing]:
        return super().get_queryset(request).prefetch_related("provinces", "groups")

    def get_fieldsets(self, request: HttpRequest, obj: Mailing | None = None) -> Any:
        text = _(
            "Each e-mail begins with a greeting by name and ends with code, days, the button to the personal page and the contacts. You "
            "may use: %(known)s. Addresses that begin with https:// become links."
        )
        return [
            (None, {"fields": ["shown_workshop", "recipients"]}),
            (_("Text"), {"fields": ["subject_th", "body_th", "subject_en", "body_en"], "description": text % {"known": _known()}}),
            (
                _("Whom it goes to"),
                {
                    "fields": [("day", "turnout"), "track", "state", "groups", "region", "provinces"],
                    "description": _(
                        "A person must meet all the conditions you choose. If there is no English text, everybody gets the Thai one. "
                        "Coordinators are chosen by region and province alone, and get the Thai text."
                    ),
                },
            ),
        ]

    def get_form(self, request: HttpRequest, obj: Mailing | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, form=MailingForm, **kwargs)
        return type("MailingFormOfWorkshop", (form,), {"workshop": obj.workshop if obj else _workshop(request)})

    def has_change_permission(self, request: HttpRequest, obj: Mailing | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and (obj.sent_at or obj.scheduled_at))

    def has_delete_permission(self, request: HttpRequest, obj: Mailing | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and _is_open(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by, obj.created_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        mailing = self.get_object(request, unquote(object_id)) if object_id else None
        if mailing and (mailing.sent_at or mailing.scheduled_at) and self.has_view_permission(request):
            return redirect(f"admin:registration_mailing_{'progress' if mailing.sent_at else 'review'}", mailing.pk)
        if not object_id and _workshop(request) is None:
            self.message_user(request, _("There is no workshop to write about yet."), messages.WARNING)
            return redirect("admin:registration_mailing_changelist")
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **only_save})

    def response_add(self, request: HttpRequest, obj: Mailing, post_url_continue: str | None = None) -> HttpResponse:
        return redirect("admin:registration_mailing_review", obj.pk)

    def response_change(self, request: HttpRequest, obj: Mailing) -> HttpResponse:
        return redirect("admin:registration_mailing_review", obj.pk)

    # The columns of the list and the lines of the page

    @admin.display(description=gettext_lazy("subject"))
    def shown_subject(self, mailing: Mailing) -> str:
        return mailing.subject

    @admin.display(description=gettext_lazy("workshop"))
    def shown_workshop(self, mailing: Mailing) -> SafeString | str:
        return mailing.workshop.title if mailing.workshop_id else ""

    @admin.display(description=gettext_lazy("to whom"))
    def whom(self, mailing: Mailing) -> str:
        return " · ".join(audience_in_words(mailing))

    @admin.display(description=gettext_lazy("written"), ordering="created_at")
    def written(self, mailing: Mailing) -> str:
        return moment_short(mailing.created_at)

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, mailing: Mailing) -> str:
        if mailing.sent_at is None:
            return when_in_words(mailing)
        if mailing.stopped_at:
            return _("Stopped")
        return _("Sent on %(moment)s") % {"moment": moment_short(mailing.sent_at)}

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, PAGES), *super().get_urls()]


def _workshop(request: HttpRequest) -> Workshop | None:
    if slug := request.GET.get("workshop"):
        return Workshop.objects.filter(slug=slug).first()
    return Workshop.objects.current().first() or Workshop.objects.order_by("-pk").first()


def _known() -> SafeString:
    return format_html_join(" · ", "<code>{}</code> {}", ((f"{{{name}}}", text) for name, text in placeholders.PLACEHOLDERS.items()))


def _is_open(mailing: Mailing) -> bool:
    return mailing.sent_at is None and mailing.scheduled_at is None and not mailing.deliveries.exists()
