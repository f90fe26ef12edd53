"""Tokens for other systems: made with what they are told once, looked at, taken back. Nobody changes one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.api import actions
from registration.api.tokens import Scope, who_may_give
from registration.models import ApiToken
from registration.office.forms.api_token import ApiTokenForm, places, scopes_in_words
from sessions.admin.page import AdminPage, addresses
from sessions.formats import moment_short

LIST = "admin:registration_apitoken_changelist"
#: Those that opened something until lately are looked at first; older ones are in the audit trail.
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as the list tells of it. `why` says why it opens nothing; empty where it works."""

    token: ApiToken
    scopes: list[str]
    place: str
    why: str
    #: What it was given and its maker may no longer do.
    lost: list[str]


def shown(token: ApiToken, names: dict[str, str], givers: dict[Scope, set[int]], at: dt.datetime) -> Shown:
    place = names.get(token.place_code, token.place_code) if token.place_code else ""
    works, maker = token.works(at), token.created_by
    is_there = maker is not None and maker.is_active and maker.is_staff
    lost = [str(scope.label) for scope in Scope if token.allows(scope) and token.created_by_id not in givers[scope]]
    return Shown(token, scopes_in_words(token), place, "" if works and is_there else _why(token, at), lost)


def _why(token: ApiToken, at: dt.datetime) -> str:
    if token.taken_back_at:
        return _("Taken back on %(when)s") % {"when": moment_short(token.taken_back_at)}
    if not token.works(at):
        return _("Expired")
    return _("Whoever made it no longer works here")


class ApiTokenPage(AdminPage):
    permission = "registration.issue_apitoken"

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)


class NewApiTokenPage(ApiTokenPage):
    """Sent and right, it is answered by the token itself, which stands nowhere else and never again."""

    address, name = "new/", "registration_apitoken_new"
    template = "admin/registration/api_token/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._asked(ApiTokenForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ApiTokenForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._asked(form)
        said = form.cleaned_data
        token, in_full = actions.issue(**said | {"scopes": [Scope(scope) for scope in said["scopes"]]}, by=self.by)
        if in_full is None:
            messages.warning(
                request, _("This token was made already, and is not shown again. If it is lost, take it back and make a new one.")
            )
            return redirect(LIST)
        one = shown(token, places(), who_may_give(), timezone.now())
        return self.render(_("The token"), "admin/registration/api_token/made.html", one=one, in_full=in_full)

    def _asked(self, form: ApiTokenForm) -> HttpResponse:
        return self.render(_("Make an API token"), form=form)


class TakeBackApiTokenPage(ApiTokenPage):
    address, name = "<int:pk>/take-back/", "registration_apitoken_take_back"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = get_object_or_404(ApiToken.objects.select_related("workshop"), pk=pk)
        if "sure" not in request.POST:
            messages.warning(request, _("Tick that the system is to be locked out."))
        elif actions.take_back(token=token, by=self.by):
            messages.success(request, _("Taken back: “%(name)s” opens nothing any more.") % {"name": token.name})
        else:
            messages.info(request, _("It was taken back before."))
        return redirect(LIST)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    pages: list[type[AdminPage]] = [NewApiTokenPage, TakeBackApiTokenPage]

    def get_urls(self) -> list[URLPattern]:
        lists = [url for url in super().get_urls() if url.name and url.name.endswith("_changelist")]
        return [*lists, *addresses(self, self.pages)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("registration.view_apitoken") or request.user.has_perm("registration.issue_apitoken")

    has_module_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        names, givers, at = places(), who_may_give(), timezone.now()
        found = ApiToken.objects.select_related("workshop", "created_by").order_by("-pk")[: MAX_SHOWN + 1]
        each = [shown(token, names, givers, at) for token in found]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("API tokens"),
            "working": [one for one in each[:MAX_SHOWN] if not one.why],
            "ended": [one for one in each[:MAX_SHOWN] if one.why],
            "are_more": len(each) > MAX_SHOWN,
            "may_issue": request.user.has_perm("registration.issue_apitoken"),
        }
        return TemplateResponse(request, "admin/registration/api_token/overview.html", context)
