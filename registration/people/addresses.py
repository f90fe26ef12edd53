"""E-mail addresses as people write and paste them, and the one that is probably meant where a domain is mistyped."""

import re
from functools import lru_cache

from sessions.thai import arabic_digits

_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:\"'|]+@[^\s<>()\[\]{},;:\"'|@]+\.[^\s<>()\[\]{},;:\"'|@.]{2,}")
_LABEL = re.compile(r"^(?:e-?mail|อีเมล์?|เมล์?|mail)\s*[:=]\s*", re.IGNORECASE)
_WITH_NAME = re.compile(r"[^<>@]*<\s*([^<>]*@[^<>]*?)\s*>[\s;,.]*")
_AROUND = " \t;,.'\"“”‘’()[]<>"

#: Where most people have their mailbox. What is one slip away from one of them is probably that one; what is named here is none.
_MAILBOXES = (
    "gmail.com", "hotmail.com", "hotmail.co.th", "outlook.com", "outlook.co.th", "yahoo.com", "yahoo.co.th", "live.com", "icloud.com",
    "windowslive.com", "ymail.com", "mail.com", "email.com", "msn.com", "me.com", "aol.com", "gmx.com", "mail.go.th", "googlemail.com",
    "protonmail.com", "proton.me", "hotmail.co.uk", "yahoo.co.uk", "yahoo.co.jp", "yahoo.co.in", "hotmail.fr", "yahoo.fr",
    "live.co.uk", "gmx.net",
)  # fmt: skip
_THAI_KINDS = ("go", "ac", "or", "co", "in", "mi", "net")
_THAI_SLIPS = {"gov": "go", "gob": "go", "g0": "go", "goo": "go", "edu": "ac", "com": "co", "org": "or"}
#: Countries whose domains look like a mistyped .th and are none.
_COUNTRIES = {"tz", "tt", "tn", "tr", "tw", "to", "tg", "tj", "tk", "tl", "tm", "tv", "gh", "sh", "ch", "bh", "et", "ht"}
_COM_SLIPS = {"con", "cmo", "ocm", "comm", "vom", "xom", "cpm", "coom", "cim", "ccom", "c0m", "om", "comn", "clm", "dom"}


def masked_address(email: str) -> str:
    name, _at, host = email.partition("@")
    return f"{name[:1]}•••@{host}"


def clean_address(text: str) -> str:
    """The address in `text` (cleaned) as it is kept: `Somchai <A@Example.org>;` and `mailto:a@example.org` are a@example.org.

    What holds no address, or several, comes back in small letters and otherwise as it is; it is not checked.
    """
    text = _LABEL.sub("", arabic_digits(text).strip())
    if found := _WITH_NAME.fullmatch(text):
        text = found[1]
    text = text.strip(_AROUND).lower()
    if text.startswith("mailto:"):
        text = text.removeprefix("mailto:").partition("?")[0]
    return text.strip(_AROUND)


def addresses_in(text: str) -> tuple[list[str], str]:
    """Every address that stands in `text` (cleaned), in order and each once, and what else stands there."""
    found = [clean_address(match[0]) for match in _ADDRESS.finditer(text)]
    rest = _ADDRESS.sub(" ", re.sub(r"mailto:", "", text, flags=re.IGNORECASE))
    return list(dict.fromkeys(found)), " ".join(re.sub(r"(?:<\s*>|\(\s*\)|\[\s*\])", " ", rest).split()).strip(_AROUND + "/|-")


def likely_address(email: str) -> str:
    """The address that is probably meant by `email` (cleaned); "" where nothing about its domain is doubtful."""
    name, _sign, domain = email.rpartition("@")
    likely = _likely_domain(domain) if name else ""
    return f"{name}@{likely}" if likely and likely != domain else ""


@lru_cache(maxsize=500)
def _likely_domain(domain: str) -> str:
    if domain in _MAILBOXES or not domain:
        return ""
    if mailbox := _one_slip_from(domain, _MAILBOXES[:12]):
        return mailbox
    labels = domain.split(".")
    if len(labels) >= 2 and labels[-1] in _COM_SLIPS:
        return _likely_domain(repaired := ".".join([*labels[:-1], "com"])) or repaired
    return _thai_domain(labels)


def _thai_domain(labels: list[str]) -> str:
    if len(labels) < 2:
        return ""
    kind, country = labels[-2], labels[-1]
    if kind in _THAI_KINDS and country != "th" and country not in _COUNTRIES and _slips("th", country) == 1:
        return ".".join([*labels[:-1], "th"])
    if len(labels) >= 3 and country == "th" and kind not in _THAI_KINDS:
        likely = _THAI_SLIPS.get(kind) or (_one_slip_from(kind, _THAI_KINDS[:1]) if len(kind) <= 3 else "")
        return ".".join([*labels[:-2], likely, "th"]) if likely else ""
    if country.endswith("th") and country[:-2] in _THAI_KINDS:
        return ".".join([*labels[:-1], country[:-2], "th"])
    return ""


def _one_slip_from(word: str, known: tuple[str, ...]) -> str:
    """The one of `known` from which `word` differs by one slip; by two in what is long, and not both at its beginning."""
    for limit in (1, 2):
        for candidate in known:
            if (limit == 1 or (len(candidate) >= 9 and word[0] == candidate[0])) and _slips(candidate, word) == limit:
                return candidate
    return ""


def _slips(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong or swapped with the next; more than 2 are not counted."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, typed in enumerate(other, 1):
            costs = [before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != typed)]
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == typed:
                costs.append(earlier[j - 2] + 1)
            row.append(min(costs))
    return row[-1]
