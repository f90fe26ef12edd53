"""A stand-in of Zoom: the calls that the portal makes, with Zoom's fields, limits and moods, as a threaded server on this machine.

Source: developers.zoom.us and what was seen there; `tests/registration/zoom/zoom_fields.json` holds the fields. Where Zoom's own way is not
known it does the worst: who is registered twice under one address is in twice. `python -m benchmarks.zoom_stand_in` serves it.
"""

import base64
import hashlib
import hmac
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MAX_BATCH, MAX_PAGE, USUAL_PAGE = 30, 300, 30
#: Seconds that a page token and an access token hold.
PAGE_HOLDS, TOKEN_HOLDS = 900, 3600
#: So often a day somebody may be registered.
MAX_A_DAY = 3
SCOPES = (
    "webinar:read:webinar:admin webinar:read:list_registrants:admin webinar:write:batch_registrants:admin "
    "webinar:update:registrant_status:admin report:read:list_webinar_participants:admin"
)


class Died(Exception):
    """The connection ends without an answer."""


@dataclass
class Webinar:
    number: str
    topic: str
    kind: int = 5
    capacity: int = 10_000
    is_over: bool = False
    #: Otherwise the host approves everybody by hand, whatever a batch asks for.
    approves: bool = True
    registrants: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Rows of the report of who attended.
    attended: list[dict[str, Any]] = field(default_factory=list)

    @property
    def uuid(self) -> str:
        return base64.b64encode(hashlib.sha256(self.number.encode()).digest()[:16]).decode()

    def approved(self) -> list[dict[str, str]]:
        return [one for one in self.registrants.values() if one["status"] == "approved"]

    def addresses(self) -> list[str]:
        return sorted(one["email"] for one in self.approved())


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Moods:
    """How Zoom is today. What is counted ends by itself."""

    #: Of the next batch so many rows are registered, then the connection ends.
    dies_after_rows: int | None = None
    #: So many calls are answered 429, with this header if any.
    busy_calls: int = 0
    retry_after: str = ""
    #: So many calls are done and answered after whoever asked has gone.
    slow_calls: int = 0
    #: So many batches are taken, and done only so many seconds later, when whoever asked has gone.
    late_batches: int = 0
    late_by: float = 30
    #: Every page shows the list in another order.
    forgets_order: bool = False
    tells_total: bool = True
    #: Calls in any one second; more are answered 429.
    calls_a_second: int | None = None


class StandIn:
    """Zoom. `clock` is seconds, so that a test need not wait; `answer` is one call."""

    def __init__(self, *, address: str = "http://zoom.test", clock: Callable[[], float] = time.time, seed: int = 1) -> None:
        self.account, self.client, self.secret = "account", "client", "secret"
        self.address, self.clock = address, clock
        self.scopes = SCOPES
        self.webinars: dict[str, Webinar] = {}
        self.moods = Moods()
        self.calls: list[tuple[str, str]] = []
        self._moments: list[float] = []
        self._random = random.Random(seed)
        self._lock = threading.RLock()
        self._tokens: dict[str, float] = {}
        self._pages: dict[str, tuple[float, int]] = {}
        self._registered: Counter[tuple[str, str, int]] = Counter()
        self._late: list[tuple[float, Callable[[], Answer]]] = []

    def hold(self, number: str, topic: str = "Webinar", **told: Any) -> Webinar:
        self.webinars[number] = Webinar(number, topic, **told)
        return self.webinars[number]

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Raises Died; and TimeoutError where it was done, and whoever asked does not hear of it."""
        with self._lock:
            path, query = urlsplit(url).path, {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            self.calls.append((method, path))
            self._catch_up()
            if busy := self._busy():
                return busy
            is_slow = self.moods.slow_calls > 0 and path != "/oauth/token"
            self.moods.slow_calls -= is_slow
            found = self._sign_in(headers, body) if path == "/oauth/token" else self._api(method, path, query, headers, body)
            if is_slow:
                raise TimeoutError
            return found

    def _catch_up(self) -> None:
        due = [deed for at, deed in self._late if at <= self.clock()]
        self._late = [(at, deed) for at, deed in self._late if at > self.clock()]
        for deed in due:
            deed()

    def _busy(self) -> Answer | None:
        now = self.clock()
        self._moments = [at for at in self._moments if at > now - 1] + [now]
        if self.moods.busy_calls > 0:
            self.moods.busy_calls -= 1
        elif self.moods.calls_a_second is None or len(self._moments) <= self.moods.calls_a_second:
            return None
        told = {"Retry-After": self.moods.retry_after} if self.moods.retry_after else {}
        return Answer(429, _fault(429, "You have exceeded the rate limit."), told)

    def _sign_in(self, headers: dict[str, str], body: bytes) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        expected = "Basic " + base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
        if headers.get("authorization") != expected:
            return Answer(401, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"})
        if asked != {"grant_type": "account_credentials", "account_id": self.account}:
            return Answer(400, {"reason": "Bad Request", "error": "invalid_request"})
        token = f"token-{self._random.getrandbits(64):x}"
        self._tokens[token] = self.clock() + TOKEN_HOLDS
        told = {"access_token": token, "token_type": "bearer", "expires_in": TOKEN_HOLDS, "scope": self.scopes, "api_url": self.address}
        return Answer(200, told)

    def _api(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Answer:
        if self._tokens.get(headers.get("authorization", "").removeprefix("Bearer "), 0) < self.clock():
            return Answer(401, _fault(124, "Invalid access token."))
        parts = [unquote(part) for part in path.split("/")[2:]]
        said = json.loads(body) if body else {}
        match method, *parts:
            case "GET", "webinars", number:
                return self._of(number, self._webinar)
            case "GET", "webinars", number, "registrants":
                return self._of(number, lambda webinar: self._list(webinar, query))
            case "POST", "webinars", number, "batch_registrants":
                return self._of(number, lambda webinar: self._register(webinar, said))
            case "PUT", "webinars", number, "registrants", "status":
                return self._of(number, lambda webinar: self._set_status(webinar, said))
            case "GET", "report", "webinars", number, "participants":
                return self._of(number, lambda webinar: self._report(webinar, query))
        return Answer(404, _fault(404, "No such call."))

    def _of(self, number: str, deed: Callable[[Webinar], Answer]) -> Answer:
        webinar = self.webinars.get(number)
        return deed(webinar) if webinar else Answer(404, _fault(3001, f"Webinar does not exist: {number}."))

    def _webinar(self, webinar: Webinar) -> Answer:
        told = {"id": int(webinar.number), "uuid": webinar.uuid, "topic": webinar.topic, "type": webinar.kind}
        return Answer(200, told | {"settings": {"approval_type": 0}})

    def _list(self, webinar: Webinar, query: dict[str, str]) -> Answer:
        rows = [one for one in webinar.registrants.values() if one["status"] == query.get("status", "approved")]
        return self._paged(rows, query, "registrants")

    def _report(self, webinar: Webinar, query: dict[str, str]) -> Answer:
        if not webinar.is_over:
            return Answer(404, _fault(3001, "Webinar does not exist or has not ended."))
        asked = query.get("include_fields", "").split(",")
        rows = [row if "registrant_id" in asked else {k: v for k, v in row.items() if k != "registrant_id"} for row in webinar.attended]
        return self._paged(rows, query, "participants")

    def _paged(self, rows: list[dict[str, Any]], query: dict[str, str], name: str) -> Answer:
        size, start = int(query.get("page_size", USUAL_PAGE)), 0
        if size > MAX_PAGE:
            return Answer(400, _fault(300, "The page size is too large."))
        if token := query.get("next_page_token", ""):
            until, start = self._pages.get(token, (0.0, 0))
            if until < self.clock():
                return Answer(400, _fault(300, "The next page token is invalid or expired."))
        if self.moods.forgets_order and name == "registrants":
            rows = self._random.sample(rows, len(rows))
        following = ""
        if start + size < len(rows):
            following = f"page-{self._random.getrandbits(64):x}"
            self._pages[following] = (self.clock() + PAGE_HOLDS, start + size)
        told: dict[str, Any] = {"next_page_token": following, "page_size": size, name: rows[start : start + size]}
        if self.moods.tells_total:
            told |= {"page_count": -(-len(rows) // size), "total_records": len(rows)}
        return Answer(200, told)

    def _register(self, webinar: Webinar, said: dict[str, Any]) -> Answer:
        people = said.get("registrants", [])
        if not people or len(people) > MAX_BATCH or any(not one.get("email") or not one.get("first_name") for one in people):
            return Answer(400, _fault(300, "Validation failed."))
        if webinar.kind != 5:
            return Answer(400, _fault(300, "Only webinars that are held once can have their registrants added in a batch."))
        if webinar.is_over:
            return Answer(400, _fault(3038, "Webinar is over, you can not register now."))
        if len(webinar.approved()) + len(people) > webinar.capacity:
            return Answer(400, _fault(3043, "Webinar has reached maximum attendee capacity."))
        day = int(self.clock() // 86_400)
        if any(self._registered[webinar.number, one["email"], day] >= MAX_A_DAY for one in people):
            return Answer(429, _fault(429, "You have exceeded the daily rate limit for this registrant."))
        if self.moods.late_batches > 0:
            self.moods.late_batches -= 1
            self._late.append((self.clock() + self.moods.late_by, lambda: self._register(webinar, said)))
            raise TimeoutError
        answered = []
        for place, one in enumerate(people):
            if place == self.moods.dies_after_rows:
                self.moods.dies_after_rows = None
                raise Died
            self._registered[webinar.number, one["email"], day] += 1
            answered.append(self._registrant(webinar, one))
        return Answer(201, {"registrants": answered})

    def _registrant(self, webinar: Webinar, one: dict[str, str]) -> dict[str, str]:
        key = base64.urlsafe_b64encode(self._random.randbytes(16)).decode().rstrip("=")
        link = f"https://zoom.example.org/w/{webinar.number}?tk={key}"
        webinar.registrants[key] = {
            "id": key, "email": one["email"], "first_name": one["first_name"], "last_name": one.get("last_name", ""),
            "status": "approved" if webinar.approves else "pending", "join_url": link,
            "create_time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock())),
        }  # fmt: skip
        return {"email": one["email"], "registrant_id": key, "join_url": link}

    def _set_status(self, webinar: Webinar, said: dict[str, Any]) -> Answer:
        people = said.get("registrants", [])
        if said.get("action") not in ("approve", "deny", "cancel") or not people or len(people) > MAX_BATCH:
            return Answer(400, _fault(300, "Validation failed."))
        for one in people:
            if found := webinar.registrants.get(one.get("id", "")):
                found["status"] = {"approve": "approved", "deny": "denied", "cancel": "cancelled"}[said["action"]]
        return Answer(204)

    def attend(self, webinar: Webinar, key: str, joined: str, left: str, *, name: str = "", email: str | None = None) -> None:
        """Somebody was in it from `joined` to `left` (ISO, UTC), registered under `key`, or with none of it."""
        found = webinar.registrants.get(key, {})
        seconds = time.mktime(time.strptime(left, "%Y-%m-%dT%H:%M:%SZ")) - time.mktime(time.strptime(joined, "%Y-%m-%dT%H:%M:%SZ"))
        webinar.attended.append(
            {
                "id": "", "user_id": str(16_777_216 + len(webinar.attended)), "registrant_id": key,
                "name": name or f"{found.get('first_name', '')} {found.get('last_name', '')}".strip(),
                "user_email": found.get("email", "") if email is None else email,
                "join_time": joined, "leave_time": left, "duration": int(seconds), "status": "in_meeting",
            }
        )  # fmt: skip


def _fault(code: int, message: str) -> dict[str, Any]:
    return {"code": code, "message": message}


def signed_headers(secret: str, body: bytes, moment: int) -> dict[str, str]:
    """The headers with which Zoom sends an event."""
    signature = hmac.new(secret.encode(), b"v0:%d:" % moment + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "x-zm-signature": f"v0={signature}", "x-zm-request-timestamp": str(moment)}


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = self.stand_in.answer(self.command, self.path, {name.lower(): said for name, said in self.headers.items()}, body)
        except (Died, TimeoutError):
            self.close_connection = True
            return
        sent = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, said in {**answer.headers, "Content-Type": "application/json", "Content-Length": str(len(sent))}.items():
            self.send_header(name, said)
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = _serve

    def log_message(self, format: str, *told: Any) -> None:
        """Quiet."""


def served(stand_in: StandIn, port: int = 0) -> ThreadingHTTPServer:
    """The server of `stand_in`, not yet answering, whose address it has from now on."""
    handler = type("Handler", (_Handler,), {"stand_in": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    stand_in.address = f"http://127.0.0.1:{server.server_port}"
    return server
