"""What the office reads about reports and those who are in them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.attendance.likeness import Reason
from registration.attendance.reports.report import ReportKind
from sessions.formats import local_digits

KINDS = {
    ReportKind.ZOOM_WEBINAR: gettext_lazy("Attendee report of a Zoom webinar"),
    ReportKind.ZOOM_FLAT: gettext_lazy("List of those who joined a Zoom webinar"),
    ReportKind.ZOOM_MEETING: gettext_lazy("Participants of a Zoom meeting"),
    ReportKind.ZOOM_LINES: gettext_lazy("Participants of Zoom meetings, line by line"),
    ReportKind.ZOOM_POLL: gettext_lazy("Poll report of Zoom"),
    ReportKind.ZOOM_QUESTIONS: gettext_lazy("Question and answer report of Zoom"),
    ReportKind.TEAMS: gettext_lazy("Attendance report of Teams"),
    ReportKind.TEAMS_EVENTS: gettext_lazy("Attendance list of Teams, who joined and who left"),
    ReportKind.TEAMS_LIVE: gettext_lazy("Report of a Teams live event"),
}

_DOWNLOAD = gettext_lazy("Download the Attendee Report in Zoom: Reports, Webinar, or Reports, Usage, Participants.")

REFUSALS = {
    "unknown": gettext_lazy("No table of people with their times was found in it."),
    "poll": gettext_lazy("This is a poll report of Zoom, and nobody answered it. It has no times, so nobody can be counted by it."),
    "questions": gettext_lazy("These are the questions and answers of a meeting, and nobody asked anything."),
    "no_times": gettext_lazy("It has no times of joining and leaving, so nobody can be counted by it."),
    "nobody": gettext_lazy("The report was recognised, but nobody who was there stands in it."),
    "not_text": gettext_lazy("This is no report: neither a text file nor an Excel file."),
    "too_long": gettext_lazy("It has more rows than any meeting has people."),
    "too_large": gettext_lazy("The file is larger than any report."),
    "too_much": gettext_lazy("The file is too complicated to be read. Save it as CSV and upload that file."),
}

REASONS = {
    Reason.FULL_NAME: gettext_lazy("First and family name are the same"),
    Reason.NEAR_NAME: gettext_lazy("The name differs in one letter"),
    Reason.FIRST_NAME: gettext_lazy("The first name is the same"),
    Reason.NEAR_ADDRESS: gettext_lazy("The e-mail address differs in one letter"),
    Reason.PLACE: gettext_lazy("The province or agency is the same"),
    Reason.PRESSED: gettext_lazy("Pressed the button to join just before"),
}

ROOM_REASONS = {
    "date": gettext_lazy("the date"),
    "topic": gettext_lazy("the topic"),
    "people": gettext_lazy("the people"),
}


def kind(value: str) -> str:
    return str(KINDS[ReportKind(value)]) if value in set(ReportKind) else ""


def refusal(code: str) -> str:
    reason = REFUSALS.get(code) or _("The file cannot be read.")
    return f"{reason} {_DOWNLOAD}"


def reasons(values: list[str]) -> list[str]:
    return [str(REASONS[Reason(value)]) for value in values if value in set(Reason)]


def shift(hours: int) -> str:
    if not hours:
        return _("as they stand in the file")
    return _("moved by %(hours)s hours") % {"hours": local_digits(f"{hours:+d}")}
