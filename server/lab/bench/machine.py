"""What the figures were taken on: cores, vector extensions, load, versions."""

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ...paths import VERSION

_TOLD_FEATURES = ("avx2", "avx512f", "avx512_vnni", "amx_int8", "asimd", "asimddp", "i8mm", "sve")
_PACKAGES = ("onnxruntime", "numpy", "gevent")


def describe(quick: bool, chromium: str | None) -> dict[str, Any]:
    """`chromium`: its version, None when no browser was measured. `load` is filled by `load_average` values."""
    versions = {"samphire": VERSION, "python": platform.python_version()}
    versions |= {name: found for name in _PACKAGES if (found := _version(name))}
    if chromium:
        versions["chromium"] = chromium
    name, features = _cpu()
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": name,
        "cpu_features": features,
        "cores": usable_cores(),
        "load": [],
        "versions": versions,
    }


def usable_cores() -> int:
    """Cores this process may run on, which in a container can be fewer than the machine has."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_average() -> float | None:
    """Of the last minute; None where the system keeps none."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpu() -> tuple[str, list[str]]:
    """Name and known vector extensions, from the kernel where it tells them."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine(), []
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    features = set((facts.get("flags") or facts.get("Features") or "").split())
    return facts.get("model name", platform.machine()), [name for name in _TOLD_FEATURES if name in features]
