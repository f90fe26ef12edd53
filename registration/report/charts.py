"""The report's bars: as data for Typst, and as pictures for what cannot draw them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from registration.exports.papers.typesetting import pictures
from registration.report.paper import Chart

HERE = Path(__file__).parent
#: Sharp on paper, and a picture of some tens of kilobytes.
_PPI = 200.0


def chart_data(chart: Chart) -> dict[str, Any]:
    """The values as texts: they are printed as they are, and a float would not be."""
    series = [{"name": each.name, "values": [str(value) for value in each.values]} for each in chart.series]
    return {"labels": list(chart.labels), "series": series, "most": chart.most}


def chart_pictures(charts: Sequence[Chart]) -> list[bytes]:
    """A PNG for each, 165 mm wide."""
    return pictures("chart_pictures", {"charts": [chart_data(each) for each in charts]}, folder=HERE, ppi=_PPI) if charts else []
