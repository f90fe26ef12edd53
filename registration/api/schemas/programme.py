"""Workshops, what happens when, and how many places are left: what the public pages say, for programs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from ninja import Schema
from pydantic import Field

from registration.api.schemas.parts import HOURS, Text
from registration.models import Quota
from sessions.models import AgendaItem, StakeholderGroup, Track, Workshop, WorkshopDay
from sessions.state import WorkshopState


class DayOut(Schema):
    date: dt.date
    title: Text
    starts_at: str | None = Field(description="Thailand's time, like 09:00")
    ends_at: str | None
    is_cancelled: bool

    @classmethod
    def of(cls, day: WorkshopDay) -> "DayOut":
        return cls(**_day(day))


def _day(day: WorkshopDay) -> dict[str, Any]:
    hours = day.hours()
    return {
        "date": day.date,
        "title": Text.of(day, "title"),
        "starts_at": hours[0].strftime(HOURS) if hours else None,
        "ends_at": hours[1].strftime(HOURS) if hours else None,
        "is_cancelled": day.is_cancelled,
    }


class GroupOut(Schema):
    code: str = Field(examples=["4.1.1"])
    name: Text
    scope: StakeholderGroup.Scope
    needs_guardian: bool

    @classmethod
    def of(cls, group: StakeholderGroup) -> "GroupOut":
        return cls(
            code=group.code, name=Text.of(group, "name"), scope=StakeholderGroup.Scope(group.scope), needs_guardian=group.needs_guardian
        )


class WorkshopOut(Schema):
    slug: str
    title: Text
    state: WorkshopState
    takes_registrations: bool
    registration_opens_at: dt.datetime | None
    registration_closes_at: dt.datetime | None
    days: list[DayOut]
    groups: list[GroupOut]
    page: Text = Field(description="The address of its page, where people register")
    is_published: bool

    @classmethod
    def of(cls, workshop: Workshop, *, page: Text, is_full: bool) -> "WorkshopOut":
        """Read `with_hours` and with its groups."""
        days = list(workshop.days.all())
        standing = workshop.standing(days=days, is_full=is_full)
        return cls(
            slug=workshop.slug,
            title=Text.of(workshop, "title"),
            state=standing.state,
            takes_registrations=standing.takes_registrations,
            registration_opens_at=workshop.registration_opens_at,
            registration_closes_at=workshop.registration_closes_at,
            days=[DayOut.of(day) for day in days],
            groups=[GroupOut.of(group) for group in workshop.groups.all()],
            page=page,
            is_published=workshop.is_published,
        )


class WorkshopsOut(Schema):
    items: list[WorkshopOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class TrackOut(Schema):
    number: int = Field(description="By which a registration names it")
    title: Text
    speaker: Text
    speaker_confirmed: bool
    left: int | None = Field(description="Places left; null where there is no limit")

    @classmethod
    def of(cls, track: Track) -> "TrackOut":
        return cls(
            number=track.number,
            title=Text.of(track, "title"),
            speaker=Text.of(track, "speaker"),
            speaker_confirmed=track.speaker_confirmed,
            left=track.quota.left,
        )


class SessionOut(Schema):
    id: int
    kind: AgendaItem.Kind
    starts_at: str
    ends_at: str
    title: Text
    speaker: Text
    speaker_confirmed: bool
    tracks: list[TrackOut]

    @classmethod
    def of(cls, item: AgendaItem) -> "SessionOut":
        return cls(
            id=item.pk,
            kind=AgendaItem.Kind(item.kind),
            starts_at=item.starts_at.strftime(HOURS),
            ends_at=item.ends_at.strftime(HOURS),
            title=Text.of(item, "title"),
            speaker=Text.of(item, "speaker"),
            speaker_confirmed=item.speaker_confirmed,
            tracks=[TrackOut.of(track) for track in item.tracks.all()],
        )


class ProgrammeDayOut(DayOut):
    sessions: list[SessionOut]

    @classmethod
    def of(cls, day: WorkshopDay) -> "ProgrammeDayOut":
        return cls(**_day(day), sessions=[SessionOut.of(item) for item in day.items.all()])


class ProgrammeOut(Schema):
    workshop: str
    revision: int = Field(description="Of the agenda; rises with each change that was released")
    days: list[ProgrammeDayOut]


class PlaceOut(Schema):
    code: str = Field(description="A province's two digits, or central", examples=["55"])
    name: Text
    capacity: int | None = Field(description="null where there is no limit")
    left: int | None
    waiting: int

    @classmethod
    def of(cls, quota: Quota) -> "PlaceOut":
        name = Text.of(quota.province, "name") if quota.province else CENTRAL
        waiting = vars(quota)["waiting"]
        return cls(code=quota.code, name=name, capacity=quota.capacity, left=quota.left, waiting=waiting)


CENTRAL = Text(th="หน่วยงานส่วนกลาง", en="Central agencies")


class PlacesOut(Schema):
    workshop: str
    items: list[PlaceOut]

    @classmethod
    def of(cls, workshop: Workshop, quotas: Iterable[Quota]) -> "PlacesOut":
        return cls(workshop=workshop.slug, items=[PlaceOut.of(quota) for quota in quotas])
