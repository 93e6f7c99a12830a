"""Native threads for heavy work: keeps the event loop free, and lets clients take turns; knows nothing of Flask,
databases or logging.

The server runs on gevent, one native thread for all requests. Whatever would hold that thread (onnxruntime,
compression, files) is handed to one of three pools of real threads, and only the greenlet that asked waits, until
its client's turn has come (`runtime.turns`). The same code works without monkey patching, so tests need none. Functions
given to a pool must be pure computation.
"""

import os
import time
from collections.abc import Callable
from typing import Any, TypeVar

import gevent
from gevent import get_hub
from gevent.event import Event
from gevent.threadpool import ThreadPool

from ..errors import TooManyRequests, Unavailable
from .long_runs import LongRun
from .metrics import WAITS, WORK
from .turns import FairQueue, Path, client

T = TypeVar("T")

_MOST_WAITING, _MOST_WAITING_OF_ONE = 1024, 256  # mask decodings, of all and of one address
_FILES_AT_ONCE = 6
_LONG_AT_ONCE = 4
_STORED_AT_ONCE = 16


def _settle(fn: Callable[..., T], args: tuple[Any, ...]) -> tuple[T | None, Exception | None]:
    """An exception travels as a value: gevent prints the traceback of one that escapes a pool thread."""
    try:
        return fn(*args), None
    except Exception as error:
        return None, error


class _Threads:
    """Some threads, in front of which clients take turns."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self._threads = ThreadPool(size)
        self._size = self._free = size
        self.turns: FairQueue[Event] = FairQueue()
        self.closed = False

    def run(self, fn: Callable[..., T], args: tuple[Any, ...]) -> T:
        path, turn, began = client.get(), Event(), time.perf_counter()
        self.turns.push(path, turn)
        self._begin()
        try:
            turn.wait()
        except BaseException:
            if turn.is_set():
                self._end(path)
            else:
                self.turns.remove(path, turn)
            raise
        try:
            if self.closed:
                raise _stopping()
            begun = time.perf_counter()
            WAITS.observe(begun - began, self.name)
            value, error = self._threads.spawn(_settle, fn, args).get()  # type: ignore[misc]
            WORK.observe(time.perf_counter() - begun, self.name)
        finally:
            self._end(path)
        if error is not None:
            raise error
        return value  # type: ignore[return-value]

    def kill(self) -> None:
        self._threads.kill()

    def _begin(self) -> None:
        while self._free and (turn := self.turns.pop(last_place=self._free == 1 < self._size)) is not None:
            self._free -= 1
            turn.set()

    def _end(self, path: Path) -> None:
        self._free += 1
        self.turns.done(path)
        self._begin()


class Pools:
    """The process's pools of native threads. Build one per event loop, in the thread that runs the loop.

    - `compute`: short CPU work: compression, RLE, files.
    - `store`: blobs on their way: what waits for a disk, or for another machine, and computes next to nothing.
    - `read_files`: archives and files of annotations, which may take minutes each: never in the way of the others.
    - `encode`: one image encoding at a time (onnxruntime uses `encode_threads` threads inside it).
    - `decode`: `decode_workers` mask decodings side by side.
    - `decode_long`: what decodes for seconds, part by part in turn with those.

    A call from any other native thread (a pool's own included) runs where it is. Once closed, all calls raise
    Unavailable.
    """

    def __init__(self, decode_workers: int = 0, compute_workers: int = 0) -> None:
        """`decode_workers`, `compute_workers`: number of threads, 0 for one per core."""
        cores = os.cpu_count() or 1
        self._hub = get_hub()
        self._compute = _Threads("compute", compute_workers or max(2, cores))
        self._store = _Threads("store", _STORED_AT_ONCE)
        self._read_files = _Threads("read_files", _FILES_AT_ONCE)
        self._encode = _Threads("encode", 1)
        self._decode = _Threads("decode", decode_workers or cores)
        self._long = ThreadPool(_LONG_AT_ONCE)
        self._closed = False

    def compute(self, fn: Callable[..., T], *args: Any) -> T:
        """`fn(*args)` in a native thread; returns its result or raises its exception."""
        return self._run(self._compute, fn, args)

    def store(self, fn: Callable[..., T], *args: Any) -> T:
        """As `compute`, for what waits: a store that is away holds up nothing but those who want something of it."""
        return self._run(self._store, fn, args)

    def read_files(self, fn: Callable[..., T], *args: Any) -> T:
        """As `compute`, for what may take long."""
        return self._run(self._read_files, fn, args)

    def encode(self, fn: Callable[..., T], *args: Any) -> T:
        """As `compute`, never two at once."""
        return self._run(self._encode, fn, args)

    def decode(self, fn: Callable[..., T], *args: Any) -> T:
        """As `compute`, at most `decode_workers` at once.

        Raises TooManyRequests when too much of one address waits already, Unavailable when of all."""
        turns = self._decode.turns
        if turns.waiting(client.get()[:1]) >= _MOST_WAITING_OF_ONE:
            raise TooManyRequests()
        if len(turns) >= _MOST_WAITING:
            raise Unavailable("Too many clients wait for masks.")
        return self._run(self._decode, fn, args)

    def decode_long(self, fn: Callable[[LongRun], T]) -> T:
        """`fn(run)` in a native thread of its own; what `run.each` is given is done as by `decode`, in turn."""
        if self._closed:
            raise _stopping()
        if get_hub() is not self._hub:
            return fn(LongRun(None, self.decode))
        value, error = self._long.spawn(_settle, fn, (LongRun(self._hub, self.decode),)).get()  # type: ignore[misc]
        if error is not None:
            raise error
        return value  # type: ignore[return-value]

    def waiting(self) -> dict[tuple[str], int]:
        """How many wait for each pool, by its name."""
        pools = (self._compute, self._store, self._read_files, self._decode, self._encode)
        return {(pool.name,): len(pool.turns) for pool in pools}

    def close(self, timeout: float = 5.0) -> bool:
        """Take no more work and let running work end; True once all threads have, False after `timeout` s."""
        self._closed = True
        pools = (self._compute, self._store, self._read_files, self._decode, self._encode)
        for pool in pools:
            pool.closed = True
        timer = gevent.Timeout(timeout)
        try:
            with timer:
                for pool in (*pools, self._long):
                    pool.kill()
            return True
        except gevent.Timeout as raised:
            if raised is not timer:
                raise
            return False

    def _run(self, pool: _Threads, fn: Callable[..., T], args: tuple[Any, ...]) -> T:
        if self._closed:
            raise _stopping()
        if get_hub() is not self._hub:
            return fn(*args)
        return pool.run(fn, args)


def _stopping() -> Unavailable:
    return Unavailable("The server is stopping.")
