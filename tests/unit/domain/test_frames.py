"""The input frame follows the reference's rounding, and the upscaled tokens cover the picture and some padding."""

import numpy as np
import pytest

from server.domain.frames import GRID, InputFrame


@pytest.mark.parametrize(
    ("size", "inside"),
    [
        ((1072, 603), (1024, 576)),
        ((4500, 3000), (1024, 683)),
        ((37, 53), (715, 1024)),
        ((1, 4000), (1, 1024)),
    ],
)
def test_long_side_becomes_1024(size, inside):
    frame = InputFrame(*size)
    assert (frame.width, frame.height) == inside


def test_sam_2_squeezes_the_picture_into_all_of_it():
    frame = InputFrame(300, 100, "square")
    assert (frame.width, frame.height) == (1024, 1024)
    assert (frame.low_res_rows, frame.low_res_columns, frame.token_rows, frame.token_columns) == (
        256,
        256,
        GRID,
        GRID,
    )
    assert np.allclose(frame.to_input(np.array([[150, 25]])), [[512, 256]])


def test_extent_reaches_past_the_picture_but_never_past_the_grid():
    for width, height in [(1072, 603), (603, 1072), (1000, 1000), (4000, 1), (2130, 1960)]:
        frame = InputFrame(width, height)
        assert frame.token_rows == GRID or 4 * frame.token_rows >= frame.low_res_rows + 5
        assert frame.token_columns == GRID or 4 * frame.token_columns >= frame.low_res_columns + 5


def test_corners_map_to_corners():
    frame = InputFrame(2130, 1960)
    assert np.allclose(
        frame.to_input(np.array([[0, 0], [2130, 1960]])), [[0, 0], [frame.width, frame.height]]
    )
