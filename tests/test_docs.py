"""What the documents name is there."""

import re

import pytest
from django.conf import settings

DOCUMENTS = [settings.BASE_DIR / "README.md", *sorted((settings.BASE_DIR / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_a_document_names_is_there(document):
    named = re.findall(r"`(?:tests/)?([\w/]*test_\w+\.py)`", document.read_text(encoding="utf-8"))
    assert [name for name in named if not (settings.BASE_DIR / "tests" / name).is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_document_that_another_leads_to_is_there(document):
    linked = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [path for path in linked if not (document.parent / path).exists()] == []
