"""What the program that trains tells, line by line, made sense of."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any

from ...contract import parse, to_json
from ...errors import BadRequest, SamphireError, from_answer
from .schema import STEPS, TrainingResult

log = logging.getLogger(__name__)

MOST_POINTS = 400  # of a curve; of more, every other one is kept


class Followed:
    """`on_progress`, `on_point`: called as news come. `curve` begins with the points that an earlier go has told."""

    def __init__(
        self,
        curve: Iterable[Mapping[str, Any]],
        on_progress: Callable[[Mapping[str, Any]], None],
        on_point: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self.curve: list[dict[str, Any]] = [dict(point) for point in curve]
        self._on_progress, self._on_point = on_progress, on_point

    def follow(self, messages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """The result, as `TrainingResult` has it. Raises what the program ended with, if it is another error."""
        result, done = None, False
        error = SamphireError(
            "The training stopped unexpectedly.",
            hint="The server may have run out of memory. Resume to continue from the last checkpoint.",
        )
        for message in messages:
            if message.get("step") in STEPS:
                self._on_progress(
                    {
                        "step": message["step"],
                        "part": _number(message.get("part")),
                        "seconds_left": _number(message.get("seconds_left")),
                    }
                )
            elif "point" in message:
                self._add(message["point"])
            elif "result" in message:
                result = _result(message["result"])
            elif "error" in message:
                error = from_answer(message["error"])
                if "trace" in message:
                    log.error("Unexpected, in a training:\n%s", message["trace"])
            elif message.get("done"):
                done = True
        if not done or result is None:
            raise error
        return result

    def _add(self, told: Mapping[str, Any]) -> None:
        point = {
            "step": int(told["step"]),
            "loss": _number(told.get("loss")),
            "validation": _number(told.get("validation")),
        }
        while self.curve and self.curve[-1]["step"] >= point["step"]:
            self.curve.pop()  # it went on from before that
        self.curve.append(point)
        if len(self.curve) > MOST_POINTS:
            self.curve = thinned(self.curve)
        self._on_point(point)


def thinned(curve: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every other point, but all with a validation, and the last."""
    last = len(curve) - 1
    kept = [
        point
        for number, point in enumerate(curve)
        if number % 2 == 0 or number == last or point["validation"] is not None
    ]
    return kept if len(kept) <= MOST_POINTS else curve[::2]


def _number(value: Any) -> float | None:
    """None for what JSON has no word for."""
    return round(float(value), 6) if isinstance(value, int | float) and isfinite(value) else None


def _result(told: Any) -> dict[str, Any]:
    """Raises SamphireError."""
    try:
        json.dumps(told, allow_nan=False)
        return to_json(parse(TrainingResult, told, BadRequest))
    except (ValueError, BadRequest) as error:
        log.error("What a training tells of its result makes no sense: %s", error)
        raise SamphireError("Couldn't read the training result.", hint="Resume the training.") from None
