"""Which provinces nobody came from, and which groups are missing where."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.report.contents.turnout import group_name, percent
from registration.report.figures import Figures, PlaceCount
from registration.report.paper import Cell, Paper, number_column, shown, text_column
from sessions.formats import local_digits
from sessions.models import StakeholderGroup


def coverage(paper: Paper, figures: Figures) -> None:
    paper.chapter(_("Coverage"))
    provinces = figures.provinces
    paper.section(_("Provinces without anybody"))
    if not provinces:
        paper.say(shown(None))
    else:
        _named(paper, _("Nobody registered from"), [place for place in provinces if not place.count.registered])
        if figures.counted:
            _named(paper, _("Nobody came from"), [place for place in provinces if not place.count.came])
        else:
            paper.say(_("Nobody came from: no data"))
    paper.section(_("Groups that are missing"))
    paper.note(
        _("A group is missing where nobody of it came on any day.")
        if figures.counted
        else _("No day is counted yet: a group is missing where nobody of it has a confirmed seat.")
    )
    groups = [group for group, _count in figures.groups if group.scope == StakeholderGroup.Scope.PROVINCE]
    _by_group(paper, provinces, groups)
    _by_province(paper, provinces)


def _named(paper: Paper, words: str, places: list[PlaceCount]) -> None:
    if not places:
        paper.say(_("%(words)s: no province") % {"words": words})
        return
    names = ", ".join(place.quota.name for place in places)
    paper.say(_("%(words)s %(n)s provinces: %(names)s") % {"words": words, "n": shown(len(places)), "names": names})


def _by_group(paper: Paper, provinces: list[PlaceCount], groups: list[StakeholderGroup]) -> None:
    columns = [
        text_column(_("Group"), 5), number_column(_("Provinces that have it")), number_column(_("Provinces that lack it")),
        number_column(_("Percent that have it")),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for group in groups:
        lacking = sum(group in place.missing for place in provinces)
        rows.append([group_name(group), len(provinces) - lacking, lacking, percent(len(provinces) - lacking, len(provinces))])
    paper.table(_("Provinces that each group came from"), columns, rows)


def _by_province(paper: Paper, provinces: list[PlaceCount]) -> None:
    columns = [text_column(_("Province"), 3), number_column(_("Groups missing")), text_column(pgettext("groups", "Which"), 6)]
    rows: list[list[Cell]] = []
    for place in provinces:
        codes = ", ".join(local_digits(group.code) for group in place.missing)
        rows.append([place.quota.name, len(place.missing), codes or "–"])
    paper.table(_("Groups missing in each province"), columns, rows)
