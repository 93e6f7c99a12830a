"""Worker processes for work that hostile bytes can make endless: killed when its time is over or nobody waits for it.

A process does one task at a time and is kept for the next; one that was killed, or broke, is replaced when one is
needed. Tasks and answers are JSON with its length before it, answers with bytes behind: an answer comes from code that
a file may have taken over, so nothing in it is run.

A task that takes long makes room for others: it goes on in one of the places for slow ones, or begins again when one is
free. So what is soon done waits for nobody's slow tasks, however many there are.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

import gevent
from gevent.subprocess import DEVNULL, PIPE, Popen

from ..errors import Unavailable
from ..one_thread import ONE_THREAD
from .fair import LOOK_SECONDS, FairPlaces, Place, Sender
from .worker import LENGTH, READY, Answer

_PLACES, _OF_ONE_SENDER = 3, 2  # for tasks that have just begun; and as many for slow ones
_SLOW_SECONDS = 2.0
_KEPT = 2  # processes that have nothing to do
_MOST_HEAD_BYTES = 1_000_000
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of Windows
_PACKAGE_FOLDER = Path(__file__).resolve().parents[2]  # where `python -m` finds this package


class _SetBack(Exception):
    """The task takes long, and all places for such are taken."""


class OutOfTime(Exception):
    """The task took too long, and its process was killed."""


class Broken(Exception):
    """The process ended under its task."""


class Processes:
    """`module`: what `python -m` runs in each, with `arguments`; it calls `worker.work`. Of one event loop, and made in
    the thread that runs it."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._quick = FairPlaces(_PLACES, _OF_ONE_SENDER)
        self._slow = FairPlaces(_PLACES, _OF_ONE_SENDER)
        self._idle: list[Popen[bytes]] = []
        self._busy: set[Popen[bytes]] = set()
        self._ready: WeakSet[Popen[bytes]] = WeakSet()
        self._closed = False

    def run(self, task: dict[str, Any], sender: Sender, seconds: float) -> Answer:
        """What a process answers, once one is free. `seconds`: by the clock, from then on.

        Raises OutOfTime, Broken, or Unavailable when the sender is gone or the server stops."""
        self._check_open()
        try:
            with self._quick.place(sender) as place:
                return self._do(task, sender, seconds, place)
        except _SetBack:
            with self._slow.place(sender):
                return self._do(task, sender, seconds, None)

    def close(self) -> None:
        """Take no more tasks, and kill what runs."""
        self._closed = True
        for process in self._busy:
            process.kill()
        while self._idle:
            _end(self._idle.pop())

    def _do(self, task: dict[str, Any], sender: Sender, seconds: float, quick: Place | None) -> Answer:
        """`quick`: the place to leave when it takes long. Raises _SetBack beside what `run` does."""
        with self._process() as process:
            watch = gevent.spawn(self._watch, process, sender, seconds, quick)
            try:
                return _ask(process, task)
            except (OSError, EOFError, ValueError) as error:
                sender.check()
                self._check_open()
                process.kill()
                if process.wait(5) == -getattr(signal, "SIGXCPU", 0):
                    raise OutOfTime() from error
                raise (watch.value or Broken)() from error
            finally:
                watch.kill()

    def _watch(
        self, process: Popen[bytes], sender: Sender, seconds: float, quick: Place | None
    ) -> type[Exception]:
        """Kill it when it may not go on; why."""
        began, why = time.monotonic(), OutOfTime
        while not sender.gone() and (taken := time.monotonic() - began) < seconds:
            if quick is not None and taken > _SLOW_SECONDS:
                if not quick.move(self._slow):
                    why = _SetBack
                    break
                quick = None
            gevent.sleep(LOOK_SECONDS)
        process.kill()
        return why

    @contextmanager
    def _process(self) -> Iterator[Popen[bytes]]:
        """One that waits for a task. If that is not ended whole, neither is the process fit for another one."""
        self._idle = [process for process in self._idle if process.poll() is None]
        process = self._idle.pop() if self._idle else self._start()
        self._busy.add(process)
        done = False
        try:
            if process not in self._ready:
                assert process.stdout is not None
                if process.stdout.read(len(READY)) != READY:
                    self._check_open()  # it was killed while it started
                    raise Broken()
                self._ready.add(process)
            self._check_open()  # after starting one, which takes a while
            yield process
            done = True
        finally:
            self._busy.discard(process)
            if done and len(self._idle) < _KEPT and not self._closed:
                self._idle.append(process)
            else:
                _end(process)

    def _start(self) -> Popen[bytes]:
        """Its descriptors are its two pipes and nothing else."""
        return Popen(
            self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=_PACKAGE_FOLDER,
            env={**os.environ, **ONE_THREAD},  # more would use up its address space
            creationflags=_NO_WINDOW,
        )

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable("The server is stopping.")


def _ask(process: Popen[bytes], task: dict[str, Any]) -> Answer:
    """Raises OSError, EOFError, ValueError."""
    requests, answers = process.stdin, process.stdout
    assert requests is not None
    assert answers is not None
    body = json.dumps(task).encode()
    requests.write(LENGTH.pack(len(body)) + body)
    requests.flush()

    def read(length: int) -> bytes:
        data = answers.read(length)
        if len(data) < length:
            raise EOFError
        return data

    (length,) = LENGTH.unpack(read(LENGTH.size))
    if length > _MOST_HEAD_BYTES:
        raise ValueError
    answer = json.loads(read(length))
    return answer, [read(part) for part in answer["parts"]]


def _end(process: Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # of what was not flushed yet
            pipe.close()  # type: ignore[union-attr]
    process.wait(5)
