"""A machine's clock that can be set: one process's, by libfaketime.

It moves what a clock that is set moves: `time.time`, `datetime.now`, CLOCK_REALTIME. CLOCK_MONOTONIC, and what sleeps
and waits by it, goes on, and times of files are those of the disk, which machines share.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_EVERY_SECONDS = 1  # it looks how it is set
_LIBRARIES = (
    *Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
    *Path("/usr").glob("lib*/faketime/libfaketimeMT.so.1"),
)


class Clock:
    """`file`: where it is said how it is set."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0)

    def set(self, seconds: int) -> None:
        """So far ahead of this machine's. Skips the test where there is no libfaketime."""
        if seconds and not _LIBRARIES:
            pytest.skip("libfaketime is not installed: apt-get install libfaketime")
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self._file)
        time.sleep(2 * _EVERY_SECONDS if seconds else 0)

    @contextlib.contextmanager
    def for_what_starts(self) -> Iterator[None]:
        """Whatever is started meanwhile has this clock."""
        with pytest.MonkeyPatch.context() as patch:
            if _LIBRARIES:
                patch.setenv("LD_PRELOAD", str(_LIBRARIES[0]))
                patch.setenv("FAKETIME_TIMESTAMP_FILE", str(self._file))
                patch.setenv("FAKETIME_CACHE_DURATION", str(_EVERY_SECONDS))
                patch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                patch.setenv("NO_FAKE_STAT", "1")
            yield
