"""A program that works beside the server, gives way to it, and tells how far it is as JSON objects, one a line."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gevent.subprocess import DEVNULL, PIPE, Popen

_MOST_LINE_BYTES = 100_000
_PACKAGE_FOLDER = Path(__file__).resolve().parents[2]  # where `python -m` finds this package
_FLAGS = (
    "CREATE_NO_WINDOW",
    "BELOW_NORMAL_PRIORITY_CLASS",
)  # of Windows; elsewhere the program lowers its own


class Child:
    """`command` begins to run. It is to end when its stdin is closed, which also the death of the server does.

    Raises OSError when it cannot be started."""

    def __init__(self, command: Sequence[str]) -> None:
        windows: dict[str, Any] = {"creationflags": sum(getattr(subprocess, name, 0) for name in _FLAGS)}
        group: dict[str, Any] = {"start_new_session": True}  # so that what it started itself ends with it
        self._process = Popen(
            list(command),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=_PACKAGE_FOLDER,
            **(windows if sys.platform == "win32" else group),
        )

    def messages(self) -> Iterator[dict[str, Any]]:
        """Until it ends; what is no object is passed over."""
        out = self._process.stdout
        assert out is not None
        while line := out.readline(_MOST_LINE_BYTES):
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if isinstance(message, dict):
                    yield message
        self._process.wait()

    def end(self, grace_seconds: float) -> None:
        """Ask it to, and kill it if it takes longer."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace_seconds)
        if self._process.poll() is None:
            self._kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_seconds)

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
