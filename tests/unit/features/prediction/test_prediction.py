"""Prediction: what is offered, shared, remembered and refused; the decoder is a fake with a known answer."""

import threading

import gevent
import numpy as np
import pytest

from server.config import Settings
from server.domain import masks
from server.errors import BadRequest, DecodingFailed, InvalidPrompt, PredictionExpired, SegmenterNotFound
from server.features.prediction.service import Prediction
from server.runtime.pools import Pools
from server.runtime.sharing import Turn
from server.runtime.turns import client
from tests.unit.features.predicting import CLICK, FRAME, IMAGE, OTHER, FakeEmbeddings, FakeSegmenters, make


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
    prediction.forget({"a"})
    assert prediction._prepared.size == 0
    prediction.predict(IMAGE, CLICK)
    assert decoder.prepared == 2


def test_what_a_prompt_needs_is_made_ready_before_it(decoder):
    pools = Pools(1, 1)
    embeddings = FakeEmbeddings()
    service = Prediction(Settings(), FakeSegmenters(decoder), embeddings, pools)  # type: ignore[arg-type]
    spec = FakeSegmenters(decoder).find()
    service.make_ready(IMAGE, spec)
    assert decoder.prepared == 0  # whoever asks does not wait
    gevent.sleep(0.2)
    assert decoder.prepared == 1
    service.predict(IMAGE, CLICK)
    assert decoder.prepared == 1
    embeddings.missing.add(OTHER.id)
    service.make_ready(OTHER, spec)  # is not encoded yet
    gevent.sleep(0.1)
    assert decoder.prepared == 1
    pools.close()


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


def ask_as(path, ask):
    """What a client gets for what it asks."""
    greenlet = gevent.spawn(lambda: (client.set(path), ask())[1])
    gevent.joinall([greenlet], raise_error=True)
    return greenlet.value


def test_nobody_drives_out_the_masks_another_client_refines(prediction):
    prediction._remembered.capacity = 3_000_000
    first = ask_as(("a", "1"), lambda: prediction.predict(IMAGE, CLICK))
    for x in range(40):
        ask_as(("a", "2"), lambda x=x: prediction.predict(IMAGE, {"points": [[x, 40, 1]]}))
    mask_id = first["candidates"][0]["mask_id"]
    assert ask_as(("a", "1"), lambda: prediction.predict(IMAGE, CLICK | {"mask_from": mask_id}))


def test_equal_requests_are_shared_among_a_clients_connections_only(prediction, decoder):
    decoder.seconds = 0.05
    paths = [("a", "http", "1"), ("a", "http", "2"), ("a", "other", "3"), ("b", "http", "4")]
    asked = [gevent.spawn(ask_as, path, lambda: prediction.predict(IMAGE, CLICK)) for path in paths]
    gevent.joinall(asked, raise_error=True)
    assert len(decoder.calls) == 3


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
