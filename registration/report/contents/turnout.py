"""What was aimed at and what came of it: seats, registered, came; by day, region, province, group, sector and track."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.evaluation.levels import rounded
from registration.report.figures import EvaluationFigures, Figures, Headcount
from registration.report.paper import Cell, Paper, PaperColumn, Series, number_column, shown, text_column
from sessions.formats import date_plain, date_short, local_digits
from sessions.models import StakeholderGroup

#: What such reports of Thai offices usually aim at: in percent of the seats, and on the scale of five.
USUAL_SHARE = Decimal(80)
USUAL_MEAN = Decimal("3.51")


def percent(part: int | None, of: int | None) -> Decimal | None:
    return rounded(Fraction(part * 100, of)) if part is not None and of else None


def group_name(group: StakeholderGroup) -> str:
    return f"{local_digits(group.code)} {group.name}"


def turnout(paper: Paper, figures: Figures) -> None:
    paper.chapter(_("Target and result"))
    _overall(paper, figures)
    _by_day(paper, figures)
    _with_seats(paper, figures, pgettext("report", "By region"), _("Region"), figures.regions, has_chart=True)
    places = [(place.quota.name, place.count) for place in figures.places]
    _with_seats(paper, figures, pgettext("report", "By province"), _("Province"), places)
    groups = [(group_name(group), count) for group, count in figures.groups]
    _without_seats(paper, figures, pgettext("report", "By stakeholder group"), _("Group"), groups)
    sectors = [(str(sector.label), count) for sector, count in figures.sectors]
    _without_seats(paper, figures, pgettext("report", "By sector"), pgettext("kind of people", "Sector"), sectors, has_chart=True)
    paper.note(_("The sector follows from the name of the stakeholder group."))
    _by_track(paper, figures)


def _overall(paper: Paper, figures: Figures) -> None:
    whole, came = figures.whole, figures.came(figures.whole)
    paper.section(_("All in all"))
    said = {
        "seats": shown(whole.seats), "registered": shown(whole.registered), "came": shown(came),
        "share": shown(percent(came, whole.seats)), "of_registered": shown(percent(came, whole.registered)),
    }  # fmt: skip
    if came is None:
        paper.say(_("There were %(seats)s seats, and %(registered)s people registered. Who came: no data.") % said)
    else:
        words = _(
            "There were %(seats)s seats. %(registered)s people registered, and %(came)s of them came on one day at least: "
            "%(share)s percent of the seats and %(of_registered)s percent of those registered."
        )
        paper.say(words % said)
    if figures.released:
        paper.note(_("Of the seats, %(n)s that provinces had released were given to nobody.") % {"n": shown(figures.released)})
    columns = [text_column(_("Indicator"), 5), number_column(_("Target"), 2), number_column(_("Result"), 2), text_column(_("Reached"), 2)]
    paper.table(_("Indicators, targets and results"), columns, _indicators(figures))


def _indicators(figures: Figures) -> list[list[Cell]]:
    share = percent(figures.came(figures.whole), figures.whole.seats)
    rows = [_indicator(_("Came on one day at least, in percent of the seats"), USUAL_SHARE, share)]
    for each in figures.evaluations:
        name = _("Satisfaction: %(evaluation)s") % {"evaluation": evaluation_name(each)}
        mean = each.results.whole.mean if each.results and each.results.whole else None
        rows.append(_indicator(name, USUAL_MEAN, mean))
    if not figures.evaluations:
        rows.append(_indicator(_("Satisfaction"), USUAL_MEAN, None))
    return rows


def _indicator(name: str, target: Decimal, result: Decimal | None) -> list[Cell]:
    words = None if result is None else _("reached") if result >= target else _("not reached")
    return [name, target, result, words]


def evaluation_name(each: EvaluationFigures) -> str:
    day = each.evaluation.day
    return f"{each.evaluation.title} ({date_short(day.date)})" if day else each.evaluation.title


def _by_day(paper: Paper, figures: Figures) -> None:
    paper.section(pgettext("report", "By day"))
    columns = [
        text_column(_("Day"), 3.6), number_column(_("Confirmed for the day")), number_column(_("Of them came")),
        number_column(_("Percent")), number_column(_("Came besides")), number_column(_("Not registered")), number_column(_("Minutes each")),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for day in figures.days:
        found, is_known = figures.by_day[day.pk], day.pk in figures.counted
        known: list[Cell] = [found.came, percent(found.came, found.confirmed), found.besides, found.guests, found.minutes_each]
        rows.append([date_plain(day.date), found.confirmed, *(known if is_known else [None] * len(known))])
    if not rows:
        paper.say(shown(None))
        return
    paper.table(_("People by day"), columns, rows)
    paper.note(_("“Came besides” are registered people who were not confirmed for that day; “not registered” are guests."))
    if figures.counted:
        labels = [date_short(day.date) for day in figures.days]
        of_days = [figures.by_day[day.pk] for day in figures.days]
        series = [
            Series(pgettext("report", "Confirmed"), [each.confirmed for each in of_days]),
            Series(_("Came"), [each.came for each in of_days]),
        ]
        paper.chart(_("Confirmed and came, by day"), labels, series)


def _counted_columns(figures: Figures) -> list[PaperColumn]:
    return [
        number_column(pgettext("report", "Registered"), 1.7), number_column(_("Came")), number_column(_("Percent")),
        *(number_column(date_short(day.date), 1.4) for day in figures.days),
    ]  # fmt: skip


def _counted_cells(figures: Figures, count: Headcount, of: int | None) -> list[Cell]:
    came = figures.came(count)
    by_day: list[Cell] = [count.by_day.get(day.pk, 0) if day.pk in figures.counted else None for day in figures.days]
    return [count.registered, came, percent(came, of), *by_day]


def _with_seats(
    paper: Paper, figures: Figures, title: str, heading: str, rows: Sequence[tuple[str, Headcount]], *, has_chart: bool = False
) -> None:
    paper.section(title)
    columns = [text_column(heading, 3), number_column(_("Seats")), *_counted_columns(figures)]
    cells: list[list[Cell]] = [[name, _seats(count), *_counted_cells(figures, count, count.seats)] for name, count in rows]
    cells.append([_("Total"), _seats(figures.whole), *_counted_cells(figures, figures.whole, figures.whole.seats)])
    paper.table(_("People, %(title)s, in percent of the seats") % {"title": title}, columns, cells, has_total=True)
    if has_chart:
        _chart(paper, figures, title, rows)


def _seats(count: Headcount) -> Cell:
    return _("no limit") if count.seats is None else count.seats


def _without_seats(
    paper: Paper, figures: Figures, title: str, heading: str, rows: Sequence[tuple[str, Headcount]], *, has_chart: bool = False
) -> None:
    paper.section(title)
    cells: list[list[Cell]] = [[name, *_counted_cells(figures, count, count.registered)] for name, count in rows]
    cells.append([_("Total"), *_counted_cells(figures, figures.whole, figures.whole.registered)])
    columns = [text_column(heading, 4), *_counted_columns(figures)]
    paper.table(_("People, %(title)s, in percent of those registered") % {"title": title}, columns, cells, has_total=True)
    if has_chart:
        _chart(paper, figures, title, rows)


def _chart(paper: Paper, figures: Figures, title: str, rows: Sequence[tuple[str, Headcount]]) -> None:
    series = [Series(pgettext("report", "Registered"), [count.registered for _name, count in rows])]
    if figures.counted:
        series.append(Series(_("Came"), [count.came for _name, count in rows]))
    paper.chart(_("People, %(title)s") % {"title": title}, [name for name, _count in rows], series)


def _by_track(paper: Paper, figures: Figures) -> None:
    paper.section(pgettext("report", "By parallel track"))
    if not figures.tracks:
        paper.say(shown(None))
        return
    columns = [
        text_column(_("Day"), 2), text_column(_("Track"), 5), number_column(_("Chose it")), number_column(_("Of them came")),
        number_column(_("Percent")), number_column(_("Came besides")),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for track, found in figures.tracks:
        known: list[Cell] = [found.came, percent(found.came, found.confirmed), found.besides]
        name = f"{local_digits(f'({track.number})')} {track.title}"
        rows.append([date_short(track.item.day.date), name, found.confirmed, *(known if found.is_counted else [None] * 3)])
    paper.table(_("People by parallel track"), columns, rows)
