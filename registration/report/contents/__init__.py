"""The report of a workshop, chapter by chapter, in Thai."""

import datetime as dt

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.report.contents.annexes import annexes
from registration.report.contents.coverage import coverage
from registration.report.contents.opinions import opinions
from registration.report.contents.questions import questions
from registration.report.contents.turnout import turnout
from registration.report.contents.workshop import workshop
from registration.report.figures import Figures, attendees
from registration.report.paper import Paper
from sessions import formats


def paper_of(figures: Figures, at: dt.datetime) -> tuple[Paper, int]:
    """The second value is how many people its list names. Five queries."""
    with translation.override("th"):
        paper = Paper(_cover(figures, at), names=tuple(place.quota.name for place in figures.provinces))
        workshop(paper, figures)
        turnout(paper, figures)
        coverage(paper, figures)
        opinions(paper, figures)
        questions(paper, figures)
        _to_be_written(paper)
        listed = attendees(figures.workshop, figures.days)
        annexes(paper, figures, listed)
        return paper, sum(len(people) for _quota, people in listed)


def _cover(figures: Figures, at: dt.datetime) -> list[str]:
    dates = " · ".join(formats.format_date_short(day.date, "th") for day in figures.days)
    as_of = formats.format_moment(timezone.localtime(at), "th")
    return [
        _("Report on the workshop"),
        figures.workshop.title,
        dates or _("No data"),
        figures.workshop.responsible,
        _("Figures as of %(moment)s") % {"moment": as_of},
    ]


def _to_be_written(paper: Paper) -> None:
    paper.chapter(_("Problems and suggestions"))
    for title in (_("Problems and obstacles"), _("Suggestions"), _("What to do next")):
        paper.section(title)
        paper.note(_("(To be written by the office)"))
        paper.room()
