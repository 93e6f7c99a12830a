"""How long encoding an image takes here lately, for each encoder: for estimates, and for people to choose by."""

import statistics
from collections import deque

from ...storage.engine import Database
from ...storage.rows import embeddings as rows

_RECENT = 9


class EncoderSeconds:
    """The latest encodings, remembered over restarts as part of the embeddings they made."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recent: dict[str, deque[float]] = {}

    def median(self, encoding: str) -> float | None:
        """Of encodings whose embeddings carry `encoding`; None before the first."""
        recent = self._of(encoding)
        return statistics.median(recent) if recent else None

    def add(self, encoding: str, seconds: float) -> None:
        """One more, whose row has been saved."""
        recent = self._recent.get(encoding)
        if recent is not None:
            recent.append(seconds)

    def _of(self, encoding: str) -> deque[float]:
        if encoding not in self._recent:
            with self._db.read() as session:
                latest = rows.recent_seconds(session, encoding, _RECENT)
            self._recent[encoding] = deque(reversed(latest), maxlen=_RECENT)
        return self._recent[encoding]
