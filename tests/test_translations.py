"""Everything that people read is there in Thai: what we wrote, and what Django and the packages beside it say."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import django
import pytest
from babel.messages import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / "locale" / "th" / "LC_MESSAGES" / "django.po"

#: The marking functions, with the arguments that are a context ("c"), a singular and a plural.
KEYWORDS: dict = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr](?![a-z])|\{\w*\}")

#: Packages that bring an English catalogue, with its domain; and those whose words stand in their code alone.
WITH_CATALOGUE = [
    ("django.conf", "django"),
    ("django.contrib.admin", "django"),
    ("django.contrib.admin", "djangojs"),
    ("django.contrib.auth", "django"),
    ("django.contrib.contenttypes", "django"),
    ("django.contrib.sessions", "django"),
]
WITHOUT_CATALOGUE = ["axes", "crispy_forms", "django_tasks", "django_tasks_db"]

#: A message: its context, and what stands in the source (singular and plural where it has both).
Key = tuple[str | None, str | tuple[str, ...]]


def in_code(path: Path) -> Iterator[Key]:
    """The messages of a Python file or a Django template."""
    source = path.read_text()
    if path.suffix != ".py":
        # Whatever is no message is X now, and to Python the indentation of a template means nothing.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield context, message


@cache
def used() -> dict[Key, str]:
    """Every message of our own, with the first file that says it."""
    found: dict[Key, str] = {}
    for folder in ("sdgworkshop", "sessions", "registration", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt"):
                for key in in_code(path):
                    found.setdefault(key, str(path.relative_to(ROOT)))
    return found


@cache
def catalogue(path: Path) -> dict[Key, Message]:
    """The messages of a .po file; none where there is no such file."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {(message.context, message.id): message for message in read_po(file, locale=path.parts[-3]) if message.id}


def by_singular(messages: dict[Key, Message]) -> dict[tuple[str | None, str], Message]:
    return {(context, id if isinstance(id, str) else id[0]): message for (context, id), message in messages.items()}


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def english_of(package: str, domain: str) -> set[Key]:
    return set(catalogue(folder_of(package) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"))


def words_of(package: str) -> set[Key]:
    return {key for path in sorted(folder_of(package).rglob("*.py")) for key in in_code(path)}


def for_packages(domain: str) -> dict[Key, Message]:
    """Our Thai for Django and the packages beside it."""
    return catalogue(ROOT / "locale" / "django" / "th" / "LC_MESSAGES" / f"{domain}.po")


def is_said(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return bool(message.string) and all(message.string)


def without_thai(keys: set[Key], *catalogues: dict[Key, Message]) -> list[Key]:
    """Those of `keys` that none of `catalogues` says in Thai."""
    thai = [by_singular(messages) for messages in catalogues]
    singulars = {key: (key[0], key[1] if isinstance(key[1], str) else key[1][0]) for key in keys}
    return sorted((key for key in keys if not any(is_said(messages.get(singulars[key])) for messages in thai)), key=str)


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def with_other_placeholders(messages: dict[Key, Message]) -> list[Key]:
    """Messages whose Thai does not hold exactly what the English (its plural, where it has one) holds."""
    wrong = []
    for key, message in messages.items():
        english = message.id if isinstance(message.id, str) else message.id[-1]
        thai = message.string if isinstance(message.string, str) else message.string[0]
        if placeholders(english) != placeholders(thai):
            wrong.append(key)
    return wrong


def test_every_message_of_ours_is_said_in_thai():
    missing = without_thai(set(used()), catalogue(OURS))
    assert [(used()[key], *key) for key in missing] == []


def test_a_message_with_a_plural_is_translated_as_one():
    """The same words as a singular alone would never be found by ngettext."""
    plurals = {key for key in used() if isinstance(key[1], tuple)}
    assert sorted(plurals - set(catalogue(OURS)), key=str) == []


def test_no_words_stand_inside_an_f_string():
    """Where the search for them does not see them before Python 3.12."""
    hidden = re.compile(r"""f["'].*\{[^}]*\b(n?gettext|pgettext|_)\(""")
    sources = [path for app in ("registration", "sessions", "sdgworkshop") for path in (ROOT / app).rglob("*.py")]
    assert [str(path.relative_to(ROOT)) for path in sources if hidden.search(path.read_text())] == []


def test_nothing_is_translated_that_nobody_says():
    said = {(context, id if isinstance(id, str) else id[0]) for context, id in used()}
    assert sorted(set(by_singular(catalogue(OURS))) - said, key=str) == []


#: What is said otherwise in Thai, with the word that stands there instead.
ONE_THAI_WORD = {
    "ฉัน": "ท่าน",
    "เรา": "ระบบ for what the portal does, สศช. for what the office does",
    "QR Code": "คิวอาร์โค้ด",
    "QR code": "คิวอาร์โค้ด",
    "อีเมล์": "อีเมล",
    "ที่อยู่อีเมล": "อีเมล",
    "จดหมาย": "อีเมล, or กล่องขาเข้า where e-mails arrive",
    "คิวสำรอง": "รายชื่อสำรอง",
    "ผู้ที่รออยู่ลำดับถัดไป": "ผู้รอลำดับถัดไป",
    "ลิงค์": "ลิงก์",
    "ลิงก์ประชุม": "ลิงก์เข้าประชุม",
    "ลิงก์การประชุม": "ลิงก์เข้าประชุม",
    "ลิงก์เข้าร่วม": "ลิงก์เข้าประชุม",
    "หน้าของท่าน": "หน้าส่วนตัวของท่าน",
    "ใส่": "กรอก, or เพิ่ม",
    "ลงชื่อเข้า": "เข้าสู่ระบบ",
    "ล็อกอิน": "เข้าสู่ระบบ",
    "กรุณา": "โปรด",
    "คลิก": "กด",
    "ใคร": "ผู้ใด",
    "นี่คือ": "what it is, as the subject of the sentence",
    "ถูกยกเลิก": "ยกเลิก …แล้ว",
    "ทางไกล": "ออนไลน์",
    "เบอร์": "หมายเลขโทรศัพท์",
}


@pytest.mark.parametrize("otherwise", ONE_THAI_WORD)
def test_thai_speaks_with_one_voice(otherwise):
    assert [message.id for message in catalogue(OURS).values() if otherwise in "".join(message.string)] == []


#: What is said otherwise in English, with the word that stands there instead. Two words for one thing read as two things.
ONE_WORD = {
    r"(?<![\w-])mail(s|ed)?\b(?! server)|\bemails?\b": "e-mail",
    r"\bnext (person )?in line\b|\breserve list\b": "the waiting list",
    r"\borganisers?\b": "NESDC",
    r"\bprogramme\b": "agenda",
    r"\byour page\b": "your personal page",
    r"\blog(ged|ging)? ?(in|out|on)\b": "sign in",
    r"\bthese data\b|\bdata are\b": "this data, data is",
    r"\bparent or guardian (who )?agree|\btake(n|s)? (the|my) agreement\b": "consent",
}


def shown_today() -> list[str]:
    """Our English; the older texts of the privacy notice stay as people read them."""
    texts = (key[1] for key, file in used().items() if not file.startswith("templates/registration/privacy/"))
    return [PLACEHOLDER.sub("", one) for text in texts for one in ([text] if isinstance(text, str) else text)]


@pytest.mark.parametrize("otherwise", ONE_WORD)
def test_english_has_one_word_for_one_thing(otherwise):
    assert [text for text in shown_today() if re.search(otherwise, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("locale/**/*.po")), ids=lambda path: str(path.relative_to(ROOT / "locale")))
def test_thai_has_the_placeholders_of_the_english(path):
    assert with_other_placeholders(catalogue(path)) == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("locale/**/*.po")), ids=lambda path: str(path.relative_to(ROOT / "locale")))
def test_a_catalogue_keeps_no_old_messages(path):
    with path.open("rb") as file:
        assert list(read_po(file).obsolete) == []


@pytest.mark.parametrize(("package", "domain"), WITH_CATALOGUE)
def test_a_package_of_django_speaks_thai(package, domain):
    own = catalogue(folder_of(package) / "locale" / "th" / "LC_MESSAGES" / f"{domain}.po")
    english = english_of(package, domain)
    assert english != set()
    assert without_thai(english, for_packages(domain), own) == []


@pytest.mark.parametrize("package", WITHOUT_CATALOGUE)
def test_a_package_without_a_catalogue_speaks_thai(package):
    assert without_thai(words_of(package), for_packages("django"), catalogue(OURS)) == []


@pytest.mark.skipif(django.VERSION[:2] != (5, 2), reason="the words of the Django that is pinned")
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_thai_for_packages_holds_what_they_say_and_nothing_else(domain):
    """But for what the next Django says (`make compat`)."""
    said = set().union(*(english_of(package, of) for package, of in WITH_CATALOGUE if of == domain))
    if domain == "django":
        said |= set().union(*(words_of(package) for package in WITHOUT_CATALOGUE))
    ours = {key for key, message in for_packages(domain).items() if "Django 6.1" not in message.auto_comments}
    assert sorted(ours - said, key=str) == []


def test_extraction_finds_what_code_and_templates_say(tmp_path):
    code, template = tmp_path / "code.py", tmp_path / "page.html"
    code.write_text('_("a")\npgettext("c", "b")\nngettext("one", "%(n)s", 2)\n')
    template.write_text(
        "{% translate 'd' %}{% blocktranslate count n=n trimmed %}\n one {{ n }}\n{% plural %}\n {{ n }} all\n{% endblocktranslate %}"
    )
    assert list(in_code(code)) == [(None, "a"), ("c", "b"), (None, ("one", "%(n)s"))]
    assert list(in_code(template)) == [(None, "d"), (None, ("one %(n)s", "%(n)s all"))]
