"""Native threads for heavy work: keeps the event loop free; knows nothing of Flask, databases or logging.

The server runs on gevent, one native thread for all requests. Whatever would hold that thread
(onnxruntime, compression, files) is handed to one of three pools of real threads, and only the greenlet that asked
waits. The same code works without monkey patching, so tests need none. Functions given to a pool must be pure
computation.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import gevent
from gevent import get_hub
from gevent.threadpool import ThreadPool

from server.errors import Unavailable

T = TypeVar("T")


def _settle(fn: Callable[..., T], args: tuple[Any, ...]) -> tuple[T | None, Exception | None]:
    """An exception travels as a value: gevent prints the traceback of one that escapes a pool thread."""
    try:
        return fn(*args), None
    except Exception as error:
        return None, error


class Pools:
    """The process's pools of native threads. Build one per event loop, in the thread that runs the loop.

    - `compute`: short CPU work: compression, RLE, files.
    - `encode`: one image encoding at a time (onnxruntime uses `encode_threads` threads inside it).
    - `decode`: `decode_workers` mask decodings side by side.

    A call from any other native thread (a pool's own included) runs where it is. Once closed, all calls raise
    Unavailable.
    """

    def __init__(self, decode_workers: int = 0, compute_workers: int = 0) -> None:
        """`decode_workers`, `compute_workers`: number of threads, 0 for one per core."""
        cores = os.cpu_count() or 1
        self._hub = get_hub()
        self._compute = ThreadPool(compute_workers or max(2, cores))
        self._encode = ThreadPool(1)
        self._decode = ThreadPool(decode_workers or cores)
        self._closed = False

    def compute(self, fn: Callable[..., T], *args: Any) -> T:
        """`fn(*args)` in a native thread; returns its result or raises its exception."""
        return self._run(self._compute, fn, args)

    def encode(self, fn: Callable[..., T], *args: Any) -> T:
        """As `compute`, never two at once."""
        return self._run(self._encode, fn, args)

    def decode(self, fn: Callable[..., T], *args: Any) -> T:
        """As `compute`, at most `decode_workers` at once."""
        return self._run(self._decode, fn, args)

    def close(self, timeout: float = 5.0) -> bool:
        """Take no more work and let running work end; True once all threads have, False after `timeout` s."""
        self._closed = True
        timer = gevent.Timeout(timeout)
        try:
            with timer:
                for pool in (self._compute, self._decode, self._encode):
                    pool.kill()
            return True
        except gevent.Timeout as raised:
            if raised is not timer:
                raise
            return False

    def _run(self, pool: ThreadPool, fn: Callable[..., T], args: tuple[Any, ...]) -> T:
        if self._closed:
            raise Unavailable("The server is stopping.")
        if get_hub() is not self._hub:
            return fn(*args)
        outcome: tuple[T | None, Exception | None] = pool.spawn(_settle, fn, args).get()  # type: ignore[assignment]
        value, error = outcome
        if error is not None:
            raise error
        return value  # type: ignore[return-value]
