"""The simulated person: where points and boxes lie, counted over thousands of them."""

import pytest
import torch
from scipy import stats
from torch import Generator, Tensor

from server.modelkit.training.prompting import (
    CELL,
    correction,
    noisy_box,
    point_in,
)

SIGNIFICANT = 1e-3  # seeds are fixed: a failure is the code's


@pytest.fixture
def generator() -> Generator:
    return torch.Generator().manual_seed(11)


def region(*boxes: tuple[int, int, int, int]) -> Tensor:
    """bool (256, 256), true in boxes x0, y0, x1, y1 of low-res pixels."""
    mask = torch.zeros(256, 256, dtype=torch.bool)
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = True
    return mask


def cells(points: Tensor) -> Tensor:
    """Points of the prompt encoder (n, 2) -> low-res pixels x, y (n, 2)."""
    return ((points + 0.5) / CELL).floor().long()


def uniform(values: Tensor) -> float:
    """How probable numbers in [0, 1] are as uniform ones."""
    return float(stats.kstest(values.numpy(), "uniform").pvalue)


def test_points_are_in_their_region_and_everywhere_in_it_alike(generator):
    inside = region((10, 20, 14, 22), (200, 100, 203, 104))  # 8 and 12 pixels
    points = torch.stack([point_in(inside, generator) for _ in range(4000)])
    x, y = cells(points).T
    assert bool(inside[y, x].all())
    counts = torch.bincount(y * 256 + x, minlength=1 << 16)[inside.flatten()]
    assert len(counts) == 20
    assert stats.chisquare(counts.numpy()).pvalue > SIGNIFICANT


def test_points_are_everywhere_in_a_pixel_alike(generator):
    inside = region((50, 60, 51, 61))
    points = torch.stack([point_in(inside, generator) for _ in range(2000)])
    share = (points + 0.5) / CELL - torch.tensor([50, 60])
    assert uniform(share[:, 0]) > SIGNIFICANT
    assert uniform(share[:, 1]) > SIGNIFICANT
    assert stats.pearsonr(*share.T.numpy()).pvalue > SIGNIFICANT


def test_corrections_are_where_the_mask_is_wrong_and_say_what_is_there(generator):
    truth, mask = region((0, 0, 10, 10)), region((5, 0, 15, 10))
    found = [correction(mask, truth, generator) for _ in range(1000)]
    labels = torch.tensor([one[1] for one in found if one])
    x, y = cells(torch.stack([one[0] for one in found if one])).T
    assert len(labels) == 1000
    assert bool((mask ^ truth)[y, x].all())
    assert torch.equal(labels.bool(), truth[y, x])
    assert 0.45 < labels.float().mean() < 0.55  # both halves of the error are of one size


def test_what_is_right_needs_no_correction(generator):
    truth = region((3, 3, 9, 9))
    assert correction(truth, truth, generator) is None


def boxes(truth: Tensor, generator: Generator, count: int = 1500) -> Tensor:
    """(count, 4) with pixels' edges as whole numbers."""
    return torch.stack([noisy_box(truth, generator) for _ in range(count)]) + 0.5


def test_corners_are_off_by_a_tenth_of_the_side(generator):
    exact = torch.tensor([100.0, 40.0, 120.0, 44.0]) * CELL
    off = boxes(region((100, 40, 120, 44)), generator) - exact  # 80 by 16 input-frame pixels
    for side, column in zip((80, 16, 80, 16), off.T, strict=True):
        assert stats.kstest(column.numpy(), stats.norm(0, 0.1 * side).cdf).pvalue > SIGNIFICANT
    assert (torch.corrcoef(off.T) - torch.eye(4)).abs().max() < 0.06


def test_corners_are_never_off_by_more_than_twenty_pixels(generator):
    exact = torch.tensor([30.0, 40.0, 230.0, 200.0]) * CELL
    off = boxes(region((30, 40, 230, 200)), generator) - exact  # 800 by 640: a tenth is 80 and 64
    assert off.abs().max() == 20
    expected = 2 * stats.norm.sf(20 / 80)  # as often a draw goes beyond
    assert float((off[:, 0].abs() == 20).float().mean()) == pytest.approx(expected, abs=0.03)


def test_boxes_stay_in_the_frame_and_keep_their_corners_in_order(generator):
    small = torch.ones(16, 16, dtype=torch.bool)
    for truth in (region((0, 0, 256, 256)), region((255, 0, 256, 1)), small):
        found = boxes(truth, generator, 500)
        assert found.min() == 0
        assert found.max() == CELL * len(truth)
        assert bool((found[:, :2] <= found[:, 2:]).all())


def test_a_seed_says_everything():
    truth = region((3, 3, 90, 90))
    one, other = (noisy_box(truth, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(one, other)
