"""Using up what everybody has in common: a province's ceiling, its seats, an account's guesses: `python -m benchmarks.attacks.ceilings`."""

import re
import secrets
import time
from collections import Counter

from benchmarks.attacks import portal, tell
from benchmarks.registering import ANSWERS
from benchmarks.servers import SLUG
from benchmarks.visitor import Visitor, hidden_fields

#: Longer than the least time in which a person fills in the form.
PATIENCE = 4
ATTACKER, STRANGER = "203.0.113.7", "198.51.100.7"
Form = list[tuple[str, str]]
_CHOICE = re.compile(r'name="(days|track_\d+)"[^>]* value="(\d+)"')


def visitor(port: int, address: str) -> Visitor:
    return Visitor(port, headers={"X-Forwarded-For": address})


def path(port: int) -> str:
    """Where somebody may register in this version."""
    for slug in (SLUG, "sdg-localisation-2565"):
        address = f"/w/{slug}/register/"
        if visitor(port, STRANGER).request("GET", address)[0] == 200:
            return address
    raise RuntimeError("no workshop is open")


def opened(who: Visitor, address: str, email: str) -> Form:
    """A form that `who` has opened and filled in."""
    page = who.request("GET", address)[2]
    choices = dict(_CHOICE.findall(page))  # a day, and a track of each block
    return [*hidden_fields(page), *ANSWERS, *choices.items(), ("first_name", f"สมมุติ{secrets.token_hex(4)}"), ("email", email)]


def send(who: Visitor, address: str, form: Form) -> int:
    return who.request("POST", address, form)[0]


def somebody_else(port: int, address: str) -> int:
    """The control: a person of the same province, from elsewhere."""
    who = visitor(port, STRANGER)
    form = opened(who, address, f"{secrets.token_hex(4)}@example.org")
    time.sleep(PATIENCE)
    return send(who, address, form)


def the_same_form_again_and_again() -> None:
    with portal() as port:
        address, who = path(port), visitor(port, ATTACKER)
        form = opened(who, address, "again@example.org")
        time.sleep(PATIENCE)
        answers = Counter(send(who, address, form) for _i in range(520))
        tell(
            "one form sent 520 times, then a person of that province from elsewhere",
            "500 × 302, 20 × 429; the person: 429, for ten minutes",
            f"{dict(answers)}; the person: {somebody_else(port, address)}",
        )


def one_mailbox() -> None:
    with portal() as port:
        address = path(port)
        sent = []
        for number in range(26):
            who = visitor(port, f"203.0.{number}.7")
            sent.append((who, opened(who, address, f"name+{number}@gmail.com")))
        time.sleep(PATIENCE)
        answers = Counter(send(who, address, form) for who, form in sent)
        tell(
            "one mailbox, name+0@ to name+25@, from 26 networks",
            "26 × 302: every seat of the province",
            f"{dict(answers)}; the person: {somebody_else(port, address)}",
        )


def guess(port: int, account: str, address: str) -> int:
    who = visitor(port, address)
    page = who.request("GET", "/admin/login/")[2]
    return who.request("POST", "/admin/login/", [*hidden_fields(page), ("username", account), ("password", "wrong")])[0]


def guesses_from_one_line() -> None:
    with portal() as port:
        answers = Counter(guess(port, "admin", f"2001:db8:1:1::{number:x}") for number in range(24))
        control = guess(port, "admin", "2001:db8:2:1::1")
        tell("24 guesses from one line's /64 of IPv6", "24 × 200: each was tried", f"{dict(answers)}; from another line: {control}")


if __name__ == "__main__":
    the_same_form_again_and_again()
    one_mailbox()
    guesses_from_one_line()
