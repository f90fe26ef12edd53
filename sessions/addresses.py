"""Whole addresses of the portal's pages. They begin with the settings' SITE_URL: a request's host is never believed."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def in_every_language(name: str, *args: object) -> dict[str, str]:
    """The address of the page called `name`, by language code."""
    addresses = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            addresses[language] = settings.SITE_URL + reverse(name, args=args)
    return addresses
