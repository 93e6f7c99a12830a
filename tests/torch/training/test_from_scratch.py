"""From weights that know nothing: the steps, losses and updates of training, on drawings nobody has seen before."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from tests.torch.training.drawings import Drawing, draw
from tests.torch.training.tiny import TinySam, after_one_click, learn

UPDATES = 2000
JUDGED = 60  # drawings, with 180 objects
SEED = 0


@pytest.fixture
def one_thread() -> Iterator[None]:
    """The networks are too small for two, and so every machine takes the same sums."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def unseen() -> list[Drawing]:
    return [draw(np.random.default_rng(5000 + number)) for number in range(JUDGED)]


def test_drawings_do_not_repeat_and_say_what_is_visible():
    one, again, other = (draw(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.rgb, again.rgb)
    assert not np.array_equal(one.rgb, other.rgb)
    assert all(drawing.covers.sum(0).max() <= 1 + 1e-5 for drawing in unseen())


@pytest.mark.usefixtures("one_thread")
def test_the_loss_falls_from_the_first_updates_on():
    losses = list(learn(TinySam(SEED), SEED, 24))
    assert np.mean(losses[-4:]) < 0.7 * np.mean(losses[:4])


@pytest.mark.slow
@pytest.mark.usefixtures("one_thread")
def test_one_click_finds_the_object_after_a_few_minutes():
    sam, drawings = TinySam(SEED), unseen()
    assert after_one_click(sam, drawings) < 0.2
    losses = list(learn(sam, SEED, UPDATES))
    assert np.mean(losses[-100:]) < 0.5 * np.mean(losses[:100])
    assert after_one_click(sam, drawings) >= 0.7  # 0.75 was measured; edges cost much at 32 pixels a side
