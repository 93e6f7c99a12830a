"""In which window a prompt is decoded, and that its masks are the whole image's all the same."""

import numpy as np
import pytest

from server.domain import masks
from server.domain.windows import find_window
from server.errors import BadRequest, InvalidLogits, InvalidPrompt, WindowNotFound
from server.runtime.pools import Pools
from server.runtime.sharing import Turn
from tests.unit.features.predicting import CLICK, IMAGE, LARGE, FakeDecoder, FakeEmbeddings, make

SPOT = {"points": [[2100, 1500, 1]]}
SMALL = "2-5-3"  # the smallest window around that


@pytest.fixture
def embeddings():
    return FakeEmbeddings()


@pytest.fixture
def decoder():
    return FakeDecoder()


@pytest.fixture
def prediction(decoder, embeddings):
    pools = Pools(1, 1)
    yield make(decoder, pools, embeddings=embeddings)
    pools.close()


def test_without_a_window_the_whole_image_is_decoded(prediction, embeddings):
    assert prediction.predict(LARGE, SPOT)["window"] is None
    assert embeddings.windows == [""]


def test_a_window_that_is_named_is_decoded_in_and_masks_are_the_images(prediction, embeddings, decoder):
    whole = prediction.predict(LARGE, SPOT)
    answer = prediction.predict(LARGE, SPOT | {"window": "1-2-1"})
    assert answer["window"] == "1-2-1"
    assert embeddings.windows == ["", "1-2-1"]
    window = find_window("1-2-1", 4000, 3000)
    frame = (np.array([2100, 1500]) - (window.x, window.y)) * (1024 / 2000)
    np.testing.assert_allclose(decoder.calls[-1][1][0], frame)
    for coarse, fine in zip(whole["candidates"], answer["candidates"], strict=True):
        mask = masks.decode_rle(fine["rle"])
        assert mask.shape == (3000, 4000)
        rows, columns = np.nonzero(mask)
        np.testing.assert_allclose([columns.mean() + 0.5, rows.mean() + 0.5], [2100, 1500], atol=2)
        assert abs(4 * fine["area"] / coarse["area"] - 1) < 0.05  # discs of as many cells, of half the size


def test_auto_takes_the_smallest_window_around_what_the_whole_image_shows(prediction, embeddings):
    answer = prediction.predict(LARGE, SPOT | {"window": "auto"})
    assert embeddings.windows == ["", answer["window"]]
    assert answer["window"] == SMALL  # the disc of 40 cells is 625 pixels wide
    assert "decode" in answer["timing_ms"]


def test_auto_takes_the_smallest_window_around_a_box_at_once(prediction, embeddings):
    answer = prediction.predict(LARGE, {"box": [2050, 1450, 2150, 1550], "window": "auto"})
    assert answer["window"] == SMALL
    assert embeddings.windows == [SMALL]
    assert prediction.predict(LARGE, {"box": [100, 100, 3000, 2000], "window": "auto"})["window"] is None


def test_auto_needs_no_window_of_a_small_image(prediction, embeddings):
    assert prediction.predict(IMAGE, CLICK | {"window": "auto"})["window"] is None
    assert embeddings.windows == [""]


def test_a_mask_passes_from_one_window_to_another(prediction, decoder):
    first = prediction.predict(LARGE, SPOT)
    best = first["candidates"][first["best"]]
    refined = SPOT | {"points": [[2100, 1500, 1], [2110, 1500, 1]], "mask_from": best["mask_id"]}
    prediction.predict(LARGE, refined | {"window": "1-2-1"})
    fed = decoder.calls[-1][3]
    assert fed.shape == (1, 1, 256, 256)
    window = find_window("1-2-1", 4000, 3000)
    at = (np.array([2100 - window.x, 1500 - window.y]) * 256 / 2000).astype(int)
    assert fed[0, 0, at[1], at[0]] > 0
    inside = (fed[0, 0] > 0).sum() / 4
    assert abs(inside / (np.pi * 20**2) - 1) < 0.1  # the disc of 20 cells has twice as many across


@pytest.mark.parametrize(
    ("window", "error"),
    [("1-9-9", WindowNotFound), ("nonsense", BadRequest), (7, BadRequest), ("1-0-0", InvalidPrompt)],
)
def test_windows_that_cannot_be_are_refused(prediction, decoder, window, error):
    prompt = {"points": [[3900, 2900, 1]], "window": window}
    with pytest.raises(error):
        prediction.predict(LARGE, prompt)
    with pytest.raises(error):
        prediction.predict_logits(LARGE, prompt, Turn())
    assert not decoder.calls


def test_logits_of_a_window_are_over_it_alone(prediction, decoder, embeddings):
    answer = prediction.predict_logits(LARGE, SPOT | {"window": "1-2-1"}, Turn())
    assert answer["shape"] == [4, 256, 256]
    assert embeddings.windows == ["1-2-1"]
    whole = prediction.predict_logits(LARGE, SPOT, Turn())
    with pytest.raises(InvalidLogits):  # of the whole image, whose picture has another shape
        prediction.predict_logits(LARGE, SPOT | {"window": "1-2-1", "mask_input": whole["logits"]}, Turn())
