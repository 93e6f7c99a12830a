"""How times are written, how long what can be restored or replayed is kept, and when to try again."""

import random
from datetime import datetime

INBOX_DAYS = 90  # how long what an inbox tells is kept
UNDO_DAYS = 30  # how long deleted images can be restored, and events are replayed


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def optional_timestamp(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def backoff(failures: int, first: float, longest: float) -> float:
    """Seconds to wait after some failures, counted from 0: twice as long each time, with jitter."""
    return min(first * 2 ** min(failures, 60), longest) * random.uniform(0.5, 1.0)
