"""A small disk of its own, which can be filled and has space again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILLING = "filling"
_STEP_BYTES = 1 << 16


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[str]:
    """At an empty folder, in memory. Gives why there is none, where mounting is not allowed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        why = "a small disk can be mounted on Linux by root only"
    else:
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "samphire-tests", str(folder)]
        mounted = subprocess.run(command, capture_output=True, text=True)
        why = f"no small disk can be mounted: {mounted.stderr.strip()}" if mounted.returncode else ""
    try:
        yield why
    finally:
        if not why:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> None:
    """To the last byte, and again where something has made room."""
    with (folder / _FILLING).open("ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(_STEP_BYTES))
        except OSError:
            return


def free(folder: Path) -> None:
    (folder / _FILLING).unlink()


def has_room(folder: Path) -> bool:
    return shutil.disk_usage(folder).free > _STEP_BYTES
