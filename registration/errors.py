"""What can go wrong in the business of registering, each with a name of its own."""

import datetime as dt
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from registration.choices import State
    from registration.models import DelayedDecision, Invitation, Participant, Quota, Selection


class RegistrationError(Exception):
    """The base of every refusal; its message is for logs, pages write their own."""


class TextRefused(RegistrationError):
    """What stands in `field` cannot be kept; `fault` says why in words for who wrote it."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


class QuotaFull(RegistrationError):
    """No place is left in `quota`."""

    def __init__(self, quota: "Quota") -> None:
        super().__init__(f"quota {quota.pk} is full")
        self.quota = quota


class BelowTaken(RegistrationError):
    """A capacity was to be set below the places already taken."""

    def __init__(self, quota: "Quota", capacity: int) -> None:
        super().__init__(f"quota {quota.pk}: {capacity} is below the {quota.taken} taken")
        self.quota = quota
        self.capacity = capacity


class AlreadyRegistered(RegistrationError):
    """The e-mail address already has a live registration in this workshop."""

    def __init__(self, participant: "Participant") -> None:
        super().__init__(f"participant {participant.pk} holds this address")
        self.participant = participant


class WindowClosed(RegistrationError):
    """Registration (or changing one's details) is not open at this moment."""


class WorkshopOver(WindowClosed):
    """The workshop's last day has ended: nobody is confirmed for it any more, by whomever."""


class IllegalMove(RegistrationError):
    """The state map has no such move."""

    def __init__(self, before: "State | None", after: "State") -> None:
        super().__init__(f"no move from {before} to {after}")
        self.before = before
        self.after = after


class Erased(IllegalMove):
    """The registration was erased meanwhile: nothing is left that could be moved."""

    def __init__(self, participant: "Participant") -> None:
        super().__init__(None, cast("State", participant.state))


class SeatWouldBeLost(RegistrationError):
    """Of two registrations of one person, only the one that would end holds a seat."""

    def __init__(self, participant: "Participant") -> None:
        super().__init__(f"participant {participant.pk} holds the seat")
        self.participant = participant


class OfferExpired(RegistrationError):
    """The time in which an offered seat could be accepted is over."""


class AddressTaken(RegistrationError):
    """Another registration in this workshop already has the e-mail address."""


class AccountClosed(RegistrationError):
    """The user of an e-mail address was switched off."""

    def __init__(self, email: str) -> None:
        super().__init__(f"the user of {email} is switched off")
        self.email = email


class AlreadyInvited(RegistrationError):
    """The e-mail address holds an open invitation of this workshop, perhaps of another province."""


class GuardianNeeded(RegistrationError):
    """In the group of stakeholders a parent or guardian has to agree, and none is named."""


class AnsweredMeanwhile(RegistrationError):
    """Of a list that was to be taken back as a whole somebody has answered, or nothing is left to take back."""


class InvitationOver(RegistrationError):
    """The invitation was answered, expired or withdrawn."""

    def __init__(self, invitation: "Invitation") -> None:
        super().__init__(f"invitation {invitation.pk} is no longer open")
        self.invitation = invitation


class OtherAddress(RegistrationError):
    """Whoever answers the invitation registers under another address than the one to which it was sent."""

    def __init__(self, invitation: "Invitation") -> None:
        super().__init__(f"invitation {invitation.pk} was sent to another address")
        self.invitation = invitation


class LinkNeeded(RegistrationError):
    """In this workshop people register only with the link of their province."""


class NoMeetingLink(RegistrationError):
    """Staff have set no link for the day or for any of its tracks."""


class MeetingLinkClosed(RegistrationError):
    """The time from which the links of the day may be seen has not come, or the day is cancelled."""


class ZoomMailsLinks(RegistrationError):
    """In this workshop Zoom mails each person a link of their own; the portal has none to give."""


class RehearsalOn(RegistrationError):
    """While the workshop is rehearsed its mail would go astray once more."""


class AlreadyCoordinates(RegistrationError):
    """The desk is open to this person already."""


class OfferOver(RegistrationError):
    """Nobody is asked any more whether they coordinate: it was answered, taken back, or too long ago."""


class AppointmentUsed(RegistrationError):
    """The coordinator has opened the desk already: they are switched off, and their history stays."""


class AlreadyAppointed(RegistrationError):
    """The user is a coordinator there already."""


class MailingSent(RegistrationError):
    """The message to many was sent already."""


class NobodyToWriteTo(RegistrationError):
    """Nobody is among those whom the message to many is for."""


class TooOften(RegistrationError):
    """More was asked for than any office asks for; from `until` on it may be asked again."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(f"too often, until {until:%H:%M:%S}")
        self.until = until


class NobodyToExport(RegistrationError):
    """Nobody is among those whom the file is to be about."""


class TooManyOnPaper(RegistrationError):
    """The `people` are more than are put on paper at once."""

    def __init__(self, people: int) -> None:
        super().__init__(f"{people} people are too many for paper")
        self.people = people


class TooManyObjections(RegistrationError):
    """Several messages of the participant wait for an answer already."""


class DraftChanged(RegistrationError):
    """A colleague has saved the selection since it was looked at; `selection` says who and when."""

    def __init__(self, selection: "Selection") -> None:
        super().__init__(f"selection {selection.pk} is at version {selection.version}")
        self.selection = selection


class AlreadyAnnounced(RegistrationError):
    """The selection was announced, or is about to be: `selection` says since when and by whom."""

    def __init__(self, selection: "Selection") -> None:
        super().__init__(f"selection {selection.pk} is announced")
        self.selection = selection


class TooManySelected(RegistrationError):
    """More are selected than there are `seats`."""

    def __init__(self, selected: int, seats: int) -> None:
        super().__init__(f"{selected} selected for {seats} seats")
        self.selected = selected
        self.seats = seats


class AlreadyDecided(RegistrationError):
    """A decision about the person waits to take effect."""

    def __init__(self, decision: "DelayedDecision") -> None:
        super().__init__(f"decision {decision.pk} is open")
        self.decision = decision


class DecisionClosed(RegistrationError):
    """The decision took effect, was taken back or was overtaken."""

    def __init__(self, decision: "DelayedDecision") -> None:
        super().__init__(f"decision {decision.pk} is {decision.state}")
        self.decision = decision


class ProviderAway(RegistrationError):
    """Who signs people in for us does not answer, or says of itself what cannot be right."""


class SignInRefused(RegistrationError):
    """A sign-in elsewhere did not end as it has to; the log says why."""


class IdentityTaken(RegistrationError):
    """The sign-in elsewhere is linked to another user, or the user to another sign-in."""


class SameAddress(RegistrationError):
    """A substitute was named with one's own address: a link of one's own registers nobody else."""

    def __init__(self, email: str) -> None:
        super().__init__("the substitute's address is the person's own")
        self.email = email
