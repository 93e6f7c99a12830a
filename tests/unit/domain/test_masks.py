"""Full-size masks equal the reference's two interpolations; RLE is COCO's, and a hostile one is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco

from server.domain.frames import InputFrame
from server.domain.masks import (
    check_rle,
    decode_rle,
    encode_rle,
    full_size_mask,
    mask_input_from_logits,
    rle_area,
    rle_bbox,
    stability_scores,
)
from server.errors import InvalidRLE


def interpolate(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Bilinear, half-pixel centres, edges clamped: written pixel by pixel, unlike the code under test."""

    def along(side: int, target: int):
        centre = np.clip((np.arange(target) + 0.5) * side / target - 0.5, 0, side - 1)
        low = np.floor(centre).astype(int)
        return low, np.minimum(low + 1, side - 1), centre - low

    top, bottom, down = along(image.shape[0], height)
    left, right, across = along(image.shape[1], width)
    upper = image[top][:, left] * (1 - across) + image[top][:, right] * across
    lower = image[bottom][:, left] * (1 - across) + image[bottom][:, right] * across
    return upper * (1 - down[:, None]) + lower * down[:, None]


@pytest.mark.parametrize(
    "size", [(1072, 603), (810, 1080), (37, 53), (1, 400), (400, 1), (213, 196), (1300, 1200)]
)
def test_full_size_mask_is_the_two_step_interpolation(size):
    frame = InputFrame(*size)
    logits = np.random.default_rng(3).normal(size=(256, 256)).astype(np.float32)
    large = interpolate(logits.astype(np.float64), 1024, 1024)[: frame.height, : frame.width]
    values = interpolate(large, frame.image_height, frame.image_width)
    extent = logits[: 4 * frame.token_rows, : 4 * frame.token_columns]
    mask = full_size_mask(extent, frame)
    assert mask.shape == (size[1], size[0])
    assert np.array_equal(mask[np.abs(values) > 1e-4], values[np.abs(values) > 1e-4] > 0)


def test_fed_back_logits_repeat_their_edge():
    fed = mask_input_from_logits(np.arange(6, dtype=np.float32).reshape(2, 3))
    assert fed.shape == (1, 1, 256, 256)
    assert fed[0, 0, :2, :3].ravel().tolist() == list(range(6))
    assert (fed[0, 0, 2:, 3:] == 5).all()


def test_stability_counts_only_the_picture():
    logits = np.full((1, 256, 256), 5, np.float32)
    logits[0, :10] = 0
    frame = InputFrame(100, 50)
    assert stability_scores(logits, frame)[0] == pytest.approx((128 - 10) / 128)
    logits[0, 200:] = -0.5  # padding
    assert stability_scores(logits, frame)[0] == pytest.approx((128 - 10) / 128)


masks = st.tuples(st.integers(1, 12), st.integers(1, 12), st.randoms()).map(
    lambda given: np.array([[given[2].random() < 0.5 for _ in range(given[1])] for _ in range(given[0])])
)


@given(masks)
def test_rle_is_pycocotools_own(mask):
    rle = encode_rle(mask)
    assert np.array_equal(coco.decode({**rle, "counts": rle["counts"].encode()}), mask)
    assert np.array_equal(decode_rle(check_rle(rle, mask.shape[1], mask.shape[0])), mask)
    assert rle_area(rle) == mask.sum()
    ys, xs = np.nonzero(mask)
    if len(xs):
        assert rle_bbox(rle) == [xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1]


def test_a_long_rle_is_read_as_pycocotools_does():
    mask = np.random.default_rng(1).random((700, 900)) < 0.5
    mask[:, 300:600] = False  # a run of five characters
    rle = encode_rle(mask)
    assert len(rle["counts"]) > 200_000
    assert check_rle(rle, 900, 700) == rle
    with pytest.raises(InvalidRLE):
        check_rle({**rle, "counts": rle["counts"] + "1"}, 900, 700)


@pytest.mark.parametrize(
    "rle",
    [
        None,
        {},
        {"size": [4, 5]},
        {"size": [5, 4], "counts": "d0"},
        {"size": [4, 5], "counts": b"d0"},
        {"size": [4, 5], "counts": ""},
        {"size": [4, 5], "counts": "d0d0d0"},
        {"size": [4, 5], "counts": "~~~~~~~~~~"},
        {"size": [4, 5], "counts": "oooooooooooooooooooo"},
        {"size": [4, 5], "counts": "PPPPPPP0d0"},  # eight characters that say nought
        {"size": [4, 5], "counts": "é"},
        {"size": [4, 5], "counts": [0, 20]},
        {"size": [4, 5], "counts": "d0Ld0"},
    ],
)
def test_unsound_rle_is_refused(rle):
    with pytest.raises(InvalidRLE):
        check_rle(rle, 5, 4)
