from django import template
from django.contrib.admin.models import LogEntry

from sessions.admin.history import HistoryLine, line_of

register = template.Library()


@register.filter
def told(entry: LogEntry) -> HistoryLine:
    return line_of(entry)
