"""Prompts from the outside: checked, and turned into what the decoder reads."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from ..errors import InvalidPrompt
from .frames import InputFrame
from .types import Box, Point, Prompt

MAX_POINTS = 256
PADDING, BOX_TOP_LEFT, BOX_BOTTOM_RIGHT = -1, 2, 3


def parse_prompt(data: Mapping[str, Any], width: int, height: int) -> Prompt:
    """The prompt in `{"points": [[x, y, label], ...], "box": [x0, y0, x1, y1] | null}`, image-frame pixels.

    Coordinates are clamped to the picture of width x height; a box may be given from any corner. Raises
    InvalidPrompt, also for a prompt of neither a point nor a box: a mask fed back alone says nothing new.
    """
    points = data.get("points")
    if points is None:
        points = []
    if not isinstance(points, Sequence) or isinstance(points, (str, bytes)) or len(points) > MAX_POINTS:
        raise InvalidPrompt(f"points must be a list of at most {MAX_POINTS} entries.")
    box = data.get("box")
    prompt = Prompt(
        tuple(_point(point, width, height) for point in points),
        None if box is None else _box(box, width, height),
    )
    if not prompt.points and prompt.box is None:
        raise InvalidPrompt("The prompt has neither a point nor a box.")
    return prompt


def decoder_inputs(prompt: Prompt, frame: InputFrame) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates (n, 2) float32 in the input frame and labels (n,) float32, as SAM's prompt encoder wants them.

    Points come first, then the box's corners; without a box one padding point takes their place.
    """
    coords = [point[:2] for point in prompt.points]
    labels = [float(point[2]) for point in prompt.points]
    if prompt.box is not None:
        coords += [prompt.box[:2], prompt.box[2:]]
        labels += [BOX_TOP_LEFT, BOX_BOTTOM_RIGHT]
    else:
        coords.append((0.0, 0.0))
        labels.append(PADDING)
    return frame.to_input(np.array(coords)), np.array(labels, np.float32)


def _numbers(value: Any, count: int, what: str) -> list[float]:
    wrong = InvalidPrompt(f"{what} must be {count} finite numbers.")
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)) or len(value) != count:
        raise wrong
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in value):
        raise wrong
    try:
        numbers = [float(one) for one in value]
    except OverflowError:
        raise wrong from None
    if not all(map(isfinite, numbers)):
        raise wrong
    return numbers


def _clamp(x: float, y: float, width: int, height: int) -> tuple[float, float]:
    return min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))


def _point(value: Any, width: int, height: int) -> Point:
    x, y, label = _numbers(value, 3, "A point [x, y, label]")
    if label not in (0, 1):
        raise InvalidPrompt("A point's label must be 1 (include) or 0 (exclude).")
    return (*_clamp(x, y, width, height), int(label))


def _box(value: Any, width: int, height: int) -> Box:
    x0, y0, x1, y1 = _numbers(value, 4, "A box [x0, y0, x1, y1]")
    left, top = _clamp(min(x0, x1), min(y0, y1), width, height)
    right, bottom = _clamp(max(x0, x1), max(y0, y1), width, height)
    if right - left <= 0 or bottom - top <= 0:
        raise InvalidPrompt("The box has no area inside the image.")
    return left, top, right, bottom
