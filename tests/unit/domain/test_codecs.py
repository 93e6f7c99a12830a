"""Both codecs lose what they say they lose and refuse bytes that are not theirs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import embedding_codec, logits_codec
from server.errors import InvalidEmbedding, InvalidLogits

RNG = np.random.default_rng(1)


def embedding(side: int = 8, channels: int = 16) -> np.ndarray:
    return np.cumsum(RNG.normal(size=(side * side, channels)), axis=0).astype(np.float32)


def test_embedding_comes_back_within_half_a_step():
    tokens = embedding()
    tokens[:, 3] = 7  # a channel that says nothing
    back = embedding_codec.decode(
        embedding_codec.encode({"image_tokens": tokens}, "mobile_sam", "ab" * 32, (640, 480))
    )
    step = np.ptp(tokens, axis=0) / embedding_codec.LEVELS
    assert (np.abs(back.tensors["image_tokens"] - tokens) <= step / 2 + 1e-5).all()
    assert (back.segmenter, back.weights, back.image_size) == ("mobile_sam", "ab" * 32, (640, 480))


@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_prediction_is_undone_exactly(side, seed):
    levels = np.random.default_rng(seed).integers(0, 256, (side, side, 5), np.uint8)
    assert np.array_equal(embedding_codec._levels(embedding_codec._residuals(levels)), levels)


@pytest.mark.parametrize("damage", ["empty", "magic", "version", "short", "header"])
def test_other_bytes_are_not_an_embedding(damage):
    data = bytearray(embedding_codec.encode({"image_tokens": embedding()}, "s", "w", (1, 1)))
    if damage == "empty":
        data = bytearray()
    elif damage == "magic":
        data[0] = 0
    elif damage == "version":
        data[4] = 9
    elif damage == "short":
        del data[-10:]
    else:
        data[14] = 0
    with pytest.raises(InvalidEmbedding):
        embedding_codec.decode(bytes(data))


def test_logits_keep_their_contour():
    logits = RNG.normal(scale=9, size=(4, 40, 64)).astype(np.float32)
    back = logits_codec.unpack(logits_codec.pack(logits))
    peak = np.abs(logits).max(axis=(1, 2), keepdims=True)
    assert (np.abs(back - logits) <= np.sqrt(np.abs(logits) * peak) / 127 + peak / 127**2).all()
    far = np.abs(logits) > 0.01
    assert np.array_equal(back[far] > 0, logits[far] > 0)


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5, b"\0" * 6, b"\1\0\2\0\2\0" + b"\0" * 7, b"\1\0\1\0\1\0\0\0\xc0\x7f\1"]
)
def test_other_bytes_are_not_logits(data):
    with pytest.raises(InvalidLogits):
        logits_codec.unpack(data)
