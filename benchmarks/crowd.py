"""People who register one after the other and try again, as a person would, whenever they are not told that it worked."""

import http.client
import random
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.visitor import Visitor, hidden_fields

#: What the form found wrong.
FAULT = re.compile(r'<a href="#id_[^"]+">([^<]+)</a>')
#: Between two tries.
PAUSE = 0.2


@dataclass(slots=True)
class Person:
    """One who registers. `told` is when the portal said that it worked (time.time()); `refusals` what it said before."""

    email: str
    told: float = 0.0
    sent: float = 0.0
    #: Seconds of the slowest answer they had.
    slowest: float = 0.0
    refusals: list[str] = field(default_factory=list)


class Crowd:
    """`at_once` people registering at the portal on `port` from `start` to `stop`, each with one of `answers`, by what `come` opens."""

    def __init__(
        self,
        port: int,
        path: str,
        answers: list[list[tuple[str, str]]],
        *,
        at_once: int,
        timeout: float = 30,
        come: Callable[[int, float], Visitor] = Visitor,
    ) -> None:
        self.port, self.path, self.answers, self.timeout, self.come = port, path, answers, timeout, come
        self.people: list[Person] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._keep_registering, daemon=True) for _i in range(at_once)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nobody new comes; those at it finish, but try no more."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def told(self) -> list[Person]:
        """Those who were told that it worked."""
        return [person for person in self.people if person.told]

    def wait_for_next(self, after: float, *, seconds: float) -> float:
        """How long after the moment `after` the first person who began later was told that it worked. Raises TimeoutError."""
        end = time.time() + seconds
        while time.time() < end:
            times = [person.told for person in list(self.people) if person.told and person.sent > after]
            if times:
                return min(times) - after
            time.sleep(0.02)
        said = Counter(person.refusals[-1] for person in list(self.people) if person.refusals and not person.told)
        raise TimeoutError(f"nobody could register for {seconds} seconds; people were last told {dict(said)}")

    def _keep_registering(self) -> None:
        while not self._over.is_set():
            self._one()

    def _one(self) -> None:
        mark = secrets.token_hex(8)
        person = Person(f"v{mark}@example.org")
        form: list[tuple[str, str]] = []
        while True:
            began = time.time()
            visitor = self.come(self.port, self.timeout)
            try:
                if not form:
                    status, _location, page = visitor.request("GET", self.path)
                    if status == 200:
                        form = [*hidden_fields(page), *random.choice(self.answers), ("first_name", f"สมมุติ{mark}"), ("email", person.email)]
                        cookies = visitor.cookies
                        self.people.append(person)
                    else:
                        person.refusals.append(f"HTTP {status}")
                if form:
                    visitor.cookies = cookies
                    person.sent = began
                    status, _location, page = visitor.request("POST", self.path, form)
                    person.slowest = max(person.slowest, time.time() - began)
                    if status == 302:
                        person.told = time.time()
                        return
                    person.refusals.append(" ".join([f"HTTP {status}", *FAULT.findall(page)]))
            except (OSError, http.client.HTTPException) as error:
                person.refusals.append(type(error).__name__)
            finally:
                visitor.close()
            if self._over.wait(PAUSE):
                return
