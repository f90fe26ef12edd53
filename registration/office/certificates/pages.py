"""The office's pages of certificates: the rule on the real numbers, the layout with its preview, issuing, and each certificate."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration import responses
from registration.actor import Actor, ActorKind
from registration.certificates import actions, kept, layout, sealing
from registration.certificates.merits import rule_of
from registration.certificates.rules import Rule
from registration.certificates.verification import standing_of
from registration.models import Certificate, CertificateLayout, CertificateRule, CertificateRun, KeptFigures
from registration.office.audited import looked_at
from registration.office.certificates import words
from registration.office.certificates.forms import LayoutForm, RuleForm
from registration.office.kept import figures_for
from registration.office.paging import BoundedPaginator, kept_page
from registration.operations import tasks
from sessions.admin.page import AdminPage
from sessions.models import Workshop

PAGE = 50
#: The longest names that were met, to see that they fit.
SAMPLES = {"th": "ว่าที่ร้อยตรีหญิงสมมุติลักษณ์ภัทรวดี ทดสอบสุวรรณไพบูลย์กิจ ณ ตัวอย่าง", "en": "Acting Sub Lieutenant Sommutlakphatthrawadi Thotsopsuwan"}


class CertificatePage(AdminPage):
    permission = "registration.view_certificate"

    def workshop(self, slug: str) -> Workshop:
        return get_object_or_404(Workshop, slug=slug)

    @property
    def may_issue(self) -> bool:
        return self.request.user.has_perm("registration.issue_certificate")


class OverviewPage(CertificatePage):
    """The four steps from minutes to certificates, and those that are out."""

    address, name = "<slug:slug>/", "registration_certificate_overview"
    template = "admin/registration/certificate/overview.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        rule = rule_of(workshop)
        asked = request.GET.get("q", "").strip()[:60]
        certificates = _found(workshop, asked).select_related("participant")
        figures, number = figures_for(workshop, KeptFigures.Subject.CERTIFICATES), request.GET.get("page")
        searched = BoundedPaginator(certificates, PAGE)
        page = searched.get_page(number) if asked else kept_page(certificates, kept.issued(figures), number, PAGE)
        looked_at(request, "certificates", len(page.object_list), workshop=workshop)
        return self.render(
            _("Certificates"),
            workshop=workshop,
            rule=rule,
            layout=CertificateLayout.objects.filter(workshop=workshop).first(),
            kept=figures,
            waiting=kept.waiting(figures, rule),
            run=CertificateRun.objects.filter(workshop=workshop).first(),
            page=page,
            rows=[(certificate, standing_of(certificate)) for certificate in page.object_list],
            asked=asked,
            may_issue=self.may_issue,
            may_take=request.user.has_perm("registration.export_participant"),
            waiting_for_seal=Certificate.objects.to_seal().filter(workshop=workshop).count(),
            fault=words.KEY_FAULTS.get(_fault(workshop), ""),
        )


def _fault(workshop: Workshop) -> str:
    waiting = CertificateRun.objects.unfinished().filter(workshop=workshop).exclude(fault="")
    return waiting.values_list("fault", flat=True).first() or ""


def _found(workshop: Workshop, asked: str) -> Any:
    found = Certificate.objects.filter(workshop=workshop).order_by("number", "edition")
    if not asked:
        return found
    if asked.isdecimal():
        return found.filter(number=int(asked[:9]))
    return found.filter(Q(participant__first_name__icontains=asked) | Q(participant__last_name__icontains=asked))


class RulePage(CertificatePage):
    """Tried on the real numbers before it is set."""

    address, name = "<slug:slug>/rule/", "registration_certificate_rule"
    permission = "registration.issue_certificate"
    template = "admin/registration/certificate/rule.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        days = workshop.days.filter(is_cancelled=False).count()
        row = CertificateRule.objects.filter(workshop=workshop).first()
        names = ("days", "percent", "needs_evaluation")
        trying = {name: request.GET[name] for name in names if name in request.GET}
        seen = {f"initial-{name}": request.GET.get(f"initial-{name}", _initially(row, name)) for name in names} if row else {}
        initial: dict[str, Any] = (
            {"days": row.days, "percent": row.percent, "needs_evaluation": row.needs_evaluation}
            if row
            else {"days": max(1, days - 1), "percent": 80}
        )
        form = RuleForm(trying | seen if trying else None, initial=initial, instance=row, most=days)
        rule = Rule(**form.cleaned_data) if trying and form.is_valid() else Rule(**initial) if not trying else None
        figures = figures_for(workshop, KeptFigures.Subject.CERTIFICATES)
        return self.render(
            _("Rule for certificates"),
            workshop=workshop, form=form, row=row, rule=rule, kept=figures, seen=seen,
            tried=kept.tried(figures, rule) if rule else None,
            others=[(other, kept.tried(figures, other)) for other in _near(rule, days)] if rule else [],
        )  # fmt: skip

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        row = CertificateRule.objects.filter(workshop=workshop).first()
        form = RuleForm(request.POST, instance=row, most=workshop.days.filter(is_cancelled=False).count())
        if not form.is_valid():
            return self.render(_("Rule for certificates"), workshop=workshop, form=form)
        actions.set_rule(workshop=workshop, by=Actor(ActorKind.STAFF, request.user), **form.cleaned_data)
        messages.success(request, _("The rule is set. Nothing is issued yet."))
        return redirect("admin:registration_certificate_overview", slug)


def _initially(row: CertificateRule, name: str) -> str:
    """What a form shows of `row`, as it keeps it beside the field."""
    return str(getattr(row, name))


def _near(rule: Rule, days: int) -> list[Rule]:
    near = [Rule(rule.days + d, rule.percent + p, rule.needs_evaluation) for d, p in ((-1, 0), (0, -20), (0, -10), (0, 10), (1, 0))]
    return [each for each in near if 1 <= each.days <= days and 1 <= each.percent <= 100]


class LayoutPage(CertificatePage):
    address, name = "<slug:slug>/layout/", "registration_certificate_layout"
    permission = "registration.issue_certificate"
    template = "admin/registration/certificate/layout.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        row = CertificateLayout.objects.filter(workshop=workshop).first()
        first = CertificateLayout(workshop=workshop, title_th=f"ได้เข้าร่วม\n{workshop.title_th}")
        return self._asked(workshop, LayoutForm(instance=row or first), row)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        row = CertificateLayout.objects.filter(workshop=workshop).first()
        form = LayoutForm(request.POST, request.FILES, instance=row or CertificateLayout(workshop=workshop))
        if not form.is_valid():
            return self._asked(workshop, form, row)
        actions.set_layout(workshop=workshop, values=form.values(), by=Actor(ActorKind.STAFF, request.user))
        messages.success(request, _("Saved. Look at the preview, with a long name in it."))
        return redirect("admin:registration_certificate_layout", slug)

    def _asked(self, workshop: Workshop, form: LayoutForm, row: CertificateLayout | None) -> HttpResponse:
        return self.render(_("Layout of certificates"), workshop=workshop, form=form, row=row)


class PreviewPage(CertificatePage):
    """The sheet as it is now, for somebody with a long name: a picture, or with ?pdf the file."""

    address, name = "<slug:slug>/preview/<str:language>/", "registration_certificate_preview"

    def get(self, request: HttpRequest, slug: str, language: str) -> HttpResponse:
        row = get_object_or_404(CertificateLayout.objects.select_related("workshop"), workshop__slug=slug)
        language = "en" if language == "en" else "th"
        days = list(row.workshop.days.filter(is_cancelled=False).values_list("date", flat=True))
        given = row.given_on or timezone.localdate()
        printed = layout.snapshot(row, name=SAMPLES[language], number=42, token="sample", language=language, days=days, given=given)
        if "pdf" in request.GET:
            return responses.pdf(layout.pdf(printed), "certificate-sample.pdf")
        return HttpResponse(layout.picture(printed, 900), content_type="image/png")


class IssuePage(CertificatePage):
    """Looks ahead: how many get one, and the first of them. Then one deliberate step."""

    address, name = "<slug:slug>/issue/", "registration_certificate_issue"
    permission = "registration.issue_certificate"
    template = "admin/registration/certificate/issue.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._asked(self.workshop(slug))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        if "sure" not in request.POST:
            messages.warning(request, _("Tick that the list was looked through first."))
            return self._asked(workshop)
        figures, rule = figures_for(workshop, KeptFigures.Subject.CERTIFICATES), rule_of(workshop)
        expected = kept.waiting(figures, rule)
        try:
            if not expected and not figures.is_moving:
                raise actions.CertificatesNotReady
            run = actions.order_issue(workshop=workshop, by=Actor(ActorKind.STAFF, request.user), expected=expected)
        except actions.CertificatesNotReady:
            messages.info(request, _("Nobody waits for a certificate by the rule."))
            return redirect("admin:registration_certificate_overview", slug)
        tasks.issue_certificates.enqueue(run.pk)
        messages.success(request, _("The certificates are being issued. Each person gets an e-mail."))
        return redirect("admin:registration_certificate_overview", slug)

    def _asked(self, workshop: Workshop) -> HttpResponse:
        rule = rule_of(workshop)
        row = CertificateLayout.objects.filter(workshop=workshop).first()
        figures = figures_for(workshop, KeptFigures.Subject.CERTIFICATES)
        count = kept.waiting(figures, rule) if row else 0
        page = Paginator(range(count), kept.PAGE).get_page(self.request.GET.get("page"))
        keys = kept.candidates(workshop, page.number) if count else []
        people = workshop.participants.select_related("quota__province").in_bulk(keys)
        looked_at(self.request, "certificates to be issued", len(people), workshop=workshop)
        first = (row.last_number if row else 0) + 1
        return self.render(
            _("Issue certificates"),
            workshop=workshop,
            rule=rule,
            layout=row,
            kept=figures,
            count=count,
            page=page,
            people=[people[key] for key in keys if key in people],
            first=first,
            last=first + count - 1,
        )


class CorrectForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("name as it is to be printed"), max_length=300)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)


class OnePage(CertificatePage):
    """One certificate: its sheet, and what can be done with it."""

    address, name = "one/<int:pk>/", "registration_certificate_one"
    template = "admin/registration/certificate/one.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._asked(self._certificate(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        certificate = self._certificate(pk)
        if not self.may_issue:
            return HttpResponse(status=403)
        by, deed = Actor(ActorKind.STAFF, request.user), request.POST.get("deed", "")
        form: forms.Form
        if deed == "correct" and (form := CorrectForm(request.POST)).is_valid():
            corrected = actions.correct_name(certificate=certificate, name=form.cleaned_data["name"], by=by)
            if corrected:
                _seal_soon(certificate.workshop, by)
                messages.success(request, _("Issued anew under the same number. The person gets an e-mail."))
                return redirect("admin:registration_certificate_one", corrected.pk)
        elif deed == "withdraw" and (form := WithdrawForm(request.POST)).is_valid():
            if actions.withdraw(certificate=certificate, reason=form.cleaned_data["reason"], by=by):
                messages.success(request, _("Withdrawn. Its page says so to whoever checks it."))
        elif deed == "restore":
            if actions.restore(certificate=certificate, by=by):
                messages.success(request, _("It is valid again."))
        else:
            messages.warning(request, _("Fill in the field first."))
        return redirect("admin:registration_certificate_one", pk)

    def _certificate(self, pk: int) -> Certificate:
        people = ("workshop", "participant__quota__province", "issued_by", "withdrawn_by")
        return get_object_or_404(Certificate.objects.select_related(*people), pk=pk)

    def _asked(self, certificate: Certificate) -> HttpResponse:
        looked_at(self.request, "certificate", 1, participant=certificate.participant, workshop=certificate.workshop)
        editions = Certificate.objects.filter(workshop=certificate.workshop, number=certificate.number).order_by("edition")
        printed = certificate.snapshot
        return self.render(
            printed.get("number", ""),
            workshop=certificate.workshop,
            certificate=certificate,
            standing=standing_of(certificate),
            editions=editions,
            correct=CorrectForm(initial={"name": printed.get("name", "")}),
            withdraw=WithdrawForm(),
            may_issue=self.may_issue,
        )


class SheetPage(CertificatePage):
    address, name = "one/<int:pk>/pdf/", "registration_certificate_pdf"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        certificate = get_object_or_404(Certificate, pk=pk, removed_at=None)
        looked_at(request, "certificate", 1, participant=certificate.participant, workshop=certificate.workshop)
        try:
            return responses.pdf(sealing.sheet_of(certificate), f"certificate-{certificate.number}.pdf")
        except sealing.NotSealed:
            if not certificate.awaits_seal:
                actions.seal_anew(certificate=certificate)
            _seal_soon(certificate.workshop, Actor(ActorKind.STAFF, request.user))
            messages.info(request, _("This sheet is getting the electronic seal of the office. Try again in a minute."))
            return redirect("admin:registration_certificate_one", pk)


def _seal_soon(workshop: Workshop, by: Actor) -> None:
    if run := actions.order_sealing(workshop=workshop, by=by):
        tasks.issue_certificates.enqueue(run.pk)
