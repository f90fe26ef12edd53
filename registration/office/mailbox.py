"""The mail that was written to files because no mail server is set: as its readers would see it, links and all."""

from email.message import EmailMessage
from typing import Any

from django.contrib.admin.sites import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from registration.mail import files as mail_files
from registration.models import Delivery
from registration.office.audited import looked_at
from registration.office.mail_preview import mail_page, may_frame_mails

PER_PAGE = 50


def urls(site: AdminSite) -> list[URLPattern]:
    def page(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        common = {**site.each_context(request), "opts": Delivery._meta}
        return TemplateResponse(request, f"admin/registration/mailbox/{template}.html", {**common, **context})

    def mailbox(request: HttpRequest) -> HttpResponse:
        _may_see(request)
        shown = Paginator(mail_files.names(), PER_PAGE).get_page(request.GET.get("page"))
        mails = [(name, _mail(name)) for name in shown]
        looked_at(request, "mail file list", len(mails))
        return page(request, "mailbox", title=_("E-mails written to files"), page=shown, mails=mails)

    @may_frame_mails
    def one_mail(request: HttpRequest, name: str) -> HttpResponse:
        _may_see(request)
        mail = _mail(name)
        looked_at(request, "mail file", 1)
        files = [(number, part.get_filename()) for number, part in enumerate(mail.iter_attachments())]
        return page(request, "mail", title=mail["Subject"], name=name, mail=mail, text=_body(mail, "plain"), files=files)

    def html(request: HttpRequest, name: str) -> HttpResponse:
        _may_see(request)
        return mail_page(_body(_mail(name), "html"), links_open=True)

    def file(request: HttpRequest, name: str, number: int) -> HttpResponse:
        _may_see(request)
        parts = list(_mail(name).iter_attachments())
        if number >= len(parts):
            raise Http404
        part = parts[number]
        return HttpResponse(
            part.get_payload(decode=True),
            content_type=part.get_content_type(),
            headers={"Content-Disposition": content_disposition_header(True, str(part.get_filename()))},
        )

    return [
        path("mailbox/", site.admin_view(mailbox), name="registration_mailbox"),
        path("mailbox/<str:name>/", site.admin_view(one_mail), name="registration_mailbox_mail"),
        path("mailbox/<str:name>/html/", site.admin_view(html), name="registration_mailbox_html"),
        path("mailbox/<str:name>/files/<int:number>/", site.admin_view(file), name="registration_mailbox_file"),
    ]


def _may_see(request: HttpRequest) -> None:
    """Raises Http404 where mail goes to a server, PermissionDenied to whom may not see deliveries."""
    if not mail_files.is_in_use():
        raise Http404
    if not request.user.has_perm("registration.view_delivery"):
        raise PermissionDenied


def _mail(name: str) -> EmailMessage:
    try:
        return mail_files.read(name)
    except FileNotFoundError as error:
        raise Http404 from error


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
