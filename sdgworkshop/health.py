"""Is the process there; does the database answer; is there room on the disk."""

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


#: With less, SQLite, exports and mail files soon cannot be written any more.
MIN_FREE_BYTES = 200_000_000


def readyz(request: HttpRequest) -> HttpResponse:
    """503 in words where something is wanting."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable", status=503, content_type="text/plain")
    if shutil.disk_usage(settings.VAR_DIR).free < MIN_FREE_BYTES:
        return HttpResponse("disk full", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
