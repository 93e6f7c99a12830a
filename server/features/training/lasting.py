"""How long a training takes: at the pace of the latest one on this server, or of two cores before there is any."""

from collections.abc import Sequence
from typing import NamedTuple

from ...inference.catalog import SegmenterSpec
from ...inference.training_plan import Part, What, episodes, shares
from ...storage.engine import Database
from ...storage.rows.training import trainings as rows
from ..embeddings.service import Embeddings

# of the encoder on a GPU: a guess
_STEP_SECONDS: dict[What, float] = {"choice": 0.5, "tokens": 2.0, "decoder": 2.5, "lora": 2.0}
_MEASURE_SECONDS = 1.0  # of a held-out object, before and after
_ENCODE_SECONDS = 1.0  # of an image, before one was encoded here


class Pace(NamedTuple):
    """Seconds of a step, and of a held-out object that is measured twice."""

    step: float
    measure: float


class Lasting:
    def __init__(self, db: Database, embeddings: Embeddings) -> None:
        self._db, self._embeddings = db, embeddings

    def estimate(
        self,
        what: What,
        spec: SegmenterSpec,
        images: Sequence[Part | None],
        objects: int,
        to_encode: int,
        most_seconds: float | None,
    ) -> tuple[float, bool]:
        """Seconds, and whether the pace was measured here. `images`: what each that is used was chosen for; `objects`:
        how many they have; `most_seconds`: it trains no longer."""
        encoding = to_encode * (self._embeddings.encoder_seconds(spec) or _ENCODE_SECONDS)
        measured = self._measured(what)
        pace = measured or Pace(_STEP_SECONDS[what], _MEASURE_SECONDS)
        parts = shares(images)
        training = pace.step * episodes(parts.training)
        if most_seconds is not None:
            training = min(training, most_seconds)
        measuring = pace.measure * objects * parts.held_out / max(1, len(images))
        return encoding + training + measuring, measured is not None

    def _measured(self, what: What) -> Pace | None:
        """Of the latest training of this kind here."""
        with self._db.read() as session:
            last = rows.last_measured(session, what)
        result = None if last is None else last.result
        if result is None or not result["steps"]:
            return None
        training = result.get("training_seconds") or result["seconds"]
        measuring = max(0.0, result["seconds"] - training)
        return Pace(training / result["steps"], measuring / max(1, result["objects"]["held_out"]))
