"""How long encoding an image takes here lately, for each segmenter: for estimates, and for people to choose by."""

import statistics
from collections import deque

from ...storage.engine import Database
from ...storage.rows import embeddings as rows

_RECENT = 9


class EncoderSeconds:
    """The latest encodings, remembered over restarts as part of the embeddings they made."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recent: dict[tuple[str, str], deque[float]] = {}

    def median(self, segmenter: str, weights: str) -> float | None:
        """None before the first."""
        recent = self._of(segmenter, weights)
        return statistics.median(recent) if recent else None

    def add(self, segmenter: str, weights: str, seconds: float) -> None:
        """One more, whose row has been saved."""
        recent = self._recent.get((segmenter, weights))
        if recent is not None:
            recent.append(seconds)

    def _of(self, segmenter: str, weights: str) -> deque[float]:
        key = (segmenter, weights)
        if key not in self._recent:
            with self._db.read() as session:
                latest = rows.recent_seconds(session, segmenter, weights, _RECENT)
            self._recent[key] = deque(reversed(latest), maxlen=_RECENT)
        return self._recent[key]
