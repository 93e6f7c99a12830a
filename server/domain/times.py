"""How times are written, and for how long deleted images can be restored."""

from datetime import datetime

UNDO_DAYS = 30  # how long deleted images can be restored


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
