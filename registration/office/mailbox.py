"""The mail that was written to files because no mail server is set: as its readers would see it, links and all."""

from email.message import EmailMessage

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from registration.mail import files as mail_files
from registration.office.audited import looked_at
from registration.office.mail_preview import mail_page, may_frame_mails
from sessions.admin.page import AdminPage

PER_PAGE = 50


class _OfMailbox(AdminPage):
    """There is none where mail goes to a server."""

    permission = "registration.view_delivery"

    def is_allowed(self, request: HttpRequest) -> bool:
        if not mail_files.is_in_use():
            raise Http404
        return super().is_allowed(request)


class MailboxPage(_OfMailbox):
    address, name = "mailbox/", "registration_mailbox"
    template = "admin/registration/mailbox/mailbox.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        shown = Paginator(mail_files.names(), PER_PAGE).get_page(request.GET.get("page"))
        mails = [(name, _mail(name)) for name in shown]
        looked_at(request, "mail file list", len(mails))
        return self.render(_("E-mails written to files"), page=shown, mails=mails)


@method_decorator(may_frame_mails, "dispatch")
class MailPage(_OfMailbox):
    address, name = "mailbox/<str:name>/", "registration_mailbox_mail"
    template = "admin/registration/mailbox/mail.html"

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        mail = _mail(name)
        looked_at(request, "mail file", 1)
        files = [(number, part.get_filename()) for number, part in enumerate(mail.iter_attachments())]
        return self.render(mail["Subject"], name=name, mail=mail, text=_body(mail, "plain"), files=files)


class MailHtml(_OfMailbox):
    address, name = "mailbox/<str:name>/html/", "registration_mailbox_html"

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        return mail_page(_body(_mail(name), "html"), links_open=True)


class MailAttachment(_OfMailbox):
    address, name = "mailbox/<str:name>/files/<int:number>/", "registration_mailbox_file"

    def get(self, request: HttpRequest, name: str, number: int) -> HttpResponse:
        parts = list(_mail(name).iter_attachments())
        if number >= len(parts):
            raise Http404
        part = parts[number]
        return HttpResponse(
            part.get_payload(decode=True),
            content_type=part.get_content_type(),
            headers={"Content-Disposition": content_disposition_header(True, str(part.get_filename()))},
        )


PAGES = [MailboxPage, MailPage, MailHtml, MailAttachment]


def _mail(name: str) -> EmailMessage:
    try:
        return mail_files.read(name)
    except FileNotFoundError as error:
        raise Http404 from error


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
