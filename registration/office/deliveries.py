"""The mail: what is queued, sent, failed or unknown; how each message reads; sending again; stopping it all."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actor import Actor, ActorKind
from registration.mail import compose
from registration.mail import files as mail_files
from registration.mail.actions.deliveries import pause_mail, resume_mail, send_again
from registration.models import Delivery, MailFlow
from registration.office import mailbox, meeting_links, paging
from registration.office.audited import AuditedAdmin
from registration.office.found import FoundAdmin
from registration.office.mail_preview import mail_page, may_frame_mails
from registration.people import history
from registration.people.found import Found, found_mails
from sessions.admin.page import AdminPage, addresses
from sessions.formats import local_digits, moment_short

logger = logging.getLogger(__name__)

#: What stands where there is nothing to say.
NOTHING = "–"


class MessageFilter(admin.SimpleListFilter):
    """What the mails are about."""

    title = gettext_lazy("message")
    parameter_name = "message"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, history.mail_in_words(Delivery(message=name))) for name in compose.MESSAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(message=self.value()) if self.value() else queryset


class DeliveryHtmlPage(AdminPage):
    """One mail's HTML, as a frame of the mail's page."""

    address = "<int:pk>/html/"
    name = "registration_delivery_html"
    permission = "registration.view_delivery"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail, _fault = _preview(get_object_or_404(Delivery, pk=pk))
        if mail is None:
            raise Http404
        return mail_page(mail["html"])


class PausePage(AdminPage):
    address = "pause/"
    name = "registration_delivery_pause"
    permission = "registration.change_mailflow"

    def post(self, request: HttpRequest) -> HttpResponse:
        pause_mail(by=Actor(ActorKind.STAFF, request.user))
        messages.success(request, _("E-mails are paused. Nothing leaves until you let them run again."))
        return redirect("admin:registration_delivery_changelist")


class ResumePage(AdminPage):
    address = "resume/"
    name = "registration_delivery_resume"
    permission = "registration.change_mailflow"

    def post(self, request: HttpRequest) -> HttpResponse:
        resume_mail(by=Actor(ActorKind.STAFF, request.user))
        messages.success(request, _("E-mails are going out again."))
        return redirect("admin:registration_delivery_changelist")


@admin.register(Delivery)
class DeliveryAdmin(FoundAdmin, AuditedAdmin):
    """Every mail of the portal. Nothing is edited here: what can be done is done by actions."""

    list_display = ["shown_message", "email", "person", "shown_state", "attempts", "when", "answer"]
    list_filter = ["state", MessageFilter]
    list_select_related = ["participant", "invitation", "user"]
    list_per_page = 50
    search_fields = ["email", "participant__code", "participant__first_name", "participant__last_name", "error"]
    search_help_text = gettext_lazy("E-mail address, name, code or the mail server's answer.")
    actions = ["ask_to_send_again"]
    fields = ("shown_message", "email", "person", "shown_state", "written", "due", "attempts", "attempted", "when", "answer")
    readonly_fields = fields

    def found(self, rows: QuerySet[Delivery], text: str) -> Found:
        return found_mails(rows, text)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.change_delivery")

    def has_flow_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.change_mailflow")

    # The columns of the list and the lines of the page

    @admin.display(description=gettext_lazy("message"), ordering="message")
    def shown_message(self, delivery: Delivery) -> str:
        return history.mail_in_words(delivery)

    @admin.display(description=gettext_lazy("person"))
    def person(self, delivery: Delivery) -> str:
        if delivery.participant:
            url = reverse("admin:registration_participant_change", args=[delivery.participant.pk])
            return format_html('<a href="{}">{}</a>', url, delivery.participant.full_name)
        if delivery.invitation:
            return delivery.invitation.name or NOTHING
        return (delivery.user and delivery.user.get_full_name()) or NOTHING

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, delivery: Delivery) -> str:
        return format_html('<span class="mail-state mail-{}">{}</span>', delivery.state, delivery.get_state_display())

    @admin.display(description=gettext_lazy("written"))
    def written(self, delivery: Delivery) -> str:
        return moment_short(delivery.created_at)

    @admin.display(description=gettext_lazy("due"))
    def due(self, delivery: Delivery) -> str:
        return moment_short(delivery.due_at)

    @admin.display(description=gettext_lazy("attempted"))
    def attempted(self, delivery: Delivery) -> str:
        return moment_short(delivery.attempted_at) if delivery.attempted_at else NOTHING

    @admin.display(description=gettext_lazy("finished"))
    def when(self, delivery: Delivery) -> str:
        return moment_short(delivery.finished_at) if delivery.finished_at else NOTHING

    @admin.display(description=gettext_lazy("answer of the mail server"))
    def answer(self, delivery: Delivery) -> str:
        return _(delivery.error) if delivery.error else NOTHING  # where it is not the server's, it is ours and has a translation

    # Pages

    def get_urls(self) -> list[URLPattern]:
        own: list[type[AdminPage]] = [DeliveryHtmlPage, PausePage, ResumePage]
        return [*addresses(self, [*own, *mailbox.PAGES, *meeting_links.PAGES]), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "title": _("The portal’s e-mails"),
            "counts": _counts(),
            "is_paused": MailFlow.objects.filter(is_paused=True).exists(),
            "may_turn": self.has_flow_permission(request),
            "may_send_links": meeting_links.may_send(request),
            "has_mailbox": mail_files.is_in_use(),
        }
        return super().changelist_view(request, {**(extra_context or {}), **context})

    @may_frame_mails
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        context: dict[str, Any] = {"subtitle": None}
        if delivery and self.has_view_permission(request, delivery):
            context["title"] = history.mail_in_words(delivery)
            context["preview"], context["fault"] = _preview(delivery)
            context["may_send_again"] = self.has_send_again_permission(request) and _needs_a_hand(delivery)
            context["action_checkbox_name"] = ACTION_CHECKBOX_NAME
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    @admin.action(description=gettext_lazy("Send again…"), permissions=["send_again"])
    def ask_to_send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        chosen = [delivery for delivery in queryset.select_related("participant") if _needs_a_hand(delivery)]
        if not chosen:
            self.message_user(request, _("None of these failed or has an unknown status, so none is sent again."), messages.WARNING)
            return None
        if "confirmed" in request.POST:
            again = len(send_again(deliveries=chosen, by=Actor(ActorKind.STAFF, request.user)))
            text = ngettext("%(n)s e-mail has been queued again.", "%(n)s e-mails have been queued again.", again)
            self.message_user(request, text % {"n": local_digits(again)}, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send again"),
            "opts": self.opts,
            "media": self.media,
            "chosen": chosen,
            "unknown": sum(delivery.state == Delivery.State.UNKNOWN for delivery in chosen),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/registration/delivery/send_again.html", context)


def _counts() -> list[dict[str, Any]]:
    """How many mails are in which state, as far as a list goes, in one query. The rarer states are named where there are any."""
    one = f"(SELECT COUNT(*) FROM (SELECT 1 FROM {Delivery._meta.db_table} WHERE state = %s LIMIT %s) AS counted)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([one] * len(Delivery.State))}",
            [asked for state in Delivery.State for asked in (state, paging.MAX_LISTED + 1)],
        )
        found = dict(zip(Delivery.State, cursor.fetchone(), strict=True))
    always = {Delivery.State.QUEUED, Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.UNKNOWN}
    return [
        {"state": state, "n": min(number, paging.MAX_LISTED), "is_more": number > paging.MAX_LISTED}
        for state, number in found.items()
        if state in always or number
    ]


def _needs_a_hand(delivery: Delivery) -> bool:
    return delivery.state in (Delivery.State.FAILED, Delivery.State.UNKNOWN)


def _preview(delivery: Delivery) -> tuple[dict[str, Any] | None, str]:
    """How `delivery` would read if it were written now, or why it cannot be."""
    try:
        mail = compose.compose(delivery, for_show=True)
    except Exception as error:
        logger.warning("delivery %s cannot be shown", delivery.pk, exc_info=True)
        return None, repr(error)
    return {"subject": mail.subject, "text": mail.body, "html": _html(mail), "files": _file_names(mail)}, ""


def _html(mail: EmailMultiAlternatives) -> str:
    return str(mail.alternatives[0][0])


def _file_names(mail: EmailMultiAlternatives) -> list[str]:
    return [str(part.get_filename()) for part in mail.attachments]
