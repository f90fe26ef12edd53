"""Who came, place by place."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from registration.models import Quota
from registration.report.figures import Figures, NamedAttendee
from registration.report.paper import Align, Cell, Paper, PaperColumn, middle_column, shown, text_column
from registration.seats.places import place_in_sentence
from sessions.formats import date_short
from sessions.thai import thai_digits


def annexes(paper: Paper, figures: Figures, listed: Sequence[tuple[Quota, Sequence[NamedAttendee]]]) -> None:
    paper.annex(_("List of those who came"))
    if not listed:
        paper.say(shown(None))
        return
    days = [f"{thai_digits(number)} = {date_short(day.date)}" for number, day in enumerate(figures.days, start=1)]
    paper.note(_("Days: %(days)s") % {"days": ", ".join(days)})
    unnamed = figures.whole.came - sum(len(people) for _quota, people in listed)
    if unnamed > 0:
        paper.note(_("%(n)s more came whose data were deleted.") % {"n": shown(unnamed)})
    columns = [
        PaperColumn(_("No."), 1, Align.CENTER), text_column(_("First and last name"), 4), text_column(_("Position"), 4),
        text_column(_("Organisation"), 4.5), middle_column(_("Days"), 2),
    ]  # fmt: skip
    for quota, people in listed:
        place = place_in_sentence(quota)
        paper.heading(_("%(place)s (%(n)s people)") % {"place": place, "n": shown(len(people))})
        rows: list[list[Cell]] = [
            [number, each.name, each.position, each.organisation, ", ".join(thai_digits(day) for day in each.days)]
            for number, each in enumerate(people, start=1)
        ]
        paper.plain_table(columns, rows, sheet=_("List of those who came")[:28], of=quota.name)
