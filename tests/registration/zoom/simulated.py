"""A conversation with the stand-in of Zoom in which no time passes but on a clock of its own."""

import datetime as dt

import httpx

from benchmarks.zoom_stand_in import Died, StandIn
from registration.models import ZoomWebinar
from registration.zoom.actions import work as zoom_work
from registration.zoom.client import ZoomAccount, ZoomClient

#: Seconds that one call takes.
LATENCY = 0.3
ACCOUNT = ZoomAccount("account", "client", "secret", "https://zoom.test")


class Killed(BaseException):
    """The worker is gone, with what it knew."""


class SimulatedTime:
    def __init__(self, begins: dt.datetime) -> None:
        self.begins, self.passed = begins, 0.0

    def clock(self) -> float:
        return self.begins.timestamp() + self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def now(self) -> dt.datetime:
        return self.begins + dt.timedelta(seconds=self.passed)


class Wire(httpx.BaseTransport):
    """Leads to the stand-in without a socket. `dies_at` is the number of the call after which the worker is killed."""

    def __init__(self, zoom: StandIn, time: SimulatedTime, dies_at: int | None = None) -> None:
        self.zoom, self.time, self.dies_at = zoom, time, dies_at

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.time.sleep(LATENCY)
        headers = {name.lower(): said for name, said in request.headers.items()}
        try:
            answer = self.zoom.answer(request.method, str(request.url), headers, request.read())
        except Died as error:
            raise httpx.RemoteProtocolError("the connection ended") from error
        except TimeoutError as error:
            self.time.sleep(20)
            raise httpx.ReadTimeout("no answer") from error
        if self.dies_at is not None:
            self.dies_at -= 1
            if self.dies_at <= 0:
                raise Killed
        return httpx.Response(answer.status, headers=answer.headers, json=answer.body) if answer.body else httpx.Response(answer.status)


class Office:
    """A portal with the account of the stand-in, and its worker."""

    def __init__(self, begins: dt.datetime) -> None:
        self.time = SimulatedTime(begins)
        self.zoom = StandIn(address="https://api.zoom.test", clock=self.time.clock)
        self.dies_at: int | None = None

    def client(self, alive=lambda: None) -> ZoomClient:
        wire = Wire(self.zoom, self.time, self.dies_at)
        return ZoomClient(ACCOUNT, alive=alive, sleep=self.time.sleep, clock=self.time.clock, transport=wire)

    def work(self, webinar: ZoomWebinar, seconds: float = 50) -> bool:
        return zoom_work.work(webinar_id=webinar.pk, seconds=seconds, connect=self.client, now=self.time.now)

    def work_off(self, *webinars: ZoomWebinar, seconds: float = 50, most: int = 200) -> int:
        """As the clock and a worker do it, until nothing is left. Returns how many tasks that took."""
        tasks = 0
        while ZoomWebinar.objects.to_work_on().exists():
            assert tasks < most, "it does not end"
            ready = zoom_work.left_by_workers(self.time.now())
            if not ready:
                rested = ZoomWebinar.objects.to_work_on().exclude(rests_until=None).order_by("rests_until").first()
                assert rested, "somebody has it who never gives it back"
                self.time.sleep(max(1, (rested.rests_until - self.time.now()).total_seconds()))
                continue
            for key in ready:
                zoom_work.work(webinar_id=key, seconds=seconds, connect=self.client, now=self.time.now)
                tasks += 1
        return tasks
