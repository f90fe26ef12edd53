"""Which version of the portal this is."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def portal_version() -> str:
    return settings.VERSION
