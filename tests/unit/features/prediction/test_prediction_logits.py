"""Logits for browsers that cannot decode: compressed, rated, fed back, and dropped once a newer request comes."""

import zlib

import gevent
import numpy as np
import pytest

from server.domain import logits_codec
from server.errors import InvalidLogits, Superseded
from server.runtime.pools import Pools
from server.runtime.sharing import LatestWins, Turn
from tests.unit.features.predicting import CLICK, FRAME, IMAGE, make


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
    assert answer["agreement"] == [0, 0, 0, 0]


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
