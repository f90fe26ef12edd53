"""The page that is being made, in the other language."""

from typing import Any

from django import template
from django.urls import reverse, translate_url
from django.utils import translation

register = template.Library()


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], language: str) -> str:
    """The path of this page in `language` ("th" or "en"), query and all; of the front page where there is no such page.

    A page that is kept for many visitors is made without a request; it says in `page_path` where it stands.
    """
    path = context.get("page_path") or (context["request"].get_full_path() if "request" in context else "/")
    translated = translate_url(path, language)
    if translated == path and language != translation.get_language():
        with translation.override(language):
            return reverse("home")
    return translated
