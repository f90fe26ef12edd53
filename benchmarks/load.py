"""Many visitors at once, from two processes, so that the client is not what is measured."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

PROCESSES = 2


def rate(visit: Callable[[], bool], *, at_once: int, seconds: float) -> float:
    """How many times a second `visit` succeeds with `at_once` doing it over and over. Raises if one fails."""
    begin = time.time() + 0.5
    shares = [at_once // PROCESSES + (number < at_once % PROCESSES) for number in range(PROCESSES)]
    done = _in_processes([partial(_loop, visit, threads, begin, seconds) for threads in shares if threads])
    return sum(done) / seconds


def _loop(visit: Callable[[], bool], threads: int, begin: float, seconds: float) -> int:
    time.sleep(max(0.0, begin - time.time()))
    end = begin + seconds

    def one(_number: int) -> int:
        count = 0
        while time.time() < end:
            if not visit():
                raise RuntimeError("a visit failed")
            count += time.time() < end
        return count

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(one, range(threads)))


def all_of(visit: Callable[[int], str], numbers: Iterable[int], *, at_once: int) -> "Counter[str]":
    """Calls `visit` once for each number, `at_once` at a time, and counts what it said."""
    numbers = list(numbers)
    threads = max(1, at_once // PROCESSES)

    def part(mine: list[int]) -> "Counter[str]":
        with ThreadPoolExecutor(threads) as pool:
            return Counter(pool.map(visit, mine))

    return sum(_in_processes([partial(part, numbers[first::PROCESSES]) for first in range(PROCESSES)]), Counter())


def _in_processes(calls: list[Callable[[], Any]]) -> list[Any]:
    """What `calls` return, each in a forked process of its own."""
    context = get_context("fork")
    answers: Any = context.SimpleQueue()

    def run(call: Callable[[], Any]) -> None:
        try:
            answers.put(call())
        except Exception as error:
            answers.put(error)

    processes = [context.Process(target=run, args=[call]) for call in calls]
    for process in processes:
        process.start()
    results = [answers.get() for _process in processes]
    for process in processes:
        process.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
