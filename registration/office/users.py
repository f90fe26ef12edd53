"""Who works here: Django's pages for users and groups, which end sign-ins when somebody's rights change."""

from collections.abc import Collection
from typing import Any

import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401 - what these two register is taken away again below
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from registration.coordinators.actions import MAX_NAME
from registration.errors import TextRefused
from registration.office.rights import RightsField, to_give
from registration.people.text import is_key, kept
from registration.security import openid
from registration.security.actions.identities import unlink
from registration.security.actions.second_factor import give_word, reset
from registration.security.actions.sign_ins import end_sign_ins
from sessions.admin.seen import SeenAdmin, SeenForm
from sessions.formats import local_digits

# Secrets of second factors are nobody's to read or type.
admin.site.unregister([User, Group, StaticDevice, TOTPDevice])


class GivesRights(ModelAdmin):
    """A page on which rights are given, each named as the office calls it."""

    rights = ""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if self.rights in form.base_fields:
            field: Any = form.base_fields[self.rights]
            field.queryset = to_give(held=obj)
        return form

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == self.rights:
            kwargs["form_class"] = RightsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class StaffForm(SeenForm, UserChangeForm):
    """Whether there is a password, and no part of what is kept of it."""

    password = None  # type: ignore[assignment]

    def clean_first_name(self) -> str:
        return self._kept("first_name")

    def clean_last_name(self) -> str:
        return self._kept("last_name")

    def _kept(self, field: str) -> str:
        """A name as it is kept of anybody; one that nobody touched stays as it is."""
        text: str = self.cleaned_data[field]
        if field not in self.changed_data:
            return text
        try:
            return kept(field, text, room=MAX_NAME)
        except TextRefused as refused:
            raise forms.ValidationError(refused.fault) from refused


@admin.register(User)
class StaffAdmin(GivesRights, SeenAdmin, UserAdmin):
    form = StaffForm
    rights = "user_permissions"
    fieldsets = [(None, {"fields": ("username", "shown_password")}), *(UserAdmin.fieldsets or ())[1:]]
    readonly_fields = ["shown_password"]
    actions = ["reset_second_factor", "let_set_up_second_factor", "unlink_identity"]

    @admin.display(description=_("Password"))
    def shown_password(self, user: User) -> str:
        said = _("There is a password.") if user.has_usable_password() else _("There is no password.")
        return format_html('{} <a href="{}">{}</a>', said, reverse("admin:auth_user_password_change", args=[user.pk]), _("Set a new one"))

    @admin.action(description=_("Remove the second factor of the selected users"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        assert isinstance(request.user, User)
        for user in users:
            reset(user=user, by=request.user)
        said = ngettext(
            "%(n)s person sets up a new second factor at the next sign-in.",
            "%(n)s people set up a new second factor at the next sign-in.",
            len(users),
        )
        messages.success(request, said % {"n": len(users)})

    @admin.action(description=_("Let the selected users set up a second factor without an e-mail"), permissions=["change"])
    def let_set_up_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        assert isinstance(request.user, User)
        for user in users:
            give_word(user=user, by=request.user)
        said = ngettext(
            "%(n)s person may set up a second factor within seven days.",
            "%(n)s people may set up a second factor within seven days.",
            len(users),
        )
        messages.success(request, said % {"n": len(users)})

    @admin.action(description=_("Unlink the selected users from the provider that signs them in"), permissions=["unlink"])
    def unlink_identity(self, request: HttpRequest, users: QuerySet[User]) -> None:
        assert isinstance(request.user, User)
        count = sum(unlink(user=user, by=request.user) for user in users)
        said = ngettext("%(n)s person signs in as before.", "%(n)s people sign in as before.", count)
        messages.success(request, said % {"n": count})

    def has_unlink_permission(self, request: HttpRequest) -> bool:
        """Asked by Django before it offers that."""
        return openid.is_on() and self.has_change_permission(request)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        before = _rights(str(object_id)) if request.method == "POST" else None
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if before and before != _rights(str(object_id)):
            end_sign_ins([int(str(object_id))])
        return response


@admin.register(Group)
class RoleAdmin(GivesRights, SeenAdmin, GroupAdmin):
    rights = "permissions"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        before = _permissions(str(object_id)) if request.method == "POST" else None
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if before is not None and before != _permissions(str(object_id)):
            end_sign_ins(_members(Group.objects.filter(pk=str(object_id))))
        return response

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], dict[str, int], set[Any], list[Any]]:
        """The groups and how many people lose what they give; not each of their memberships and rights, as Django would."""
        shown, _counts, refused, protected = super().get_deleted_objects(objs, request)
        members = len(_members(Group.objects.filter(pk__in=[group.pk for group in objs])))
        words = ngettext("%(n)s person loses these rights.", "%(n)s people lose these rights.", members) % {"n": local_digits(members)}
        return (
            [*(one for one in shown if not isinstance(one, list)), words],
            {str(self.opts.verbose_name_plural): len(objs)},
            refused,
            protected,
        )

    def delete_model(self, request: HttpRequest, group: Group) -> None:
        members = _members(Group.objects.filter(pk=group.pk))
        super().delete_model(request, group)
        end_sign_ins(members)

    def delete_queryset(self, request: HttpRequest, groups: QuerySet[Group]) -> None:
        members = _members(groups)
        super().delete_queryset(request, groups)
        end_sign_ins(members)


def _rights(pk: str) -> tuple[object, ...] | None:
    """What the user may do, to be compared; None where there is none."""
    user = User.objects.filter(pk=pk).first() if is_key(str(pk)) else None
    if user is None:
        return None
    roles, own = (set(many.values_list("pk", flat=True)) for many in (user.groups, user.user_permissions))
    return user.is_active, user.is_staff, user.is_superuser, roles, own


def _permissions(pk: str) -> set[int]:
    group = Group.objects.filter(pk=pk).first() if is_key(str(pk)) else None
    return set(group.permissions.values_list("pk", flat=True)) if group else set()


def _members(groups: QuerySet[Group]) -> Collection[int]:
    return list(User.objects.filter(groups__in=groups).values_list("pk", flat=True))
