"""Typed text that no mail program makes a link of.

Mail programs turn whatever looks like an address into a link. The portal's mails quote what people typed into
a public form, and a form must not be a way to send links to strangers under the office's name.
"""

import re

#: Seen by nobody, and no part of any address.
ZERO_WIDTH_SPACE = "\u200b"

_TOKEN = re.compile(r"\S+")
_PAIR = re.compile(r"(?=(?<![A-Za-z0-9-])([A-Za-z0-9-]{2,})\.[A-Za-z]{2,})")
_PATH = re.compile(r"[A-Za-z0-9]\.[A-Za-z]{2,}[/:?#]")
_JOINT = re.compile(r"([.:/@])(?=\S)")
#: What stands close before a name: Mr.David is no address.
_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "asst", "assoc", "col", "gen", "lt", "capt", "maj", "sgt", "rev", "hon"}


def unlinked(text: str) -> str:
    """`text`, which reads as before; where a word looks like an address, a space without width breaks it."""
    return _TOKEN.sub(lambda token: _broken(token[0]) if _looks_like_address(token[0]) else token[0], text)


def _looks_like_address(token: str) -> bool:
    if "://" in token or "@" in token or token.lower().startswith(("mailto:", "tel:")):
        return True
    return bool(_PATH.search(token)) or any(label.lower() not in _TITLES for label in _PAIR.findall(token))


def _broken(token: str) -> str:
    return _JOINT.sub(rf"\1{ZERO_WIDTH_SPACE}", token)
