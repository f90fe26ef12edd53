"""What happened is noted for each endpoint that listens, in the transaction of the event: a row an endpoint and event.

Where an event is already written down, it is noted here: `seats.actions.states.record` for what happens to people, the
certificates' letting out, the agenda's release. What is rolled back was never noted. Whether anybody listens is remembered
for some seconds, so that a registration asks nothing where nobody does.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.cache import cache

from registration.choices import WebhookEvent
from registration.models import Certificate, Event, Participant, WebhookDelivery, WebhookEndpoint
from registration.webhooks.events import ABOUT_PEOPLE, ERASED, EVENTS
from sessions.models import Release

#: A new endpoint is told of what happens from so many seconds after it was added.
REMEMBERED = 10
_KEY = "webhook-endpoints"


def note_event(event: Event) -> None:
    """`event` of a participant, as their state is after it."""
    if kind := EVENTS.get(event.verb):
        person = event.participant
        if endpoints := _listening([kind], person.workshop_id):
            data = _about(person) | {"what": event.verb}
            _write(kind, endpoints, [(f"event-{event.pk}", person, data)], event.at)


def note_certificates(certificates: Iterable[Certificate], *, at: dt.datetime) -> None:
    """First editions of one workshop that reach their people now; a corrected one is an event of its own."""
    issued = [each for each in certificates if each.edition == 1 and each.participant_id]
    kind = WebhookEvent.CERTIFICATE_ISSUED
    if issued and (endpoints := _listening([kind], issued[0].workshop_id)):
        with_places = Participant.objects.select_related("workshop", "quota__province")
        people = with_places.in_bulk([each.participant_id for each in issued])
        noted = []
        for each in issued:
            person = people[each.participant_id]
            noted.append((f"certificate-{each.pk}", person, _about(person) | {"number": each.number}))
        _write(kind, endpoints, noted, at)


def note_erasure(person: Participant, *, at: dt.datetime) -> None:
    """That `person` is erased, before their row goes; what waited about them goes with it. The code is forgotten once it was told."""
    if endpoints := _listening(ABOUT_PEOPLE, person.workshop_id):
        data = {"participant": person.code, "workshop": person.workshop.slug}
        _write(ERASED, endpoints, [(f"erasure-{person.pk}", None, data)], at)


def note_release(release: Release) -> None:
    """A revision of the agenda; of a workshop that is not published nobody is told."""
    kind, workshop = WebhookEvent.PROGRAMME_RELEASED, release.workshop
    if workshop.is_published and (endpoints := _listening([kind], workshop.pk)):
        days = sorted({change["date"] for change in release.changes})
        data = {"workshop": workshop.slug, "revision": release.number, "days": days}
        _write(kind, endpoints, [(f"release-{release.pk}", None, data)], release.released_at)


def body_of(kind: str, data: dict[str, Any], at: dt.datetime) -> str:
    timestamp = at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": timestamp, "data": data}, ensure_ascii=False, separators=(",", ":"))


def forget_who_listens() -> None:
    cache.delete(_KEY)


def _listening(kinds: Collection[WebhookEvent], workshop_id: int) -> list[int]:
    """Endpoints that are told of one of `kinds` at least."""
    known = cache.get(_KEY)
    if known is None:
        known = [list(row) for row in WebhookEndpoint.objects.listening().values_list("pk", "workshop_id", "events")]
        cache.set(_KEY, known, REMEMBERED)
    return [pk for pk, of, events in known if of in (None, workshop_id) and not set(kinds).isdisjoint(events)]


def _about(person: Participant) -> dict[str, Any]:
    province = person.quota.province
    return {
        "participant": person.code,
        "workshop": person.workshop.slug,
        "province": province.code if province else None,
        "state": str(person.state),
    }


#: The key of an event, whom it is about, and what is told of it.
Noted = tuple[str, Participant | None, dict[str, Any]]


def _write(kind: str, endpoints: list[int], noted: Sequence[Noted], at: dt.datetime) -> None:
    WebhookDelivery.objects.bulk_create(
        (
            WebhookDelivery(
                endpoint_id=endpoint, key=key, event=kind, participant=person, body=body_of(kind, data, at), created_at=at, due_at=at
            )
            for key, person, data in noted
            for endpoint in endpoints
        ),
        batch_size=500,
        ignore_conflicts=True,
    )
