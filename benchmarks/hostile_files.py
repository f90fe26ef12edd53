"""Files that nobody should upload, and what each costs: `python -m benchmarks.hostile_files`.

Each is uploaded in a process of its own at every upload of the portal; counted are the answers, the processor's time of the web
process and of the reader that it starts, and the memory that both come to touch.
"""
# ruff: noqa: E501 – one file a line

import os
import random
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.servers import ROOT
from registration.spreadsheets.tables import MAX_BYTES
from tests.registration.spreadsheets.workbooks import MAIN, OFFICE, RELATIONS, parts, workbook, zipped

#: What the web process may grow by, and what the reader may touch: a little less than its limit of address space.
MAX_SECONDS, MAX_MEGABYTES, MAX_READER_MEGABYTES = 5.0, 100.0, 320.0
HEAD = ["คำนำหน้า", "ชื่อ", "นามสกุล", "หน่วยงาน", "อีเมล", "โทรศัพท์"]
HEADING_CELLS = "<row>" + "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD) + "</row>"
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "'
    + "ha" * 1000
    + '">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def sheet(data: str, **others: str) -> bytes:
    return zipped(parts(data, **others))


def streamed(piece: bytes, times: int, *, name: str = "xl/worksheets/sheet1.xml", begin: bytes = b"", end: bytes = b"") -> bytes:
    """A workbook one part of which is `piece` over and over, packed small."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for other, content in parts("").items():
            if other != name:
                archive.writestr(other, content)
        with archive.open(name, "w", force_zip64=True) as part:
            part.write(begin)
            block = piece * max(1, (1 << 20) // len(piece))
            for _i in range(max(1, times * len(piece) // len(block))):
                part.write(block)
            part.write(end)
    return file.getvalue()


def claiming(data: bytes, size: int) -> bytes:
    """`data` with a zip directory that claims `size` for its last part."""
    place = data.rindex(b"PK\x01\x02")
    return data[: place + 24] + size.to_bytes(4, "little") + data[place + 28 :]


def many_sheets(number: int, data: str = "<row><c><v>1</v></c></row>", after: str = "") -> bytes:
    members: dict[str, str | bytes] = dict(parts(""))
    names = range(1, number + 1)
    listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in names)
    members["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    related = "".join(f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in names)
    members["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>'
    body = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{after}</worksheet>'
    return zipped(members | {f"xl/worksheets/sheet{n}.xml": body for n in names})


def stored(data: bytes, method: int = zipfile.ZIP_LZMA) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


def people(number: int, cell: str) -> bytes:
    return workbook(รายชื่อ=[HEAD, *[[cell] * len(HEAD) for _i in range(number)]])


def document(table: str) -> bytes:
    """A Word file with one table."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    content = f'<Override PartName="/word/document.xml" ContentType="{kind}"/>'
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relation = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}">{default}{content}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{word}"><w:body><w:tbl>{table}</w:tbl></w:body></w:document>',
        }
    )


def inline(text: str) -> str:
    return f'{HEADING_CELLS}<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'


GOOD = workbook(รายชื่อ=[HEAD, ["นาย", "สมมุติ", "ทดสอบดี", "พช.", "a@example.org", "0812345678"]])
ROW = "<row>" + '<c t="inlineStr"><is><t>ก</t></is></c>' * 60 + "</row>"
MERGES = "<mergeCells>" + '<mergeCell ref="A1:A9999999"/>' * 2000 + "</mergeCells>"
CSV_HEAD = (",".join(HEAD) + "\n").encode()

FILES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a bomb of 200 MB": lambda: streamed(b"<row/>", 35_000_000, begin=b"<worksheet><sheetData>", end=b"</sheetData></worksheet>"),
    "a bomb that claims to be small": lambda: claiming(streamed(b"<row/>", 35_000_000, begin=b"<worksheet><sheetData>"), 1000),
    "a bomb of 31 MB": lambda: streamed(b"<row/>", 5_400_000, begin=b"<worksheet><sheetData>", end=b"</sheetData></worksheet>"),
    "a bomb in the texts": lambda: streamed(b"<si><t>a</t></si>", 1_800_000, name="xl/sharedStrings.xml", begin=b"<sst>", end=b"</sst>"),
    "one text of 31 MB": lambda: streamed(b"a", 31_000_000, name="xl/sharedStrings.xml", begin=b"<sst><si><t>", end=b"</t></si></sst>"),
    "a cell of 31 MB": lambda: streamed(b"a", 31_000_000, begin=b'<worksheet><sheetData><row><c t="str"><v>', end=b"</v></c></row></sheetData></worksheet>"),
    "a comment of 31 MB": lambda: streamed(b"a", 31_000_000, begin=b"<worksheet><!--", end=b"--></worksheet>"),
    "an attribute of 31 MB": lambda: streamed(b"a", 31_000_000, begin=b'<worksheet><row x="', end=b'"/></worksheet>'),
    "an endless tag": lambda: sheet("<row " + "a" * 20_000_000),
    "a tag with 100,000 attributes": lambda: sheet("<row " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>"),
    "a tree 500,000 deep": lambda: streamed(b"<a>", 500_000, begin=b"<worksheet>"),
    "1.4 million cells": lambda: streamed(b"<c><v>1</v></c>", 700_000, begin=b"<worksheet><sheetData><row>", end=b"</row></sheetData></worksheet>"),
    "900,000 rows": lambda: streamed(b"<row><c/></row>", 700_000, begin=b"<worksheet><sheetData>", end=b"</sheetData></worksheet>"),
    "2,100 rows of 60 columns": lambda: sheet(HEADING_CELLS + ROW * 2_100),
    "2,100 long rows": lambda: sheet(HEADING_CELLS + ("<row>" + f'<c t="inlineStr"><is><t>{"ก" * 900}</t></is></c>' * 20 + "</row>") * 1_500),
    "one text in every cell": lambda: sheet("<row>" + '<c t="s"><v>0</v></c>' * 60 + "</row>" * 1, strings=f"<si><t>{'ข' * 1_000_000}</t></si>"),
    "merges over everything": lambda: sheet(HEADING_CELLS + ROW * 2_000, after=MERGES),
    "twenty sheets of merges": lambda: many_sheets(20, HEADING_CELLS + ROW * 2_000, MERGES),
    "a hundred sheets": lambda: many_sheets(100),
    "twenty full sheets": lambda: many_sheets(20, HEADING_CELLS + ROW * 2_000),
    "an entity from a file": lambda: sheet("<row><c><v>&e;</v></c></row>", before=XXE),
    "a billion laughs": lambda: sheet("<row><c><v>&i;</v></c></row>", before=LAUGHS),
    "laughs in UTF-16": lambda: zipped(parts("") | {"xl/workbook.xml": (LAUGHS + "<workbook/>").encode("utf-16")}),
    "a part beyond the archive": lambda: zipped(parts("") | {"../../../../etc/cron.d/x": "x"}),
    "2,001 parts": lambda: zipped(parts("") | {f"x/{n}": "" for n in range(2_001)}),
    "60,000 parts": lambda: zipped({f"{n}": "" for n in range(60_000)}),
    "parts of the same name": lambda: GOOD[:-22] + GOOD,
    "packed another way": lambda: stored(GOOD),
    "packed with BZIP2": lambda: stored(GOOD, zipfile.ZIP_BZIP2),
    "a locked workbook": lambda: bytes(b | 1 if n in _flags(GOOD) else b for n, b in enumerate(GOOD)),
    "half a workbook": lambda: GOOD[: len(GOOD) // 2],
    "a workbook with broken bytes": lambda: _broken(GOOD),
    "no workbook in the archive": lambda: zipped({"a.txt": "x" * 1_000_000}),
    "a sheet that refers to itself": lambda: zipped(parts("") | {"xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="workbook.xml"/></Relationships>'}),
    "numbers out of range": lambda: sheet('<row r="99999999999999999999"><c r="ZZZZZZZ1" t="s"><v>99999999999</v></c></row>'),
    "a text that is not there": lambda: sheet('<row><c t="s"><v>-1</v></c><c t="s"><v>x</v></c></row>'),
    "numbers without an end": lambda: sheet(f"<row><c><v>{'9' * 1_000_000}</v></c><c><v>1e99999</v></c><c><v>nan</v></c></row>"),
    "control characters": lambda: people(50, "ก_x000B__x0000__xFFFE_\u200b\u202eข"),
    "formulas": lambda: people(50, '=HYPERLINK("http://evil.example","x")'),
    "markup": lambda: people(50, "<script>alert(1)</script>{{ 7*7 }}{% debug %}"),
    "2,000 faulty people": lambda: people(2_000, "ผิด"),
    "old Excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(100_000),
    "random bytes": lambda: random.Random(1).randbytes(4_000_000),
    "text of NUL": lambda: b"\x00" * 4_000_000,
    "one line of 5 MB": lambda: CSV_HEAD + b"a" * 5_000_000,
    "five million commas": lambda: CSV_HEAD + b"," * 5_000_000,
    "two million lines": lambda: CSV_HEAD + b"\n" * 4_000_000,
    "quotes without an end": lambda: CSV_HEAD + b'"' + b'",""' * 1_000_000,
    "a Word table of 200,000 rows": lambda: document("<w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>" * 200_000),
    "a Word cell in a cell in a cell": lambda: document("<w:tr><w:tc><w:tbl>" * 20_000),
    "six megabytes": lambda: CSV_HEAD + b"a,b,c,d,e,f\n" * 500_000,
}  # fmt: skip


def _flags(data: bytes) -> set[int]:
    """Where the zip archive `data` says of its parts that they are not encrypted."""
    found = set()
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            found.add(place + offset)
            place = data.find(mark, place + 1)
    return found


def _broken(data: bytes) -> bytes:
    broken, chance = bytearray(data), random.Random(2565)
    for _i in range(30):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)


def run(folder: Path) -> tuple[bool, str]:
    """Uploads every file everywhere. Returns whether all was as it should be, and what was seen."""
    import django

    os.environ |= {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "VAR_DIR": str(folder), "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
    os.environ["ABUSE_LIMITS"] = "off"
    django.setup()
    uploads = _prepare()
    worst_cpu = worst_web = worst_reader = 0.0
    bad: list[str] = []
    for name, make in FILES.items():
        data = make()
        for path, fields in uploads:
            status, cpu, web, reader = _in_child(path, fields, data)
            worst_cpu, worst_web, worst_reader = max(worst_cpu, cpu), max(worst_web, web), max(worst_reader, reader)
            if status >= 500 or cpu >= MAX_SECONDS or web >= MAX_MEGABYTES or reader >= MAX_READER_MEGABYTES:
                bad.append(f"{name} at {path}: {status}, {cpu:.1f} s, {web:.0f} MB, reader {reader:.0f} MB")
    seen = f"at most {worst_cpu:.1f} s of the processor, {worst_web:.0f} MB more in the web process, {worst_reader:.0f} MB in the reader"
    return not bad, "; ".join([seen, *bad])


def _prepare() -> list[tuple[str, dict[str, Any]]]:
    """A workshop, and the addresses at which files are taken, with what else their forms ask."""
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from sessions.models import Workshop

    call_command("migrate", verbosity=0)
    call_command("load_workshop", demonstration=True, verbosity=0)
    User.objects.create_superuser("boss", "boss@example.org")
    workshop = Workshop.objects.get()
    return [
        (f"/desk/{workshop.slug}/55/nominations/", {}),
        ("/admin/registration/coordinator/import/", {"workshop": workshop.pk}),
    ]


def _in_child(path: str, fields: dict[str, Any], data: bytes) -> tuple[int, float, float, float]:
    """Status, seconds of the processor, and megabytes: more in a web process that takes the file, and in the reader that it starts."""
    from django.db import connection

    connection.close()
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        with os.fdopen(reading) as answer:
            line = answer.read()
        os.waitpid(pid, 0)
        status, cpu, web, reader = line.split()
        return int(status), float(cpu), float(web), float(reader)
    os.close(reading)
    line = "599 0 0 0"
    try:
        line = _upload(path, fields, data)
    finally:
        os.write(writing, line.encode())
        os._exit(0)


def _upload(path: str, fields: dict[str, Any], data: bytes) -> str:
    from django.contrib.auth.models import User
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    client = Client(headers={"accept-language": "th", "host": "localhost"}, raise_request_exception=False)
    client.force_login(User.objects.get(username="boss"), "django.contrib.auth.backends.ModelBackend")
    client.get(path)
    before = resource.getrusage(resource.RUSAGE_SELF)
    answer = client.post(path, {**fields, "file": SimpleUploadedFile("รายชื่อ.xlsx", data)})
    after, reader = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + reader.ru_utime + reader.ru_stime
    return f"{answer.status_code} {cpu:.2f} {(after.ru_maxrss - before.ru_maxrss) / 1024:.1f} {_memory_of_reader(data):.1f}"


#: A small process that starts the reader: a large one's own memory would be counted as that of what it starts.
STARTER = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "registration.spreadsheets.sandbox", "th"], stdin=0, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def _memory_of_reader(data: bytes) -> float:
    """The megabytes that the reader touches at most, Python and all."""
    done = subprocess.run([sys.executable, "-S", "-c", STARTER], input=data[: MAX_BYTES + 1], cwd=ROOT, capture_output=True, check=True)
    return float(done.stdout)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-files-") as folder:
        kept, seen = run(Path(folder))
    print(f"{'kept ' if kept else 'BROKEN'}  {len(FILES)} hostile files at every upload: {seen}", flush=True)
    sys.exit(not kept)


if __name__ == "__main__":
    main()
