"""Prediction with fakes around it: a decoder with a known answer, embeddings that are always ready."""

import threading
import time
from functools import partial
from types import SimpleNamespace

import gevent
import numpy as np
from msgspec.structs import asdict

from server.config import Settings
from server.contract import parse
from server.domain.frames import InputFrame
from server.errors import BadRequest, SegmenterNotFound
from server.features.prediction.schema import PredictRequest
from server.features.prediction.service import Prediction
from tests.answering import Answering

IMAGE = SimpleNamespace(id="a", width=120, height=80)
OTHER = SimpleNamespace(id="b", width=120, height=80)
LARGE = SimpleNamespace(id="c", width=4000, height=3000)
FRAME = InputFrame(120, 80)
CLICK = {"points": [[60, 40, 1]]}


class Predicting(Answering):
    def predict_logits(self, image, data, turn):
        asked = parse(PredictRequest, {"image": image.id, **data}, BadRequest)
        return asdict(self._service.predict_logits(image, asked, turn))


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
    """Always ready; of the first `damaged` the blob cannot be read. `windows`: what was asked for."""

    def __init__(self, damaged=0):
        self.damaged, self.on_forget, self.missing, self.windows = damaged, [], set(), []

    def find(self, image, spec):
        return None if image.id in self.missing else SimpleNamespace(image_id=image.id)

    def wait(self, image, spec, timeout, window, actor):
        self.windows.append(window)
        return SimpleNamespace(image_id=image.id)

    def load(self, row, spec):
        gevent.sleep(0.01)
        if self.damaged:
            self.damaged -= 1
            return None
        return SimpleNamespace(tensors={"image_tokens": np.zeros((4096, 256), np.float32)})


def _frame(resize, width, height, window=None):
    if window is None:
        return InputFrame(width, height, resize)
    return InputFrame(window.width, window.height, resize, window.x, window.y)


class FakeSegmenters:
    """Two, of the two ways to lie a picture into the input frame; both with the one decoder."""

    def __init__(self, decoder):
        self._decoder = decoder
        self.specs = {
            name: SimpleNamespace(id=name, weights="w" * 64, sha256={}, frame=partial(_frame, resize))
            for name, resize in (("fake", "longest_side"), ("squeezed", "square"))
        }

    def find(self, segmenter=None):
        if (segmenter or "fake") not in self.specs:
            raise SegmenterNotFound()
        return self.specs[segmenter or "fake"]

    def decoder(self, spec):
        return self._decoder


def make(decoder, pools, damaged=0, embeddings=None):
    embeddings = embeddings or FakeEmbeddings(damaged)
    made = Prediction(Settings(), FakeSegmenters(decoder), embeddings, pools)  # type: ignore[arg-type]
    return Predicting(made)
