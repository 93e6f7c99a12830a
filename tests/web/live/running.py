"""Starting `samphire` as a person does, and pictures to give it."""

import io
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import requests
from PIL import Image

from server.lab.bundled import PROGRAM

READY = re.compile(r"Samphire is ready at (http://\S+)")
ROOT = Path(__file__).parents[3]


class Server:
    """`samphire serve` as a person starts it, on any free port; with bundled pages where a fixture made some."""

    def __init__(self, data: Path, *words: str, program: Sequence[str] = ("-m", PROGRAM)) -> None:
        flags = ["--port", "0"] if "--port" not in words else []
        new_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {}
        self.process = subprocess.Popen(
            [
                sys.executable,
                *program,
                "serve",
                *flags,
                "--no-open-browser",
                "--data",
                str(data),
                *words,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("SAMPHIRE_")},
            **new_group,
        )
        self.errors: list[str] = []
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()
        self.first_line = self.process.stdout.readline()  # type: ignore[union-attr]
        found = READY.search(self.first_line)
        self.url = found[1] if found else ""
        self.base = self.url.split("?")[0].rstrip("/")

    def _read_errors(self) -> None:
        for line in self.process.stderr:  # type: ignore[union-attr]
            self.errors.append(line)

    def stop(self, how: int | None = None) -> int:
        """Ask it to stop; its exit status. Fails when it takes longer than 15 seconds."""
        if how is None:
            how = signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGTERM
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("The server did not stop:\n" + "".join(self.errors)) from None
        self._reader.join(2)
        self.process.stdout.close()  # type: ignore[union-attr]
        return status


@contextmanager
def running(data: Path, *words: str) -> Iterator[Server]:
    """A server for many tests: it must have started, and end well and without a traceback."""
    server = Server(data, *words)
    assert server.base, "".join(server.errors)
    yield server
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


def picture(width: int, height: int, seed: int = 0) -> bytes:
    """A PNG: a bright disc over a dark, slightly noisy ground."""
    y, x = np.mgrid[:height, :width]
    disc = (x - width * 0.4) ** 2 + (y - height * 0.5) ** 2 < (0.25 * min(width, height)) ** 2
    noise = np.random.default_rng(seed).integers(0, 30, (height, width, 3))
    file = io.BytesIO()
    Image.fromarray((noise + disc[..., None] * [220, 180, 40]).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def upload(server: Server, data: bytes, name: str = "picture.png") -> dict:
    answer = requests.post(f"{server.base}/api/images", files={"file": (name, data)}, timeout=30)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()
