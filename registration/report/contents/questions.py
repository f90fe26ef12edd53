"""What was asked in the meetings, as numbers: Zoom's reports of questions and answers, and of polls, where they were put in."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.evaluation.suppression import SMALLEST
from registration.models import AttendanceReport
from registration.report.figures import Figures
from registration.report.paper import Cell, Paper, number_column, shown, text_column
from sessions.formats import date_short


def questions(paper: Paper, figures: Figures) -> None:
    paper.chapter(_("Questions and polls in the meetings"))
    paper.section(_("Questions and answers"))
    asked = [report for report in figures.asked if "asked" in report.answers]
    if asked:
        columns = [
            text_column(_("Meeting"), 5),
            number_column(_("Questions")),
            number_column(_("Answered")),
            number_column(_("People asked")),
        ]
        rows: list[list[Cell]] = [
            [meeting_name(report), report.answers["asked"], report.answers["answered"], report.answers["askers"]] for report in asked
        ]
        rows.append([_("Total"), sum(r.answers["asked"] for r in asked), sum(r.answers["answered"] for r in asked), "–"])
        paper.table(_("Questions asked"), columns, rows, has_total=True)
    else:
        paper.say(shown(None))
    paper.section(_("Polls"))
    polls = [(report, poll) for report in figures.asked for poll in report.answers.get("polls", [])]
    for report, poll in polls:
        for question in poll["questions"]:
            _question(paper, report, question)
    if polls:
        paper.note(_("Answers that fewer than five people gave are not quoted but counted together."))
    else:
        paper.say(shown(None))


def meeting_name(report: AttendanceReport) -> str:
    """Its day and track where they are known, else what the meeting or the file was called."""
    if report.day is None:
        return report.topic or report.name
    return " · ".join([date_short(report.day.date), *([str(report.track)] if report.track else [])])


def _question(paper: Paper, report: AttendanceReport, question: dict[str, Any]) -> None:
    quoted = [(text, n) for text, n in question["answers"] if n >= SMALLEST]
    others = question["others"] + sum(n for _text, n in question["answers"] if n < SMALLEST)
    rows: list[list[Cell]] = [[text, n] for text, n in quoted]
    if others:
        rows.append([_("Other answers"), others])
    rows.append([_("People who answered"), question["people"]])
    title = _("Poll of %(meeting)s: %(question)s") % {"meeting": meeting_name(report), "question": question["text"]}
    paper.table(title, [text_column(_("Answer"), 7), number_column(pgettext("report", "People"))], rows, has_total=True)
