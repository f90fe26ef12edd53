"""Invented documents: the smallest files that are what they say."""

from io import BytesIO
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile

from registration.actor import Actor, ActorKind
from registration.materials import actions
from registration.materials.actions import Belonging, Upload
from registration.models import Document
from tests.factories import NOON

STAFF = Actor(ActorKind.STAFF)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">%s</Types>'
MAIN = {"pptx": "ppt/presentation.xml", "docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def office(kind="docx", *, types=TYPES % "", parts=None) -> bytes:
    """A package of Office with its main part, and `parts` besides."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        if types is not None:
            archive.writestr("[Content_Types].xml", types)
        for name, content in ({MAIN[kind]: "<x/>"} if kind else {}).items() | (parts or {}).items():
            archive.writestr(name, content)
    return file.getvalue()


def sent(data=PDF, name="สไลด์.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def make_document(
    workshop, *, audience="everybody", is_published=True, day=None, item=None, track=None, url="", data=PDF, **titles
) -> Document:
    """With `url` it is a recording."""
    titles = {"title_th": "เอกสารสมมุติ", "title_en": "Sample document"} | titles
    upload = Upload(url=url) if url else Upload(file=sent(data))
    document = actions.add(
        workshop=workshop, belonging=Belonging(day, item, track), audience=audience, upload=upload, by=STAFF, at=NOON, **titles
    )
    if is_published:
        actions.publish(document=document, by=STAFF, at=NOON)
    return Document.objects.with_versions().get(pk=document.pk)
