"""This process as the system sees it, under the names that all Prometheus clients use, and how late its loop is."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from .. import greenlets
from . import LAG
from .instruments import Instrument, Reading

_LOOK_SECONDS = 0.5
_STARTED = time.time()


def readings() -> tuple[Instrument, ...]:
    """Those that this system tells."""
    return (
        Reading("process_cpu_seconds_total", "Processor time used.", _one(_cpu_seconds), kind="counter"),
        Reading("process_start_time_seconds", "When it started.", _one(lambda: _STARTED)),
        *_of_linux(),
    )


def _of_linux() -> tuple[Instrument, ...]:
    if sys.platform != "linux":
        return ()
    import resource

    def most() -> float:
        return resource.getrlimit(resource.RLIMIT_NOFILE)[0]

    return (
        Reading("process_resident_memory_bytes", "Memory in use.", _one(_resident_bytes)),
        Reading("process_open_fds", "Open files and connections.", _one(_descriptors)),
        Reading("process_max_fds", "How many there may be.", _one(most)),
    )


def watch_loop() -> greenlets.Greenlet:
    """Begin to time the loop, until killed."""

    def watch() -> None:
        while True:
            due = time.perf_counter() + _LOOK_SECONDS
            greenlets.sleep(_LOOK_SECONDS)
            LAG.observe(max(0.0, time.perf_counter() - due))

    return greenlets.spawn(watch)


def _one(read: Callable[[], float]) -> Callable[[], Mapping[tuple[str, ...], float]]:
    return lambda: {(): read()}


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system


def _resident_bytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _descriptors() -> float:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
