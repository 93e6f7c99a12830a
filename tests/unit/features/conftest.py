"""Prediction on fakes, for tests of what it offers and of its logits."""

import pytest

from server.runtime.pools import Pools
from tests.unit.features.predicting import FakeDecoder, make


@pytest.fixture
def decoder():
    return FakeDecoder()


@pytest.fixture
def prediction(decoder):
    pools = Pools(2, 2)
    yield make(decoder, pools)
    pools.close()
