"""What windows of large images are, and how logits over them become masks: for test_shared_facts.py."""

import numpy as np

from server.domain import masks
from server.domain.frames import InputFrame
from server.domain.windows import find_window, holds, levels, window_of_prompt, window_of_view
from tests.js.logits import waves

SIZES = [(4000, 3000), (3001, 4003), (1600, 900), (1535, 1001), (12001, 1200), (12001, 9001)]
ROUNDS = 60


def window_facts() -> dict:
    return {"pyramids": [_pyramid(*size) for size in SIZES], "masks": _masks(), "moved": _moved()}


def _pyramid(width: int, height: int) -> dict:
    random = np.random.default_rng(width)
    asked = []
    for _ in range(ROUNDS):
        x, y = (random.uniform((-100, -100), (width, height)) * 2).round() / 2
        across, down = (random.uniform(0, 1, 2) ** 4 * (width, height) * 2).round() / 2
        rect = (float(x), float(y), float(x + across), float(y + down))
        view, prompt = (find(rect, width, height) for find in (window_of_view, window_of_prompt))
        asked.append(
            {
                "rect": rect,
                "view": None if view is None else [view.key, *view.bbox],
                "prompt": None if prompt is None else [prompt.key, *prompt.bbox],
                "held": None if view is None else holds(view, rect, width, height),
            }
        )
    return {"image": [width, height], "levels": levels(width, height), "asked": asked}


def _masks() -> list[dict]:
    facts = []
    for resize in ("longest_side", "square"):
        for size, key in (((1601, 900), "1-3-0"), ((1600, 1200), "1-0-0"), ((1200, 1700), "1-0-2")):
            window = find_window(key, *size)
            frame = InputFrame(window.width, window.height, resize, window.x, window.y)
            logits = waves(4 * frame.token_rows, 4 * frame.token_columns)
            rle = masks.encode_rle(masks.mask_in_image(logits, frame, *size))
            facts.append(
                {
                    "image": size,
                    "resize": resize,
                    "window": key,
                    "cells": [frame.low_res_columns, frame.low_res_rows],
                    "point": frame.to_input(np.array([window.x + 10.25, window.y + 20.5])).ravel().tolist(),
                    "mask": {"rle": rle, "area": masks.rle_area(rle), "bbox": masks.rle_bbox(rle)},
                }
            )
    return facts


def _moved() -> list[dict]:
    """Logits of one part over another: into a window, out of it, and from one to another."""
    size = (1601, 1200)
    facts = []
    for resize in ("longest_side", "square"):
        frames = [InputFrame(*size, resize)]
        for key in ("1-1-0", "1-2-1"):
            window = find_window(key, *size)
            frames.append(InputFrame(window.width, window.height, resize, window.x, window.y))
        for source, target in ((0, 1), (1, 0), (1, 2)):
            one, other = frames[source], frames[target]
            logits = waves(4 * one.token_rows, 4 * one.token_columns)
            moved = masks.logits_in_frame(logits, one, other)
            facts.append(
                {
                    "image": size,
                    "resize": resize,
                    "windows": [[None, "1-1-0", "1-2-1"][each] for each in (source, target)],
                    "shape": list(moved.shape),
                    "values": moved.ravel()[::997].tolist(),
                }
            )
    return facts
