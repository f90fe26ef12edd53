"""The audit trail in words."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from registration.actor import ActorKind
from registration.choices import MessageName, State
from registration.models import AuditEvent, Delivery, Event, Invitation, Quota
from registration.models.province import Region
from registration.people.history import in_words

#: What was looked at or taken along; a decision is called as in a person's history.
WHAT = {
    "participant list": gettext_lazy("List of participants"),
    "participant comparison": gettext_lazy("Comparison of registrations"),
    "participant": gettext_lazy("A participant"),
    "delivery list": gettext_lazy("List of e-mails"),
    "delivery": gettext_lazy("An e-mail"),
    "coordinator list": gettext_lazy("List of coordinators"),
    "coordinator": gettext_lazy("A coordinator"),
    "invitation list": gettext_lazy("List of invitations"),
    "invitation": gettext_lazy("An invitation"),
    "invitations": gettext_lazy("List of invitations"),
    "mail file list": gettext_lazy("List of e-mail files"),
    "mail file": gettext_lazy("An e-mail file"),
    "desk": gettext_lazy("List of a desk"),
    "desk list": gettext_lazy("File of a desk's people"),
    "desk person": gettext_lazy("A person of a desk"),
    "desk invitations": gettext_lazy("Invitations of a desk"),
    "desk nominees": gettext_lazy("Nominees of a desk"),
    "desk rooms": gettext_lazy("Connections behind which several people sat"),
    "desk selection": gettext_lazy("Selection of a desk"),
    "selection": gettext_lazy("Proposal of names"),
    "attendees": gettext_lazy("List of attendees"),
    "zoom": gettext_lazy("People for Zoom"),
    "zoom by api": gettext_lazy("People for Zoom, by its API"),
    "zoom webinar": gettext_lazy("Said in which webinar a meeting is held"),
    "zoom report": gettext_lazy("Had the report of a webinar fetched"),
    "zoom stopped": gettext_lazy("No longer keeps Zoom in step"),
    "qr codes": gettext_lazy("QR codes of people"),
    "affected": gettext_lazy("People affected by a breach"),
    "evaluation answers": gettext_lazy("Answers to an evaluation"),
    "province list": gettext_lazy("Province's list of names"),
    "sign-in sheet": gettext_lazy("Sheet to sign"),
    "objection list": gettext_lazy("List of objections"),
    "objection": gettext_lazy("An objection"),
    "attendance report": gettext_lazy("People in attendance reports"),
    "attendance of a person": gettext_lazy("Attendance of a person"),
    "attendance doubts": gettext_lazy("Doubts about attendance"),
    "attendance report uploaded": gettext_lazy("Uploaded an attendance report"),
    "attendance report answered": gettext_lazy("Said how an attendance report is read"),
    "attendance report counted": gettext_lazy("Counted an attendance report"),
    "attendance report taken back": gettext_lazy("Took an attendance report back"),
    "attendance person": pgettext_lazy("history", "Said who was seen in a meeting"),
    "attendance room": pgettext_lazy("history", "Said who sat in a room together"),
    "attendance guest": pgettext_lazy("history", "Kept somebody who was not registered"),
    "attendance ignored": pgettext_lazy("history", "Said that somebody in a meeting does not count"),
    "attendance open": pgettext_lazy("history", "Left open who was seen in a meeting"),
    "attendance settings": gettext_lazy("Changed how minutes are counted"),
    "certificates": gettext_lazy("List of certificates"),
    "certificate": gettext_lazy("A certificate"),
    "certificates to be issued": gettext_lazy("List of certificates to be issued"),
    "guests": gettext_lazy("Who came without being registered"),
    "report on a workshop": gettext_lazy("Report on the workshop"),
    "certificates taken": gettext_lazy("Certificates of many people"),
    "released seats": gettext_lazy("People who would get released seats"),
    "seat pool": gettext_lazy("Said whether and when free seats are released"),
    "seats kept": gettext_lazy("Kept the province’s free seats"),
    "seats not kept": gettext_lazy("No longer kept the province’s free seats"),
    "seats given up": gettext_lazy("Gave up seats of the province"),
    "seats given": gettext_lazy("Gave released seats to a province"),
    "seats taken back": gettext_lazy("Took released seats back"),
    "document published": gettext_lazy("Published a document"),
    "document replaced": gettext_lazy("Replaced a published document"),
    "document withdrawn": gettext_lazy("Withdrew a document"),
    "document discarded": gettext_lazy("Deleted a document"),
    "certificates issued": gettext_lazy("Issued certificates"),
    "certificate rule": gettext_lazy("Set the rule for certificates"),
    "certificate layout": gettext_lazy("Changed the layout of certificates"),
    "certificates of a province": gettext_lazy("Certificates of a province"),
    "api people": gettext_lazy("People, by the API"),
    "api person": gettext_lazy("A person, by the API"),
    "api attendance": gettext_lazy("Attendance, by the API"),
    "api certificates": gettext_lazy("Certificates, by the API"),
    "token made": gettext_lazy("Made an API token"),
    "token taken back": gettext_lazy("Took an API token back"),
    "webhook added": gettext_lazy("Added a webhook"),
    "webhook changed": gettext_lazy("Changed a webhook"),
    "webhook paused": gettext_lazy("Paused a webhook"),
    "webhook resumed": gettext_lazy("Let a webhook go on"),
    "webhook stopped": gettext_lazy("Stopped a webhook"),
    "webhook secret shown": gettext_lazy("Was shown the secret of a webhook"),
    "webhook secret renewed": gettext_lazy("Made a new secret of a webhook"),
    "webhook secret ended": gettext_lazy("Ended the former secret of a webhook"),
    "webhook test": gettext_lazy("Sent a test by a webhook"),
    "webhook sent again": gettext_lazy("Sent a message of a webhook again"),
    "erased": pgettext_lazy("history", "All data of a person"),
    "anonymised": pgettext_lazy("history", "Names and addresses of a workshop's people"),
    "scrubbed": pgettext_lazy("history", "Remains in the database"),
    "clock confirmed": pgettext_lazy("history", "That the clock is right"),
    "announced": pgettext_lazy("history", "Announced the selection"),
    "announcement_taken_back": pgettext_lazy("history", "Took the announcement back"),
    "decline_decided": pgettext_lazy("history", "Decided not to select"),
    "cancel_decided": pgettext_lazy("history", "Decided to cancel"),
    "move_up_decided": pgettext_lazy("history", "Decided to give a seat"),
    "swap_decided": pgettext_lazy("history", "Decided to give a seat to another person"),
    "decision_taken_back": pgettext_lazy("history", "Took a decision back"),
    "identity linked": pgettext_lazy("history", "Linked a sign-in with another provider to their account"),
    "identity unlinked": pgettext_lazy("history", "Ended that somebody signs in with another provider"),
    "recounted": pgettext_lazy("history", "That the counter of a place is what a recount gives"),
    "mailing": pgettext_lazy("history", "Wrote to people of a desk"),
    "link_sent": pgettext_lazy("history", "Sent the personal link again"),
    "invited": pgettext_lazy("history", "Invited"),
    "invitation_withdrawn": pgettext_lazy("history", "Withdrew an invitation"),
}


def kind_in_words(line: AuditEvent) -> str:
    return str(ActorKind(line.actor_kind).label) if line.actor_kind in ActorKind.values else line.actor_kind


def what_in_words(line: AuditEvent) -> str:
    if line.what in WHAT:
        return str(WHAT[line.what])
    return in_words(Event(verb=line.what))


#: By what lists are filtered; what is not named here shows its name as the address has it.
FILTERS = {
    "q": gettext_lazy("searched"),
    "workshop": gettext_lazy("workshop"),
    "quota__workshop__id__exact": gettext_lazy("workshop"),
    "state": gettext_lazy("state"),
    "state__exact": gettext_lazy("state"),
    "state__in": gettext_lazy("state"),
    "region": gettext_lazy("region"),
    "province": gettext_lazy("province"),
    "group": gettext_lazy("group"),
    "day": gettext_lazy("day"),
    "track": gettext_lazy("track"),
    "twice": gettext_lazy("registered twice?"),
    "people": gettext_lazy("selected people"),
    "attendance": gettext_lazy("attendance"),
    "message": gettext_lazy("message"),
    "answered": gettext_lazy("answered"),
    "is_active__exact": gettext_lazy("active"),
    "since": gettext_lazy("since"),
    "until": gettext_lazy("until"),
    "account": gettext_lazy("account"),
    "page": gettext_lazy("page"),
    "p": gettext_lazy("page"),
    "o": gettext_lazy("sorted"),
    "all": gettext_lazy("all on one page"),
    "token": gettext_lazy("API token number"),
}
#: What is chosen in a filter, for those that are codes.
VALUES: dict[str, Any] = {
    **{str(value): label for choices in (Region, Delivery.State, Invitation.State, State) for value, label in choices.choices},
    **{str(value): label for value, label in MessageName.choices},
    "1": gettext_lazy("Yes"),
    "0": gettext_lazy("No"),
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "central": Quota.Kind.CENTRAL.label,
}
#: Filters of which the values are numbers or codes that mean nothing else.
_PLAIN = frozenset({"workshop", "quota__workshop__id__exact", "group", "day", "track", "people", "page", "p", "o", "all", "token"})


def filters_in_words(line: AuditEvent) -> str:
    return ", ".join(_filter_in_words(name, str(value)) for name, value in line.filters.items()) or "–"


def _filter_in_words(name: str, value: str) -> str:
    if name in _PLAIN:
        return f"{FILTERS[name]} {value}"
    said = ", ".join(str(VALUES.get(one, one)) for one in value.split(","))
    return f"{FILTERS.get(name, name)} {said}"
