"""Numbers that tell a watcher how the portal is: what waits, what failed, who is alive. Nobody's data."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, QuerySet, Sum
from django_tasks_db.models import DBTaskResult

from registration.choices import State
from registration.models import Delivery, Heartbeat, MailFlow, Participant, Quota
from registration.operations import backups
from registration.seats import quotas
from sessions.models import Workshop

Values = dict[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One number for each combination of `labels`."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    values: Values


def read(at: dt.datetime) -> list[Metric]:
    """Everything as it is now, in some queries over all people: ask for it once a minute at most."""
    return [
        Metric("deliveries", "E-mails by state", ("state",), _by_state("state", Delivery.objects.all())),
        Metric("oldest_due_delivery_seconds", "How long the oldest e-mail that is due has waited", (), {(): _oldest_due(at)}),
        Metric("tasks", "Tasks in the database's queue by state", ("state",), _by_state("status", DBTaskResult.objects.all())),
        Metric("registrations", "Participants by workshop and state", ("workshop", "state"), _registrations()),
        *_seats(),
        Metric("mail_paused", "Whether staff paused the mail", (), {(): int(MailFlow.objects.filter(is_paused=True).exists())}),
        Metric("quota_mismatches", "Quotas whose counter does not agree with its participants", (), {(): len(quotas.mismatches())}),
        Metric("backup_age_seconds", "How long ago the newest backup on this host was made", (), _backup_age(at)),
        Metric("heartbeat_age_seconds", "How long ago clock and workers were seen", ("name",), _heartbeats(at)),
    ]


def _by_state(field: str, rows: QuerySet) -> Values:
    """How many of `rows` are in each of the states that `field` may have."""
    found = dict(rows.order_by().values_list(field).annotate(n=Count("pk")))
    return {(state,): found.get(state, 0) for state, _words in rows.model._meta.get_field(field).choices}


def _oldest_due(at: dt.datetime) -> float:
    oldest = Delivery.objects.due(at).order_by().aggregate(oldest=Min("due_at"))["oldest"]
    return (at - oldest).total_seconds() if oldest else 0


def _registrations() -> Values:
    counted = Participant.objects.order_by().values_list("workshop_id", "state").annotate(n=Count("pk"))
    found = {(workshop, state): n for workshop, state, n in counted}
    slugs = Workshop.objects.order_by("pk").values_list("pk", "slug")
    return {(slug, str(state)): found.get((pk, state), 0) for pk, slug in slugs for state in State}


def _seats() -> list[Metric]:
    rows = Quota.objects.seats().order_by().values_list("workshop__slug").annotate(taken=Sum("taken"), places=Sum("capacity"))
    summed = list(rows)
    return [
        Metric("seats_taken", "Seats taken, by workshop", ("workshop",), {(slug,): taken for slug, taken, _places in summed}),
        Metric("seats", "Seats there are, by workshop", ("workshop",), {(slug,): places or 0 for slug, _taken, places in summed}),
    ]


def _backup_age(at: dt.datetime) -> Values:
    made = backups.newest(settings.VAR_DIR / "backups")
    return {(): (at - made).total_seconds()} if made else {}


def _heartbeats(at: dt.datetime) -> Values:
    return {(beat.name,): (at - beat.seen_at).total_seconds() for beat in Heartbeat.objects.all()}
