"""Messages to many: written, looked at, tried on oneself, sent once, watched, stopped."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from registration.actor import Actor, ActorKind
from registration.errors import MailingSent, NobodyToWriteTo
from registration.mail import compose, placeholders
from registration.mail.actions.mailings import (
    continue_mailing,
    copy_mailing,
    schedule_mailing,
    send_failed_again,
    send_mailing,
    send_test,
    stop_mailing,
    unschedule_mailing,
)
from registration.models import Delivery, MailFlow, Mailing, Participant, Quota
from registration.office.forms.mailing import MailingForm, ScheduleForm
from registration.office.mail_preview import mail_page, may_frame_mails
from registration.seats.places import place_in_sentence
from sessions.admin.filters import OfWorkshopListFilter
from sessions.admin.seen import SeenAdmin
from sessions.formats import date_long, local_digits, moment_short
from sessions.models import Workshop

#: How many people's mails are shown before a message is sent.
SHOWN = 3


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

    def may_send(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.send_mailing")

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
            return _when_in_words(mailing)
        if mailing.stopped_at:
            return _("Stopped")
        return _("Sent on %(moment)s") % {"moment": moment_short(mailing.sent_at)}

    # Pages

    def get_urls(self) -> list[URLPattern]:
        def of(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("<int:pk>/review/", of(self.review), name="registration_mailing_review"),
            path("<int:pk>/review/<int:reader>/", of(self.html), name="registration_mailing_html"),
            path("<int:pk>/test/", of(require_POST(self.test)), name="registration_mailing_test"),
            path("<int:pk>/send/", of(require_POST(self.send)), name="registration_mailing_send"),
            path("<int:pk>/schedule/", of(require_POST(self.schedule)), name="registration_mailing_schedule"),
            path("<int:pk>/unschedule/", of(require_POST(self.unschedule)), name="registration_mailing_unschedule"),
            path("<int:pk>/copy/", of(require_POST(self.copy)), name="registration_mailing_copy"),
            path("<int:pk>/continue/", of(require_POST(self.go_on)), name="registration_mailing_continue"),
            path("<int:pk>/progress/", of(self.progress), name="registration_mailing_progress"),
            path("<int:pk>/stop/", of(require_POST(self.stop)), name="registration_mailing_stop"),
            path("<int:pk>/again/", of(require_POST(self.again)), name="registration_mailing_again"),
            *super().get_urls(),
        ]

    @may_frame_mails
    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self._mailing(request, pk)
        if mailing.sent_at:
            return redirect("admin:registration_mailing_progress", pk)
        return self._review(request, mailing, ScheduleForm())

    def _review(self, request: HttpRequest, mailing: Mailing, form: ScheduleForm) -> HttpResponse:
        places = _by_place(mailing)
        people = mailing.readers().count()
        return self._page(
            request,
            "review",
            mailing,
            people=people,
            places=places,
            audience=audience_in_words(mailing),
            mails=[_mail(mailing, reader) for reader in readers(mailing, people)],
            may_send=self.may_send(request),
            may_change=self.has_change_permission(request, mailing),
            may_copy=self.has_add_permission(request) and mailing.quota_id is None,
            form=form,
        )

    def html(self, request: HttpRequest, pk: int, reader: int) -> HttpResponse:
        mailing = self._mailing(request, pk)
        return mail_page(_mail(mailing, get_object_or_404(mailing.readers(), pk=reader))["html"])

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self._mailing(request, pk, sends=True)
        reader = next(iter(readers(mailing, 1)), None)
        if not request.user.email:  # type: ignore[union-attr]
            self.message_user(
                request,
                _("Your account has no e-mail address, so nothing was sent. An administrator can add one under Users."),
                messages.ERROR,
            )
        elif reader is None:
            self._tell_nobody(request)
        else:
            send_test(mailing=mailing, reader=reader, user=request.user)  # type: ignore[arg-type]
            text = _("The test is on its way to %(email)s.") % {"email": request.user.email}  # type: ignore[union-attr]
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:registration_mailing_review", pk)

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self._mailing(request, pk, sends=True)
        try:
            send_mailing(mailing=mailing, by=Actor(ActorKind.STAFF, request.user))
        except NobodyToWriteTo:
            self._tell_nobody(request)
            return redirect("admin:registration_mailing_review", pk)
        except MailingSent:
            self.message_user(request, _("This message was sent already; nothing was sent twice."), messages.INFO)
        return redirect("admin:registration_mailing_progress", pk)

    @may_frame_mails
    def schedule(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self._mailing(request, pk, sends=True)
        form = ScheduleForm(request.POST)
        if mailing.sent_at is None and not form.is_valid():
            return self._review(request, mailing, form)
        try:
            schedule_mailing(mailing=mailing, moment=form.cleaned_data["moment"], by=Actor(ActorKind.STAFF, request.user))
        except NobodyToWriteTo:
            self._tell_nobody(request)
        except MailingSent:
            self.message_user(request, _("This message was sent already; nothing was sent twice."), messages.INFO)
        return redirect("admin:registration_mailing_review", pk)

    def unschedule(self, request: HttpRequest, pk: int) -> HttpResponse:
        if unschedule_mailing(mailing=self._mailing(request, pk, sends=True), by=Actor(ActorKind.STAFF, request.user)):
            self.message_user(request, _("It is a draft again and will not be sent by itself."), messages.SUCCESS)
        return redirect("admin:registration_mailing_review", pk)

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self._mailing(request, pk)
        if not self.has_add_permission(request) or mailing.quota_id:
            raise PermissionDenied
        copy = copy_mailing(mailing=mailing, by=Actor(ActorKind.STAFF, request.user))
        self.message_user(request, _("This is the copy. Nothing of it is sent until you send it."), messages.SUCCESS)
        return redirect("admin:registration_mailing_change", copy.pk)

    def go_on(self, request: HttpRequest, pk: int) -> HttpResponse:
        continue_mailing(mailing=self._mailing(request, pk, sends=True), by=Actor(ActorKind.STAFF, request.user))
        self.message_user(request, _("It goes on. Who has the mail already does not get it again."), messages.SUCCESS)
        return redirect("admin:registration_mailing_progress", pk)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self._mailing(request, pk)
        if mailing.sent_at is None:
            return redirect("admin:registration_mailing_review", pk)
        may_copy = self.has_add_permission(request) and mailing.quota_id is None
        context = {**progress_of(mailing), "may_send": self.may_send(request), "may_copy": may_copy}
        if request.htmx:  # type: ignore[attr-defined]
            return TemplateResponse(request, "admin/registration/mailing/_progress.html", {"mailing": mailing, **context})
        return self._page(request, "progress", mailing, audience=audience_in_words(mailing), **context)

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        stopped = stop_mailing(mailing=self._mailing(request, pk, sends=True), by=Actor(ActorKind.STAFF, request.user))
        text = ngettext("%(n)s mail will not be sent.", "%(n)s mails will not be sent.", stopped)
        self.message_user(request, text % {"n": local_digits(stopped)}, messages.SUCCESS)
        return redirect("admin:registration_mailing_progress", pk)

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        again = send_failed_again(mailing=self._mailing(request, pk, sends=True), by=Actor(ActorKind.STAFF, request.user))
        text = ngettext("%(n)s mail has been queued again.", "%(n)s mails have been queued again.", again)
        self.message_user(request, text % {"n": local_digits(again)}, messages.SUCCESS)
        return redirect("admin:registration_mailing_progress", pk)

    def _mailing(self, request: HttpRequest, pk: int, *, sends: bool = False) -> Mailing:
        """The message, for whoever may see it and, with `sends`, send it. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request) or (sends and not self.may_send(request)):
            raise PermissionDenied
        related = Mailing.objects.select_related("workshop", "day", "track", "quota__province", "scheduled_by")
        return get_object_or_404(related, pk=pk)

    def _page(self, request: HttpRequest, template: str, mailing: Mailing, **context: Any) -> TemplateResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts, "title": mailing.subject, "mailing": mailing}
        return TemplateResponse(request, f"admin/registration/mailing/{template}.html", {**common, **context})

    def _tell_nobody(self, request: HttpRequest) -> None:
        self.message_user(request, _("Nobody matches your choice, so nothing was sent."), messages.WARNING)


def _workshop(request: HttpRequest) -> Workshop | None:
    if slug := request.GET.get("workshop"):
        return Workshop.objects.filter(slug=slug).first()
    return Workshop.objects.current().first() or Workshop.objects.order_by("-pk").first()


def _known() -> SafeString:
    return format_html_join(" · ", "<code>{}</code> {}", ((f"{{{name}}}", text) for name, text in placeholders.PLACEHOLDERS.items()))


def _is_open(mailing: Mailing) -> bool:
    return mailing.sent_at is None and mailing.scheduled_at is None and not mailing.deliveries.exists()


def _when_in_words(mailing: Mailing) -> str:
    if mailing.scheduled_at:
        return _("To be sent on %(moment)s") % {"moment": moment_short(mailing.scheduled_at)}
    return _("Draft, not sent at the time set") if mailing.was_missed else _("Draft")


def audience_in_words(mailing: Mailing) -> list[str]:
    to_desks = mailing.recipients == Mailing.Recipients.COORDINATORS
    state = mailing.get_state_display() or _("all that are not declined or cancelled")
    return [
        mailing.get_recipients_display() if to_desks else state,
        *([date_long(mailing.day.date)] if mailing.day else []),
        *([str(mailing.track)] if mailing.track else []),
        *([mailing.get_region_display()] if mailing.region else []),
        *([", ".join(str(province) for province in provinces)] if (provinces := mailing.provinces.all()) else []),
        *([_("chosen at the desk of %(place)s") % {"place": place_in_sentence(mailing.quota)}] if mailing.quota else []),
        *([", ".join(str(group) for group in groups)] if (groups := mailing.groups.all()) else []),
    ]


def readers(mailing: Mailing, people: int) -> list[Participant | User]:
    """Up to three of the `people`, spread over all of them: the first, one in the middle, the last."""
    audience: QuerySet[Any] = mailing.readers().order_by("pk")
    places = sorted({0, people // 2, people - 1}) if people else []
    return [reader for place in places[:SHOWN] for reader in audience[place : place + 1]]


def _mail(mailing: Mailing, reader: Participant | User) -> dict[str, Any]:
    """How the mail to `reader` looks. Their personal links open nothing."""
    to = {"user": reader} if isinstance(reader, User) else {"participant": reader}
    mail = compose.compose(Delivery(message=mailing.message, mailing=mailing, email=reader.email, **to), for_show=True)
    name = reader.get_full_name() if isinstance(reader, User) else f"{reader.full_name} · {reader.quota}"
    return {"reader": reader, "name": name, "subject": mail.subject, "text": mail.body, "html": str(mail.alternatives[0][0])}


def _by_place(mailing: Mailing) -> list[dict[str, Any]]:
    """How many of the readers are from where, central agencies first."""
    rows = mailing.desks() if mailing.recipients == Mailing.Recipients.COORDINATORS else mailing.audience()
    counts = dict(rows.order_by().values_list("quota").annotate(n=Count("pk")))
    quotas = Quota.objects.filter(pk__in=counts).select_related("province").in_thai_order()
    return [{"name": quota.name, "n": counts[quota.pk]} for quota in quotas]


def progress_of(mailing: Mailing) -> dict[str, Any]:
    """How many mails are in which state, and whether anything still moves. Two queries."""
    own = Delivery.objects.filter(mailing=mailing, message=mailing.message)
    found = dict(own.order_by().values_list("state").annotate(n=Count("pk")))
    written = sum(found.values())
    left = 0 if mailing.queued_at else max(mailing.people - written, 0)
    unwritten = 0 if mailing.stopped_at else left
    stopped = left + found.get(Delivery.State.STOPPED, 0) if mailing.stopped_at else 0
    waiting = unwritten + found.get(Delivery.State.QUEUED, 0) + found.get(Delivery.State.SENDING, 0)
    total = written + unwritten
    return {
        "counts": [{"state": state, "n": found.get(state, 0)} for state in Delivery.State],
        "unwritten": unwritten,
        "waiting": waiting,
        "stopped": stopped,
        "message": mailing.message.value,
        "done": total - waiting,
        "total": total,
        "failed": found.get(Delivery.State.FAILED, 0),
        "is_moving": bool(waiting),
        "is_paused": MailFlow.objects.filter(is_paused=True).exists(),
    }
