"""One participant's calendar: the days and tracks that they chose. The page, the feed and the mails share it."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from registration.choices import State
from registration.links import signed
from registration.links.meetings import visible_links
from registration.materials.audience import own_documents
from registration.models import Event, Participant
from registration.people.display_names import namesakes, zoom_name
from sessions import ical


def personal_calendar(
    participant: Participant, at: dt.datetime | None = None, *, is_feed: bool = False, dropped: Collection[int] = ()
) -> bytes:
    """The calendar file of `participant` in their language, as it is at the moment `at` (default: now).

    It leads to their personal page (a feed, which others' servers read, to the workshop's) and, once they may see them,
    to their meetings. Until their seat is sure the events are tentative. After their registration has ended the same events
    say that they are cancelled, so that calendars which have them strike them out; and so do the days (by primary
    key) that they have just `dropped`.

    Their SEQUENCE is that of the agenda and the number of entries in the history of this address together: neither ever falls.
    """
    at = at or timezone.now()
    links = visible_links(participant, at)
    choice = ical.Choice(
        revision=revision_of(participant),
        dropped=dropped,
        days=[day.pk for day in participant.days.all()],
        tracks=[choice.track_id for choice in participant.choices.all()],
        name=str(zoom_name(participant, namesakes(participant))),
        links={link.key: link.url for link in links if not (link.is_own and is_feed)},  # others' servers read a feed
        cancelled=not participant.is_live,
        tentative=participant.state != State.CONFIRMED,
    )
    url = signed.workshop_url(participant) if is_feed else signed.page_url(participant)
    return ical.programme_calendar(
        participant.workshop, language=participant.language, url=url, choice=choice, is_feed=is_feed, made_at=at,
        documents={each.day_id: url for each in own_documents(participant) if each.day_id},
    )  # fmt: skip


def revision_of(participant: Participant) -> int:
    """Grows with each entry in the history of whoever has this address: who cancelled and registers again has the same events."""
    over = Participant.objects.with_own_address().filter(workshop=participant.workshop_id, state=State.CANCELLED, email=participant.email)
    return Event.objects.filter(Q(participant=participant) | Q(participant__in=over.values("pk"))).count()
