"""Inside a worker process (see `processes`): one task after another, within bounds, until the parent is gone."""

import contextlib
import json
import math
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

try:
    import resource
except ImportError:  # Windows, where only the parent's patience is bounded
    resource = None

LENGTH = struct.Struct("<Q")
READY = b"ready"  # said once, before the first task: starting takes a while on a busy machine, and counts for nobody
Answer = tuple[dict[str, Any], list[bytes]]


def work(perform: Callable[[dict[str, Any]], Answer], memory_bytes: int) -> None:
    """Answer every task of the parent with what `perform` makes of it; never returns.

    `memory_bytes`: of address space, beyond which allocations fail."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the parent
    answers = os.fdopen(own_stdout(), "wb")
    _bound("RLIMIT_AS", memory_bytes)
    _bound("RLIMIT_CORE", 0)
    end_first()
    tasks: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
    answers.write(READY)
    answers.flush()
    while True:
        answer, data = perform(tasks.get())
        head = json.dumps(answer | {"parts": [len(part) for part in data]}).encode()
        answers.writelines((LENGTH.pack(len(head)), head, *data))
        answers.flush()


def own_stdout() -> int:
    """A descriptor of what was stdout. What others print, as C libraries do, goes nowhere from now on."""
    own = os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return own


def end_first() -> None:
    """Of all processes, let the system end this one when memory is short."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def allow(seconds: float) -> None:
    """So much processor time from now on; then the system ends this process."""
    _bound("RLIMIT_CPU", math.ceil(time.process_time() + seconds))


def _bound(what: str, most: int) -> None:
    if resource is not None and hasattr(resource, what):
        limit = getattr(resource, what)
        with contextlib.suppress(OSError, ValueError):  # macOS refuses some, and a lower hard limit stays
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))


def _listen(requests: BinaryIO, tasks: SimpleQueue[dict[str, Any]]) -> None:
    while head := requests.read(LENGTH.size):
        (length,) = LENGTH.unpack(head)
        tasks.put(json.loads(requests.read(length)))
    os._exit(0)
