"""Prediction: what is offered, shared, remembered and refused; the decoder is a fake with a known answer."""

import threading
import time
import zlib
from functools import partial
from types import SimpleNamespace

import gevent
import numpy as np
import pytest

from server.config import Settings
from server.domain import logits_codec, masks
from server.domain.frames import InputFrame
from server.errors import (
    BadRequest,
    DecodingFailed,
    InvalidLogits,
    InvalidPrompt,
    PredictionExpired,
    SegmenterNotFound,
    Superseded,
)
from server.jobs.pools import Pools
from server.jobs.sharing import LatestWins, Turn
from server.services.prediction import Prediction

IMAGE = SimpleNamespace(id="a", width=120, height=80)
OTHER = SimpleNamespace(id="b", width=120, height=80)
FRAME = InputFrame(120, 80)
CLICK = {"points": [[60, 40, 1]]}


class FakeDecoder:
    """Four discs around the first point; remembers what it was given."""

    def __init__(self):
        self.calls, self.seconds, self.prepared = [], 0.0, 0

    def prepare(self, tensors):
        self.prepared += 1
        return tensors

    def decode(self, prepared, coords, labels, frame, mask_input=None):
        time.sleep(self.seconds)
        self.calls.append((threading.get_ident(), coords, labels, mask_input))
        y, x = np.mgrid[: 4 * frame.token_rows, : 4 * frame.token_columns] + 0.5
        distance = np.hypot(x - coords[0, 0] / 4, y - coords[0, 1] / 4)
        logits = np.stack([radius - distance for radius in (40, 10, 20, 30)]).astype(np.float32)
        return SimpleNamespace(
            low_res_logits=logits, predicted_iou=np.array([0.9, 0.7, 0.95, 0.8], np.float32)
        )


class FakeEmbeddings:
    """Always ready; of the first `damaged` the blob cannot be read."""

    def __init__(self, damaged=0):
        self.damaged, self.on_forget = damaged, []

    def wait(self, image, spec, timeout):
        return SimpleNamespace(image_id=image.id)

    def load(self, row, spec):
        gevent.sleep(0.01)
        if self.damaged:
            self.damaged -= 1
            return None
        return SimpleNamespace(tensors={"image_tokens": np.zeros((4096, 256), np.float32)})


class FakeSegmenters:
    """Two, of the two ways to lie a picture into the input frame; both with the one decoder."""

    def __init__(self, decoder):
        self._decoder = decoder
        self.specs = {
            name: SimpleNamespace(
                id=name, weights="w" * 64, sha256={}, frame=partial(InputFrame, resize=resize)
            )
            for name, resize in (("fake", "longest_side"), ("squeezed", "square"))
        }

    def find(self, segmenter=None):
        if (segmenter or "fake") not in self.specs:
            raise SegmenterNotFound()
        return self.specs[segmenter or "fake"]

    def decoder(self, spec):
        return self._decoder


def make(decoder, pools, damaged=0):
    return Prediction(Settings(), FakeSegmenters(decoder), FakeEmbeddings(damaged), pools)  # type: ignore[arg-type]


@pytest.fixture
def decoder():
    return FakeDecoder()


@pytest.fixture
def prediction(decoder):
    pools = Pools(2, 2)
    yield make(decoder, pools)
    pools.close()


def test_a_click_is_answered_with_three_full_size_masks(prediction, decoder):
    answer = prediction.predict(IMAGE, CLICK)
    assert [candidate["token"] for candidate in answer["candidates"]] == [1, 2, 3]
    assert answer["best"] == 1  # token 2: the highest of this fake's scores
    for candidate, radius in zip(answer["candidates"], (10, 20, 30), strict=True):
        mask = masks.decode_rle(candidate["rle"])
        assert mask.shape == (80, 120)
        assert mask.sum() == candidate["area"]
        expected = np.pi * (radius * 4 / (FRAME.width / FRAME.image_width)) ** 2
        assert abs(candidate["area"] - expected) / expected < 0.05
        x, y, width, height = candidate["bbox"]
        assert abs(x + width / 2 - 60) <= 1
        assert abs(y + height / 2 - 40) <= 1
    assert {"wait", "decode", "masks", "total"} == set(answer["timing_ms"])
    thread, coords, labels, mask_input = decoder.calls[0]
    assert thread != threading.get_ident()
    np.testing.assert_allclose(coords[0], FRAME.to_input(np.array([[60, 40]]))[0])
    assert labels.tolist() == [1, -1]
    assert mask_input is None


def test_a_box_offers_the_single_mask_first_and_all_means_all(prediction):
    assert prediction.predict(IMAGE, {"box": [10, 10, 90, 70]})["candidates"][0]["token"] == 0
    answer = prediction.predict(IMAGE, CLICK | {"all": True})
    assert [candidate["token"] for candidate in answer["candidates"]] == [0, 1, 2, 3]
    assert answer["best"] == 2


def test_equal_requests_in_flight_share_one_decoding(prediction, decoder):
    decoder.seconds = 0.05
    asked = [gevent.spawn(prediction.predict, IMAGE, CLICK) for _ in range(6)]
    different = gevent.spawn(prediction.predict, OTHER, CLICK)
    gevent.joinall([*asked, different], raise_error=True)
    assert len(decoder.calls) == 2
    assert len({greenlet.value["prediction"] for greenlet in asked}) == 1
    prediction.predict(IMAGE, CLICK)
    assert len(decoder.calls) == 3


def test_requests_together_on_one_image_load_it_once(prediction, decoder):
    prompts = [{"points": [[x, 40, 1]]} for x in range(6)]
    gevent.joinall([gevent.spawn(prediction.predict, IMAGE, prompt) for prompt in prompts], raise_error=True)
    assert (len(decoder.calls), decoder.prepared) == (6, 1)
    prediction.forget("a")
    assert prediction._prepared.size == 0
    prediction.predict(IMAGE, CLICK)
    assert decoder.prepared == 2


@pytest.mark.parametrize(("damaged", "fails"), [(1, False), (2, True)])
def test_a_damaged_embedding_is_asked_for_once_more(decoder, damaged, fails):
    pools = Pools(1, 1)
    prediction = make(decoder, pools, damaged)
    if fails:
        with pytest.raises(DecodingFailed):
            prediction.predict(IMAGE, CLICK)
    else:
        assert prediction.predict(IMAGE, CLICK)["candidates"]
    pools.close()


def test_a_mask_is_fed_back_by_its_id(prediction, decoder):
    first = prediction.predict(IMAGE, CLICK)
    mask_id = first["candidates"][1]["mask_id"]
    refined = prediction.predict(IMAGE, CLICK | {"mask_from": mask_id})
    assert refined["candidates"][0]["token"] == 0  # one click and a mask are not ambiguous
    fed = decoder.calls[-1][3]
    assert fed.shape == (1, 1, 256, 256)
    assert fed.dtype == np.float32
    y, x = int(40 * (FRAME.width / FRAME.image_width) / 4), int(60 * (FRAME.width / FRAME.image_width) / 4)
    assert fed[0, 0, y, x] == pytest.approx(20, abs=1)  # token 2's disc
    with pytest.raises(PredictionExpired):
        prediction.predict(IMAGE, CLICK | {"mask_from": "gone"})
    with pytest.raises(BadRequest, match="another image"):
        prediction.predict(OTHER, CLICK | {"mask_from": mask_id})


def test_a_segmenter_is_chosen_by_its_id_and_has_its_own_frame(prediction, decoder):
    plain = prediction.predict(IMAGE, CLICK)
    squeezed = prediction.predict(IMAGE, CLICK | {"segmenter": "squeezed"})
    assert (plain["segmenter"], squeezed["segmenter"]) == ("fake", "squeezed")
    assert squeezed["weights"] == "w" * 64
    assert decoder.prepared == 2  # nothing that was prepared for one goes to the other
    np.testing.assert_allclose(decoder.calls[0][1][0], [512, 40 * 683 / 80], atol=1e-3)
    np.testing.assert_allclose(decoder.calls[1][1][0], [512, 512], atol=1e-3)
    assert plain["candidates"][1]["rle"]["size"] == squeezed["candidates"][1]["rle"]["size"] == [80, 120]
    x, y, width, height = squeezed["candidates"][1][
        "bbox"
    ]  # a disc of the square is an ellipse of the picture
    assert (x + width / 2, y + height / 2) == (60, 40)
    assert (width, height) == pytest.approx((40 * 120 / 256, 40 * 80 / 256), abs=2)
    logits = prediction.predict_logits(IMAGE, CLICK | {"segmenter": "squeezed"}, Turn())
    assert (logits["shape"], logits["segmenter"]) == ([4, 256, 256], "squeezed")
    assert prediction.predict_logits(IMAGE, CLICK, Turn())["shape"][1] < 256


def test_equal_prompts_for_two_segmenters_at_once_are_two_predictions(prediction, decoder):
    asked = [
        gevent.spawn(prediction.predict, IMAGE, CLICK | {"segmenter": name}) for name in ("fake", "squeezed")
    ]
    gevent.joinall(asked, raise_error=True)
    assert [greenlet.value["segmenter"] for greenlet in asked] == ["fake", "squeezed"]
    assert len(decoder.calls) == 2


def test_a_mask_is_fed_back_to_the_segmenter_that_made_it_only(prediction, decoder):
    mask_id = prediction.predict(IMAGE, CLICK)["candidates"][1]["mask_id"]
    with pytest.raises(BadRequest, match="another segmenter, fake"):
        prediction.predict(IMAGE, CLICK | {"mask_from": mask_id, "segmenter": "squeezed"})
    prediction._segmenters.specs["fake"].weights = "x" * 64  # replaced meanwhile
    with pytest.raises(PredictionExpired):
        prediction.predict(IMAGE, CLICK | {"mask_from": mask_id})
    with pytest.raises(SegmenterNotFound):
        prediction.predict(IMAGE, CLICK | {"segmenter": "gone"})
    assert len(decoder.calls) == 1


def test_only_so_many_masks_are_remembered(prediction):
    prediction._remembered.capacity = 3_000_000
    first = prediction.predict(IMAGE, CLICK)
    for x in range(8):
        prediction.predict(IMAGE, {"points": [[x, 40, 1]]})
    assert prediction._remembered.size <= 3_000_000
    with pytest.raises(PredictionExpired):
        prediction.predict(IMAGE, CLICK | {"mask_from": first["candidates"][0]["mask_id"]})


@pytest.mark.parametrize(
    "data", [{}, {"points": []}, {"points": [[1, 1, 2]]}, {"points": [[float("nan"), 1, 1]]}]
)
def test_what_is_no_prompt_is_refused(prediction, decoder, data):
    with pytest.raises(InvalidPrompt):
        prediction.predict(IMAGE, data)
    assert decoder.calls == []


@pytest.mark.parametrize("data", [{"mask_from": 3}, {"mask_from": ["a"]}, {"all": 1}, {"all": None}])
def test_wrong_types_are_refused(prediction, data):
    with pytest.raises(BadRequest):
        prediction.predict(IMAGE, CLICK | data)


def test_logits_come_compressed_and_close(prediction):
    answer = prediction.predict_logits(IMAGE, CLICK, Turn())
    logits = logits_codec.unpack(zlib.decompress(answer["logits"], -15))
    assert list(logits.shape) == answer["shape"] == [4, 4 * FRAME.token_rows, 4 * FRAME.token_columns]
    y, x = int(40 * (FRAME.width / FRAME.image_width) / 4), int(60 * (FRAME.width / FRAME.image_width) / 4)
    assert [round(float(value)) for value in logits[:, y, x]] == pytest.approx([40, 10, 20, 30], abs=1)
    assert answer["predicted_iou"] == pytest.approx([0.9, 0.7, 0.95, 0.8])
    assert len(answer["logits"]) < 4 * 256 * 256


def test_logits_come_with_the_ratings_of_the_exact_masks(prediction):
    answer = prediction.predict_logits(IMAGE, CLICK, Turn())
    exact = prediction.predict(IMAGE, CLICK | {"all": True})["candidates"]
    assert answer["stability_score"] == [candidate["stability_score"] for candidate in exact]
    shares = [candidate["area"] / (IMAGE.width * IMAGE.height) for candidate in exact]
    assert answer["area_fraction"] == pytest.approx(shares, abs=0.02)


def _packed(logits):
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(logits_codec.pack(logits)) + packer.flush()


def test_logits_are_fed_back_over_the_wire(prediction, decoder):
    logits = np.full((1, 4 * FRAME.token_rows, 4 * FRAME.token_columns), 3.0, np.float32)
    prediction.predict_logits(IMAGE, CLICK | {"mask_input": _packed(logits)}, Turn())
    np.testing.assert_allclose(decoder.calls[-1][3][0, 0, :100, :200], 3.0, rtol=1e-3)


@pytest.mark.parametrize(
    "data",
    [
        "text",
        7,
        b"",
        b"junk",
        _packed(np.ones((1, 8, 8))),
        _packed(np.ones((4, 256, 256))),
        b"\xff" * 100_000,
    ],
    ids=["text", "number", "empty", "junk", "small", "four", "large"],
)
def test_what_are_no_logits_is_refused(prediction, decoder, data):
    with pytest.raises(InvalidLogits):
        prediction.predict_logits(IMAGE, CLICK | {"mask_input": data}, Turn())
    assert decoder.calls == []


def test_a_superseded_request_is_not_decoded(prediction, decoder):
    turn = Turn()
    turn.superseded = True
    with pytest.raises(Superseded):
        prediction.predict_logits(IMAGE, CLICK, turn)
    assert decoder.calls == []


def test_a_request_waiting_for_a_thread_is_dropped_when_a_newer_one_comes(decoder):
    pools, latest = Pools(1, 2), LatestWins()
    prediction = make(decoder, pools)
    decoder.seconds = 0.05

    def ask(client):
        try:
            return latest.run(client, lambda turn: prediction.predict_logits(IMAGE, CLICK, turn))["shape"][0]
        except Superseded:
            return "superseded"

    others = [gevent.spawn(ask, f"other {number}") for number in range(3)]
    gevent.sleep(0)
    mine = []
    for _ in range(4):
        mine.append(gevent.spawn(ask, "me"))
        gevent.sleep(0)
    gevent.joinall([*others, *mine], raise_error=True)
    assert [greenlet.value for greenlet in others] == [4, 4, 4]
    assert [greenlet.value for greenlet in mine] == ["superseded"] * 3 + [4]
    assert len(decoder.calls) == 4
    pools.close()
