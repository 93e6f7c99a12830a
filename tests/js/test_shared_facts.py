"""What both languages must compute alike: Python's answers, written to fixtures/shared_facts.json, which the
JavaScript tests read. `python tests/js/test_shared_facts.py` writes the file anew after a deliberate change.
"""

import base64
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from server.domain import embedding_codec, logits_codec, masks  # noqa: E402  (of this checkout, run as a program)
from server.domain.frames import RESIZES, InputFrame  # noqa: E402
from server.domain.prompts import decoder_inputs, parse_prompt  # noqa: E402
from server.domain.selection import Ratings, agreement, default_token, offered_tokens  # noqa: E402
from server.domain.types import Prompt  # noqa: E402
from tests.js.logits import waves  # noqa: E402
from tests.js.outline_facts import outline_facts  # noqa: E402
from tests.js.window_facts import window_facts  # noqa: E402

FIXTURE = Path(__file__).with_name("fixtures") / "shared_facts.json"
SQUEEZED = [(213, 196), (1, 400), (1500, 1001), (37, 53), (1024, 1024)]  # with SAM 2's square frame
SIZES = [(213, 196), (1, 400), (400, 1), (37, 53), (53, 37), (1024, 683), (640, 480), (5, 3), (1500, 1001)]


def _frames() -> list[dict]:
    facts = []
    pictures = [(*size, "longest_side") for size in SIZES] + [(*size, "square") for size in SQUEEZED]
    for width, height, resize in pictures:
        frame = InputFrame(width, height, resize)
        logits = waves(4 * frame.token_rows, 4 * frame.token_columns)
        rle = masks.encode_rle(masks.full_size_mask(logits, frame))
        facts.append(
            {
                "image": [width, height],
                "resize": resize,
                "input": [frame.width, frame.height],
                "cells": [frame.low_res_columns, frame.low_res_rows],
                "tokens": [frame.token_columns, frame.token_rows],
                "mask": {"rle": rle, "area": masks.rle_area(rle), "bbox": masks.rle_bbox(rle)},
                "stability": float(masks.stability_scores(logits[None], frame)[0]),
                "area_fraction": float(masks.area_fractions(logits[None], frame)[0]),
            }
        )
    return facts


def _prompts() -> list[dict]:
    asked = [
        {"points": [[20.25, 900, 1]], "box": None},
        {"points": [[20.25, 900, 1], [1499.5, 0.5, 0]], "box": None},
        {"points": [], "box": [10, 20, 1400.5, 600]},
        {"points": [[700, 300, 1]], "box": [10, 20, 1400.5, 600]},
    ]
    random = np.random.default_rng(1)
    facts = []
    for data in asked:
        prompt = parse_prompt(data, 1500, 1001)
        coords = {
            resize: decoder_inputs(prompt, InputFrame(1500, 1001, resize))[0].ravel().tolist()
            for resize in RESIZES
        }
        _, labels = decoder_inputs(prompt, InputFrame(1500, 1001))
        ratings = [
            [[round(float(one), 4) for one in row] for row in random.uniform(0.01, 1, (4, 4))]
            for _ in range(8)
        ]
        facts.append(
            {
                "image": [1500, 1001],
                "prompt": data,
                "coords": coords,
                "labels": labels.tolist(),
                "offered": list(offered_tokens(prompt)),
                "ratings": [
                    {
                        "values": rating,
                        "first": default_token(prompt, Ratings(*np.array(rating)), "longest_side"),
                        "refined": [
                            default_token(replace(prompt, has_mask=True), Ratings(*np.array(rating)), resize)
                            for resize in RESIZES
                        ],
                    }
                    for rating in ratings
                ],
            }
        )
    return facts


def _agreements() -> list[dict]:
    box = (300.5, 0.0, 700.0, 250.25)
    facts = []
    for resize in RESIZES:
        frame = InputFrame(1500, 1001, resize)
        for less in (0, 9, 100):  # from many pieces to no pixel at all
            logits = waves(4 * frame.token_rows, 4 * frame.token_columns)[None] - np.float32(less)
            before = 1 - waves(256, 256)  # also of the padding
            facts.append(
                {
                    "image": [1500, 1001],
                    "resize": resize,
                    "less": less,
                    "box": box,
                    "with_box": float(agreement(Prompt(box=box), logits, frame, None)[0]),
                    "with_mask": float(agreement(Prompt(box=box, has_mask=True), logits, frame, before)[0]),
                }
            )
    return facts


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _codecs() -> dict:
    logits = np.stack([waves(12, 20), -3 * waves(12, 20)])
    packed = logits_codec.pack(logits)
    tensors = {
        "image_tokens": waves(64, 6) / 7,
        "half_features": waves(144, 4),
        "full_features": -waves(16, 2),
    }
    container = embedding_codec.encode(tensors, "sam2", "ab" * 32, (1500, 1001))
    read = embedding_codec.decode(container).tensors
    return {
        "logits": {
            "packed": _base64(packed),
            "values": _base64(logits_codec.unpack(packed).astype("<f4").tobytes()),
        },
        "embedding": {
            "container": _base64(container),
            "tensors": {name: _base64(tensor.astype("<f4").tobytes()) for name, tensor in read.items()},
        },
    }


def _pictures() -> list[dict]:
    """Scaled as the encoder's are: up, down by little and by much, and one side alone."""
    row, column, color = np.indices((23, 31, 3))
    picture = Image.fromarray(((row * 7919 + column * 104729 + color * 31) % 256).astype(np.uint8))
    return [
        {
            "size": [width, height],
            "rgb": _base64(picture.resize((width, height), Image.Resampling.BILINEAR).tobytes()),
        }
        for width, height in ((31, 23), (64, 47), (20, 15), (5, 4), (31, 9), (3, 23))
    ]


def shared_facts() -> dict:
    return {
        "pictures": _pictures(),
        "frames": _frames(),
        "prompts": _prompts(),
        "agreements": _agreements(),
        "codecs": _codecs(),
        "outlines": outline_facts(),
        "windows": window_facts(),
    }


def test_python_still_computes_what_the_javascript_is_tested_against():
    assert json.loads(FIXTURE.read_text("utf-8")) == json.loads(json.dumps(shared_facts()))


if __name__ == "__main__":
    FIXTURE.parent.mkdir(exist_ok=True)
    FIXTURE.write_text(json.dumps(shared_facts(), indent=1) + "\n", "utf-8")
