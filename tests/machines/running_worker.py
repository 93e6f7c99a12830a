"""Starting `samphire worker` as a person does."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from server.lab.bundled import PROGRAM
from tests.machines.conftest import Several
from tests.web.live.running import ROOT

SLOW = ("-m", "tests.machines.slow_worker")  # jobs of a kind of their own take a while


def slow_notes(data: Path) -> Path:
    """Where slow jobs write down when they begin and end: beside the data folder, whose disk may be full."""
    return data.with_name(f"{data.name}-slow.txt")


class Worker:
    def __init__(self, data: Path, *words: str, program: Sequence[str] = ("-m", PROGRAM)) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *program, "worker", "--data", str(data), *words],
            cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("SAMPHIRE_")},
        )  # fmt: skip
        self.errors: list[str] = []
        threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True).start()  # type: ignore[arg-type]

    def first_line(self) -> str:
        return self.process.stdout.readline()  # type: ignore[union-attr]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        assert status == 0, (status, "".join(self.errors))
        assert not [line for line in self.errors if "Traceback" in line], "".join(self.errors)


def worker_of(several: Several, *words: str, program: Sequence[str] = ("-m", PROGRAM)) -> Worker:
    return Worker(several.data, *several.shared, "--jobs", "celery", *words, program=program)
