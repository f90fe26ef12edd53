"""What users and groups may do, in words that the office reads: Django names its permissions in English only."""

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

#: Of these packages staff are given rights; what hangs on other ones is nobody's to hold.
APPS = ("agenda", "registration", "auth")
DEEDS = {"view": _("see"), "add": _("add"), "change": _("change"), "delete": _("delete")}
OWN = {
    "add_checkin": _("check people in at the door"),
    "issue_apitoken": _("make and take back"),
    "issue_certificate": _("issue, correct and withdraw"),
    "oversee_exports": _("see and take those of everybody"),
    "export_participant": _("take lists of them along"),
    "send_mailing": _("send"),
}


def in_words(right: Permission) -> str:
    """`right` with its content type."""
    model = right.content_type.model_class()
    of = str(model._meta.verbose_name_plural) if model else right.content_type.model
    deed = OWN.get(right.codename) or DEEDS.get(right.codename.split("_")[0]) or right.name
    return f"{capfirst(of)}: {deed}"


def to_give(*, held: Any = None) -> QuerySet[Permission]:
    """The rights that may be given, and those that `held` (a user or a group) has besides: saving the page takes none away."""
    wanted = Q(content_type__app_label__in=APPS)
    if held is not None:
        wanted |= Q(user=held.pk) if hasattr(held, "user_permissions") else Q(group=held.pk)
    return Permission.objects.filter(wanted).select_related("content_type").distinct()


class RightsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, right: Permission) -> str:
        return in_words(right)
