"""The page that is being made, in the other language."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, ResolverMatch, reverse, translate_url
from django.utils import translation

register = template.Library()


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], language: str) -> str:
    """The path of this page in `language` ("th" or "en"), query and all; of the front page where there is no such page.

    A page that is kept for many visitors is made without a request; it says in `page_path` where it stands.
    """
    request, path = context.get("request"), context.get("page_path")
    path = path or (request.get_full_path() if request else "/")
    match = None if context.get("page_path") else getattr(request, "resolver_match", None)
    translated = _reversed(match, path, language) if match else translate_url(path, language)
    if translated == path and language != translation.get_language():
        with translation.override(language):
            return reverse("home")
    return translated


def _reversed(match: ResolverMatch, path: str, language: str) -> str:
    """As `translate_url`, of an address that was looked up already."""
    _path, mark, query = path.partition("?")
    try:
        with translation.override(language):
            return f"{reverse(match.view_name, args=match.args, kwargs=match.kwargs)}{mark}{query}"
    except NoReverseMatch:
        return translate_url(path, language)
