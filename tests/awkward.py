"""Four hundred strings that somebody types or a program sends, and a visitor who puts them into every form that they find."""
# ruff: noqa: E501 – lists are easier to look over in long lines

import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import quote_plus, urljoin, urlsplit

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from registration.mail import compose
from registration.models import Delivery
from tests.effort import yardstick

MARK = "awkward"
THAI = [
    "สมชาย",
    "น้ำ",
    "น\u0e4d\u0e49า",
    "เเม่",
    "แม่ฮ่องสอน",
    "ก\u0e49\u0e49\u0e49\u0e49",
    "ฯพณฯ",
    "ณ อยุธยา",
    "๑๒๓๔๕",
    "฿๑,๐๐๐.๕๐",
    "ๆๆๆ",
    "ภ\u0e39\u0e39",
    "เแโใไ",
]
MARKUP = [
    f"<{MARK}>", f"</title><{MARK}>", f'"><{MARK} x="', f"'><{MARK} x='", f'" {MARK}="1', f"' {MARK}='1", f"` {MARK}=`", f"<!--<{MARK}>-->",
    f"<![CDATA[<{MARK}>]]>", f"<script>{MARK}()</script>", f"</script><script>{MARK}</script>", f"<img src=x onerror={MARK}()>",
    f"<svg/onload={MARK}()>", f"</textarea><{MARK}>", f"</option></select><{MARK}>", f"<a href='javascript:{MARK}()'>x</a>",
    f"&lt;{MARK}&gt;<{MARK}>", f"&{MARK};<{MARK}>", f"\u003c{MARK}\u003e", f"＜{MARK}＞", f"<\u0000{MARK}>", f"<{MARK}\u200b>", f"+ADw-{MARK}+AD4-<{MARK}>",
]  # fmt: skip
TEMPLATES = [
    '{{ 7|add:"7000" }}' + MARK, "{% " + MARK + " %}", "{% load static %}", "{{ request.META }}", "{{ participant.email }}", "{# x #}", "{{", "%}",
    "${7000+7}" + MARK, "#{7000+7}" + MARK, "%(name)s", "%s%s%s%n", "{0}{1}", "{name.__class__}", "%", "%d", "$name", "[[name]]", "{name}", "{{name}}",
]  # fmt: skip
SQL = [
    "' OR 1=1 --", "'; DROP TABLE registration_participant; --", '" OR ""="', "1; SELECT pg_sleep(10)", "' UNION SELECT NULL,NULL --", "\\'; --",
    "%' OR '1'='1", "') OR ('1'='1", "1' AND SLEEP(10)#", "Robert'); --", "0x27", "%_%", "_", "%%", "\\", "\\\\", "''", '""', "E'\\x27'", "null", "NULL",
]  # fmt: skip
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "=",
    "+",
    "-",
    "@",
]
CONTROLS = [
    *("a" + chr(code) + "b" for code in [0, 1, 7, 8, 9, 10, 11, 12, 13, 27, 31, 127, 128, 133, 160, 173]),
    "\x00", "\x0b", "\x00" * 50, "\r\nX-Awkward: 1", "a\r\n\r\n<html>", "a\nBcc: x@example.org", "a\r\nSubject: x", "\n", "\r", "\t", " ", "  a  ", "\u3000",
]  # fmt: skip
UNSEEN = [
    *("ก" + chr(code) + "ข" for code in [0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF, 0xFFF9]),
    "\u202eexe.fdp", "\u2067abc\u2069", "\ufffe", "\uffff", "\ufffd", "\U0001fffe", "\U0010ffff", "\ue000", "\U000f0000", "\U000e0041", "\u034f", "\u115f", "\u1160", "\u3164",
    "\ud800", "\udfff", "a\ud83db", "\udc00\ud800", "\udcff", "\udc80\udc80",
]  # fmt: skip
EMOJI = ["😀", "👩‍👩‍👧‍👦", "🇹🇭", "🏳️‍🌈", "👍🏽", "☃", "💩" * 50, "1️⃣", "🫠", "©®™"]
COMBINING = [
    "a" + "\u0301" * 50, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "ก" + "\u0e34\u0e49" * 200, "\u0e49", "\u0e31\u0e34\u0e38", "é", "e\u0301", "ﬀ", "Å", "Å", "ǅ", "ı", "ß", "İ", "ﷺ", "ａｂｃ", "№", "①", "½",
]  # fmt: skip
NUMBERS = [
    "0",
    "-1",
    "1e999",
    "NaN",
    "Infinity",
    "9" * 30,
    "9" * 5000,
    "0x10",
    "1_000",
    "٣",
    "१",
    "²",
    "1.5",
    "-0",
    "2147483648",
    "9223372036854775808",
    "1" * 19,
    "00",
    "+1",
    "1,5",
]
DATES = [
    "0000-00-00",
    "9999-12-31",
    "2565-02-18",
    "10000-01-01",
    "2027-02-30",
    "2027-02-18T25:61",
    "-1-1-1",
    "18/02/2565",
    "24:00",
    "99:99",
    "1-1-1",
    "0001-01-01 00:00",
]
ADDRESSES = [
    "a@b", "@", "a@@b.c", "a" * 250 + "@example.org", '"a b"@example.org', "a@[127.0.0.1]", "a@example.org,b@example.org", "a@example.org\nb@example.org",
    "mailto:a@example.org", "ก@example.org", "a@ตัวอย่าง.ไทย", "a@xn--0", "a@-example.org", "a@example.org\u0000", "a..b@example.org", "a@exam\u200bple.org",
    "javascript:alert(1)", "data:text/html,<awkward>", "http://", "https://[", "https://[::1", "https://example.org:99999", "//example.org", "https://\u0e01/", "ftp://x", "https://a b/",
    "../../etc/passwd", "..\\..\\x", "/etc/passwd\x00.png", "file:///etc/passwd", "CON", "nul.txt", "a/b", "%2e%2e%2f", "%00", "%ff", "?a=b&c=d#e",
]  # fmt: skip
CODES = [
    "55",
    "99",
    "central",
    "[]",
    "{}",
    '{"a": 1}',
    "[1,2",
    "true",
    "None",
    "undefined",
    "on",
    "confirmed",
    "00000000-0000-0000-0000-000000000000",
    "TH-55",
    "a:b",
    ":",
    "1:1:1",
    ",",
    ";",
    "|",
    "a,b",
    "1,2,3",
]
LONG = ["ก" * 100, "a" * 255, "a" * 256, "ก" * 301, "a" * 1_001, "ก" * 4_000, "a" * 4_001, "a" * 65_536, "ก" * 300_000, "a " * 50_000, "<" * 20_000, '"' * 20_000, "@" * 20_000, "." * 20_000, "(" * 20_000, "\u0e49" * 20_000, " " * 100_000 + "a", "0" * 100_000, "a-" * 20_000, "\n" * 20_000]  # fmt: skip


def strings() -> list[str]:
    """All of them, each once."""
    plain = [
        *THAI,
        *MARKUP,
        *TEMPLATES,
        *SQL,
        *FORMULAS,
        *CONTROLS,
        *UNSEEN,
        *EMOJI,
        *COMBINING,
        *NUMBERS,
        *DATES,
        *ADDRESSES,
        *CODES,
        *LONG,
    ]
    mixed = (f"{thai}{other}{thai}" for thai, other in itertools.product(THAI, [*MARKUP[:8], *TEMPLATES[:3], *SQL[:3], *CONTROLS[:6]]))
    return list(dict.fromkeys([*plain, *mixed]))[:400]


#: The few that hit most, for every day.
FEW = [
    f"สมชาย\x0b\"><{MARK} x='",
    '{{ 7|add:"7000" }}' + MARK + "\u202e\ud800",
    "\x00' OR 1=1 --\r\nX-Awkward: 1",
    "9" * 5000,
    "=1+1" + "ก" * 4_001,
]


@dataclass
class Form:
    """A form of a page: where it goes, how, and what is in it."""

    action: str
    method: str
    multipart: bool = False
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        path = re.sub(r"\d+", "0", urlsplit(self.action).path)
        return path, self.method, tuple(sorted({re.sub(r"\d+", "0", name) for name in [*self.fields, *self.files]}))


class Forms(HTMLParser):
    """The forms of the page at `path`, with what they would send as they are."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.path, self.found, self.by_id = path, [], {}
        self.current: Form | None = None
        self.select = self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            action = urljoin(self.path, given.get("action") or self.path)
            self.current = Form(action, given.get("method", "get").lower(), "multipart" in given.get("enctype", ""))
            self.found.append(self.current)
            self.by_id[given.get("id")] = self.current
        form = self.by_id.get(given["form"]) if given.get("form") else self.current
        name = given.get("name")
        if form is None:
            return
        if tag == "option" and self.select and ("selected" in given or not form.fields.get(self.select)):
            form.fields[self.select] = [given.get("value") or ""]
        elif tag == "input" and given.get("type") == "file" and name:
            form.files.append(name)
        elif tag == "input" and name:
            values = form.fields.setdefault(name, [])
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                values.append(given.get("value") or "on")
        elif tag in ("select", "textarea") and name:
            form.fields.setdefault(name, [])
            self.select = name if tag == "select" else ""
        elif tag == "button" and name:
            form.fields.setdefault(name, [given.get("value") or ""])

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.select = ""


#: What a form needs to be looked at all.
KEPT = {"csrfmiddlewaretoken"}


def filled(form: Form, text: str, names: list[str]) -> dict[str, list[str]]:
    """What `form` sends with `text` in the fields called `names`."""
    return {name: [text] if name in names else values for name, values in form.fields.items()}


def body(values: dict[str, list[str]]) -> str:
    """As a program sends it: also halves of pairs, which no text has."""
    return "&".join(f"{quote_plus(name)}={_quoted(value)}" for name, given in values.items() for value in given)


@cache
def _quoted(value: str) -> str:
    return quote_plus(value.encode("utf-8", "surrogatepass"))


def tries(form: Form, texts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """What is put into which fields: each text in all at once, and in one after the other while the rest is as it was found.

    What would be sent a second time, because a form has one field or none, is tried once.
    """
    names, sent = [name for name in form.fields if name not in KEPT], set()
    for number, text in enumerate(texts):
        for where in [names, names[number % len(names) : number % len(names) + 1]] if names else [[]]:
            told = body(filled(form, text, where)), text if form.files else ""
            if told not in sent:
                sent.add(told)
                yield text, where


def _uploaded(text: str) -> SimpleUploadedFile:
    """A file of this content, called so where a file can be."""
    try:
        return SimpleUploadedFile(text[:200], text.encode())
    except SuspiciousFileOperation:
        return SimpleUploadedFile("x", text.encode())


def faults(send, form: Form, text: str, names: list[str]) -> Iterator[str]:
    """Sends `form` with `text` in `names` and takes everything back. Yields what was wrong with the answer, in words."""
    values, started = filled(form, text, names), time.process_time()
    options: dict[str, object] = {"data": body(values), "content_type": "application/x-www-form-urlencoded"}
    if form.multipart:
        proper = text.encode("utf-8", "replace").decode()
        sent = {name: [proper if value == text else value for value in given] for name, given in values.items()}
        options = {"data": sent | {name: _uploaded(proper) for name in form.files}}
    if form.method == "get":
        options = {"query_params": {}}
    action = f"{urlsplit(form.action).path}?{body(values)}" if form.method == "get" else form.action
    with transaction.atomic():
        last = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        try:
            response = send(form.method, action, **({} if form.method == "get" else options))
            yield from _wrong(response, text)
            for delivery in Delivery.objects.filter(pk__gt=last)[:3]:
                mail = compose.compose(delivery)
                mail.message()
                yield from (f"the mail {delivery.message}: {fault}" for fault in _unescaped(str(mail.alternatives[0][0]), text))
        except Exception as error:
            yield f"{type(error).__name__}: {str(error)[:200]}"
        finally:
            transaction.set_rollback(True)
    if (seconds := time.process_time() - started) > 5 and seconds > 50 * yardstick():
        yield f"it took {seconds:.1f} s"


def _wrong(response, text: str) -> Iterator[str]:
    if response.status_code >= 500:
        yield f"status {response.status_code}"
    if "X-Awkward" in response.headers:
        yield "a header of one's own"
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        yield from _unescaped(response.content.decode(errors="replace"), text)


def _unescaped(page: str, text: str) -> Iterator[str]:
    if MARK in text and any(sign in text for sign in "<\"'") and (text in page or f"<{MARK}" in page):
        yield "unescaped"
    if "7007" + MARK in page:
        yield "worked out as a template"
