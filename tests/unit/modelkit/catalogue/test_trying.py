"""Drawn objects tell an encoder and a decoder that were made for each other from those that were not."""

import numpy as np
import pytest

from server.inference.catalog import read_spec
from server.inference.decoder import Decoder
from server.modelkit.catalogue.trying import LEAST_IOU, Tryout, picture
from server.paths import SEGMENTERS


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(read_spec(SEGMENTERS / "mobile_sam"))


@pytest.fixture
def tryout() -> Tryout:
    return Tryout(read_spec(SEGMENTERS / "mobile_sam"))


def test_a_pair_finds_every_object(tryout, decoder):
    trial = tryout.run(decoder)
    assert trial.object_iou > 0.98
    assert trial.is_plausible
    assert trial.encode_s > 0
    assert trial.decode_s > 0


def test_an_encoder_whose_channels_mean_other_things_finds_next_to_nothing(tryout, decoder):
    tokens = tryout.embedding["image_tokens"]
    order = np.random.default_rng(3).permutation(tokens.shape[1])
    tryout.embedding = {"image_tokens": np.ascontiguousarray(tokens[:, order])}
    trial = tryout.run(decoder)
    assert trial.object_iou < 0.2 < LEAST_IOU
    assert not trial.is_plausible


def test_the_picture_is_as_large_as_told():
    assert (picture().shape, picture().dtype) == ((600, 900, 3), np.uint8)
