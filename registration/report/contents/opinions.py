"""What those who answered thought of it. What `evaluation.results` does not tell is told nowhere here."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.evaluation.levels import SCALE, WORDS, Stat
from registration.evaluation.results import Distribution, PlaceRow, Results
from registration.report.contents.turnout import evaluation_name, percent
from registration.report.figures import EvaluationFigures, Figures
from registration.report.paper import Cell, Paper, PaperColumn, Series, middle_column, number_column, shown, text_column
from sessions.formats import local_digits

_FIVE = 5
#: The number of a group, before its name.
_CODE = re.compile(r"^\d+(\.\d+)* ")


def opinions(paper: Paper, figures: Figures) -> None:
    paper.chapter(_("Results of the evaluation"))
    if not figures.evaluations:
        paper.say(shown(None))
    for each in figures.evaluations:
        paper.section(evaluation_name(each))
        if each.results is None:
            paper.say(_not_told(each))
        else:
            _evaluation(paper, each, each.results)


def _not_told(each: EvaluationFigures) -> str:
    if each.evaluation.counted_at is None:
        return _("No data: it is not counted yet.")
    return _("Not told: fewer than five answered.")


def _evaluation(paper: Paper, each: EvaluationFigures, results: Results) -> None:
    if results.whole:
        paper.say(_sentence(results.whole))
    answered = _("%(n)s of %(asked)s people who came answered (%(percent)s percent).")
    numbers = {"n": shown(results.n), "asked": shown(each.asked), "percent": shown(percent(results.n, each.asked))}
    paper.say(answered % numbers)
    _sections(paper, results)
    _statements(paper, results)
    _choices(paper, results)
    _pairs(paper, results)
    for title, heading, rows in (
        (_("Means by region"), _("Region"), results.regions),
        (_("Means by province"), _("Province"), results.provinces),
        (_("Means by stakeholder group"), _("Group"), results.groups),
    ):
        _places(paper, title, heading, rows)
    paper.note(_("“Not told”: fewer than five answered, or what is not told could be reckoned from it."))


def _sentence(whole: Stat) -> str:
    words = _("All in all the level is “%(level)s” (mean = %(mean)s, S.D. = %(sd)s, n = %(n)s).")
    return words % {"level": whole.word, "mean": shown(whole.mean), "sd": _deviation(whole), "n": shown(whole.n)}


def _deviation(stat: Stat) -> str:
    return "–" if stat.sd is None else shown(stat.sd)


def _of(stat: Stat) -> list[Cell]:
    return [stat.n, stat.mean, "–" if stat.n and stat.sd is None else stat.sd, stat.word or None]


def _sections(paper: Paper, results: Results) -> None:
    columns = [text_column(_("Section"), 5), *_stat_columns()]
    rows = [[str(each.section), *_of(each.stat)] for each in results.sections if each.stat]
    if results.whole:
        rows.append([_("All statements"), *_of(results.whole)])
    paper.table(_("Mean, S.D. and level of each section"), columns, rows, has_total=bool(results.whole))
    rated = [each for each in results.sections if each.stat and each.stat.mean is not None]
    means = [each.stat.mean for each in rated if each.stat and each.stat.mean is not None]
    paper.chart(_("Mean of each section"), [str(each.section) for each in rated], [Series(_("Mean"), means)], most=_FIVE)


def _stat_columns() -> list[PaperColumn]:
    return [number_column("n", 1.2), number_column(_("Mean"), 1.4), number_column(_("S.D."), 1.2), middle_column(_("Level"), 2)]


def _statements(paper: Paper, results: Results) -> None:
    rated = [(place, each) for place, each in enumerate(_asked(results), start=1) if each.stat]
    rows = [[f"{local_digits(place)}. {each.question}", *_of(each.stat)] for place, each in rated if each.stat]
    if not rows:
        return
    paper.table(_("Mean, S.D. and level of each statement"), [text_column(_("Statement"), 6), *_stat_columns()], rows)
    columns = [text_column(_("Statement"), 5), *(number_column(str(WORDS[level]), 1.4) for level in SCALE)]
    counts: list[list[Cell]] = [[f"{local_digits(place)}. {each.question}", *(bar.n for bar in each.bars)] for place, each in rated]
    paper.table(_("How many chose each level"), columns, counts)


def _asked(results: Results) -> list[Distribution]:
    return [each for section in results.sections for each in section.distributions]


def _choices(paper: Paper, results: Results) -> None:
    for each in _asked(results):
        if each.stat is None:
            rows: list[list[Cell]] = [[bar.label, bar.n, bar.percent] for bar in each.bars]
            paper.table(
                str(each.question),
                [text_column(_("Answer"), 6), number_column(pgettext("report", "People")), number_column(_("Percent"))],
                rows,
            )


def _pairs(paper: Paper, results: Results) -> None:
    if results.pairs:
        columns = [
            text_column(_("Statement"), 5), number_column(_("Pairs")), number_column(_("Mean before")), number_column(_("Mean after")),
            number_column(_("Difference")),
        ]  # fmt: skip
        rows: list[list[Cell]] = [
            [str(each.question), each.n, each.before.mean, each.after.mean, each.difference] for each in results.pairs
        ]  # fmt: skip
        paper.table(_("Before and after the workshop"), columns, rows)


def _places(paper: Paper, title: str, heading: str, rows: Sequence[PlaceRow]) -> None:
    """Those from whom nobody answered are not among the provinces and groups; a region is there with nothing."""
    cells = [_place(row) for row in rows]
    if cells:
        paper.table(title, [text_column(heading, 5), *_stat_columns()], cells)


def _place(row: PlaceRow) -> list[Cell]:
    name = _CODE.sub(lambda code: local_digits(code[0]), row.name)
    if row.stats is None:
        return [name, *[_("not told")] * 4]
    return [name, *(_of(row.stats[-1]) if row.stats else [row.n, None, None, None])]
