"""Which files are documents, and which are something else under their name."""

import zipfile
from io import BytesIO

import pytest

from registration.materials import files
from registration.materials.files import DocumentRefused, kept_name, look_at
from registration.materials.recordings import address_of
from tests.registration.materials.making import MAIN, PDF, TYPES, office

MACROS = TYPES % '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'


def locked() -> bytes:
    data = bytearray(office())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(sign)
        data[place + offset] |= 1
    return bytes(data)


def doubled() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", "WORD/document.xml"):
            archive.writestr(name, TYPES % "")
    return file.getvalue()


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES % "")
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("word/media/image1.png", bytes(files.MAX_UNPACKED // 8))
    return file.getvalue()


#: What is no document, by how it calls itself.
HOSTILE = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "page.pdf": b"<!doctype html><script>alert(1)</script>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "svg as.pdf": b"<?xml version='1.0'?><svg onload='alert(1)'/>",
    "pdf behind a page.pdf": b"<script>alert(1)</script>" + PDF,
    "pdf without end.pdf": PDF[:40],
    "only a beginning.pdf": b"%PDF-",
    "empty.pdf": b"",
    "program.pdf": b"MZ\x90\x00" + bytes(200),
    "elf.docx": b"\x7fELF" + bytes(200),
    "script.docx": b"#!/bin/sh\nrm -rf /\n",
    "archive.zip": office(None, types=None, parts={"a.txt": "a"}),
    "archive as.docx": office(None, types=None, parts={"a.txt": "a"}),
    "types alone.docx": office(None),
    "no types.docx": office(types=None),
    "two kinds.docx": office(parts={MAIN["xlsx"]: "<x/>"}),
    "macros.docx": office(types=MACROS),
    "macros by part.xlsx": office("xlsx", parts={"xl/vbaProject.bin": b"x"}),
    "activex.pptx": office("pptx", parts={"ppt/activeX/activeX1.bin": b"x"}),
    "page inside.pptx": office("pptx", parts={"ppt/media/index.html": "<script>"}),
    "program inside.docx": office(parts={"word/embeddings/setup.exe": b"MZ"}),
    "climbs.docx": office(parts={"../../etc/passwd": "x"}),
    "climbs backwards.docx": office(parts={"word\\..\\..\\x": "x"}),
    "from the root.docx": office(parts={"/etc/passwd": "x"}),
    "entity.docx": office(types='<!DOCTYPE x [<!ENTITY a "b">]><Types/>'),
    "no xml.docx": office(types="hello"),
    "locked.docx": locked(),
    "twice the same part.docx": doubled(),
    "cut off.docx": office()[:60],
    "zip with nothing.docx": b"PK\x03\x04" + bytes(100),
    "old.doc": b"\xd0\xcf\x11\xe0" + bytes(600),
    "old as.docx": b"\xd0\xcf\x11\xe0" + bytes(600),
    "gif.pdf": b"GIF89a" + bytes(100),
    "word called.pdf": office(),
    "pdf called.docx": PDF,
    "docx called.xlsx": office(),
    "behind an archive.pdf": office() + PDF,
    "no suffix": PDF,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_document_is_refused_in_words(name):
    with pytest.raises(DocumentRefused) as refused:
        look_at(BytesIO(HOSTILE[name]), name, len(HOSTILE[name]))
    assert len(str(refused.value)) > 20


@pytest.mark.parametrize(("data", "kind"), [(PDF, "pdf"), *((office(kind), kind) for kind in MAIN)])
def test_documents_are_known_by_their_bytes(data, kind):
    assert look_at(BytesIO(data), f"สไลด์.{kind.upper()}", len(data)) == kind


def test_what_is_too_large_outside_or_inside_is_refused(monkeypatch):
    whole = PDF + bytes(files.MAX_BYTES - len(PDF) - 10) + b"\n%%EOF\n   "
    assert (look_at(BytesIO(whole), "a.pdf", len(whole)), len(whole)) == ("pdf", files.MAX_BYTES)
    with pytest.raises(DocumentRefused, match="25"):
        look_at(BytesIO(whole), "a.pdf", files.MAX_BYTES + 1)
    data = bomb()
    monkeypatch.setattr(files, "MAX_UNPACKED", files.MAX_UNPACKED // 16)
    with pytest.raises(DocumentRefused):
        look_at(BytesIO(data), "a.docx", len(data))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("สไลด์ วันที่ ๑.pdf", "สไลด์ วันที่ ๑.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\a.b.pdf", "a.b.pdf"),
        ('a"; filename="evil.html.pdf', "a ; filename= evil.html.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 400 + ".pdf", "x" * 145 + ".pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
    ],
)
def test_a_name_is_kept_without_what_no_system_takes(name, kept):
    assert kept_name(name, files.Format.PDF) == kept


@pytest.mark.parametrize(
    "address",
    [
        "http://www.youtube.com/watch?v=x", "https://evil.example.org/", "https://youtube.com.evil.example.org/", "javascript:alert(1)",
        "https://youtube.com@evil.example.org/", "https://user:p@youtube.com/", "https://evil.example.org\\@youtube.com/", "//youtube.com",
        "https://notyoutube.com/", "https://youtube.com:8443/", "https://youtube.com/\r\nSet-Cookie: a=b", "https://ยูทูบ.com/", "",
        "https://youtube.com/" + "x" * 500,
    ],
)  # fmt: skip
def test_recordings_lie_on_trusted_hosts_alone(address):
    with pytest.raises(DocumentRefused):
        address_of(address)


def test_hosts_below_a_trusted_one_are_trusted():
    for address in ("https://youtu.be/abc", "https://us02web.zoom.us/rec/share/x?y=1", "https://zoom.us"):
        assert address_of(f" {address} ") == address


@pytest.mark.parametrize("sizes", [b"\xff\xff\xff\xff", (50_000_000).to_bytes(4, "little")])
def test_an_endless_list_of_parts_is_refused_before_it_is_read(monkeypatch, sizes):
    data = bytearray(office())
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = sizes
    monkeypatch.setattr("registration.materials.files.zipfile.ZipFile", None)
    with pytest.raises(DocumentRefused, match=r"ใหญ่|larger"):
        look_at(BytesIO(data), "x.docx", len(data))


def test_an_archive_in_the_large_form_is_refused(monkeypatch):
    data = office()
    end = data.rfind(b"PK\x05\x06")
    data = data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]
    monkeypatch.setattr("registration.materials.files.zipfile.ZipFile", None)
    with pytest.raises(DocumentRefused):
        look_at(BytesIO(data), "x.docx", len(data))
