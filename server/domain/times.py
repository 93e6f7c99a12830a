"""How times are written, and how long what can be restored or replayed is kept."""

from datetime import datetime

INBOX_DAYS = 90  # how long what an inbox tells is kept
UNDO_DAYS = 30  # how long deleted images can be restored, and events are replayed


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
