"""One POST to another system: to exactly the address that was checked, without redirects, proxies or patience.

httpcore is what httpx is built on. It alone lets the portal say which address is connected to, and by when all must be over.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore

from registration.webhooks import destinations

#: Seconds for connecting, for each answer of the network, and for all of it.
CONNECT, EACH, ALL = 5.0, 5.0, 15.0
#: So much of an answer is read, and so many characters of it are kept.
MAX_BYTES, MAX_KEPT = 1024, 200
_ALWAYS = (("content-type", "application/json"), ("user-agent", "SDG-Portal-Webhooks/1"), ("accept-encoding", "identity"))


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None where there was none; then `text` says why."""

    status: int | None
    text: str

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class _OutOfTime(httpcore.TimeoutException):
    pass


class _Stream(httpcore.NetworkStream):
    """A connection that is given up when the time of the whole exchange is over, however slowly the other side goes on."""

    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream, self._end = stream, end

    def _left(self, timeout: float | None) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise _OutOfTime
        return min(left, EACH if timeout is None else timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _CheckedNetwork(httpcore.NetworkBackend):
    """Connects to the addresses that `destinations.resolve` lets pass, and asks for no name a second time."""

    def __init__(self, end: float) -> None:
        self._network, self._end = httpcore.SyncBackend(), end

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        fault: Exception = httpcore.ConnectError("no address")
        for address in destinations.resolve(host, port):
            left = min(CONNECT, self._end - time.monotonic())
            if left <= 0:
                raise _OutOfTime
            try:
                return _Stream(self._network.connect_tcp(address, port, left, local_address, socket_options), self._end)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Posts `body`. Raises nothing for whatever is wrong out there."""
    told: list[tuple[bytes | str, bytes | str]] = [*_ALWAYS, *headers.items()]
    limits = {"connect": CONNECT, "read": EACH, "write": EACH, "pool": EACH}
    try:
        destinations.read(url)
        network = _CheckedNetwork(time.monotonic() + ALL)
        with (
            httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=network, max_keepalive_connections=0) as pool,
            pool.stream("POST", url, headers=told, content=body, extensions={"timeout": limits}) as response,
        ):
            return Answer(response.status, _beginning(response))
    except destinations.Refused as refused:
        return Answer(None, refused.why.value)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        return Answer(None, f"{type(error).__name__.lstrip('_')}: {error}"[:MAX_KEPT])


def _beginning(response: httpcore.Response) -> str:
    """How the answer begins, as far as it comes in time; it is said already whether the message was taken."""
    read = b""
    try:
        for part in response.iter_stream():
            read += part
            if len(read) >= MAX_BYTES:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    text = " ".join(read[:MAX_BYTES].decode(errors="replace").split())
    return "".join(letter for letter in text if letter.isprintable())[:MAX_KEPT]


@cache
def _trusted() -> ssl.SSLContext:
    return httpcore.default_ssl_context()
