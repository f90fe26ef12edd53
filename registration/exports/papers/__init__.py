"""What a province or the office prints or passes on, in Thai. Papers are set in Sarabun by Typst: data go in as JSON, never as source."""

from registration.exports.papers.code_labels import code_labels
from registration.exports.papers.enclosure import enclosure
from registration.exports.papers.line_text import line_text
from registration.exports.papers.qr_sheet import qr_sheet
from registration.exports.papers.sign_in_sheet import sign_in_sheet, sign_in_sheets

__all__ = ["code_labels", "enclosure", "line_text", "qr_sheet", "sign_in_sheet", "sign_in_sheets"]
