"""The audit trail: who looked at which list of people, who took which file along, who decided what.

Keys, filters and numbers only, never a name, an address or a phone: see `models.AuditEvent`.
"""

import datetime as dt
import re
from collections.abc import Mapping

from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.audit.request_id import REQUEST_ID
from registration.models import AuditEvent, Participant, Quota
from sessions.models import Workshop

#: The hours (in Bangkok) in which the database may be written anew: whoever registers waits for it, 10 s at 200,000 people.
SCRUBBED_AT = range(2, 5)
ONE_NIGHT = dt.timedelta(hours=12)

#: What lists are filtered, sorted and leafed through by, and nobody's name is typed into. An address may name any column besides.
_FILTERS = frozenset(
    {
        *("workshop", "state", "state__exact", "state__in", "region", "province", "group", "day", "track", "twice", "people", "attendance"),
        *("message", "answered", "quota__workshop__id__exact", "is_active__exact", "since", "until", "account"),
        *("page", "p", "o", "all", "e", "token"),
    }
)
#: A filter's value that can be nobody's name: a key, a code, a state, a date.
_PLAIN = re.compile(r"[A-Za-z0-9_.:+-]{1,40}", re.ASCII)
#: Whose decisions are written down here. What a person does for themselves stands in their own history.
_DECIDING = frozenset({ActorKind.COORDINATOR, ActorKind.STAFF})


def record_view(
    *,
    by: Actor,
    what: str,
    count: int,
    workshop: Workshop | None = None,
    quota: Quota | None = None,
    participant: Participant | None = None,
    filters: Mapping[str, str] | None = None,
    at: dt.datetime | None = None,
) -> None:
    """`by` saw `count` people on the page `what`; `filters` is how the list was filtered (as in the address)."""
    _write(AuditEvent.Verb.SEEN, by, what, count, workshop, quota, participant, filters, at)


def record_download(
    *,
    by: Actor,
    what: str,
    count: int,
    workshop: Workshop | None = None,
    quota: Quota | None = None,
    participant: Participant | None = None,
    filters: Mapping[str, str] | None = None,
    at: dt.datetime | None = None,
) -> None:
    """`by` took a file along (`what`, a word like "attendees" or "zoom") with `count` people in it."""
    _write(AuditEvent.Verb.TAKEN, by, what, count, workshop, quota, participant, filters, at)


def record_decision(
    *,
    by: Actor,
    what: str,
    participant: Participant | None = None,
    quota: Quota | None = None,
    workshop: Workshop | None = None,
    count: int = 1,
    at: dt.datetime,
) -> None:
    """`by` decided about `participant`, about somebody invited to `quota`, or about `count` people of `workshop`; `what` is the verb,
    as in the history.

    What participants do themselves and what the clock does is no decision of anybody here and writes nothing.
    """
    if by.kind in _DECIDING:
        _write(AuditEvent.Verb.DECIDED, by, what, count, workshop, quota, participant, None, at)


def record_erasure(*, by: Actor, participant: Participant, at: dt.datetime) -> None:
    _write(AuditEvent.Verb.ERASED, by, "erased", 1, None, None, participant, None, at)


def record_anonymising(*, by: Actor, workshop: Workshop, count: int, at: dt.datetime) -> None:
    """So many people of `workshop` were made anonymous."""
    _write(AuditEvent.Verb.ERASED, by, "anonymised", count, workshop, None, None, None, at)


def record_scrubbing(*, by: Actor, at: dt.datetime) -> None:
    _write(AuditEvent.Verb.ERASED, by, "scrubbed", 0, None, None, None, None, at)


def record_token(*, by: Actor, what: str, workshop: Workshop | None, token: int, at: dt.datetime) -> None:
    """`by` made the API token with this number, or took it back."""
    _write(AuditEvent.Verb.DECIDED, by, what, 0, workshop, None, None, {"token": str(token)}, at)


def record_clock(*, by: Actor, at: dt.datetime) -> None:
    """Staff said that the clock is right after it had jumped: what waited for that is done from now on."""
    _write(AuditEvent.Verb.DECIDED, by, "clock confirmed", 0, None, None, None, None, at)


def record_recount(*, by: Actor, quota: Quota, at: dt.datetime) -> None:
    """The counter of `quota` was off and says again how many places are taken."""
    _write(AuditEvent.Verb.DECIDED, by, "recounted", 0, None, quota, None, None, at)


def record_identity(*, by: Actor, what: str, at: dt.datetime) -> None:
    """`by` linked a sign-in elsewhere to a user of the portal, or took that away."""
    _write(AuditEvent.Verb.DECIDED, by, what, 0, None, None, None, None, at)


def is_to_be_scrubbed(at: dt.datetime) -> bool:
    """Whether somebody was erased or made anonymous since the database was last written anew, which is done at night and once."""
    last = last_erasure()
    if last is None or last.what == "scrubbed" or timezone.localtime(at).hour not in SCRUBBED_AT:
        return False
    return not AuditEvent.objects.filter(verb=AuditEvent.Verb.ERASED, what="scrubbed", at__gt=at - ONE_NIGHT).exists()


def last_erasure() -> AuditEvent | None:
    """The last line about an erasure or about what was done after one; None where there was none yet."""
    return AuditEvent.objects.filter(verb=AuditEvent.Verb.ERASED).order_by("-pk").first()


def _write(
    verb: AuditEvent.Verb,
    by: Actor,
    what: str,
    count: int,
    workshop: Workshop | None,
    quota: Quota | None,
    participant: Participant | None,
    filters: Mapping[str, str] | None,
    at: dt.datetime | None,
) -> None:
    quota_id = quota.pk if quota else participant.quota_id if participant else None
    workshop_id = workshop.pk if workshop else quota.workshop_id if quota else participant.workshop_id if participant else None
    AuditEvent.objects.create(
        at=at or timezone.now(),
        actor_id=by.user.pk if by.user else None,
        actor_kind=by.kind,
        verb=verb,
        what=what,
        workshop_id=workshop_id,
        quota_id=quota_id,
        participant_key=participant.pk if participant else None,
        filters=without_search_words({**(filters or {}), **({"token": str(by.token.pk)} if by.token else {})}),
        count=count,
        request_id=REQUEST_ID.get(),
    )


def without_search_words(filters: Mapping[str, str]) -> dict[str, str]:
    return {
        name if name in {*_FILTERS, "q"} else "…": value if name in _FILTERS and _PLAIN.fullmatch(value) else "…"
        for name, value in filters.items()
        if value
    }
