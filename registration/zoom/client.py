"""Zoom's API, as far as the portal needs it: server-to-server OAuth, registrants of a webinar, the report of who attended.

Source: developers.zoom.us (Webinars, Reports, Rate limits). A webinar's number is what Zoom shows, without spaces.
What Zoom answers about people stays in memory here: nothing of it is logged.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, cast
from urllib.parse import quote, urlsplit

import httpx
from django.conf import settings
from django.utils import timezone

from registration.models import ZoomWebinar

Trouble = ZoomWebinar.Trouble

#: Zoom takes so many registrants in one call, and lists so many on a page.
MAX_BATCH, MAX_PAGE = 30, 300
#: Seconds to connect, and until Zoom answers.
TIMEOUT, HASTY = httpx.Timeout(20, connect=5), httpx.Timeout(5, connect=3)
#: Seconds between two calls: 4 a second, where the smallest plan of Zoom allows 10 heavy ones.
SPACING = 0.25
#: So often a call is tried that was refused for being too many, or to which no answer came; the pause doubles from the first on.
MAX_TRIES, FIRST_PAUSE = 5, 1.0
#: For a longer pause (in seconds) a worker gives the job back.
MAX_PAUSE = 20.0
#: What a pause may be at all, whatever Zoom says.
MAX_REST = 3600.0
#: Rights that the app in Zoom needs.
SCOPES = (
    "webinar:read:webinar:admin",
    "webinar:read:list_registrants:admin",
    "webinar:write:batch_registrants:admin",
    "webinar:update:registrant_status:admin",
    "report:read:list_webinar_participants:admin",
)
#: By the `code` of Zoom's answer.
_TROUBLES = {
    300: Trouble.NO_REGISTRATION,
    3001: Trouble.NOT_FOUND,
    3027: Trouble.NO_REGISTRATION,
    3038: Trouble.OVER,
    3043: Trouble.FULL,
    4711: Trouble.SCOPES,
}


class ZoomRefused(Exception):
    """Zoom said no, and would say so again: `trouble` is why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class ZoomRests(Exception):
    """Zoom asks for a pause of so many `seconds`, or does not answer: the work goes on afterwards."""

    def __init__(self, seconds: float, trouble: Trouble | None = None) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds
        self.trouble = trouble


class ZoomUnclear(Exception):
    """No answer came to a call that changes something: it was done, or not, or will be."""


@dataclass(frozen=True, slots=True)
class ZoomAccount:
    """What the office's app in Zoom is called. `sign_in_url` is Zoom's own but for a stand-in."""

    account: str
    client: str
    secret: str = field(repr=False)
    sign_in_url: str = "https://zoom.us"

    @classmethod
    def of_settings(cls) -> "ZoomAccount":
        return cls(settings.ZOOM_ACCOUNT_ID, settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET, settings.ZOOM_SIGN_IN_URL)

    @property
    def is_set(self) -> bool:
        return bool(self.account and self.client and self.secret)


@dataclass(frozen=True, slots=True)
class Registered:
    """A registrant as Zoom tells of them."""

    registrant_id: str
    email: str
    first_name: str
    last_name: str
    join_url: str
    #: ISO, UTC; empty where Zoom does not say.
    created: str = ""


@dataclass(frozen=True, slots=True)
class NewRegistrant:
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list of registrants, and how many there are on all pages, where Zoom says so."""

    registered: list[Registered]
    total: int | None


def _nobody_asks() -> None:
    return None


class ZoomClient:
    """One conversation with Zoom. `alive` is called before each call; `sleep` and `clock` are seconds."""

    def __init__(
        self,
        account: ZoomAccount | None = None,
        *,
        alive: Callable[[], None] = _nobody_asks,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
        is_hasty: bool = False,
    ) -> None:
        """`is_hasty` where a request waits for it: one try, some seconds."""
        self.account = account or ZoomAccount.of_settings()
        self.alive, self.sleep, self.clock = alive, sleep, clock
        self.scopes: frozenset[str] = frozenset()
        self._tries = 1 if is_hasty else MAX_TRIES
        self._http = httpx.Client(timeout=HASTY if is_hasty else TIMEOUT, transport=transport, headers={"Accept": "application/json"})
        self._token = self._api_url = ""
        self._last_call = float("-inf")

    def __enter__(self) -> "ZoomClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def sign_in(self) -> str:
        """The address at which Zoom wants to be called from now on."""
        if not self.account.is_set:
            raise ZoomRefused(Trouble.NOT_SET)
        told = self._answered(
            "POST",
            f"{self.account.sign_in_url}/oauth/token",
            is_repeatable=True,
            data={"grant_type": "account_credentials", "account_id": self.account.account},
            auth=(self.account.client, self.account.secret),
        )
        if told.status_code != 200:
            raise ZoomRefused(Trouble.CREDENTIALS if told.status_code in (400, 401) else Trouble.REFUSED)
        said = _said(told)
        self._token, self.scopes = str(said.get("access_token", "")), frozenset(str(said.get("scope", "")).split())
        self._api_url = self._trusted(str(said.get("api_url") or "https://api.zoom.us"))
        return self._api_url

    def webinar(self, number: str) -> dict[str, Any]:
        return self._call("GET", f"/webinars/{quote(number, safe='')}")

    def list_pages(self, number: str, status: str = "approved") -> Iterator[ListPage]:
        """Those of `status` (or "pending", "denied"), as Zoom's pages have them: in no order that holds from one page to the next."""
        for said in self._pages(f"/webinars/{quote(number, safe='')}/registrants", {"status": status}):
            total = said.get("total_records")
            rows = [_registered(row) for row in _rows(said, "registrants")]
            yield ListPage([row for row in rows if row.registrant_id], total if isinstance(total, int) else None)

    def register(self, number: str, people: Sequence[NewRegistrant]) -> list[Registered]:
        """Registers at most `MAX_BATCH` at once. Raises ZoomUnclear where no answer came."""
        wanted = [{"email": one.email, "first_name": one.first_name, "last_name": one.last_name} for one in people]
        body = {"auto_approve": True, "registrants": wanted}
        said = self._call("POST", f"/webinars/{quote(number, safe='')}/batch_registrants", is_repeatable=False, json=body)
        return [row for row in map(_registered, _rows(said, "registrants")) if row.registrant_id]

    def cancel(self, number: str, people: Sequence[tuple[str, str]]) -> None:
        """Removes at most `MAX_BATCH` people, each by key and address. Whoever is gone already does no harm."""
        body = {"action": "cancel", "registrants": [{"id": key, "email": email} for key, email in people]}
        self._call("PUT", f"/webinars/{quote(number, safe='')}/registrants/status", json=body)

    def participants(self, number: str) -> Iterator[dict[str, Any]]:
        """The rows of the report of who attended, with the key of their registration."""
        path, asked = f"/report/webinars/{quote(number, safe='')}/participants", {"include_fields": "registrant_id"}
        for said in self._pages(path, asked):
            yield from _rows(said, "participants")

    def _pages(self, path: str, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
        token = ""
        while True:
            said = self._call("GET", path, params={**asked, "page_size": MAX_PAGE} | ({"next_page_token": token} if token else {}))
            yield said
            token = str(said.get("next_page_token") or "")
            if not token:
                return

    def _call(self, method: str, path: str, *, is_repeatable: bool = True, **sent: Any) -> dict[str, Any]:
        for renewed in (False, True):
            if not self._token:
                self.sign_in()
            headers = {"Authorization": f"Bearer {self._token}"}
            answer = self._answered(method, f"{self._api_url}/v2{path}", is_repeatable=is_repeatable, headers=headers, **sent)
            if answer.status_code == 401 and not renewed:
                self._token = ""  # it is over, or was taken back
                continue
            break
        if answer.status_code >= 400:
            raise ZoomRefused(_trouble(answer))
        return _said(answer)

    def _answered(self, method: str, url: str, *, is_repeatable: bool, **sent: Any) -> httpx.Response:
        """Zoom's answer, for which it was waited as Zoom asks. Raises ZoomRests, and ZoomUnclear where it is not `is_repeatable`."""
        pause, trouble = FIRST_PAUSE, cast("Trouble | None", None)
        for attempt in range(1, self._tries + 1):
            self._wait_for_turn()
            try:
                answer = self._http.request(method, url, **sent)
            except (httpx.ConnectError, httpx.ConnectTimeout):  # nothing was sent
                wanted, trouble = pause, Trouble.UNREACHABLE
            except httpx.HTTPError as error:
                if not is_repeatable:
                    raise ZoomUnclear from error
                wanted, trouble = pause, Trouble.UNREACHABLE
            else:
                if answer.status_code == 429:
                    wanted, trouble = max(_retry_after(answer) or 0, pause), None
                elif answer.status_code < 500:
                    return answer
                elif not is_repeatable:
                    raise ZoomUnclear
                else:
                    wanted, trouble = max(_retry_after(answer) or 0, pause), Trouble.UNREACHABLE
            if wanted > MAX_PAUSE or attempt == self._tries:
                raise ZoomRests(min(max(wanted, MAX_PAUSE), MAX_REST), trouble)
            self.sleep(wanted)
            pause *= 2
        raise AssertionError("the last attempt ends")

    def _wait_for_turn(self) -> None:
        self.alive()
        if (left := self._last_call + SPACING - self.clock()) > 0:
            self.sleep(left)
        self._last_call = self.clock()

    def _trusted(self, url: str) -> str:
        """Where the token may go: by TLS, unless Zoom's own address is a stand-in on this machine."""
        if urlsplit(url).scheme != "https" and urlsplit(self.account.sign_in_url).scheme == "https":
            raise ZoomRefused(Trouble.REFUSED)
        return url.rstrip("/")


def _said(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code == 204 or not answer.content:
        return {}
    try:
        said = answer.json()
    except ValueError as error:
        raise ZoomRests(MAX_PAUSE, Trouble.UNREACHABLE) from error  # a proxy's page, not Zoom's answer
    return said if isinstance(said, dict) else {}


def _rows(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = said.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _registered(row: dict[str, Any]) -> Registered:
    def text(name: str) -> str:
        return str(row.get(name) or "")

    key = text("registrant_id") or text("id")
    return Registered(key, text("email"), text("first_name"), text("last_name"), _link(text("join_url")), text("create_time"))


def _link(url: str) -> str:
    """What people press leads by TLS, or nowhere."""
    return url if url.startswith("https://") and len(url) <= 1000 else ""


def _trouble(answer: httpx.Response) -> Trouble:
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        code = None
    if answer.status_code == 401:
        return Trouble.CREDENTIALS
    return _TROUBLES.get(code) or (Trouble.NOT_FOUND if answer.status_code == 404 else Trouble.REFUSED)


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds; Zoom promises no such header, and says it in either form."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - timezone.now()).total_seconds())
