"""What a system says who registers somebody or decides about them, and what is answered: no names, which it knows."""

import datetime as dt
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from registration.choices import DecisionName, State
from registration.decisions.commands import DECISIONS

#: What can be decided about one person; the reasons of it are the same as on the pages.
Command = Literal["approve", "reopen", "move_up", "decline", "cancel", "put_back"]
assert set(Command.__args__) == {command.value for command in DECISIONS}  # type: ignore[attr-defined]

MAX_REASON = 300


class Said(Schema):
    """What is not known here is refused, so that nothing is dropped unseen."""

    model_config = ConfigDict(extra="forbid")


class TrackChoiceIn(Said):
    session: int = Field(ge=1, le=2**53)
    track: int = Field(ge=1, le=32_767)


class RegistrationIn(Said):
    place: str = Field(pattern="^([0-9]{2}|central)$", description="A province’s two digits, or central", examples=["55"])
    group: str = Field(max_length=10, examples=["4.1.1"])
    title: str = Field(max_length=60, examples=["นาง"])
    first_name: str = Field(max_length=100)
    last_name: str = Field("", max_length=100)
    no_last_name: bool = False
    position: str = Field("", max_length=200)
    organisation: str = Field(max_length=200)
    organisation_short: str = Field("", max_length=40)
    email: str = Field(max_length=254)
    email_is_passed_on: bool = Field(False, description="It is the address of somebody who passes e-mails on")
    phone: str = Field(max_length=60, examples=["081 234 5678"])
    language: Literal["th", "en"] = "th"
    days: list[dt.date] = Field(min_length=1, max_length=50, description="On which they take part")
    tracks: list[TrackChoiceIn] = Field([], max_length=50)
    waits_if_full: bool = Field(False, description="Whether they join the waiting list where no seat is left")
    privacy_notice_read: Literal[True] = Field(description="They read the privacy notice, or it was read out to them")
    of_age: bool = Field(False, description="For groups that ask for a guardian: they are twenty or older")
    guardian_name: str = Field("", max_length=200)
    guardian_contact: str = Field("", max_length=254, description="The guardian’s e-mail or phone")
    guardian_agrees: bool = False
    as_written: bool = Field(False, description="Keep name and address as they are, where the portal asks whether they are meant so")


class RegisteredOut(Schema):
    code: str = Field(description="The reference code")
    state: State
    workshop: str
    place: str


class DecisionIn(Said):
    command: Command
    seen: State = Field(description="In which state you know the person: in another one by now, nothing is done")
    reason: str = Field("", max_length=MAX_REASON, description="Needed where somebody is not selected; they are told it")
    at_once: bool = Field(False, description="Without the minutes in which it could be taken back")


class DecidedOut(Schema):
    code: str
    state: State
    command: DecisionName
    decision: int | None = Field(description="By this number it is taken back; null where it is in effect")
    takes_effect_at: dt.datetime | None
    moved_up: list[str] = Field(description="Reference codes of those who moved up for it")


class TakenBackOut(Schema):
    code: str
    state: State
    decision: int
