"""The audit trail in words."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from registration.actor import ActorKind
from registration.models import AuditEvent, Event
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
    "mail file list": gettext_lazy("List of mail files"),
    "mail file": gettext_lazy("A mail file"),
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
    "certificates taken": gettext_lazy("Certificates of many people"),
    "document published": gettext_lazy("Published a document"),
    "document replaced": gettext_lazy("Replaced a published document"),
    "document withdrawn": gettext_lazy("Withdrew a document"),
    "document discarded": gettext_lazy("Deleted a document"),
    "certificates issued": gettext_lazy("Issued certificates"),
    "certificate rule": gettext_lazy("Set the rule for certificates"),
    "certificate layout": gettext_lazy("Changed the layout of certificates"),
    "certificates of a province": gettext_lazy("Certificates of a province"),
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


def filters_in_words(line: AuditEvent) -> str:
    filters: dict[str, Any] = line.filters
    return ", ".join(f"{name}={value}" for name, value in filters.items()) or "–"
