"""What is served to browsers: the libraries are the ones that were published, and a first visit stays small."""

import base64
import hashlib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

#: As Bootstrap 5.3.8 publishes them for its own content delivery network.
PUBLISHED = {
    "bootstrap/css/bootstrap.min.css": "sha384-sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB",
    "bootstrap/js/bootstrap.bundle.min.js": "sha384-FKyoEForCGlyvwx9Hj09JcYn3nv7wiPVlz7YYwJrWVcXK/BmnVDxM+D2scQbITxI",
}


@pytest.mark.parametrize("path", PUBLISHED)
def test_bootstrap_is_what_its_makers_published(path):
    digest = hashlib.sha384(Path(finders.find(path)).read_bytes()).digest()
    assert f"sha384-{base64.b64encode(digest).decode()}" == PUBLISHED[path]
