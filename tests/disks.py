"""Disks of their own for tests: small ones, and ones that cannot be written. Skips where none can be mounted."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mount(*words: str) -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    if subprocess.run(["mount", *words], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """An empty disk of so many megabytes (10^6 bytes), in memory, at a new folder."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={megabytes * 1_000_000}", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def make_read_only(disk: Path) -> None:
    """Of a `small_disk`, what is on it now."""
    _mount("-o", "remount,ro", str(disk))
