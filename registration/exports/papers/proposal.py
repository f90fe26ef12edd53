"""The proposal of who takes part, as a PDF."""

from registration.exports.papers.typesetting import typeset
from registration.exports.proposal import ProposalPaper


def proposal_pdf(content: ProposalPaper) -> bytes:
    """A4 portrait; headings on every page, a person's row on one page."""
    return typeset(
        "proposal",
        {
            "above": list(content.above),
            "columns": list(content.headings),
            "parts": [
                {"heading": part.heading, "main": part.is_main, "lines": [list(line.cells) for line in part.lines]}
                for part in content.parts
            ],
            "beneath": list(content.beneath),
        },
    )
