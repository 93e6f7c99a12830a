"""Pauses that grow: before a request is sent again, and between questions whether something is ready."""

import time
from collections.abc import Callable
from typing import TypeVar

from ..domain.times import backoff

T = TypeVar("T")


def wait_to_retry(failures: int, least: float = 0.0) -> None:
    """`failures`: how many there were before this one; `least`: seconds."""
    time.sleep(max(least, backoff(failures, 0.5, 20.0)))


def poll(ask: Callable[[], T], is_over: Callable[[T], bool], timeout: float | None = None) -> T:
    """The first answer that is over; after `timeout` seconds the last one, whatever it is."""
    end = None if timeout is None else time.monotonic() + timeout
    attempt = 0
    while not is_over(answer := ask()):
        pause = backoff(attempt, 0.2, 3.0)
        if end is not None and time.monotonic() + pause > end:
            break
        time.sleep(pause)
        attempt += 1
    return answer
