"""What of a process must not grow while people come and go, and whether it does."""

import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression

from tests.machines.conftest import until
from tests.web.live.running import Server


class Gauges:
    """Of a server that `watched_server` has started. `file`: where that tells."""

    def __init__(self, server: Server, file: Path) -> None:
        self._pid, self._file = server.process.pid, file

    def read(self) -> dict[str, float]:
        """Its memory and that of its children in MB, and counts."""
        facts = self._told()
        return {
            "memory_mb": _memory_mb(self._pid),
            "children_mb": sum(map(_memory_mb, _children(self._pid))),
            "descriptors": float(sum(1 for _ in Path(f"/proc/{self._pid}/fd").iterdir())),
            "threads": float(_status(self._pid)["Threads"]),
            "greenlets": float(facts["greenlets"]),
            "objects": float(facts["objects"]),
        }

    def most(self) -> dict[str, int]:
        """How many objects there are, by type."""
        return dict(self._told()["most"])

    def _told(self) -> dict:
        self._file.unlink(missing_ok=True)
        os.kill(self._pid, signal.SIGUSR1)
        until(self._file.exists, 60)
        return json.loads(self._file.read_text())


def growth(times: Sequence[float], values: Sequence[float]) -> float:
    """Of a line through the values, in ten minutes, less twice its standard error: what is noise is none. `times`: in
    seconds. 0 where it falls."""
    slope, start = linear_regression(times, values)
    rests = [value - start - slope * at for at, value in zip(times, values, strict=True)]
    middle = sum(times) / len(times)
    spread = sum((at - middle) ** 2 for at in times)
    error = (sum(rest**2 for rest in rests) / max(1, len(times) - 2) / spread) ** 0.5
    return max(0.0, 600 * (slope - 2 * error))


def told(rows: Sequence[dict[str, float]]) -> str:
    """As a table, a row for each time."""
    names = [*rows[0]]
    lines = ["".join(f"{name:>13}" for name in names)]
    lines += ["".join(f"{row[name]:13.1f}" for name in names) for row in rows]
    return "\n".join(lines)


def _children(pid: int) -> list[int]:
    return [
        int(each)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for each in path.read_text().split()
    ]


def _status(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _memory_mb(pid: int) -> float:
    return int(_status(pid).get("VmRSS", "0 kB").split()[0]) / 1024
