"""A visitor with as little of a browser as registering needs, so that the server is what is measured."""

import http.client
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|submission|opened)" value="([^"]+)"')
STATE = re.compile(r'data-state="(\w+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor was told at the end: HTTP status, the state on their page ("" if none), and the page."""

    status: int
    state: str
    page: str


class Visitor:
    """One visit over one connection."""

    def __init__(self, port: int, timeout: float = 60, headers: dict[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookies: dict[str, str] = {}
        self.headers = {"Host": "localhost"} | (headers or {})

    def request(self, method: str, path: str, form: list[tuple[str, str]] | None = None) -> tuple[int, str, str]:
        """Status, Location header and body."""
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.headers.get("Location", ""), text

    def close(self) -> None:
        self.connection.close()


def hidden_fields(page: str) -> list[tuple[str, str]]:
    """The hidden fields of a form that the server wants back."""
    return HIDDEN.findall(page)


def register(port: int, path: str, answers: list[tuple[str, str]], *, email: str = "") -> Answer:
    """Opens the form, sends it, follows where that leads. `answers` lack only the names and the hidden fields."""
    visitor = Visitor(port)
    try:
        status, _location, page = visitor.request("GET", path)
        if status != 200:
            return Answer(status, "", page)
        mark = secrets.token_hex(8)
        own = [("first_name", f"สมมุติ{mark}"), ("email", email or f"v{mark}@example.org")]
        status, location, page = visitor.request("POST", path, [*hidden_fields(page), *answers, *own])
        if status == 302:
            status, _location, page = visitor.request("GET", location)
        state = STATE.search(page)
        return Answer(status, state.group(1) if state else "", page)
    finally:
        visitor.close()
