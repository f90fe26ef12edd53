"""Files as HTTP responses."""

from typing import BinaryIO

from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(file: BinaryIO, name: str) -> FileResponse:
    """A workbook to keep as `name`, read from its begin and kept by no cache."""
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX, headers={"Cache-Control": "no-store"})
