"""Prediction on fakes, for tests of what it offers and of its logits."""

import pytest

from server.jobs.pools import Pools
from tests.unit.services.predicting import FakeDecoder, make


@pytest.fixture
def decoder():
    return FakeDecoder()


@pytest.fixture
def prediction(decoder):
    pools = Pools(2, 2)
    yield make(decoder, pools)
    pools.close()
