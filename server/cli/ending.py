"""How a process that serves, or works for servers, ends: what is under way may end first, if it does so in time."""

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..runtime import greenlets

if TYPE_CHECKING:
    from ..services import Services

_GRACE_SECONDS = 5.0


def shut_down(services: "Services", answering: Callable[[], bool] = lambda: False) -> bool:
    """Give back the jobs that are not done, and close everything; True when all that ran has ended in time.

    `answering`: whether a request is under way."""
    deadline = time.monotonic() + _GRACE_SECONDS
    services.queue.close()
    while (answering() or services.queue.busy()) and time.monotonic() < deadline:
        greenlets.sleep(0.02)
    services.queue.abandon()
    services.bus.stop()
    services.peers.stop()
    services.uploads.close()
    services.outside.close()
    ended = services.pools.close(max(0.1, deadline - time.monotonic()))
    services.db.close()
    return ended


def leave(ended: bool) -> int:
    """The status. Where a native thread is still computing, what it makes is not wanted any more."""
    sys.stdout.flush()
    sys.stderr.flush()
    if not ended:
        os._exit(0)
    return 0
