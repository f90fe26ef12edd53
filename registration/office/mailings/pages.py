"""What happens to a message once it is written: looked at, tried on oneself, sent once or at a time, watched, stopped."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.actor import Actor, ActorKind
from registration.errors import MailingSent, NobodyToWriteTo
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
from registration.models import Mailing
from registration.office.forms.mailing import ScheduleForm
from registration.office.mail_preview import mail_page, may_frame_mails
from registration.office.mailings.words import audience_in_words, by_place, mail_to, progress_of, readers
from sessions.admin.page import AdminPage
from sessions.formats import local_digits


class MailingPage(AdminPage):
    """A page about one message, for whoever may see messages; with `sends`, for whoever may send them too."""

    sends = False

    def is_allowed(self, request: HttpRequest) -> bool:
        return self.model_admin.has_view_permission(request) and (self.may_send or not self.sends)

    @property
    def may_send(self) -> bool:
        return self.request.user.has_perm("registration.send_mailing")

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)

    def mailing(self, pk: int) -> Mailing:
        """Raises Http404."""
        related = Mailing.objects.select_related("workshop", "day", "track", "quota__province", "scheduled_by")
        return get_object_or_404(related, pk=pk)

    def may_copy(self, mailing: Mailing) -> bool:
        return self.model_admin.has_add_permission(self.request) and mailing.quota_id is None

    def tell_nobody(self) -> None:
        messages.warning(self.request, _("Nobody matches your choice, so nothing was sent."))

    def tell_sent(self) -> None:
        messages.info(self.request, _("This message has already been sent; nothing was sent twice."))


class MailingReviewedPage(MailingPage):
    """What shows the message before it is sent."""

    template = "admin/registration/mailing/review.html"

    def review(self, mailing: Mailing, form: ScheduleForm) -> HttpResponse:
        people = mailing.readers().count()
        return self.render(
            mailing.subject,
            mailing=mailing,
            people=people,
            places=by_place(mailing),
            audience=audience_in_words(mailing),
            mails=[mail_to(reader, mailing) for reader in readers(mailing, people)],
            may_send=self.may_send,
            may_change=self.model_admin.has_change_permission(self.request, mailing),
            may_copy=self.may_copy(mailing),
            form=form,
        )


class MailingReviewPage(MailingReviewedPage):
    address, name = "<int:pk>/review/", "registration_mailing_review"

    @may_frame_mails
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self.mailing(pk)
        return redirect("admin:registration_mailing_progress", pk) if mailing.sent_at else self.review(mailing, ScheduleForm())


class MailingReaderPage(MailingPage):
    """How one reader's mail looks, as a frame of the review."""

    address, name = "<int:pk>/review/<int:reader>/", "registration_mailing_html"

    def get(self, request: HttpRequest, pk: int, reader: int) -> HttpResponse:
        mailing = self.mailing(pk)
        return mail_page(mail_to(get_object_or_404(mailing.readers(), pk=reader), mailing)["html"])


class MailingTestPage(MailingPage):
    """Mails it to whoever asks, as somebody of the audience would get it."""

    address, name = "<int:pk>/test/", "registration_mailing_test"
    sends = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing, user = self.mailing(pk), self.by.user
        reader = next(iter(readers(mailing, 1)), None)
        if not user or not user.email:
            messages.error(request, _("Your account has no e-mail address, so nothing was sent. An administrator can add one under Users."))
        elif reader is None:
            self.tell_nobody()
        else:
            send_test(mailing=mailing, reader=reader, user=user)
            messages.success(request, _("The test is on its way to %(email)s.") % {"email": user.email})
        return redirect("admin:registration_mailing_review", pk)


class MailingSendPage(MailingPage):
    address, name = "<int:pk>/send/", "registration_mailing_send"
    sends = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            send_mailing(mailing=self.mailing(pk), by=self.by)
        except NobodyToWriteTo:
            self.tell_nobody()
            return redirect("admin:registration_mailing_review", pk)
        except MailingSent:
            self.tell_sent()
        return redirect("admin:registration_mailing_progress", pk)


class MailingSchedulePage(MailingReviewedPage):
    address, name = "<int:pk>/schedule/", "registration_mailing_schedule"
    sends = True

    @may_frame_mails
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing, form = self.mailing(pk), ScheduleForm(request.POST)
        if mailing.sent_at:
            self.tell_sent()
            return redirect("admin:registration_mailing_progress", pk)
        if not form.is_valid():
            return self.review(mailing, form)
        try:
            schedule_mailing(mailing=mailing, moment=form.cleaned_data["moment"], by=self.by)
        except NobodyToWriteTo:
            self.tell_nobody()
        except MailingSent:
            self.tell_sent()
        return redirect("admin:registration_mailing_review", pk)


class MailingUnschedulePage(MailingPage):
    address, name = "<int:pk>/unschedule/", "registration_mailing_unschedule"
    sends = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if unschedule_mailing(mailing=self.mailing(pk), by=self.by):
            messages.success(request, _("It is a draft again and will not be sent by itself."))
        return redirect("admin:registration_mailing_review", pk)


class MailingCopyPage(MailingPage):
    address, name = "<int:pk>/copy/", "registration_mailing_copy"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self.mailing(pk)
        if not self.may_copy(mailing):
            raise PermissionDenied
        copy = copy_mailing(mailing=mailing, by=self.by)
        messages.success(request, _("This is the copy. Nothing of it is sent until you send it."))
        return redirect("admin:registration_mailing_change", copy.pk)


class MailingProgressPage(MailingPage):
    address, name = "<int:pk>/progress/", "registration_mailing_progress"
    template = "admin/registration/mailing/progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailing = self.mailing(pk)
        if mailing.sent_at is None:
            return redirect("admin:registration_mailing_review", pk)
        context: dict[str, Any] = {
            "mailing": mailing,
            **progress_of(mailing),
            "may_send": self.may_send,
            "may_copy": self.may_copy(mailing),
        }
        if request.htmx:  # type: ignore[attr-defined]
            return TemplateResponse(request, "admin/registration/mailing/_progress.html", context)
        return self.render(mailing.subject, audience=audience_in_words(mailing), **context)


class MailingStopPage(MailingPage):
    address, name = "<int:pk>/stop/", "registration_mailing_stop"
    sends = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        stopped = stop_mailing(mailing=self.mailing(pk), by=self.by)
        text = ngettext("%(n)s e-mail will not be sent.", "%(n)s e-mails will not be sent.", stopped)
        messages.success(request, text % {"n": local_digits(stopped)})
        return redirect("admin:registration_mailing_progress", pk)


class MailingContinuePage(MailingPage):
    address, name = "<int:pk>/continue/", "registration_mailing_continue"
    sends = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        continue_mailing(mailing=self.mailing(pk), by=self.by)
        messages.success(request, _("It goes on. Those who already have the e-mail do not get it again."))
        return redirect("admin:registration_mailing_progress", pk)


class MailingAgainPage(MailingPage):
    """Queues once more what failed."""

    address, name = "<int:pk>/again/", "registration_mailing_again"
    sends = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        again = send_failed_again(mailing=self.mailing(pk), by=self.by)
        text = ngettext("%(n)s e-mail has been queued again.", "%(n)s e-mails have been queued again.", again)
        messages.success(request, text % {"n": local_digits(again)})
        return redirect("admin:registration_mailing_progress", pk)


PAGES = [
    MailingReviewPage,
    MailingReaderPage,
    MailingTestPage,
    MailingSendPage,
    MailingSchedulePage,
    MailingUnschedulePage,
    MailingCopyPage,
    MailingProgressPage,
    MailingStopPage,
    MailingContinuePage,
    MailingAgainPage,
]
