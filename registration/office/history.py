"""The history of a workshop: what staff changed of it, of its days and of its agenda, and what was decided about all of it."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.text import capfirst

from registration.actor import ActorKind
from registration.audit.words import what_in_words
from registration.models import AuditEvent
from sessions.admin.history import HistoryDeed, HistoryLine, line_of
from sessions.models import AgendaItem, Workshop, WorkshopDay

#: What is no looking and no downloading, of nobody in particular.
DECISIONS = (AuditEvent.Verb.DECIDED, AuditEvent.Verb.ERASED)


def lines_of(workshop: Workshop, *, with_trail: bool) -> list[HistoryLine]:
    """The newest first; with `with_trail` also what the audit trail keeps of the workshop as a whole. At most five queries, and one
    for each kind of row."""
    lines = [_told(entry) for entry in _entries(workshop)]
    if with_trail:
        lines += [_of_trail(event) for event in _events(workshop)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _entries(workshop: Workshop) -> list[LogEntry]:
    rows = {
        Workshop: [workshop.pk],
        WorkshopDay: list(workshop.days.values_list("pk", flat=True)),
        AgendaItem: list(AgendaItem.objects.filter(day__workshop=workshop).values_list("pk", flat=True)),
    }
    wanted = Q()
    for model, keys in rows.items():
        wanted |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=[str(key) for key in keys])
    return list(LogEntry.objects.filter(wanted).select_related("user", "content_type"))


def _told(entry: LogEntry) -> HistoryLine:
    model = entry.content_type.model_class() if entry.content_type else None
    if model is Workshop or model is None:
        return line_of(entry)
    return line_of(entry, about=f"{capfirst(str(model._meta.verbose_name))} {entry.object_repr}")


def _events(workshop: Workshop) -> list[AuditEvent]:
    found = AuditEvent.objects.filter(workshop=workshop, verb__in=DECISIONS, participant_key=None)
    return list(found.select_related("actor", "quota__province"))


def _of_trail(event: AuditEvent) -> HistoryLine:
    kind = str(ActorKind(event.actor_kind).label) if event.actor_kind in ActorKind.values else event.actor_kind
    who = (event.actor.get_full_name() or event.actor.get_username()) if event.actor else kind
    return HistoryLine(event.at, who, [HistoryDeed(what_in_words(event))], event.quota.name if event.quota else "")
