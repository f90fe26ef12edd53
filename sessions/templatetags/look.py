"""Signs and unbroken Thai words for pages."""

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from sessions.icons import ICONS
from sessions.line_breaks import keep_together

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    drawing = mark_safe(ICONS[name])
    return format_html('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>', drawing)


@register.filter
def nb(text: object) -> SafeString:
    """`text` with its Thai words, dates and hours kept together. Not for titles, options, or bare text in a flex box."""
    return mark_safe(keep_together(str(conditional_escape(text if isinstance(text, str) else str(text)))))


class Unbroken(template.Node):
    def __init__(self, nodes: NodeList) -> None:
        self.nodelist = nodes

    def render(self, context: Context) -> SafeString:
        return mark_safe(keep_together(self.nodelist.render(context)))


@register.tag("nb")
def unbroken(parser: Parser, _token: Token) -> Unbroken:
    """{% nb %} … {% endnb %}: the same for all text of a part of a page."""
    nodes = parser.parse(("endnb",))
    parser.delete_first_token()
    return Unbroken(nodes)
