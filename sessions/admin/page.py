"""A page of our own in the admin: an address, who may see it, a template, what it shows and what it does."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views import View


class AdminPage(View):
    """Whoever lacks `permission` gets 403, whatever they ask; a way (`get`, `post`) that a page does not have is answered 405.

    A page stands below the list of a model (`model_admin`), whose breadcrumbs and styles it has.
    """

    #: Below the address of the model's list: "<int:pk>/draft/".
    address: ClassVar[str]
    #: The URL name without "admin:".
    name: ClassVar[str]
    permission: ClassVar[str]
    template: ClassVar[str] = ""
    model_admin: ModelAdmin

    @classmethod
    def at(cls, model_admin: ModelAdmin) -> URLPattern:
        view = cls.as_view()
        return path(cls.address, model_admin.admin_site.admin_view(view), {"model_admin": model_admin}, name=cls.name)

    def setup(self, request: HttpRequest, *args: Any, model_admin: ModelAdmin, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.model_admin = model_admin

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kwargs.pop("model_admin", None)
        if not self.is_allowed(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)

    def render(self, title: str, template: str = "", /, **context: Any) -> HttpResponse:
        site, opts = self.model_admin.admin_site, self.model_admin.opts
        common = {**site.each_context(self.request), "opts": opts, "media": self.model_admin.media, "title": title}
        return TemplateResponse(self.request, template or self.template, {**common, **context})


def addresses(model_admin: ModelAdmin, pages: Sequence[type[AdminPage]]) -> list[URLPattern]:
    return [page.at(model_admin) for page in pages]
