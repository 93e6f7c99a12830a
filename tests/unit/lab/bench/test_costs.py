"""What one thing costs follows from how much processor time was spent while it was done."""

import pytest

from server.lab.bench.several.costs import Spent, beyond_one, each_ms, move_and_frame_ms

IDLE = Spent(10.0, {"servers": 0.2, "redis": 0.05})


def test_each_is_counted_without_what_idle_pages_take():
    done = Spent(5.0, {"servers": 0.6, "redis": 0.075}, times=100)
    assert each_ms(done, IDLE) == pytest.approx(5.0)
    assert each_ms(done, IDLE, "redis") == pytest.approx(0.5)


def spent(moves, frames, more=0.0):
    """Where a move takes 0.05 ms and a frame 0.02, in ten seconds."""
    return Spent(10.0, {"servers": 0.2 + moves * 5e-5 + frames * 2e-5 + more}, moves, frames)


def test_moves_and_frames_are_told_apart():
    few, many = spent(2500, 20_000), spent(25_000, 22_000)
    assert move_and_frame_ms(few, many, IDLE) == pytest.approx((0.05, 0.02))
    assert beyond_one(spent(25_000, 22_000, more=1.5), IDLE, 0.05, 0.02) == pytest.approx(0.15)
    with pytest.raises(ValueError, match="the same"):
        move_and_frame_ms(few, few, IDLE)
