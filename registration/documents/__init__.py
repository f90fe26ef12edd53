"""Paper: what a province prints, set in Sarabun by Typst. Data go in as JSON, never as source."""

from registration.documents.enclosure import enclosure
from registration.documents.sign_in_sheet import sign_in_sheet

__all__ = ["enclosure", "sign_in_sheet"]
