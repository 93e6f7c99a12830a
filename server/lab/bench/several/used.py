"""Processor time and memory of processes of this machine, as Linux tells them."""

import sys
from pathlib import Path

_TICKS = 100  # a second, on every Linux there is


def cpu_seconds(pid: int) -> float | None:
    """Of the process so far; None where the system does not say, and of one that has ended."""
    text = _read(pid, "stat")
    if text is None:
        return None
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_bytes(pid: int) -> float | None:
    text = _read(pid, "status")
    lines = dict(line.split(":", 1) for line in (text or "").splitlines())
    return int(lines["VmRSS"].split()[0]) * 1024 if "VmRSS" in lines else None


def _read(pid: int, name: str) -> str | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return Path(f"/proc/{pid}/{name}").read_text("utf-8")
    except OSError:
        return None
