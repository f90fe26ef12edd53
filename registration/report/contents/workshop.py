"""Background, objectives and the programme as it was released."""

from django.utils import timezone
from django.utils.translation import gettext as _

from registration.report.figures import Figures
from registration.report.paper import Cell, Paper, shown, text_column
from sessions import formats
from sessions.models import AgendaItem, Workshop, WorkshopDay
from sessions.thai import thai_digits


def workshop(paper: Paper, figures: Figures) -> None:
    told = figures.workshop
    paper.chapter(_("Background"))
    paper.say(told.background)
    paper.chapter(_("Objectives"))
    objectives = [line.strip() for line in told.objectives.splitlines() if line.strip()]
    if objectives:
        paper.number(objectives)
    else:
        paper.say(shown(None))
    paper.chapter(_("Agenda"))
    paper.say(_released(told))
    days = list(told.days.prefetch_related("items__tracks"))
    if not days:
        paper.say(shown(None))
    for number, day in enumerate(days, start=1):
        _day(paper, number, day)


def _released(told: Workshop) -> str:
    if latest := told.releases.first():
        moment = formats.date_plain(timezone.localdate(latest.released_at))
        return _("As released, revision %(number)s of %(date)s") % {"number": thai_digits(latest.number), "date": moment}
    return _("As released, without any revision")


def _day(paper: Paper, number: int, day: WorkshopDay) -> None:
    date = formats.date_long(day.date)
    text = _("Meeting %(number)s, %(date)s") % {"number": thai_digits(number), "date": date}
    paper.section(" ".join(part for part in (text, day.title, _("(cancelled)") if day.is_cancelled else "") if part))
    rows = [row for item in day.items.all() for row in _rows(item)]
    if not rows:
        paper.say(shown(None))
        return
    columns = [text_column(_("Time"), 2.9), text_column(_("Item"), 6), text_column(_("Speaker"), 4.2)]
    paper.plain_table(columns, rows, sheet=_("Agenda"), of=formats.date_short(day.date))


def _rows(item: AgendaItem) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[formats.time_range(item), item.title, item.speaker or "–"]]
    return rows + [["", f"{thai_digits(f'({track.number})')} {track.title}", track.speaker or "–"] for track in item.tracks.all()]
