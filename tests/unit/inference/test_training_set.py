"""Training sets: what is written is read again, and an encoder sees the same in the pixels as in the image."""

import numpy as np
import pytest

from server.domain import embedding_codec
from server.errors import InvalidDataset
from server.inference.catalog import DEFAULT, open_catalog
from server.inference.encoder import Encoder
from server.inference.training_set import SetWriter, TrainingObject, pixels_of, read_set

DOG = TrainingObject("dog 1", "dog", "05")
CONTAINER = embedding_codec.encode(
    {"image_tokens": np.zeros((4096, 256), np.float32)}, "sam", "0" * 64, (3, 2)
)


def picture(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(width).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("size", [(1500, 900), (700, 2100), (1024, 768), (300, 200)])
def test_an_encoder_sees_the_same_in_the_pixels(tmp_path, size):
    rgb, encoder = picture(*size), Encoder(spec := open_catalog(tmp_path).find(DEFAULT))
    writer = SetWriter(tmp_path / "set", spec.id, spec.encoding)
    writer.add("a", size, CONTAINER, [DOG], pixels=pixels_of(rgb, spec.frame(*size)))
    writer.close()
    found = read_set(tmp_path / "set")
    seen = found.rgb(found.images[0])
    assert max(seen.shape[:2]) <= 1024
    assert np.array_equal(encoder.pixels(seen), encoder.pixels(rgb))


def test_a_set_without_pixels_says_so(tmp_path):
    writer = SetWriter(tmp_path / "set", "sam", "0" * 64)
    writer.add("a", (3, 2), CONTAINER, [DOG])
    found = writer.close()
    assert read_set(tmp_path / "set") == found
    with pytest.raises(InvalidDataset, match="pixels of a cannot be read"):
        found.rgb(found.images[0])
