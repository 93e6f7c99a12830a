"""Whether this process can be sent requests: each thing it cannot answer them without, looked at once a second at most.

What it can do without for a while is looked at too, and told: when Redis or a bucket is away, it is so for every
process, and people go on with what they have. Nor is a full disk a reason: who cannot save can still look, and must be
able to delete."""

import errno
import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from ...runtime import greenlets
from ...runtime.sharing import SingleFlight
from ...services import Services

log = logging.getLogger(__name__)

_SECONDS = 2.0  # that a check may take
_KEPT_SECONDS = 1.0  # however many ask, none of whom need say who they are
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class Check(NamedTuple):
    """`look` raises when it is not there. `needed`: whether nothing can be answered without it."""

    look: Callable[[], object]
    needed: bool = True


def checks(services: Services) -> dict[str, Check]:
    """One line each."""
    in_a_thread, redis = greenlets.in_a_thread, services.peers.redis
    found = {
        "database": Check(services.db.check_schema),
        "data_folder": Check(lambda: in_a_thread(check_writable, services.settings.data_path)),
        "redis": Check(lambda: redis and redis.check(), needed=False),
        # Reads something: that a bucket is missing is not told where it is only asked whether a key is there.
        "blobs": Check(lambda: in_a_thread(services.blobs.owner), needed=False),
    }
    absent = [
        name for name, there in (("redis", redis), ("blobs", services.settings.bucket)) if there is None
    ]
    return {name: check for name, check in found.items() if name not in absent}


def check_writable(folder: Path) -> None:
    """Raises OSError."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno not in _DISK_FULL:
            raise


class Readiness:
    """One per application."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._shared = SingleFlight()
        self._looking: dict[str, greenlets.Greenlet] = {}
        self._found: dict[str, bool] = {}
        self._looked_at = -_KEPT_SECONDS

    def look(self) -> dict[str, bool]:
        """Which checks hold, by name."""
        if time.monotonic() - self._looked_at >= _KEPT_SECONDS:
            return self._shared.run("look", self._look)
        return self._found

    def missing(self, found: Mapping[str, bool]) -> list[str]:
        """What is needed and does not hold."""
        return [name for name, holds in found.items() if self._checks[name].needed and not holds]

    def _look(self) -> dict[str, bool]:
        """All at once; of one that hangs there is never another."""
        for name, check in self._checks.items():
            if name not in self._looking or self._looking[name].ready():
                self._looking[name] = greenlets.spawn(_why_not, check)
        greenlets.joinall(list(self._looking.values()), timeout=_SECONDS)
        found = {}
        for name, looking in self._looking.items():
            reason = looking.value if looking.ready() else f"it did not answer within {_SECONDS:g} s"
            found[name] = not reason
            if reason and self._found.get(name, True):
                log.warning("Not ready: %s: %s", name, reason)
        self._found, self._looked_at = found, time.monotonic()
        return found


def _why_not(check: Check) -> str:
    """Nothing where it holds."""
    try:
        check.look()
    except Exception as error:  # whatever it is, it is not there
        return str(error) or type(error).__name__
    return ""
