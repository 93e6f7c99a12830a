"""In which window of an image a prompt is decoded."""

from collections.abc import Sequence

from ...domain.types import Box, Prompt
from ...domain.windows import Window, find_window, window_of_prompt
from ...errors import InvalidPrompt
from ...storage.tables import Image


def asked_window(key: str, prompt: Prompt, image: Image) -> Window:
    """The one that a client names. Raises WindowNotFound, and InvalidPrompt for what reaches beyond it."""
    window = find_window(key, image.width, image.height)
    x, y, width, height = window.bbox
    x0, y0, x1, y1 = _extent(prompt, None)
    if x0 < x or y0 < y or x1 > x + width or y1 > y + height:
        raise InvalidPrompt(
            f"The prompt reaches beyond the window {key}, which is {list(window.bbox)}.",
            hint='Leave "window" out, or send "auto".',
        )
    return window


def needed_window(prompt: Prompt, bbox: Sequence[float] | None, image: Image) -> Window | None:
    """The smallest with room around the prompt and what it is about; None: the whole image is as good.

    bbox: x, y, width, height of the object, as far as that is known."""
    return window_of_prompt(_extent(prompt, bbox), image.width, image.height)


def _extent(prompt: Prompt, bbox: Sequence[float] | None) -> Box:
    """Around all there is."""
    boxes: list[Sequence[float]] = [(x, y, x, y) for x, y, _ in prompt.points]
    if prompt.box is not None:
        boxes.append(prompt.box)
    if bbox is not None and bbox[2] > 0:
        boxes.append((bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3]))
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
